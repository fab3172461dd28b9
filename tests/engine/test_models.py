"""The catalogue follows the server in use: listed once, kept, and good without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.stage import CATALOGUE, Keyring, Stage
from tests.support.scripted_gateway import ScriptedGateway
from vision_studio.core.catalogue import Catalogue, Price
from vision_studio.core.draft import Draft
from vision_studio.core.events import CatalogueChanged
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.listing import ListedModel, ModelEdit
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio
from vision_studio.practice import PracticeServer

NEW = ListedModel("claude-opus-6", "Claude Opus 6", "active", context_tokens=1_000_000)
GATEWAY = "https://gateway.example.com"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data", wish=Wish(base_url=GATEWAY))


def run(stage: Stage, *acts: Callable[[Studio], Awaitable[None]]) -> None:
    async def scenario() -> None:
        for act in acts:
            async with stage.open() as studio:
                await act(studio)

    asyncio.run(scenario())


def now(stage: Stage) -> Catalogue:
    return stage.told(CatalogueChanged)[-1].catalogue


async def listed(stage: Stage) -> CatalogueChanged:
    return await stage.until(CatalogueChanged, lambda event: event.listed_at is not None)


def test_what_the_server_lists_appears_by_itself(stage: Stage) -> None:
    stage.next_gateway = ScriptedGateway(listed=(NEW,))

    async def act(studio: Studio) -> None:
        await listed(stage)
        studio.set_model(stage.session.id, NEW.id)
        assert (await stage.answered(studio, Draft(text="Hello"))).answer.text == "Seen."

    run(stage, act)
    assert NEW.id in {model.id for model in now(stage).models}


def test_a_list_is_kept_for_the_next_time_and_not_asked_for_again_soon(stage: Stage) -> None:
    stage.next_gateway = ScriptedGateway(listed=(NEW,))

    async def first(studio: Studio) -> None:
        await listed(stage)
        stage.events.clear()

    async def second(studio: Studio) -> None:
        await listed(stage)
        await studio.list_models()

    run(stage, first, second)
    assert [gateway.lists for gateway in stage.gateways] == [1, 1]  # the second because it was told to
    assert stage.told(CatalogueChanged)[0].catalogue.model(NEW.id).listed


def test_without_a_network_the_kept_list_holds(stage: Stage) -> None:
    stage.next_gateway = ScriptedGateway(listed=(NEW,))

    async def first(studio: Studio) -> None:
        await listed(stage)
        stage.next_gateway = ScriptedGateway(listed=Failure(FailureKind.OFFLINE))

    async def second(studio: Studio) -> None:
        await studio.list_models()

    run(stage, first, second)
    last = stage.told(CatalogueChanged)[-1]
    assert last.catalogue.model(NEW.id).listed
    assert last.failure == Failure(FailureKind.OFFLINE)


def test_practice_goes_by_the_shipped_table(stage: Stage) -> None:
    stage.next_gateway = ScriptedGateway(listed=(NEW,))

    async def act(studio: Studio) -> None:
        await listed(stage)
        await studio.use_practice()

    run(stage, act)
    assert now(stage) == CATALOGUE
    assert stage.gateways[-1].lists == 0


def test_without_a_key_nobody_is_asked(stage: Stage) -> None:
    stage.wish, stage.keys = Wish(), Keyring()
    run(stage, lambda studio: studio.use_api(""))
    assert [gateway.lists for gateway in stage.gateways] == [0]  # practice, where it began


def test_the_users_prices_are_kept_and_given_up_again(stage: Stage) -> None:
    edit = ModelEdit("claude-opus-5-5", price=Price(Decimal(1), Decimal(2)))

    async def enter(studio: Studio) -> None:
        studio.edit_model(edit)
        stage.events.clear()

    async def give_up(studio: Studio) -> None:
        assert now(stage).model(edit.model_id).price(1) == edit.price
        studio.forget_model_edit(edit.model_id)

    run(stage, enter, give_up)
    assert now(stage).model(edit.model_id) == CATALOGUE.model(edit.model_id)


def test_through_the_real_library_the_practice_servers_list_changes_nothing() -> None:
    async def scenario(server: PracticeServer) -> None:
        gateway = ClaudeGateway(server.start(), "sk-ant-secret-0123456789")
        models = {model.id: model for model in await gateway.models()}
        await gateway.close()
        assert models.keys() == {model.id for model in CATALOGUE.models}
        old, new = models["claude-sonnet-4-5"], models["claude-sonnet-5-5"]
        known = CATALOGUE.model("claude-sonnet-5-5")
        assert (old.lifecycle, str(old.retires_on)) == ("deprecated", "2026-11-30")
        assert (new.lifecycle, new.context_tokens, new.takes_images) == ("active", 1_000_000, True)
        assert (new.efforts, new.thinking) == (known.efforts, known.thinking)

    with PracticeServer(CATALOGUE) as server:
        asyncio.run(scenario(server))
