"""What the window asks of the engine, and what it is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.stage import CATALOGUE, MODEL, Stage, samples
from tests.support.scripted_gateway import USAGE, Gate, ScriptedGateway, ending, says
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import (
    ConnectionChanged,
    DraftSaved,
    Event,
    ImagesFound,
    ImagesRefused,
    Noticed,
    PictureReady,
    PreferencesRead,
    SessionChanged,
    SessionDeleted,
    SessionOpened,
    SpendChanged,
    TextArrived,
    ThumbnailReady,
    TurnEnded,
    TurnRemoved,
    TurnStarted,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.library_events import SessionsListed, TagsListed
from vision_studio.core.mentions import MARK, Mention, Passage
from vision_studio.core.numbering import Numbering
from vision_studio.core.size import Size
from vision_studio.engine.connection import Wish
from vision_studio.engine.gateway import TextPart
from vision_studio.storage.folder import DataFolder


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "data")


def kinds(events: list[Event]) -> list[type]:
    return [type(event) for event in events]


def test_the_first_start_opens_an_empty_session_in_practice(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open():
            pass

    asyncio.run(scenario())
    assert kinds(stage.events) == [
        PreferencesRead,
        SessionsListed,
        TagsListed,
        SpendChanged,
        SessionChanged,
        SessionOpened,
        ConnectionChanged,
    ]
    assert stage.session.draft.is_empty
    assert stage.session.model_id == CATALOGUE.default_id
    assert not stage.practice.running, "closing stops the practice server"
    assert all(gateway.closed for gateway in stage.gateways)


def test_a_question_and_its_answer_are_there_again_after_a_restart(stage: Stage) -> None:
    async def first() -> None:
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="What is this?"), system="Be brief.")
            assert turn.answer.text == "Seen."
            studio.save_draft(stage.session.id, Draft(text="And"))

    async def second() -> None:
        async with stage.open():
            pass

    asyncio.run(first())
    told = kinds(stage.events)
    assert told.index(TurnStarted) < told.index(TextArrived) < told.index(TurnEnded)
    session_id = stage.session.id
    stage.events.clear()
    asyncio.run(second())
    session = stage.session
    assert session.id == session_id
    assert (session.title, session.system, session.draft.text) == ("What is this?", "Be brief.", "And")
    assert [turn.answer.text for turn in session.turns] == ["Seen."]
    assert session.turns[0].estimated_tokens is not None


def test_an_empty_session_is_used_again_before_another_is_made(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            first = stage.session.id
            studio.new_session()
            assert stage.session.id == first
            studio.save_draft(first, Draft(text="Not empty"))
            studio.new_session()
            assert stage.session.id != first

    asyncio.run(scenario())


def test_the_model_chosen_last_is_the_next_sessions(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            studio.set_model(stage.session.id, "claude-haiku-5-5")
            studio.save_draft(stage.session.id, Draft(text="x"))
            studio.new_session()
            assert stage.session.model_id == "claude-haiku-5-5"

    asyncio.run(scenario())


def test_deleting_the_open_session_opens_another_and_undo_brings_it_back(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            first = stage.session.id
            await stage.answered(studio, Draft(text="Keep me"))
            studio.delete_session(first)
            assert stage.told(SessionDeleted)[-1].session_id == first
            assert stage.session.id != first
            studio.restore_session(first)
            assert stage.session.id == first
            assert stage.session.turns[0].prompt == "Keep me"

    asyncio.run(scenario())


def test_pictures_that_are_left_out_are_not_sent(stage: Stage) -> None:
    images = [
        Image(f"card-{n}", f"{n}.png", "PNG", Size(10, 10), 100, digest=f"{n:064x}", included=n != 2)
        for n in (1, 2, 3)
    ]

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft(tuple(images), "Which?"), MODEL, "")
            turn = stage.told(TurnStarted)[0].turn
            assert [(sent.number, sent.image.name) for sent in turn.images] == [(1, "1.png"), (2, "3.png")]
            await stage.until(TurnEnded)

    asyncio.run(scenario())


def test_nothing_to_send_gives_the_draft_back(stage: Stage) -> None:
    draft = Draft(text="   ")

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, draft, MODEL, "")

    asyncio.run(scenario())
    assert stage.told(TurnStarted) == []
    assert stage.told(Noticed)[-1].failure.kind is FailureKind.BAD_REQUEST
    assert stage.session.draft == draft


def test_a_full_disk_gives_the_draft_back(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Failure(FailureKind.DISK_FULL, "The disk is full.")

    def add_turn(*_: object, **__: object) -> None:
        raise Failed(full)

    monkeypatch.setattr("vision_studio.storage.sessions.Sessions.add_turn", add_turn)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft(text="Do not lose me"), MODEL, "")

    asyncio.run(scenario())
    assert stage.told(Noticed)[-1] == Noticed(full, stage.session.id)
    assert stage.session.draft.text == "Do not lose me"


def test_an_error_nobody_planned_for_gives_the_draft_back_too(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            session_id = stage.session.id
            monkeypatch.setattr(studio._parts.library, "ask", lambda *_: 1 / 0)
            studio.send(session_id, Draft(text="Keep me"), MODEL, "")
            notice = await stage.until(Noticed)
            assert (notice.failure.kind, notice.session_id) == (FailureKind.UNEXPECTED, session_id)
            assert stage.session.draft.text == "Keep me"

    asyncio.run(scenario())


def test_one_answer_at_a_time_in_a_session(stage: Stage) -> None:
    async def scenario() -> None:
        gate = Gate()
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script("One", gate, ending())
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft(text="First"), MODEL, "")
            await gate.reached.wait()
            studio.send(stage.session.id, Draft(text="Second"), MODEL, "")
            assert stage.session.draft.text == "Second"
            gate.open()
            await stage.until(TurnEnded)

    asyncio.run(scenario())
    assert len(stage.told(TurnStarted)) == len(stage.told(TurnEnded)) == 1


def test_opening_a_session_that_is_being_answered_shows_all_that_arrived(stage: Stage) -> None:
    async def scenario() -> None:
        gate = Gate()
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script("Once ", "upon", gate, " a time", ending())
        async with stage.open() as studio:
            session_id = stage.session.id
            studio.send(session_id, Draft(text="Tell me"), MODEL, "")
            await gate.reached.wait()
            studio.new_session()
            studio.open_session(session_id)
            opened = stage.session.turns[0].answer
            assert (opened.outcome, opened.text) == (Outcome.STREAMING, "Once upon")
            at = len(stage.events)
            gate.open()
            await stage.until(TurnEnded)
            later = "".join(event.text for event in stage.events[at:] if isinstance(event, TextArrived))
            assert later == " a time"

    asyncio.run(scenario())


def test_retry_asks_a_question_to_which_nothing_was_said_in_the_same_place(stage: Stage) -> None:
    async def scenario() -> None:
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script(Failure(FailureKind.INTERRUPTED))
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Tell me"))
            assert turn.answer.outcome is Outcome.INTERRUPTED
            stage.events.remove(stage.told(TurnEnded)[0])
            studio.retry(stage.session.id, turn.id)
            assert stage.told(TurnStarted)[-1].turn.answer.outcome is Outcome.WAITING
            again = (await stage.until(TurnEnded)).turn
            assert (again.id, again.answer.text) == (turn.id, "Seen.")
            assert not stage.told(BranchShown)

    asyncio.run(scenario())


@pytest.mark.parametrize("half", [pytest.param([], id="in place"), pytest.param(["Half"], id="beside it")])
def test_what_a_first_try_cost_is_not_forgotten_when_the_question_is_asked_again(
    tmp_path: Path, half: list[str]
) -> None:
    stage = Stage(tmp_path / "data", wish=Wish(api=True), environment={"ANTHROPIC_API_KEY": "sk-test-key"})
    stage.next_gateway = ScriptedGateway()
    stage.next_gateway.script(USAGE, *half, Failure(FailureKind.INTERRUPTED))
    stage.next_gateway.script(*says("Whole."))

    async def scenario() -> None:
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Tell me"))
            once = turn.answer.cost_usd
            assert once
            before = len(stage.events)
            studio.retry(stage.session.id, turn.id)
            again = (await stage.until(TurnEnded, since=before)).turn
            assert again.answer.text == "Whole."
            assert again.answer.cost_usd == (once if half else 2 * once)
            assert stage.told(SpendChanged)[-1].month_usd == 2 * once
            assert stage.told(SessionChanged)[-1].summary.cost_usd == 2 * once

    asyncio.run(scenario())


def test_taking_back_puts_the_question_before_what_was_typed_since(stage: Stage) -> None:
    image = Image("card", "a.png", "PNG", Size(10, 10), 100, digest="0" * 64)

    async def scenario() -> None:
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script(Failure(FailureKind.KEY_REJECTED))
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft((image,), "What is it?"))
            studio.save_draft(stage.session.id, Draft(text="Or not"))
            studio.take_back(stage.session.id, turn.id)
            assert stage.told(TurnRemoved) == [TurnRemoved(stage.session.id, turn.id)]
            assert stage.session.turns == ()
            assert stage.session.draft == Draft((image,), "What is it?\n\nOr not")

    asyncio.run(scenario())


def test_a_question_is_sent_with_the_numbers_of_its_chips_and_comes_back_with_them(stage: Stage) -> None:
    images = tuple(Image(name, f"{name}.png", "PNG", Size(10, 10), 100, digest="0" * 64) for name in "ab")
    chip = Passage(MARK, (Mention("b", "b.png"),))
    draft = Draft(images).with_passage(Passage("Why is ") + chip + Passage(" red?"))

    async def scenario() -> None:
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script(Failure(FailureKind.KEY_REJECTED))
        async with stage.open() as studio:
            turn = await stage.answered(studio, draft)
            assert turn.prompt == "Why is Image 2 red?"
            studio.take_back(stage.session.id, turn.id)
            assert stage.session.draft == draft

    asyncio.run(scenario())


def test_numbers_restart_with_every_question_when_told_to(stage: Stage) -> None:
    def image(name: str) -> Image:
        return Image(name, f"{name}.png", "PNG", Size(10, 10), 100, digest=name * 64, url="http://x/" + name)

    async def scenario() -> None:
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script("One.", ending())
        stage.next_gateway.script("Two.", ending())
        async with stage.open() as studio:
            await stage.answered(studio, Draft((image("a"), image("b")), "First"))
            studio.set_numbering(stage.session.id, Numbering.RESTART)
            earlier = Passage(MARK * 2, (Mention("b"), Mention("c")))
            await stage.answered(studio, Draft((image("c"),)).with_passage(earlier))
            parts = stage.gateways[0].requests[1].messages[-1].parts
            said = [part.text for part in parts if isinstance(part, TextPart)]
            assert said == ["Image 1:", "Image 2 of turn 1Image 1"]

    asyncio.run(scenario())


def test_another_system_prompt_takes_the_signed_thinking_with_it(stage: Stage) -> None:
    async def scenario() -> None:
        thought = '[{"type":"thinking","thinking":"","signature":"x"},{"type":"text","text":"Seen."}]'
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script("Seen.", ending(thought))
        async with stage.open() as studio:
            await stage.answered(studio, Draft(text="Look"))
            studio.set_system(stage.session.id, "Be brief.")
            await stage.answered(studio, Draft(text="Again"), system="Be brief.")
            assert "signature" not in repr(stage.gateways[0].requests[1])

    asyncio.run(scenario())


def test_what_an_answer_cost_until_the_application_died_is_entered_once(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "data", wish=Wish(api=True), environment={"ANTHROPIC_API_KEY": "sk-test-key"})

    async def scenario() -> None:
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Look"))
            once = turn.answer.cost_usd
            assert once
            streaming = replace(turn.answer, outcome=Outcome.STREAMING, cost_usd=None)
            studio._parts.home.sessions.save_answer(turn.id, streaming)  # as a killed process leaves it
        for _ in range(2):
            stage.events.clear()
            async with stage.open():
                answer = stage.session.turns[0].answer
                assert (answer.outcome, answer.cost_usd) == (Outcome.INTERRUPTED, once)
                assert stage.told(SpendChanged)[-1].month_usd == 2 * once

    asyncio.run(scenario())


def test_what_was_answered_while_the_application_died_is_called_interrupted(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await stage.answered(studio, Draft(text="Look"))
            session = stage.session
            turn = stage.told(TurnEnded)[0].turn
            studio._parts.home.sessions.save_answer(  # as a process leaves it that is killed
                turn.id, type(turn.answer)(MODEL, Outcome.STREAMING, "Half")
            )
            assert session.turns == ()
        stage.events.clear()
        async with stage.open():
            answer = stage.session.turns[0].answer
            assert (answer.outcome, answer.text) == (Outcome.INTERRUPTED, "Half")

    asyncio.run(scenario())


def test_a_picture_whose_reading_was_cut_short_is_taken_out_and_told_of(stage: Stage) -> None:
    unread = Image("card-1", "half.png", "PNG", Size(10, 10), 100)
    read = Image("card-2", "whole.png", "PNG", Size(10, 10), 100, digest="0" * 64)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.save_draft(stage.session.id, Draft((unread, read), "Look"))
        stage.events.clear()
        async with stage.open():
            assert stage.session.draft.images == (read,)
            refused = stage.told(ImagesRefused)[0].refusals[0]
            assert (refused.name, refused.image_id) == ("half.png", "card-1")

    asyncio.run(scenario())


def test_a_folder_in_use_is_said_and_nothing_else_breaks(stage: Stage) -> None:
    holder = DataFolder.open(stage.data_dir)

    async def scenario() -> None:
        studio = stage.build()
        with pytest.raises(Failed) as failed:
            studio.start()
        assert "Another Vision Studio window" in failed.value.failure.message
        with pytest.raises(Failed):
            studio.new_session()
        await studio.close()

    asyncio.run(scenario())
    holder.close()


def test_preferences_are_kept(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            studio.set_preference("window.mode", "dark")
        stage.events.clear()
        async with stage.open():
            assert stage.told(PreferencesRead)[0].get("window.mode") == "dark"

    asyncio.run(scenario())


def test_pictures_are_dropped_shown_sent_and_found_again(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            draft = await stage.drop(studio, *samples())
            assert all(image.digest for image in draft.images)
            studio.save_draft(stage.session.id, draft)
            assert stage.told(DraftSaved)
            first = draft.images[0]
            assert first.digest is not None
            await studio.show_picture(first, MODEL, 4)
            picture = stage.told(PictureReady)[-1]
            assert (picture.image_id, picture.media_type) == (first.id, "image/jpeg")
            studio.need_thumbnails([first.digest, first.digest])
            at = len(stage.told(ThumbnailReady))
            while len(stage.told(ThumbnailReady)) == at:
                await asyncio.sleep(0)
            turn = await stage.answered(studio, draft.with_text("Compare"))
            assert [sent.rendition is not None for sent in turn.images] == [True] * 4
            assert stage.gateways[0].uploads == [
                "ridge-dusk.jpg",
                "ridge-midday.jpg",
                "revenue.png",
                "receipt.jpg",
            ]
        stage.events.clear()
        async with stage.open():
            assert [sent.image for sent in stage.session.turns[0].images] == list(draft.images)

    asyncio.run(scenario())


def test_a_question_sent_while_its_picture_is_read_waits_for_it(stage: Stage) -> None:
    async def scenario() -> None:
        path = next(samples())
        async with stage.open() as studio:
            await studio.add_files(stage.session.id, 0, [path])
            found = stage.told(ImagesFound)[0]
            draft = Draft(found.images, "What is it?")
            assert draft.images[0].digest is None
            turn = await stage.answered(studio, draft)
            assert turn.answer.text == "Seen."
            assert turn.images[0].image.digest is not None

    asyncio.run(scenario())


def test_a_question_that_waits_for_its_picture_is_kept_as_a_draft(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.add_files(stage.session.id, 0, list(samples())[:1])
            draft = Draft(stage.told(ImagesFound)[0].images, "What is it?")
            studio.send(stage.session.id, draft, MODEL, "")
        stage.events.clear()
        async with stage.open():
            assert stage.session.draft.text == "What is it?"

    asyncio.run(scenario())


def test_a_question_that_waits_for_its_picture_can_be_stopped(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.add_files(stage.session.id, 0, list(samples())[:1])
            draft = Draft(stage.told(ImagesFound)[0].images, "What is it?")
            studio.send(stage.session.id, draft, MODEL, "")
            before = len(stage.told(SessionOpened))
            studio.stop(stage.session.id)
            assert len(stage.told(SessionOpened)) > before
            assert stage.session.draft.text == "What is it?"
            await studio.images_read()
            turn = await stage.answered(studio, draft.with_text("Then this."))
            assert turn.prompt == "Then this."

    asyncio.run(scenario())
    assert [event.turn.prompt for event in stage.told(TurnStarted)] == ["Then this."]


def test_what_changed_in_a_draft_while_it_waited_is_shown_when_it_cannot_be_sent(stage: Stage) -> None:
    never_read = Image("card", "gone.png", "PNG", Size(10, 10), 100)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft((never_read,), "What is it?"), MODEL, "")
            studio.save_draft(stage.session.id, Draft(text="What is it? And why?"))
            await stage.until(Noticed)
            assert stage.session.draft == Draft(text="What is it? And why?")

    asyncio.run(scenario())


def test_a_draft_saved_by_who_has_not_heard_of_its_pictures_yet_keeps_them(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.add_files(stage.session.id, 0, list(samples())[:1])
            unheard = stage.told(ImagesFound)[0].images
            await studio.images_read()
            studio.open_session(stage.session.id)
            studio.save_draft(stage.session.id, Draft(unheard, "Look"))
        stage.events.clear()
        async with stage.open():
            assert [image.name for image in stage.session.draft.images] == ["ridge-dusk.jpg"]
            assert stage.told(ImagesRefused) == []

    asyncio.run(scenario())


def test_what_is_read_for_a_session_that_was_left_reaches_its_draft(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            left = stage.session.id
            await studio.add_files(left, 0, list(samples())[:1])
            found = stage.told(ImagesFound)[0]
            studio.save_draft(left, Draft(found.images, "Look"))
            studio.new_session()
            await studio.images_read()
            studio.open_session(left)
            assert stage.session.draft.images[0].digest is not None

    asyncio.run(scenario())


def test_a_session_deleted_while_its_pictures_are_read_comes_back_with_them(stage: Stage) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            deleted = stage.session.id
            await studio.add_files(deleted, 0, list(samples())[:1])
            studio.save_draft(deleted, Draft(stage.told(ImagesFound)[0].images, "Look"))
            studio.delete_session(deleted)
            await studio.images_read()
            studio.restore_session(deleted)
            assert [image.digest is not None for image in stage.session.draft.images] == [True]

    asyncio.run(scenario())


def test_samples_and_mishaps(tmp_path: Path) -> None:
    class Faults(list[str]):
        add = list.append

    stage = Stage(tmp_path / "data", samples=tuple(samples())[:1], mishaps={"Overloaded": "fault"})
    stage.practice.faults = Faults()

    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.add_samples(stage.session.id, 0)
            studio.misbehave("Overloaded")
            with pytest.raises(KeyError):
                studio.misbehave("Unheard of")

    asyncio.run(scenario())
    assert stage.practice.faults == ["fault"]


def test_a_disk_that_takes_nothing_is_said_and_the_rest_is_shown(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            await stage.answered(studio, Draft(text="Keep me"))
        stage.events.clear()

        def full(*_: object) -> int:
            raise Failed(Failure(FailureKind.DISK_FULL, "The disk is full."))

        monkeypatch.setattr("vision_studio.storage.sessions.Sessions.mark_interrupted", full)
        async with stage.open():
            assert stage.session.turns[0].prompt == "Keep me"

    asyncio.run(scenario())
    assert [event.failure.kind for event in stage.told(Noticed)] == [FailureKind.DISK_FULL]


def test_a_question_is_not_sent_without_a_picture_that_cannot_be_read(stage: Stage) -> None:
    never_read = Image("card", "gone.png", "PNG", Size(10, 10), 100)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft((never_read,), "What is it?"), MODEL, "")
            notice = await stage.until(Noticed)
            assert notice.failure.kind is FailureKind.IMAGE_LOST
            await stage.until(DraftSaved)

    asyncio.run(scenario())
    assert stage.told(TurnStarted) == []
    assert stage.session.draft.text == "What is it?"


def test_only_an_answer_that_paused_can_be_resumed(stage: Stage) -> None:
    async def scenario() -> None:
        stage.next_gateway = ScriptedGateway()
        stage.next_gateway.script("One, ", ending('[{"type":"text","text":"One, "}]', "pause_turn"))
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Count"))
            before = len(stage.events)
            studio.resume(stage.session.id, turn.id)
            again = (await stage.until(TurnEnded, since=before)).turn
            assert (again.id, again.answer.text) == (turn.id, "One, Seen.")
            with pytest.raises(Failed):
                studio.resume(stage.session.id, turn.id)

    asyncio.run(scenario())
