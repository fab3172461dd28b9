"""Answers in progress: saved before sent, told in order, ended once, never billed twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.scripted_gateway import USAGE, Gate, ScriptedGateway, ending, says
from vision_studio.core.catalogue import Catalogue, Limits, Model, Price, PriceBand
from vision_studio.core.conversation import Answer, Outcome, SentImage, Session, Turn
from vision_studio.core.draft import Image, Rendition
from vision_studio.core.events import (
    AnswerSilent,
    Event,
    Noticed,
    RefusalKind,
    RetryDelayed,
    TextArrived,
    ThoughtArrived,
    TurnEnded,
    Uploaded,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH
from vision_studio.engine.asking import Asking
from vision_studio.engine.errands import Server
from vision_studio.engine.fitter import Fitter
from vision_studio.engine.gateway import FilePart, HeldFiles, InlinePart, Request, TextPart, ThoughtDelta
from vision_studio.engine.held import Held
from vision_studio.engine.options import Rhythm
from vision_studio.engine.turns import Contact, Turns
from vision_studio.engine.uploader import Uploader
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.uploads import Uploads
from vision_studio.storage.usage import UsageLedger

E = TypeVar("E")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MODEL = Model(
    "claude-opus-5-5",
    "Claude Opus 5.5",
    context_tokens=1_000_000,
    max_output_tokens=128_000,
    tier=HIGH,
    max_images=600,
    prices=(PriceBand(None, Price(Decimal(4), Decimal(20))),),
)
CATALOGUE = Catalogue(date(2026, 11, 22), (MODEL,), Limits(), MODEL.id)
PATIENCE_S = 30.0
"""A test that waits for longer waits for what will not come."""

AT_ONCE = Rhythm(tell_s=0, save_s=0)
THOUGHT = '[{"type":"thinking","thinking":"","signature":"abc"},{"type":"text","text":"Seen."}]'


@dataclass
class Bench:
    """Turns over real storage, with a scripted server and renditions made of nothing."""

    database: Database
    blobs: Blobs
    rhythm: Rhythm = AT_ONCE
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)
    events: list[Event] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)
    broken: dict[str, Exception] = field(default_factory=dict)
    """Pictures that cannot be rendered, by id."""
    practice: bool = False

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.database)
        self.usage = UsageLedger(self.database)

    def build(self) -> Turns:
        held = Held(Uploads(self.database), self.events.append, self.sleep)
        uploader = Uploader(held, self.events.append, sleep=self.sleep)
        fitter = Fitter(self.sessions, self.blobs, self.render, CATALOGUE)
        return Turns(
            self.sessions,
            self.usage,
            Asking(fitter, uploader, self.blobs, CATALOGUE),
            uploader,
            CATALOGUE,
            self.events.append,
            on_contact=self.contacts.append,
            rhythm=self.rhythm,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def render(self, image: Image, recipe: Recipe) -> Rendition:
        if image.id in self.broken:
            raise self.broken[image.id]
        self.recipes.append(recipe)
        data = f"{image.name} {recipe.key}".encode()
        return Rendition(self.blobs.add_bytes(data), "image/jpeg", recipe.size, len(data))

    async def connect(self) -> Server:
        return Server(self.gateway, "https://api.anthropic.com", self.practice)

    def session(self) -> Session:
        return self.sessions.create(MODEL.id, NOW)

    def ask(self, session: Session, prompt: str, *images: SentImage) -> Session:
        """Save a question and return the session that ends with it."""
        number = len(session.turns) + 1
        turn = Turn(f"turn-{number}-{session.id}", prompt, images, Answer(session.model_id), NOW)
        self.sessions.add_turn(session.id, turn, NOW)
        return self.sessions.load(session.id)

    def run(
        self,
        session: Session,
        during: Callable[[Turns], Awaitable[None]] | None = None,
        connect: Callable[[], Awaitable[Server]] | None = None,
    ) -> Turn:
        """Ask the session's last question, and return the turn as it was told to have ended."""

        async def scenario() -> None:
            turns = self.build()
            async with asyncio.timeout(PATIENCE_S):
                turns.start(session, connect or self.connect)
                if during is not None:
                    await during(turns)
                while turns.is_answering(session.id):
                    await asyncio.sleep(0)

        asyncio.run(scenario())
        ended = self.told(TurnEnded)
        assert len(ended) == len({event.turn.id for event in ended}), "one ending each"
        assert ended[-1].turn == self.sessions.load(session.id).turns[-1], "what is told is what is saved"
        return ended[-1].turn

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.told(TextArrived))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = Database.open(tmp_path / "studio.db")
    yield Bench(database, Blobs(tmp_path / "blobs"))
    database.close()


