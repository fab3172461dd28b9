"""The Models API, through the real SDK."""

from __future__ import annotations

import pytest
from anthropic import Anthropic, BadRequestError, NotFoundError

from tests.practice.conftest import MODEL
from vision_studio.core.catalogue import Catalogue


def test_every_model_of_the_catalogue_is_listed_page_by_page(client: Anthropic, catalogue: Catalogue) -> None:
    ids = [model.id for model in catalogue.models]
    first = client.models.list(limit=3)
    assert [model.id for model in first.data] == ids[:3]
    assert first.has_more
    assert [model.id for model in client.models.list(limit=3)] == ids


def test_pages_backwards(client: Anthropic, catalogue: Catalogue) -> None:
    ids = [model.id for model in catalogue.models]
    page = client.models.list(limit=2, before_id=ids[4])
    assert [model.id for model in page.data] == ids[2:4]
    assert page.has_more
    first = client.models.list(limit=5, before_id=ids[2])
    assert [model.id for model in first.data] == ids[:2]
    assert not first.has_more


def test_models_by_stage(client: Anthropic) -> None:
    deprecated = [model.id for model in client.models.list(lifecycle=["deprecated"])]
    assert "claude-sonnet-4-5" in deprecated
    assert MODEL not in deprecated
    assert client.models.list(lifecycle=["retired"]).data == []


def test_one_model_tells_its_limits_and_what_it_takes(client: Anthropic) -> None:
    model = client.models.retrieve("claude-haiku-4-5")
    assert (model.display_name, model.line, model.lifecycle) == ("Claude Haiku 4.5", "haiku", "active")
    assert (model.max_input_tokens, model.max_tokens) == (200_000, 64_000)
    assert model.capabilities is not None
    assert model.capabilities.image_input.supported
    assert model.capabilities.thinking.types.enabled.supported
    assert not model.capabilities.thinking.types.adaptive.supported
    assert not model.capabilities.effort.supported


def test_a_retirement_is_told(client: Anthropic) -> None:
    model = client.models.retrieve("claude-sonnet-4-5")
    assert model.lifecycle == "deprecated"
    assert model.retires_at is not None
    assert model.retires_at.date().isoformat() == "2026-11-30"


def test_what_is_not_there(client: Anthropic) -> None:
    with pytest.raises(NotFoundError, match="model: claude-none"):
        client.models.retrieve("claude-none")
    with pytest.raises(BadRequestError, match="after_id"):
        client.models.list(after_id="claude-none")
