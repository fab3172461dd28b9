"""The practice server as a guest in the process: it starts at once, ends promptly and leaves nothing."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from anthropic import Anthropic

from tests.practice.conftest import MODEL, Wire
from tests.practice.pictures import inline, noise, plain, user
from vision_studio.core.catalogue import Catalogue
from vision_studio.practice import Endpoint, Fault, FaultKind, PracticeServer

HEADERS = {"x-api-key": "key", "anthropic-version": "2026-10-21"}
HELLO: Any = {"role": "user", "content": "Hello"}


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith("practice")}


def port(server: PracticeServer) -> int:
    return urlsplit(server.base_url).port or 0


def received(connection: socket.socket) -> bytes:
    """Read until the other side closes or resets the connection."""
    try:
        return connection.recv(1000)
    except ConnectionResetError:
        return b""


@pytest.fixture
def own(catalogue: Catalogue) -> Iterator[PracticeServer]:
    """A server that no other test uses."""
    with PracticeServer(catalogue, pace_tokens_per_s=None, record=True) as server:
        yield server


def test_importing_it_loads_no_http_library() -> None:
    loaded = "import sys, vision_studio.practice as _; print(*sorted(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "vision_studio.practice.server" in modules
    assert not {"uvicorn", "starlette", "anthropic", "PIL", "asyncio.events"} & set(modules) - {
        "asyncio.events"
    }


def test_it_listens_on_this_computer_only(own: PracticeServer) -> None:
    assert urlsplit(own.base_url).hostname == "127.0.0.1"
    with socket.socket() as by_another_address:
        assert by_another_address.connect_ex(("127.0.0.2", port(own))) != 0


def test_it_starts_once(own: PracticeServer) -> None:
    assert own.start() == own.base_url


def test_it_stops_and_is_gone(catalogue: Catalogue) -> None:
    before = threads()
    server = PracticeServer(catalogue)
    url = server.start()
    httpx2.get(f"{url}/v1/models", headers={"x-api-key": "key"})
    server.stop()
    assert threads() == before
    assert server.base_url == ""
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)
    server.stop()


def test_it_can_stop_before_it_is_up(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    before = threads()
    build = PracticeServer._build

    def build_when_it_should_stop(server: PracticeServer, workers: Any) -> Any:
        assert server._serving is not None
        server._serving.stopping.wait()
        return build(server, workers)

    monkeypatch.setattr(PracticeServer, "_build", build_when_it_should_stop)
    with PracticeServer(catalogue):
        pass
    assert threads() == before


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(None, id="a stream at a human's pace"),
        pytest.param(Fault(Endpoint.MESSAGES, FaultKind.STALL), id="a stream that stalls"),
        pytest.param(Fault(Endpoint.MESSAGES, FaultKind.SLOW, delay_s=3600), id="a stream that is slow"),
    ],
)
def test_it_stops_with_a_stream_open(catalogue: Catalogue, fault: Fault | None) -> None:
    before = threads()
    server = PracticeServer(catalogue, pace_tokens_per_s=0.001)
    server.start()
    if fault is not None:
        server.faults.add(fault)
    with (
        Anthropic(api_key="key", base_url=server.base_url, max_retries=0) as client,
        client.messages.stream(model=MODEL, max_tokens=500, messages=[HELLO]) as stream,
    ):
        if fault is None:
            assert next(iter(stream.text_stream)) == "**This is the "
        server.stop()
        with pytest.raises(httpx2.TransportError):
            stream.until_done()
    assert threads() == before


def test_it_stops_while_a_request_waits(catalogue: Catalogue, caplog: pytest.LogCaptureFixture) -> None:
    before = threads()
    server = PracticeServer(catalogue)
    server.start()
    server.faults.add(Fault(Endpoint.LIST_MODELS, FaultKind.LATE, delay_s=3600))
    with socket.create_connection(("127.0.0.1", port(server))) as waiting:
        head = "".join(f"{name}: {value}\r\n" for name, value in (HEADERS | {"host": "localhost"}).items())
        waiting.sendall(f"GET /v1/models HTTP/1.1\r\n{head}\r\n".encode())
        # Requests are taken up in order, so this answer means that the first one is being handled.
        assert httpx2.get(f"{server.base_url}/v1/models/{MODEL}", headers=HEADERS).status_code == 200
        assert server.faults.pending == ()
        server.stop()
        assert received(waiting) == b""
    assert threads() == before
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_several_are_answered_at_a_time(own: PracticeServer) -> None:
    own.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL))
    with (
        Anthropic(api_key="key", base_url=own.base_url, max_retries=0) as client,
        client.messages.stream(model=MODEL, max_tokens=500, messages=[HELLO]),
    ):
        assert client.models.retrieve(MODEL).id == MODEL


def test_a_client_may_leave_while_pictures_are_measured(own: PracticeServer) -> None:
    pictures = [inline(noise((200, 200), seed)) for seed in range(20)]
    body = {"model": MODEL, "max_tokens": 500, "messages": [user(*pictures)]}
    with httpx2.Client(base_url=own.base_url, headers=HEADERS, timeout=30) as client:
        with pytest.raises(httpx2.ReadTimeout):
            client.post("/v1/messages", json=body, timeout=httpx2.Timeout(30, read=0.001))
        assert client.get("/v1/models").status_code == 200


def test_requests_are_recorded_when_asked_for(own: PracticeServer, catalogue: Catalogue) -> None:
    with Anthropic(api_key="key", base_url=own.base_url) as client:
        client.files.upload(file=("a.png", plain(), "image/png"))
        client.files.list(limit=3)
        client.messages.create(model=MODEL, max_tokens=500, messages=[HELLO])
    uploaded, listed, asked = own.requests
    assert (uploaded.method, uploaded.path) == ("POST", "/v1/files")
    assert uploaded.body_bytes > len(plain())
    assert (listed.path, listed.query) == ("/v1/files", "limit=3")
    assert asked.json == {"model": MODEL, "max_tokens": 500, "messages": [HELLO]}
    assert asked.headers["authorization"] == "Bearer key"
    with PracticeServer(catalogue) as silent:
        httpx2.get(f"{silent.base_url}/v1/models")
        assert silent.requests == []


def test_no_key_and_no_fault_reaches_the_log(
    own: PracticeServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for kind in (FaultKind.DROP, FaultKind.STATUS, FaultKind.RESET):
        own.faults.add(Fault(Endpoint.MESSAGES, kind))
        with httpx2.Client(base_url=own.base_url, headers=HEADERS | {"x-api-key": "sk-secret"}) as client:
            body = {"model": MODEL, "max_tokens": 50, "messages": [HELLO], "stream": True}
            try:
                client.post("/v1/messages", json=body)
            except httpx2.TransportError:
                continue
    assert "sk-secret" not in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert capfd.readouterr().err == ""


def test_a_body_that_nobody_wants_does_not_spoil_the_connection(wire: Wire) -> None:
    too_large = b" " * 40_000_000
    for _ in range(2):
        response = wire.post(content=too_large, headers={"content-type": "application/json"})
        assert response.status_code == 413
    assert wire.ask().status_code == 200


def test_bytes_that_are_no_http(own: PracticeServer) -> None:
    with socket.create_connection(("127.0.0.1", port(own))) as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    with Anthropic(api_key="key", base_url=own.base_url) as client_of_sdk:
        assert client_of_sdk.models.retrieve(MODEL).id == MODEL