LANDSCAPE = Size(1000, 800)


def picture(number: int, size: Size = LANDSCAPE, label: str = "") -> SentImage:
    image = Image(f"card-{number}", f"photo {number}.heic", "HEIF", size, 5000, f"{number:064x}", label=label)
    return SentImage(image, number)


def blocks(request: Request) -> list[tuple[str, str]]:
    """The request as (role, block), with files by the number of their picture."""
    found = []
    for message in request.messages:
        for part in message.parts:
            match part:
                case TextPart(text):
                    found.append((message.role, text))
                case FilePart(_, number):
                    found.append((message.role, f"<{number}>"))
                case InlinePart(_, _, number):
                    found.append((message.role, f"<inline {number}>"))
                case _:
                    found.append((message.role, part.content_json))
    return found


def test_a_whole_answer(bench: Bench) -> None:
    bench.gateway.script(*says("Two ", "photos", "."))
    turn = bench.run(bench.ask(bench.session(), "What is it?", picture(1), picture(2, label="after repair")))
    assert blocks(bench.gateway.requests[0]) == [
        ("user", "Image 1:"),
        ("user", "<1>"),
        ("user", "Image 2: after repair"),
        ("user", "<2>"),
        ("user", "What is it?"),
    ]
    assert bench.gateway.uploads == ["photo 1.jpg", "photo 2.jpg"]
    assert bench.text == "Two photos."
    answer = turn.answer
    assert (answer.outcome, answer.text, answer.stop_reason) == (Outcome.ANSWERED, "Two photos.", "end_turn")
    assert (answer.usage, answer.request_id) == (USAGE, "req_scripted")
    assert answer.cost_usd == (100 * 4 + 20 * 20) / Decimal(1_000_000)
    assert answer.duration_s is not None
    assert turn.images[0].rendition is not None
    assert bench.usage.month_total(datetime.now(UTC)) == answer.cost_usd
    assert bench.contacts == [Contact(Server(bench.gateway, "https://api.anthropic.com"))]


def test_the_request_asks_for_as_much_as_the_model_may_say_within_reason(bench: Bench) -> None:
    session = replace(bench.ask(bench.session(), "Hello"), system="  Answer in German. ")
    bench.run(session)
    request = bench.gateway.requests[0]
    assert (request.model_id, request.max_tokens, request.system) == (MODEL.id, 16_000, "Answer in German.")


def test_a_follow_up_sends_the_whole_conversation_and_uploads_nothing_twice(bench: Bench) -> None:
    bench.gateway.script("Seen.", ending(THOUGHT))
    session = bench.ask(bench.session(), "What is it?", picture(1))
    bench.run(session)
    bench.run(bench.ask(bench.sessions.load(session.id), "And this?", picture(2)))
    assert blocks(bench.gateway.requests[1]) == [
        ("user", "Image 1:"),
        ("user", "<1>"),
        ("user", "What is it?"),
        ("assistant", THOUGHT),
        ("user", "Image 2:"),
        ("user", "<2>"),
        ("user", "And this?"),
    ]
    assert bench.gateway.uploads == ["photo 1.jpg", "photo 2.jpg"]
    assert len(bench.recipes) == 2


def test_a_practice_answer_costs_nothing(bench: Bench) -> None:
    bench.practice = True
    turn = bench.run(bench.ask(bench.session(), "Hello"))
    assert turn.answer.practice
    assert turn.answer.cost_usd is None
    assert bench.usage.month_total(datetime.now(UTC)) == 0


def test_text_is_told_in_few_pieces_however_many_arrive(bench: Bench) -> None:
    bench.rhythm = Rhythm(tell_s=3600, save_s=3600)
    bench.gateway.script(*says(*"abcdefgh"))
    bench.run(bench.ask(bench.session(), "Spell"))
    assert [event.text for event in bench.told(TextArrived)] == ["abcdefgh"]


