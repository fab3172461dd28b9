"""A session that the API refuses goes on: the pictures at fault are fitted, left out or replaced."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.engine.stage import CATALOGUE, MODEL, Stage
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import Noticed, SessionOpened, TextArrived, TurnEnded, TurnRemoved
from vision_studio.core.failures import FailureKind
from vision_studio.core.mending import Choice, Mend
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.studio import Studio
from vision_studio.practice import Endpoint, Fault, FaultKind, PracticeServer

LIMIT_PX = 50
"""The server takes smaller pictures than the engine believes."""


@pytest.fixture
def server() -> Iterator[PracticeServer]:
    strict = replace(CATALOGUE, limits=replace(CATALOGUE.limits, side_px=LIMIT_PX))
    with PracticeServer(strict, pace_tokens_per_s=None, record=True) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, server: PracticeServer) -> Stage:
    return Stage(tmp_path / "data", practice=server, make_gateway=ClaudeGateway)


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, edge: int, colour: str = "teal") -> Path:
        path = tmp_path / name
        Pillow.new("RGB", (edge, edge // 2), colour).save(path)
        return path

    return make


def play(stage: Stage, act: Callable[[Studio], Awaitable[None]]) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await act(studio)

    asyncio.run(scenario())


async def mended(stage: Stage, studio: Studio, turn: Turn, *choices: Choice) -> Turn:
    before = len(stage.events)
    limit_px = turn.answer.failure.limit_px if turn.answer.failure else None
    await studio.mend(stage.session.id, turn.id, choices, limit_px)
    return (await stage.until(TurnEnded, since=before)).turn


def last_question(server: PracticeServer) -> Any:
    return [asked.json for asked in server.requests if asked.path == "/v1/messages"][-1]


def test_an_image_that_is_too_large_is_fitted(
    stage: Stage, photo: Callable[..., Path], server: PracticeServer
) -> None:
    async def act(studio: Studio) -> None:
        small, large = photo("small.png", 40), photo("large.png", 80)
        draft = await stage.drop(studio, small)
        await stage.answered(studio, draft.with_text("What is it?"))
        draft = await stage.drop(studio, large)
        turn = await stage.answered(studio, draft.with_text("And this?"))
        failure = turn.answer.failure
        assert failure is not None
        assert (failure.kind, failure.images, failure.limit_px) == (
            FailureKind.IMAGE_REJECTED,
            (2,),
            LIMIT_PX,
        )
        again = await mended(stage, studio, turn, Choice(2, Mend.FIT))
        assert again.id == turn.id
        assert again.answer.outcome is Outcome.ANSWERED
        (sent,) = again.images
        assert sent.rendition is not None
        assert sent.rendition.size == (LIMIT_PX, LIMIT_PX // 2)
        assert sent.image.size == (80, 40), "the original stays as it is"

    play(stage, act)


def test_an_earlier_image_is_left_out_and_its_thoughts_with_it(
    stage: Stage, photo: Callable[..., Path], server: PracticeServer
) -> None:
    async def act(studio: Studio) -> None:
        draft = await stage.drop(studio, photo("a.png", 40), photo("b.png", 30))
        first = await stage.answered(studio, draft.with_text("What is it?"))
        assert "signature" in first.answer.content_json
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=400))
        turn = await stage.answered(studio, Draft(text="Why?"))
        assert turn.answer.outcome is Outcome.FAILED
        again = await mended(stage, studio, turn, Choice(1, Mend.LEAVE_OUT))
        assert again.answer.outcome is Outcome.ANSWERED

    play(stage, act)
    asked = last_question(server)
    assert [block["text"] for block in asked["messages"][0]["content"] if block["type"] == "text"] == [
        "Image 1: (left out)",
        "Image 2:",
        "What is it?",
    ]
    assert "signature" not in json.dumps(asked)
    opened = stage.told(SessionOpened)[-1].session.turns[0]
    assert [sent.left_out for sent in opened.images] == [True, False]


def test_an_image_whose_files_are_gone_is_said_to_be_and_replaced(
    stage: Stage, photo: Callable[..., Path], server: PracticeServer
) -> None:
    async def act(studio: Studio) -> None:
        draft = await stage.drop(studio, photo("a.png", 40))
        await stage.answered(studio, draft.with_text("What is it?"))
        for blob in (stage.data_dir / "blobs").rglob("*"):
            if blob.is_file():
                blob.unlink()
        turn = await stage.answered(studio, Draft(text="Why?"))
        assert turn.answer.failure is not None
        assert (turn.answer.failure.kind, turn.answer.failure.images) == (FailureKind.IMAGE_LOST, (1,))

        broken = stage.data_dir / "broken.png"
        broken.write_bytes(b"no picture")
        before = len(stage.events)
        await studio.mend(stage.session.id, turn.id, [Choice(1, Mend.REPLACE, broken)], None)
        noticed = await stage.until(Noticed, since=before)
        assert noticed.failure.kind is FailureKind.IMAGE_UNREADABLE

        choice = Choice(1, Mend.REPLACE, photo("found.png", 44, "navy"))
        again = await mended(stage, studio, turn, choice)
        assert again.answer.outcome is Outcome.ANSWERED
        studio.open_session(stage.session.id)
        (sent,) = stage.session.turns[0].images
        assert (sent.number, sent.image.name) == (1, "found.png")

    play(stage, act)


def test_a_question_moves_to_a_session_of_its_own(
    stage: Stage, photo: Callable[..., Path], server: PracticeServer
) -> None:
    async def act(studio: Studio) -> None:
        await stage.answered(studio, Draft(text="Hello"), system="Be brief.")
        old = stage.session.id
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=413))
        draft = await stage.drop(studio, photo("a.png", 40))
        turn = await stage.answered(studio, draft.with_text("What is it?"), system="Be brief.")
        studio.ask_elsewhere(old, turn.id)
        assert stage.told(TurnRemoved)[-1] == TurnRemoved(old, turn.id)
        assert stage.session.id != old
        assert stage.session.system == "Be brief."
        assert stage.session.draft.text == "What is it?"
        assert [image.name for image in stage.session.draft.images] == ["a.png"]
        answer = (await stage.answered(studio, stage.session.draft)).answer
        assert answer.outcome is Outcome.ANSWERED

    play(stage, act)


def test_retry_stops_an_answer_that_fell_silent_and_asks_again(stage: Stage, server: PracticeServer) -> None:
    async def act(studio: Studio) -> None:
        server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL, after=20))
        studio.send(stage.session.id, Draft(text="Hello"), MODEL, "")
        await stage.until(TextArrived)
        studio.open_session(stage.session.id)
        (turn,) = stage.session.turns
        studio.retry(stage.session.id, turn.id)
        await stage.until(TurnEnded, lambda event: event.turn.answer.outcome is Outcome.ANSWERED)
        stopped, answered = stage.told(TurnEnded)
        assert (stopped.turn.id, stopped.turn.answer.outcome) == (turn.id, Outcome.STOPPED)
        shown = stage.told(BranchShown)[-1].session
        assert shown.versions == ((turn.id, answered.turn.id),)

    play(stage, act)
    assert sum(asked.path == "/v1/messages" for asked in server.requests) == 2


def test_stop_takes_effect_within_a_tenth_of_a_second(stage: Stage, server: PracticeServer) -> None:
    """The best of several: a machine may be busy, the way must be short."""
    took: list[float] = []

    async def act(studio: Studio) -> None:
        for _ in range(5):
            before = len(stage.events)
            server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL, after=20))
            studio.send(stage.session.id, Draft(text="Hello"), MODEL, "")
            await stage.until(TextArrived, since=before)
            began = time.perf_counter()
            studio.stop(stage.session.id)
            ended = await stage.until(TurnEnded, since=before)
            took.append(time.perf_counter() - began)
            assert ended.turn.answer.outcome is Outcome.STOPPED
            assert ended.turn.answer.text
            assert ended.turn.answer.usage is not None

    play(stage, act)
    assert min(took) < 0.1
