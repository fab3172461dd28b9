"""The engine through the real library to the practice server: the main job, and what can go wrong."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.engine.stage import CATALOGUE, MODEL, LentPractice, Stage
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionState,
    ImagesStored,
    Noticed,
    SpendChanged,
    TextArrived,
    TurnEnded,
    Uploaded,
    UploadFailed,
)
from vision_studio.core.failures import FailureKind
from vision_studio.core.pasted import Blob
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking, settings_sent
from vision_studio.engine.claude_gateway import ClaudeGateway, Patience
from vision_studio.engine.gateway import Request, RequestMessage, TextPart
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio
from vision_studio.practice import Endpoint, Fault, FaultKind, PracticeServer

MESSAGES, UPLOAD = Endpoint.MESSAGES, Endpoint.UPLOAD
KEY = "sk-ant-secret-0123456789"
KEPT = {"type": "ephemeral"}


@pytest.fixture(scope="module")
def running() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, wrong_keys=["sk-wrong"], record=True) as server:
        yield server


@pytest.fixture
def server(running: PracticeServer) -> PracticeServer:
    running.faults.clear()
    running.requests.clear()
    return running


@pytest.fixture
def stage(tmp_path: Path, server: PracticeServer) -> Stage:
    return Stage(tmp_path / "data", practice=LentPractice(server), make_gateway=ClaudeGateway)


async def pictures(stage: Stage, studio: Studio, *colours: str) -> Draft:
    """Paste pictures of these colours."""
    for row, colour in enumerate(colours):
        data = io.BytesIO()
        Pillow.new("RGB", (60 + row, 40), colour).save(data, "PNG")
        await studio.add_pasted(stage.session.id, row, [Blob(f"{colour}.png", data.getvalue())])
    await studio.images_read()
    stored = [image for event in stage.told(ImagesStored) for image in event.images]
    by_name = {image.name: image for image in stored}
    return Draft(tuple(by_name[f"{colour}.png"] for colour in colours))


def asked(stage: Stage, *colours: str, prompt: str = "What is it?") -> Turn:
    """Ask about pictures in a new studio and return how it ended."""

    async def scenario() -> Turn:
        async with stage.open() as studio:
            draft = await pictures(stage, studio, *colours)
            return await stage.answered(studio, draft.with_text(prompt))

    return asyncio.run(scenario())


def uploads(server: PracticeServer) -> int:
    return sum(recorded.method == "POST" and recorded.path == "/v1/files" for recorded in server.requests)


def questions(server: PracticeServer) -> list[Any]:
    return [recorded.json for recorded in server.requests if recorded.path == "/v1/messages"]


def test_the_main_job(stage: Stage, server: PracticeServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with stage.open() as studio:
            draft = await pictures(stage, studio, "red", "blue")
            turn = await stage.answered(studio, draft.with_text("What is it?"))
            assert turn.answer.outcome is Outcome.ANSWERED
            assert turn.answer.practice
            assert "practice server" in turn.answer.text
            assert "".join(event.text for event in stage.told(TextArrived)) == turn.answer.text
            assert turn.answer.usage is not None
            assert turn.answer.usage.input_tokens > 0
            more = await pictures(stage, studio, "green")
            second = await stage.answered(studio, more.with_text("And this?"))
            assert [sent.number for sent in second.images] == [3]

    asyncio.run(scenario())
    first, second = questions(server)
    uploaded = {event.image_id: event.file_id for event in stage.told(Uploaded)}
    files = [uploaded[sent.image.id] for event in stage.told(TurnEnded) for sent in event.turn.images]
    assert first["messages"] == [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "Image 1:"},
                {"type": "image", "source": {"type": "file", "file_id": files[0]}},
                {"type": "text", "text": "Image 2:"},
                {"type": "image", "source": {"type": "file", "file_id": files[1]}},
                {"type": "text", "text": "What is it?", "cache_control": KEPT},
            ],
        }
    ]
    assert second["messages"][0] == first["messages"][0]
    assert second["messages"][1]["role"] == "assistant"
    assert second["messages"][2]["content"] == [
        {"type": "text", "text": "Image 3:"},
        {"type": "image", "source": {"type": "file", "file_id": files[2]}},
        {"type": "text", "text": "And this?", "cache_control": KEPT},
    ]
    assert uploads(server) == 3
    assert stage.told(ConnectionChanged)[-1].files_supported is True
    assert stage.told(SpendChanged)[-1].month_usd == 0


def test_the_second_turn_reads_what_the_first_one_wrote(stage: Stage, server: PracticeServer) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            draft = await pictures(stage, studio, *["red"] * 11)
            first = (await stage.answered(studio, draft.with_text("What is it? " * 400))).answer.usage
            more = await pictures(stage, studio, *["blue"] * 12)
            second = (await stage.answered(studio, more.with_text("And this?"))).answer.usage
            assert first is not None
            assert second is not None
            assert first.cache_write_5m_tokens == first.prompt_tokens
            assert second.cache_read_tokens == first.cache_write_5m_tokens
            assert second.input_tokens == 0

    asyncio.run(scenario())


def test_thoughts_bound_to_another_history_are_left_out_and_the_question_is_answered(
    stage: Stage, server: PracticeServer
) -> None:
    """Somebody changed the database behind our back; the server notices, as the API does."""

    async def scenario() -> None:
        async with stage.open() as studio:
            first = await stage.answered(studio, Draft(text="What is it?"))
            assert "signature" in first.answer.content_json
            with closing(sqlite3.connect(stage.data_dir / "studio.db")) as database, database:
                database.execute("UPDATE turns SET prompt = 'What was it?'")
            second = await stage.answered(studio, Draft(text="Why?"))
            assert second.answer.outcome is Outcome.ANSWERED

    asyncio.run(scenario())
    _, refused, accepted = questions(server)
    assert "signature" in str(refused)
    assert "signature" not in str(accepted)


def test_the_settings_of_the_session_go_out(stage: Stage, server: PracticeServer) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            chosen = RequestSettings("low", Thinking.USUAL, 900, Cache.OFF)
            studio.set_request_settings(stage.session.id, chosen)
            await stage.answered(studio, Draft(text="Hello"))
            studio.set_request_settings(stage.session.id, replace(chosen, cache=Cache.HOUR))
            await stage.answered(studio, Draft(text="Hello again"))
            studio.open_session(stage.session.id)
            assert stage.session.settings == replace(chosen, cache=Cache.HOUR)

    asyncio.run(scenario())
    first, second = questions(server)
    assert first["output_config"] == {"effort": "low"}
    assert first["thinking"] == {"type": "adaptive", "display": "summarized"}
    assert first["max_tokens"] == 900
    assert "cache_control" not in str(first)
    assert second["messages"][-1]["content"][-1]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}


@pytest.mark.parametrize("model_id", [model.id for model in CATALOGUE.models])
@pytest.mark.parametrize("thinking", Thinking)
def test_no_model_refuses_what_a_session_can_choose(
    stage: Stage, server: PracticeServer, model_id: str, thinking: Thinking
) -> None:
    """The server holds every request to the rules of its model."""
    choices = [RequestSettings(effort, thinking) for effort in (None, *CATALOGUE.model(model_id).efforts)]

    async def scenario() -> None:
        gateway = ClaudeGateway(server.start(), KEY)
        try:
            for chosen in choices:
                sent = settings_sent(chosen, CATALOGUE.model(model_id))
                hello = (RequestMessage("user", (TextPart("Hello"),)),)
                request = Request(
                    model_id, sent.max_tokens, hello, "", sent.effort, sent.thinking, sent.cache, (0,)
                )
                async with aclosing(gateway.answer(request)) as told:
                    assert [event async for event in told]
        finally:
            await gateway.close()

    asyncio.run(scenario())


def test_uploads_are_remembered_from_run_to_run(stage: Stage, server: PracticeServer) -> None:
    asked(stage, "red")
    stage.events.clear()
    asked(stage, "red")
    assert uploads(server) == 1
    assert [event.reused for event in stage.told(Uploaded)] == [True] * len(stage.told(Uploaded))


def status(number: int, times: int = 20, endpoint: Endpoint = MESSAGES, **fields: Any) -> Fault:
    return Fault(endpoint, FaultKind.STATUS, times=times, status=number, **fields)


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        pytest.param(status(400), FailureKind.BAD_REQUEST, 1, id="400"),
        pytest.param(status(401), FailureKind.KEY_REJECTED, 1, id="401"),
        pytest.param(status(402), FailureKind.PAYMENT_REQUIRED, 1, id="402"),
        pytest.param(status(403), FailureKind.NOT_PERMITTED, 1, id="403"),
        pytest.param(status(409), FailureKind.SERVER_ERROR, 3, id="409"),
        pytest.param(status(413), FailureKind.TOO_LARGE, 1, id="413"),
        pytest.param(status(413, with_json=False), FailureKind.TOO_LARGE, 1, id="413 of a proxy"),
        pytest.param(status(429), FailureKind.RATE_LIMITED, 3, id="429"),
        pytest.param(status(429, retry_after_s=3600), FailureKind.RATE_LIMITED, 1, id="429 for an hour"),
        pytest.param(
            status(429, code="enforced_spend_limit_reached"), FailureKind.SPEND_LIMIT, 1, id="429 of a cap"
        ),
        pytest.param(status(500), FailureKind.SERVER_ERROR, 3, id="500"),
        pytest.param(status(502, with_json=False), FailureKind.SERVER_ERROR, 3, id="502 of a proxy"),
        pytest.param(status(504), FailureKind.TIMED_OUT, 1, id="504"),
        pytest.param(status(529), FailureKind.OVERLOADED, 3, id="529"),
        pytest.param(Fault(MESSAGES, FaultKind.RESET), FailureKind.INTERRUPTED, 1, id="reset"),
    ],
)
def test_a_request_that_is_refused(
    stage: Stage, server: PracticeServer, fault: Fault, kind: FailureKind, tries: int
) -> None:
    server.faults.add(fault)
    turn = asked(stage, prompt="Hello")
    assert turn.answer.failure is not None
    assert (turn.answer.failure.kind, turn.answer.text) == (kind, "")
    assert turn.prompt == "Hello"
    assert sum(recorded.path == "/v1/messages" for recorded in server.requests) == tries


@pytest.mark.parametrize(
    ("fault", "outcome", "kind"),
    [
        pytest.param(
            Fault(MESSAGES, FaultKind.DROP, after=8),
            Outcome.INTERRUPTED,
            FailureKind.INTERRUPTED,
            id="dropped",
        ),
        pytest.param(
            Fault(MESSAGES, FaultKind.UNFINISHED, after=8),
            Outcome.INTERRUPTED,
            FailureKind.INTERRUPTED,
            id="ended without its end",
        ),
        pytest.param(
            Fault(MESSAGES, FaultKind.ERROR_EVENT, after=8),
            Outcome.FAILED,
            FailureKind.OVERLOADED,
            id="an error event",
        ),
    ],
)
def test_an_answer_that_breaks_off_is_kept(
    stage: Stage, server: PracticeServer, fault: Fault, outcome: Outcome, kind: FailureKind
) -> None:
    server.faults.add(fault)
    answer = asked(stage, prompt="Hello").answer
    assert answer.failure is not None
    assert (answer.outcome, answer.failure.kind) == (outcome, kind)
    assert answer.text
    assert answer.usage is not None
    assert len(questions(server)) == 1


def test_a_stream_that_falls_silent_is_given_up(stage: Stage, server: PracticeServer) -> None:
    stage.make_gateway = lambda url, key: ClaudeGateway(url, key, Patience(silence_s=1.0))
    server.faults.add(Fault(MESSAGES, FaultKind.STALL, after=8))
    answer = asked(stage, prompt="Hello").answer
    assert answer.failure is not None
    assert (answer.outcome, answer.failure.kind) == (Outcome.FAILED, FailureKind.TIMED_OUT)
    assert answer.text


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(status(529, times=2), id="overloaded twice"),
        pytest.param(status(429, times=1, retry_after_s=2), id="rate limited once"),
        pytest.param(status(500, times=2, endpoint=UPLOAD), id="an upload refused twice"),
        pytest.param(Fault(UPLOAD, FaultKind.RESET), id="an upload reset"),
        pytest.param(Fault(UPLOAD, FaultKind.DROP, after=0), id="an upload cut"),
    ],
)
def test_what_another_try_mends(stage: Stage, server: PracticeServer, fault: Fault) -> None:
    server.faults.add(fault)
    assert asked(stage, "red").answer.outcome is Outcome.ANSWERED
    assert stage.paused


def test_the_file_of_a_lost_answer_is_found_and_used(stage: Stage, server: PracticeServer) -> None:
    server.faults.add(Fault(UPLOAD, FaultKind.LOSE_ANSWER))
    assert asked(stage, "red").answer.outcome is Outcome.ANSWERED
    assert uploads(server) == 1


def test_a_file_that_expired_is_renewed_without_a_word(stage: Stage, server: PracticeServer) -> None:
    asked(stage, "red", "blue")
    server.requests.clear()
    server.faults.add(Fault(MESSAGES, FaultKind.EXPIRE_FILE))
    assert asked(stage, "red", "blue").answer.outcome is Outcome.ANSWERED
    assert uploads(server) == 1
    assert len(questions(server)) == 2


def test_a_server_without_files_gets_them_inline_and_the_user_is_told(
    stage: Stage, server: PracticeServer
) -> None:
    server.faults.add(status(404, endpoint=UPLOAD))
    assert asked(stage, "red").answer.outcome is Outcome.ANSWERED
    source = questions(server)[0]["messages"][0]["content"][1]["source"]
    assert (source["type"], source["media_type"]) == ("base64", "image/png")
    told = [event.failure.kind for event in stage.told(Noticed)]
    assert told == [FailureKind.FILES_UNSUPPORTED]
    assert stage.told(ConnectionChanged)[-1].files_supported is False


def test_uploads_that_are_refused_name_their_picture(stage: Stage, server: PracticeServer) -> None:
    server.faults.add(status(403, endpoint=UPLOAD))
    failure = asked(stage, "red").answer.failure
    assert failure is not None
    assert (failure.kind, failure.images) == (FailureKind.NOT_PERMITTED, (1,))
    assert len(stage.told(UploadFailed)) == 1
    assert questions(server) == []


def test_a_wrong_key_is_said_at_the_connection_and_written_nowhere(
    stage: Stage, server: PracticeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage.wish = Wish(base_url=server.base_url)
    stage.environment = {"ANTHROPIC_API_KEY": "sk-wrong"}
    failure = asked(stage, prompt="Hello").answer.failure
    assert failure is not None
    assert failure.kind is FailureKind.KEY_REJECTED
    assert stage.told(ConnectionChanged)[-1].state is ConnectionState.FAILED
    assert "sk-wrong" not in caplog.text + repr(stage.events)
    assert_not_on_disk(stage, "sk-wrong")


def test_a_key_that_works_is_written_nowhere_either(
    stage: Stage, server: PracticeServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.use_api(server.base_url)
            await studio.store_key(KEY)
            draft = await pictures(stage, studio, "red")
            turn = await stage.answered(studio, draft.with_text("What is it?"))
            assert turn.answer.outcome is Outcome.ANSWERED
            assert not turn.answer.practice
            assert turn.answer.cost_usd

    asyncio.run(scenario())
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text + repr(stage.events)
    assert_not_on_disk(stage, KEY)


def assert_not_on_disk(stage: Stage, key: str) -> None:
    files = [path for path in stage.data_dir.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if key.encode() in path.read_bytes()] == []


def test_stop_takes_effect_in_the_middle_of_a_stream(stage: Stage, server: PracticeServer) -> None:
    server.faults.add(Fault(MESSAGES, FaultKind.STALL, after=8))

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.send(stage.session.id, Draft(text="Hello"), MODEL, "")
            await stage.until(TextArrived)
            studio.stop(stage.session.id)
            answer = (await stage.until(TurnEnded)).turn.answer
            assert (answer.outcome, answer.failure) == (Outcome.STOPPED, None)
            assert answer.text == "".join(event.text for event in stage.told(TextArrived))

    asyncio.run(scenario())


def test_a_conversation_that_grows_into_a_crowd_stays_sendable(stage: Stage, server: PracticeServer) -> None:
    def drawn(width: int) -> bytes:
        data = io.BytesIO()
        Pillow.new("RGB", (width, 40), "navy").save(data, "PNG")
        return data.getvalue()

    async def scenario() -> None:
        async with stage.open() as studio:
            await studio.add_pasted(stage.session.id, 0, [Blob("wide.png", drawn(2300))])
            await studio.images_read()
            wide = stage.told(ImagesStored)[0].images
            first = await stage.answered(studio, Draft(wide, "What is it?"))
            assert "signature" in first.answer.content_json, "its thinking is bound to the wide picture"
            for row in range(20):
                await studio.add_pasted(stage.session.id, row, [Blob(f"{row}.png", drawn(50 + row))])
            await studio.images_read()
            stored = [image for event in stage.told(ImagesStored) for image in event.images]
            small = tuple(image for image in stored if image.id != wide[0].id)
            second = await stage.answered(studio, Draft(small, "And these?"))
            assert (second.answer.outcome, second.answer.failure) == (Outcome.ANSWERED, None)
            assert (await stage.answered(studio, Draft(text="Sure?"))).answer.outcome is Outcome.ANSWERED

    asyncio.run(scenario())
    assert len(questions(server)) == 3, "nothing was refused on the way"