def test_partial_text_is_on_disk_while_it_streams(bench: Bench) -> None:
    session = bench.ask(bench.session(), "Tell me")
    gate: list[Gate] = []

    async def look(turns: Turns) -> None:
        await gate[0].reached.wait()
        while not (answer := bench.sessions.load(session.id).turns[0].answer).text:
            await asyncio.sleep(0)
        assert (answer.outcome, answer.text) == (Outcome.STREAMING, "Once upon")
        gate[0].open()

    async def connect() -> Server:
        gate.append(Gate())
        bench.gateway.script("Once upon", gate[0], " a time", ending())
        return await bench.connect()

    async def during(turns: Turns) -> None:
        while not gate:
            await asyncio.sleep(0)
        await look(turns)

    assert bench.run(session, during, connect).answer.text == "Once upon a time"


def waiting_at(bench: Bench, *before: str) -> tuple[list[Gate], Callable[[], Awaitable[Server]]]:
    """A server that streams some text and then waits."""
    gates: list[Gate] = []

    async def connect() -> Server:
        gates.append(Gate())
        bench.gateway.script(*says(*before)[:-1], gates[0], ending())
        return await bench.connect()

    return gates, connect


def test_stop_keeps_the_text_and_the_cost(bench: Bench) -> None:
    session = bench.ask(bench.session(), "Tell me")
    gates, connect = waiting_at(bench, "Once upon")

    async def stop(turns: Turns) -> None:
        while not gates:
            await asyncio.sleep(0)
        await gates[0].reached.wait()
        turns.stop(session.id)

    answer = bench.run(session, stop, connect).answer
    assert (answer.outcome, answer.text, answer.failure) == (Outcome.STOPPED, "Once upon", None)
    assert answer.cost_usd == (100 * 4 + 1 * 20) / Decimal(1_000_000)
    assert bench.gateway.hung_up == 1


def test_stop_before_the_first_step_ends_the_turn_too(bench: Bench) -> None:
    session = bench.ask(bench.session(), "Tell me")

    async def stop(turns: Turns) -> None:
        turns.stop(session.id)

    assert bench.run(session, stop).answer.outcome is Outcome.STOPPED
    assert bench.gateway.requests == []


def test_stop_during_the_upload_ends_the_turn_and_not_the_upload(bench: Bench) -> None:
    session = bench.ask(bench.session(), "What is it?", picture(1))

    async def stop(turns: Turns) -> None:
        gate = bench.gateway.upload_gate = Gate()
        await gate.reached.wait()
        turns.stop(session.id)
        while turns.is_answering(session.id):
            await asyncio.sleep(0)
        gate.open()
        while not bench.told(Uploaded):
            await asyncio.sleep(0)

    assert bench.run(session, stop).answer.outcome is Outcome.STOPPED
    assert list(bench.gateway.files) == ["file_001"]


def test_closing_interrupts_and_saves(bench: Bench) -> None:
    session = bench.ask(bench.session(), "Tell me")
    gates, connect = waiting_at(bench, "Once upon")

    async def close(turns: Turns) -> None:
        while not gates:
            await asyncio.sleep(0)
        await gates[0].reached.wait()
        await turns.close()
        assert turns.is_idle

    answer = bench.run(session, close, connect).answer
    assert (answer.outcome, answer.text) == (Outcome.INTERRUPTED, "Once upon")


def test_a_stream_that_ends_without_saying_why_is_interrupted(bench: Bench) -> None:
    bench.gateway.script("Once", None)
    answer = bench.run(bench.ask(bench.session(), "Tell me")).answer
    assert (answer.outcome, answer.text, answer.content_json) == (Outcome.INTERRUPTED, "Once", "")
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.INTERRUPTED


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FailureKind.INTERRUPTED, Outcome.INTERRUPTED),
        (FailureKind.OVERLOADED, Outcome.FAILED),
        (FailureKind.TIMED_OUT, Outcome.FAILED),
    ],
)
def test_a_failure_in_the_middle_keeps_the_text_and_is_not_tried_again(
    bench: Bench, kind: FailureKind, outcome: Outcome
) -> None:
    bench.gateway.script("Once", Failure(kind, status=200))
    answer = bench.run(bench.ask(bench.session(), "Tell me")).answer
    assert (answer.outcome, answer.text) == (outcome, "Once")
    assert len(bench.gateway.requests) == 1


