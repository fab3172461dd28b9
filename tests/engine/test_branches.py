"""Edits and retries begin branches: what was said stays, and each branch sends its own turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.engine.stage import CATALOGUE, MODEL, LentPractice, Stage
from tests.support.scripted_gateway import Gate, ScriptedGateway, ending
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.conversation import Outcome, Session, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    SessionChanged,
    SessionOpened,
    TextArrived,
    TokensCounted,
    TurnEnded,
    TurnStarted,
)
from vision_studio.core.failures import Failed
from vision_studio.core.mending import Choice, Mend
from vision_studio.core.portable_events import CodeReady
from vision_studio.core.turn_editing import reopened
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.gateway import TextPart, VerbatimPart
from vision_studio.engine.studio import Studio
from vision_studio.practice import PracticeServer

THOUGHT = '[{"type":"thinking","thinking":"","signature":"abc"},{"type":"text","text":"Thought."}]'


@pytest.fixture(scope="module")
def running() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as server:
        yield server


@pytest.fixture
def server(running: PracticeServer) -> PracticeServer:
    running.faults.clear()
    running.requests.clear()
    return running


@pytest.fixture
def practising(tmp_path: Path, server: PracticeServer) -> Stage:
    return Stage(tmp_path / "data", practice=LentPractice(server), make_gateway=ClaudeGateway)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


def play(stage: Stage, act: Callable[[Studio], Awaitable[None]]) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await act(studio)

    asyncio.run(scenario())


def now(stage: Stage, studio: Studio) -> Session:
    """The session as it is on the disk."""
    return studio._parts.home.sessions.load(stage.session.id)


async def edited(stage: Stage, studio: Studio, turn: Turn, text: str) -> Turn:
    """Edit a sent turn, send it, and return the new version when it has ended."""
    draft = reopened(turn, now(stage, studio).draft)
    return await stage.answered(studio, replace(draft, text=text))


async def again(stage: Stage, studio: Studio, turn: Turn) -> Turn:
    before = len(stage.events)
    studio.retry(stage.session.id, turn.id)
    return (await stage.until(TurnEnded, since=before)).turn


def said(server: PracticeServer) -> list[tuple[str, str]]:
    """The words of the last request: roles, and all text blocks with images as "#"."""
    (*_, last) = [recorded.json for recorded in server.requests if recorded.path == "/v1/messages"]
    return [(message["role"], " ".join(_blocks(message["content"]))) for message in last["messages"]]


def _blocks(content: list[dict[str, Any]]) -> Iterator[str]:
    for block in content:
        if block["type"] != "thinking":
            yield block["text"] if block["type"] == "text" else "#"


def test_an_edited_turn_is_sent_with_what_was_before_it_and_nothing_of_what_came_after(
    practising: Stage, server: PracticeServer, tmp_path: Path
) -> None:
    stage = practising
    photos = []
    for name, colour in (("a.png", "red"), ("b.png", "blue"), ("c.png", "green")):
        photos.append(tmp_path / name)
        Pillow.new("RGB", (40, 30), colour).save(photos[-1])

    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, (await stage.drop(studio, photos[0])).with_text("One?"))
        second = await stage.answered(studio, (await stage.drop(studio, *photos[1:])).with_text("Two?"))
        await stage.answered(studio, Draft(text="Three?"))
        draft = reopened(second, Draft())
        swapped = draft.moved([draft.images[1].id], 0)
        await stage.answered(studio, replace(swapped, text="Two, in the other order?"))
        first_answer = first.answer.text
        assert said(server) == [
            ("user", "Image 1: # One?"),
            ("assistant", first_answer),
            ("user", "Image 2: # Image 3: # Two, in the other order?"),
        ]
        shown = stage.told(BranchShown)[-1].session
        names = [[sent.image.name for sent in turn.images] for turn in shown.turns]
        assert names == [["a.png"], ["c.png", "b.png"]]
        # The other branch goes on as if nothing had been.
        studio.branches.show(stage.session.id, second.id)
        assert [turn.prompt for turn in now(stage, studio).turns] == ["One?", "Two?", "Three?"]
        await stage.answered(studio, Draft(text="Four?"))
        assert [words for role, words in said(server) if role == "user"] == [
            "Image 1: # One?",
            "Image 2: # Image 3: # Two?",
            "Three?",
            "Four?",
        ]

    play(stage, act)


def test_another_answer_to_the_same_question_comes_beside_the_first(
    practising: Stage, server: PracticeServer, tmp_path: Path
) -> None:
    stage, photo = practising, tmp_path / "a.png"
    Pillow.new("RGB", (40, 30), "red").save(photo)

    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, (await stage.drop(studio, photo)).with_text("One?"))
        second = await stage.answered(studio, Draft(text="Two?"))
        sent = [recorded.json["messages"] for recorded in server.requests if recorded.path == "/v1/messages"]
        other = await again(stage, studio, first)
        (*_, resent) = [
            recorded.json["messages"] for recorded in server.requests if recorded.path == "/v1/messages"
        ]
        assert resent == sent[0]
        assert other.id != first.id
        assert other.images == now(stage, studio).turns[0].images
        studio.branches.show(stage.session.id, first.id)
        kept = now(stage, studio)
        assert [turn.id for turn in kept.turns] == [first.id, second.id]
        assert [turn.answer for turn in kept.turns] == [first.answer, second.answer]
        assert kept.versions == ((first.id, other.id),)

    play(stage, act)


def test_an_edit_gives_the_draft_back_that_was_there_before(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        turn = await stage.answered(studio, Draft(text="One?"))
        studio.save_draft(stage.session.id, Draft(text="Half a tho"))
        studio.save_draft(stage.session.id, reopened(turn, Draft(text="Half a tho")))
        other = await edited(stage, studio, turn, "One, please?")
        session = now(stage, studio)
        assert session.draft == Draft(text="Half a tho")
        assert [one.id for one in session.turns] == [other.id]
        started = stage.told(TurnStarted)[-1]
        assert (started.turn.id, started.again) == (other.id, False)

    play(stage, act)


def test_an_edit_is_sent_in_its_place_whatever_branch_is_shown(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, Draft(text="One?"))
        second = await stage.answered(studio, Draft(text="Two?"))
        draft = reopened(second, Draft(text="later"))
        await edited(stage, studio, first, "One, please?")
        other = await stage.answered(studio, replace(draft, text="Two, please?"))
        session = now(stage, studio)
        assert [turn.id for turn in session.turns] == [first.id, other.id]
        assert session.versions_of(other.id) == (second.id, other.id)
        assert session.draft == Draft(text="later")

    play(stage, act)


def test_what_is_sent_beside_an_edit_leaves_the_edit(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        turn = await stage.answered(studio, Draft(text="One?"))
        draft = reopened(turn, Draft(text="later"))
        studio.save_draft(stage.session.id, draft)
        await stage.answered(studio, Draft(text="Continue."))
        session = now(stage, studio)
        assert [one.prompt for one in session.turns] == ["One?", "Continue."]
        assert session.draft == draft
        with pytest.raises(Failed):
            studio.take_back(session.id, session.turns[-1].id)

    play(stage, act)


def test_a_count_of_an_edit_is_of_what_it_will_be_sent_with(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, Draft(text="One?"))
        await stage.answered(studio, Draft(text="Two?"))
        before = len(stage.events)
        await studio.count_tokens(stage.session.id, reopened(first, Draft()), MODEL, "")
        counted = await stage.until(TokensCounted, since=before)
        assert counted.asked.turns == 0
        (request,) = stage.gateways[-1].counted
        assert len(request.messages) == 1

    play(stage, act)


def test_the_code_of_an_edit_is_that_of_the_request_it_will_make(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        await stage.answered(studio, Draft(text="One?"))
        second = await stage.answered(studio, Draft(text="Two?"))
        before = len(stage.events)
        draft = replace(reopened(second, Draft()), text="Two, please?")
        await studio.portable.write_code("ticket", stage.session.id, draft, MODEL, "")
        body = (await stage.until(CodeReady, since=before)).request.body
        asked = [str(message["content"]) for message in body["messages"] if message["role"] == "user"]
        assert [("One?" in text, "please" in text) for text in asked] == [(True, False), (False, True)]

    play(stage, act)


def test_while_an_answer_comes_the_branch_stays_and_the_answer_is_kept(stage: Stage) -> None:
    gate = Gate()
    stage.next_gateway = ScriptedGateway()
    stage.next_gateway.script("One.", ending())
    stage.next_gateway.script("One again.", ending())
    stage.next_gateway.script("Tw", gate, "o.", ending())

    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, Draft(text="One?"))
        await again(stage, studio, first)
        before = len(stage.events)
        studio.send(stage.session.id, Draft(text="Two?"), MODEL, "")
        await stage.until(TextArrived, since=before)
        with pytest.raises(Failed, match="still on its way"):
            studio.branches.show(stage.session.id, first.id)
        gate.open()
        ended = (await stage.until(TurnEnded, since=before)).turn
        assert (ended.answer.outcome, ended.answer.text) == (Outcome.ANSWERED, "Two.")
        studio.branches.show(stage.session.id, first.id)
        assert [turn.id for turn in now(stage, studio).turns] == [first.id]

    play(stage, act)


def test_thinking_is_sent_on_its_own_branch_only(stage: Stage) -> None:
    stage.next_gateway = gateway = ScriptedGateway()
    for text in ("One.", "Two."):
        gateway.script(text, ending(THOUGHT))

    async def act(studio: Studio) -> None:
        await stage.answered(studio, Draft(text="One?"))
        second = await stage.answered(studio, Draft(text="Two?"))
        await edited(stage, studio, second, "Two, please?")
        await stage.answered(studio, Draft(text="Three?"))

    play(stage, act)
    parts = [part for message in gateway.requests[-1].messages for part in message.parts]
    assert parts == [
        TextPart("One?"),
        VerbatimPart(THOUGHT),
        TextPart("Two, please?"),
        TextPart("Seen."),
        TextPart("Three?"),
    ]


def test_other_instructions_take_the_signed_thinking_of_every_branch_with_them(stage: Stage) -> None:
    stage.next_gateway = ScriptedGateway()
    stage.next_gateway.script("One.", ending(THOUGHT))

    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, Draft(text="One?"))
        await edited(stage, studio, first, "One, please?")
        studio.set_system(stage.session.id, "Be brief.")
        studio.branches.show(stage.session.id, first.id)
        (turn,) = now(stage, studio).turns
        assert turn.answer.text == "One."
        assert "signature" not in turn.answer.content_json

    play(stage, act)


def test_a_picture_that_is_mended_takes_the_signed_thinking_behind_it_on_every_branch(
    stage: Stage, tmp_path: Path
) -> None:
    stage.next_gateway = ScriptedGateway()
    stage.next_gateway.script("One.", ending(THOUGHT))
    stage.next_gateway.script("Two.", ending(THOUGHT))
    photo = tmp_path / "a.png"
    Pillow.new("RGB", (40, 30), "red").save(photo)

    async def act(studio: Studio) -> None:
        await stage.answered(studio, (await stage.drop(studio, photo)).with_text("One?"))
        second = await stage.answered(studio, Draft(text="Two?"))
        assert "signature" in second.answer.content_json
        other = await edited(stage, studio, second, "Two, please?")
        before = len(stage.events)
        await studio.mend(stage.session.id, other.id, [Choice(1, Mend.LEAVE_OUT)], None)
        await stage.until(TurnEnded, since=before)
        studio.branches.show(stage.session.id, second.id)
        answers = [turn.answer for turn in now(stage, studio).turns]
        assert [answer.text for answer in answers] == ["One.", "Two."]
        assert not any("signature" in answer.content_json for answer in answers)

    play(stage, act)


def test_a_session_branches_off_with_its_turns_and_is_undone_by_deleting(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        studio.set_system(stage.session.id, "Be brief.")
        first = await stage.answered(studio, Draft(text="One?"), "Be brief.")
        await stage.answered(studio, Draft(text="Two?"), "Be brief.")
        origin = now(stage, studio)
        studio.branches.branch_off(origin.id, first.id)
        made = stage.told(SessionOpened)[-1].session
        assert made.id != origin.id
        assert (made.title, made.system) == (f"{origin.title} (branch)", "Be brief.")
        assert [(turn.prompt, turn.answer.text) for turn in made.turns] == [("One?", "Seen.")]
        assert stage.told(SessionChanged)[-1].summary.cost_usd == 0
        await stage.answered(studio, Draft(text="Other?"), "Be brief.")
        assert studio._parts.home.sessions.load(origin.id) == origin
        studio.delete_session(made.id)
        assert stage.session.id == origin.id

    play(stage, act)


def test_a_branch_that_was_shown_is_shown_in_the_next_run(stage: Stage) -> None:
    async def act(studio: Studio) -> None:
        first = await stage.answered(studio, Draft(text="One?"))
        await edited(stage, studio, first, "One, please?")
        await stage.answered(studio, Draft(text="Two?"))
        studio.branches.show(stage.session.id, first.id)
        studio.save_draft(stage.session.id, reopened(first, Draft(text="later")))

    play(stage, act)
    before = now_of(stage)

    async def look(studio: Studio) -> None:
        assert stage.session == before

    play(stage, look)
    assert [turn.prompt for turn in before.turns] == ["One?"]
    assert before.draft.editing is not None


def now_of(stage: Stage) -> Session:
    """The session as a new studio opens it."""
    found: list[Session] = []

    async def look(studio: Studio) -> None:
        found.append(stage.session)

    play(stage, look)
    return found[0]
