"""A practice server for each module, as fast as it goes, and clients of the real SDK."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from anthropic import Anthropic

from vision_studio import assets
from vision_studio.core.catalogue import Catalogue, parse_catalogue
from vision_studio.practice import PracticeServer

WRONG_KEY = "sk-wrong"
MODEL = "claude-sonnet-5-5"


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return parse_catalogue(assets.text("models.toml"))


@pytest.fixture(scope="module")
def module_server(catalogue: Catalogue) -> Iterator[PracticeServer]:
    with PracticeServer(catalogue, pace_tokens_per_s=None, wrong_keys=[WRONG_KEY], record=True) as server:
        yield server


@pytest.fixture
def server(module_server: PracticeServer) -> PracticeServer:
    """The module's server, with nothing left over from another test."""
    module_server.faults.clear()
    module_server.requests.clear()
    return module_server


@pytest.fixture(scope="module")
def module_client(module_server: PracticeServer) -> Iterator[Anthropic]:
    with Anthropic(api_key="key", base_url=module_server.base_url, max_retries=0) as client:
        yield client


@pytest.fixture
def client(server: PracticeServer, module_client: Anthropic) -> Anthropic:
    """The real SDK, which does not try twice."""
    return module_client


@dataclass(frozen=True)
class Wire:
    """Requests without the SDK, for what it would never send."""

    client: httpx2.Client

    def post(self, path: str = "/v1/messages", **arguments: Any) -> httpx2.Response:
        return self.client.post(path, **arguments)

    def ask(self, **fields: Any) -> httpx2.Response:
        """Send a message request that is good but for the given fields; None leaves one out."""
        body: dict[str, Any] = {
            "model": MODEL,
            "max_tokens": 2000,
            "messages": [{"role": "user", "content": "Hello"}],
        } | fields
        return self.post(json={name: value for name, value in body.items() if value is not None})


@pytest.fixture
def wire(server: PracticeServer) -> Iterator[Wire]:
    headers = {"x-api-key": "key", "anthropic-version": "2026-10-21"}
    with httpx2.Client(base_url=server.base_url, headers=headers, timeout=30) as client:
        yield Wire(client)