def test_a_failure_after_the_server_began_is_not_tried_again(bench: Bench) -> None:
    bench.gateway.script(USAGE, Failure(FailureKind.OVERLOADED, status=200))
    assert bench.run(bench.ask(bench.session(), "Tell me")).answer.outcome is Outcome.FAILED
    assert len(bench.gateway.requests) == 1


def test_an_overloaded_server_is_asked_again(bench: Bench) -> None:
    bench.gateway.script(Failure(FailureKind.OVERLOADED, status=529))
    bench.gateway.script(Failure(FailureKind.RATE_LIMITED, status=429, retry_after_s=3.0))
    assert bench.run(bench.ask(bench.session(), "Tell me")).answer.outcome is Outcome.ANSWERED
    assert len(bench.slept) == 2
    assert bench.slept[1] == 3.0


@pytest.mark.parametrize(
    "kind",
    [FailureKind.SPEND_LIMIT, FailureKind.KEY_REJECTED, FailureKind.TIMED_OUT, FailureKind.BAD_REQUEST],
)
def test_other_failures_end_the_turn_at_once(bench: Bench, kind: FailureKind) -> None:
    failure = Failure(kind, "as the server says", status=400, request_id="req_9")
    bench.gateway.script(failure)
    answer = bench.run(bench.ask(bench.session(), "Tell me")).answer
    assert (answer.outcome, answer.failure) == (Outcome.FAILED, failure)
    assert bench.slept == []
    assert bench.contacts[-1].failure == failure


def test_an_answer_that_paused_goes_on_behind_what_is_there(bench: Bench) -> None:
    block = '[{"type":"text","text":"%s"}]'
    bench.gateway.script(USAGE, "One, ", ending(block % "One, ", "pause_turn"))
    session = bench.ask(bench.session(), "Count")
    first = bench.run(session).answer
    assert (first.text, first.stop_reason) == ("One, ", "pause_turn")

    bench.gateway.script(USAGE, "two.", ending(block % "two.", "end_turn"))

    async def resume() -> None:
        turns = bench.build()
        turns.start(bench.sessions.load(session.id), bench.connect, resumed=True)
        while turns.is_answering(session.id):
            await asyncio.sleep(0)

    asyncio.run(resume())
    answer = bench.sessions.load(session.id).turns[0].answer
    assert (answer.text, answer.stop_reason) == ("One, two.", "end_turn")
    assert [part["text"] for part in json.loads(answer.content_json)] == ["One, ", "two."]
    assert answer.cost_usd == 2 * (first.cost_usd or 0)
    assert [message.role for message in bench.gateway.requests[1].messages] == ["user", "assistant"]


def test_a_workspace_that_cannot_be_noted_does_not_end_the_answer(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = Failure(FailureKind.STORAGE, "Another program holds the file")

    def refuse(*_: object) -> None:
        raise Failed(locked)

    monkeypatch.setattr(Uploads, "set_workspace", refuse)
    assert bench.run(bench.ask(bench.session(), "Hello")).answer.outcome is Outcome.ANSWERED
    assert bench.told(Noticed)[0].failure == locked


def test_it_is_told_how_long_until_the_next_try(bench: Bench) -> None:
    overloaded = Failure(FailureKind.OVERLOADED, status=529, retry_after_s=7.0)
    bench.gateway.script(overloaded)
    session = bench.ask(bench.session(), "Hello")
    turn = bench.run(session)
    assert turn.answer.outcome is Outcome.ANSWERED
    assert bench.told(RetryDelayed) == [RetryDelayed(session.id, turn.id, overloaded, 7.0)]


def test_thoughts_are_told_apart_and_kept(bench: Bench) -> None:
    bench.gateway.script(ThoughtDelta("Two "), ThoughtDelta("roofs."), *says("They differ."))
    answer = bench.run(bench.ask(bench.session(), "How?")).answer
    assert (answer.thinking, answer.text) == ("Two roofs.", "They differ.")
    assert "".join(event.text for event in bench.told(ThoughtArrived)) == "Two roofs."
    assert bench.text == "They differ."


def test_silence_is_noticed_and_the_answer_may_still_come(bench: Bench) -> None:
    bench.rhythm = replace(AT_ONCE, silence_s=0.01)
    session = bench.ask(bench.session(), "Hello")
    gates, connect = waiting_at(bench, "Once")

    async def wait(turns: Turns) -> None:
        while len(bench.told(AnswerSilent)) < 2:
            await asyncio.sleep(0.001)
        assert turns.is_answering(session.id)
        gates[0].open()

    turn = bench.run(session, wait, connect)
    assert turn.answer.outcome is Outcome.ANSWERED
    first, second = bench.told(AnswerSilent)[:2]
    assert (first.session_id, first.turn_id) == (session.id, turn.id)
    assert 0.01 <= first.silent_s < second.silent_s


def test_thoughts_that_the_api_refuses_are_left_out_once(bench: Bench) -> None:
    bench.gateway.script(*says("Seen.")[:-1], ending(THOUGHT))
    session = bench.ask(bench.session(), "Hello")
    bench.run(session)
    session = bench.ask(bench.sessions.load(session.id), "And?")
    bound = Failure(FailureKind.THINKING_REJECTED, status=400)
    bench.gateway.script(bound)
    assert bench.run(session).answer.outcome is Outcome.ANSWERED
    refused, accepted = bench.gateway.requests[1:]
    assert "signature" in str(refused)
    assert "signature" not in str(accepted)
    assert "signature" not in bench.sessions.load(session.id).turns[0].answer.content_json

    session = bench.ask(bench.sessions.load(session.id), "And now?")
    bench.gateway.script(bound)
    bench.gateway.script(bound)
    assert bench.run(session).answer.failure == bound
    assert len(bench.gateway.requests) == 5, "once, and no more"


def test_without_a_key_the_turn_fails_and_keeps_the_question(bench: Bench) -> None:
    async def connect() -> Server:
        raise Failed(Failure(FailureKind.NO_KEY))

    turn = bench.run(bench.ask(bench.session(), "Tell me"), connect=connect)
    assert (turn.prompt, turn.answer.failure) == ("Tell me", Failure(FailureKind.NO_KEY))


def test_an_error_nobody_planned_for_ends_the_turn(bench: Bench) -> None:
    async def connect() -> Server:
        raise ZeroDivisionError

    answer = bench.run(bench.ask(bench.session(), "Tell me"), connect=connect).answer
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.UNEXPECTED


def test_a_file_gone_since_the_last_run_is_missed_before_anything_is_asked(bench: Bench) -> None:
    session = bench.ask(bench.session(), "What is it?", picture(1), picture(2))
    bench.run(session)
    del bench.gateway.files["file_001"]
    turn = bench.run(bench.ask(bench.sessions.load(session.id), "And now?"))
    assert turn.answer.outcome is Outcome.ANSWERED
    assert bench.gateway.uploads == ["photo 1.jpg", "photo 2.jpg", "photo 1.jpg"]
    assert len(bench.gateway.requests) == 2
    assert bench.gateway.looks == 1


def test_a_file_gone_from_the_server_is_uploaded_anew_and_the_request_sent_once_more(bench: Bench) -> None:
    bench.gateway.script(Failure(FailureKind.FILE_MISSING, status=404, images=(1,)))
    turn = bench.run(bench.ask(bench.session(), "What is it?", picture(1), picture(2)))
    assert turn.answer.outcome is Outcome.ANSWERED
    assert bench.gateway.uploads == ["photo 1.jpg", "photo 2.jpg", "photo 1.jpg"]
    assert len(bench.gateway.requests) == 2


def test_a_file_that_is_missing_again_ends_the_turn(bench: Bench) -> None:
    class Forgetful(ScriptedGateway):
        async def existing_files(self, file_ids):  # type: ignore[no-untyped-def]
            return HeldFiles(frozenset())

    bench.gateway = Forgetful()
    missing = Failure(FailureKind.FILE_MISSING, status=404)
    bench.gateway.script(missing)
    bench.gateway.script(missing)
    answer = bench.run(bench.ask(bench.session(), "What is it?", picture(1))).answer
    assert answer.failure == missing
    assert len(bench.gateway.requests) == 2


def test_a_server_without_files_gets_the_pictures_inline(bench: Bench) -> None:
    bench.gateway.has_files = False
    bench.run(bench.ask(bench.session(), "What is it?", picture(1)))
    assert blocks(bench.gateway.requests[0])[1] == ("user", "<inline 1>")


def test_pictures_that_cannot_be_sent_are_named_by_number(bench: Bench) -> None:
    bench.broken = {
        "card-2": Refused(RefusalKind.DAMAGED),
        "card-3": Refused(RefusalKind.DAMAGED),
    }
    turn = bench.run(bench.ask(bench.session(), "What is it?", *map(picture, (1, 2, 3))))
    assert turn.answer.failure == Failure(FailureKind.IMAGE_UNREADABLE, "photo 2.heic", images=(2, 3))
    assert bench.gateway.uploads == []


def test_an_original_that_is_gone_is_said_to_be(bench: Bench) -> None:
    bench.broken = {"card-1": FileNotFoundError()}
    failure = bench.run(bench.ask(bench.session(), "What is it?", picture(1))).answer.failure
    assert failure is not None
    assert (failure.kind, failure.images) == (FailureKind.IMAGE_LOST, (1,))


def test_earlier_pictures_stay_as_sent_until_a_crowd_makes_them_smaller(bench: Bench) -> None:
    bench.gateway.script("Seen.", ending(THOUGHT))
    bench.gateway.script("Seen.", ending(THOUGHT))
    session = bench.ask(bench.session(), "What is it?", picture(1, Size(2500, 1000)))
    bench.run(session)
    small = [picture(number, Size(100, 100)) for number in range(2, 21)]
    bench.run(bench.ask(bench.sessions.load(session.id), "And these?", *small))
    assert "signature" in str(blocks(bench.gateway.requests[1]))
    assert [recipe.size for recipe in bench.recipes if recipe.size.width > 100] == [Size(2500, 1000)]

    bench.run(bench.ask(bench.sessions.load(session.id), "And this?", picture(21, Size(100, 100))))
    assert [recipe.size for recipe in bench.recipes if recipe.size.width > 100] == [
        Size(2500, 1000),
        Size(2000, 800),
    ]
    # What was thought about the larger picture cannot follow the smaller one.
    assert "signature" not in str(blocks(bench.gateway.requests[2]))
    assert '[{"type":"text","text":"Seen."}]' in [block for _, block in blocks(bench.gateway.requests[2])]
    saved = bench.sessions.load(session.id).turns
    assert saved[0].images[0].rendition is not None
    assert saved[0].images[0].rendition.size == Size(2000, 800)
    assert [json.loads(turn.answer.content_json or "[]") for turn in saved[:2]] == [
        [{"type": "text", "text": "Seen."}]
    ] * 2


def test_a_rendition_that_was_lost_is_made_again(bench: Bench) -> None:
    session = bench.ask(bench.session(), "What is it?", picture(1))
    rendition = bench.run(session).images[0].rendition
    assert rendition is not None
    bench.blobs.path(rendition.digest).unlink()
    bench.run(bench.ask(bench.sessions.load(session.id), "And now?"))
    assert len(bench.recipes) == 2
    assert bench.blobs.has(rendition.digest)


def test_several_sessions_answer_at_once_and_stop_apart(bench: Bench) -> None:
    first, second = (bench.ask(bench.session(), "Tell me") for _ in range(2))

    async def scenario() -> None:
        gates = [Gate(), Gate()]
        for gate in gates:
            bench.gateway.script("Once", gate, " upon", ending())
        turns = bench.build()
        for session in (first, second):
            turns.start(session, bench.connect)
        for gate in gates:
            await gate.reached.wait()
        turns.stop(first.id)
        gates[1].open()
        while not turns.is_idle:
            await asyncio.sleep(0)

    asyncio.run(scenario())
    outcomes = {event.session_id: event.turn.answer.outcome for event in bench.told(TurnEnded)}
    assert outcomes == {first.id: Outcome.STOPPED, second.id: Outcome.ANSWERED}


def test_what_cannot_be_saved_is_said_and_the_turn_still_ends(bench: Bench) -> None:
    session = bench.ask(bench.session(), "Tell me")
    full = Failed(Failure(FailureKind.DISK_FULL, "The disk is full."))

    def save_answer(turn_id: str, answer: Answer) -> None:
        raise full

    bench.sessions.save_answer = save_answer  # type: ignore[method-assign]

    async def scenario() -> None:
        turns = bench.build()
        turns.start(session, bench.connect)
        while turns.is_answering(session.id):
            await asyncio.sleep(0)

    asyncio.run(scenario())
    assert full.failure in [event.failure for event in bench.told(Noticed)]
    assert [event.turn.answer.text for event in bench.told(TurnEnded)] == ["Seen."]
