"""The gateway over real HTTP: what goes out byte by byte, and what every kind of answer becomes."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.engine.loopback import (
    HANG_UP,
    SILENCE,
    Loopback,
    error,
    event,
    message_end,
    message_start,
    reply,
    stream_head,
    text_block,
)
from vision_studio.core.conversation import Usage
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.claude_gateway import ClaudeGateway, Patience
from vision_studio.engine.gateway import (
    AnswerEvent,
    FilePage,
    FilePart,
    HeldFiles,
    InlinePart,
    MessageEnded,
    Request,
    RequestAccepted,
    RequestMessage,
    TextDelta,
    TextPart,
    UsageKnown,
    VerbatimPart,
)

T = TypeVar("T")
KEY = "sk-ant-secret-0123456789"
HELLO = Request("claude-opus-5-5", 100, (RequestMessage("user", (TextPart("Hello"),)),))


def talk(act: Callable[[ClaudeGateway, Loopback], Awaitable[T]], *, patience: Patience | None = None) -> T:
    """Let a gateway and a loopback server meet."""

    async def scenario() -> T:
        async with Loopback() as server:
            gateway = ClaudeGateway(server.url, KEY, patience)
            try:
                return await act(gateway, server)
            finally:
                await gateway.close()

    return asyncio.run(scenario())


async def ask(gateway: ClaudeGateway, request: Request = HELLO) -> list[AnswerEvent]:
    async with aclosing(gateway.answer(request)) as events:
        return [event async for event in events]


def failure_of(
    *pieces: Any, request: Request = HELLO, patience: Patience | None = None
) -> tuple[str, Failure]:
    """Ask a server that answers so; return the text that came before the failure, and the failure."""

    async def act(gateway: ClaudeGateway, server: Loopback) -> tuple[str, Failure]:
        server.answer(*pieces)
        heard = ""
        try:
            async with aclosing(gateway.answer(request)) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        heard += event.text
        except Failed as failed:
            return heard, failed.failure
        pytest.fail("it should have failed")

    return talk(act, patience=patience)


def test_the_request_on_the_wire(tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"\xff\xd8\xff")
    request = Request(
        "claude-opus-5-5",
        16000,
        (
            RequestMessage(
                "user",
                (
                    TextPart("Image 1:"),
                    FilePart("file_1", 1),
                    TextPart("Image 2: nach der Reparatur – “ok”"),
                    InlinePart(picture, "image/jpeg", 2),
                    TextPart("Was ist das?"),
                ),
            ),
            RequestMessage(
                "assistant",
                (
                    VerbatimPart(
                        '[{"signature":"c2ln","thinking":"","type":"thinking"},{"type":"text","text":"A"}]'
                    ),
                ),
            ),
            RequestMessage("user", (TextPart("Why?"),)),
        ),
        system="Answer in German.",
    )

    async def act(gateway: ClaudeGateway, server: Loopback) -> bytes:
        server.answer(stream_head(), message_start(), *text_block(0, "A"), *message_end())
        await ask(gateway, request)
        assert server.requests[0].startswith(b"POST /v1/messages HTTP/1.1\r\n")
        head = server.requests[0].lower()
        assert f"authorization: bearer {KEY}".encode() in head
        assert b"anthropic-version: 2026-10-21" in head
        return server.bodies[0]

    assert talk(act).decode() == (
        '{"max_tokens":16000,"messages":['
        '{"role":"user","content":['
        '{"type":"text","text":"Image 1:"},'
        '{"type":"image","source":{"type":"file","file_id":"file_1"}},'
        '{"type":"text","text":"Image 2: nach der Reparatur – “ok”"},'
        '{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/"}},'
        '{"type":"text","text":"Was ist das?"}]},'
        '{"role":"assistant","content":['
        '{"signature":"c2ln","thinking":"","type":"thinking"},{"type":"text","text":"A"}]},'
        '{"role":"user","content":[{"type":"text","text":"Why?"}]}],'
        '"model":"claude-opus-5-5","system":"Answer in German.","stream":true}'
    )


def test_a_whole_answer_with_thinking_is_kept_to_the_letter() -> None:
    thinking = [
        event(
            "content_block_start",
            index=0,
            content_block={"type": "thinking", "thinking": "", "signature": ""},
        ),
        event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": "EqoB+/="}),
        event("content_block_stop", index=0),
        event("content_block_start", index=1, content_block={"type": "redacted_thinking", "data": "b64"}),
        event("content_block_stop", index=1),
    ]

    async def act(gateway: ClaudeGateway, server: Loopback) -> list[AnswerEvent]:
        server.answer(
            stream_head(),
            message_start(
                cache_read_input_tokens=5,
                cache_creation_input_tokens=4,
                cache_creation={"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 3},
            ),
            event("ping"),
            event("something_new", value=1),
            *thinking,
            *text_block(2, "Grüße", ", 世界"),
            *message_end(),
        )
        return await ask(gateway)

    events = talk(act)
    usage = Usage(
        10, 7, cache_read_tokens=5, cache_write_5m_tokens=1, cache_write_1h_tokens=3, thinking_tokens=3
    )
    assert events[0] == RequestAccepted("req_loop", "wrkspc_loop")
    assert [event.text for event in events if isinstance(event, TextDelta)] == ["Grüße", ", 世界"]
    assert [event.usage.input_tokens for event in events if isinstance(event, UsageKnown)] == [10, 10]
    ended = events[-1]
    assert isinstance(ended, MessageEnded)
    assert (ended.stop_reason, ended.usage, ended.request_id) == ("end_turn", usage, "req_loop")
    assert json.loads(ended.content_json) == [
        {"type": "thinking", "thinking": "", "signature": "EqoB+/="},
        {"type": "redacted_thinking", "data": "b64"},
        {"type": "text", "text": "Grüße, 世界"},
    ]


def test_a_text_without_words_is_not_kept_to_be_sent_back() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> list[AnswerEvent]:
        server.answer(
            stream_head(),
            message_start(),
            *text_block(0, ""),
            *text_block(1, "\n\n"),
            *text_block(2, "A ridge. "),
            *message_end(),
        )
        return await ask(gateway)

    ended = talk(act)[-1]
    assert isinstance(ended, MessageEnded)
    assert json.loads(ended.content_json) == [{"type": "text", "text": "A ridge. "}]


def test_a_refusal_says_of_what_kind() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> list[AnswerEvent]:
        details = {"type": "refusal", "category": "bio", "explanation": "Not this."}
        server.answer(stream_head(), message_start(), *message_end("refusal", stop_details=details))
        return await ask(gateway)

    ended = talk(act)[-1]
    assert isinstance(ended, MessageEnded)
    assert (ended.stop_reason, ended.stop_detail) == ("refusal", "bio: Not this.")


def test_a_clean_end_without_an_ending_says_so() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> list[AnswerEvent]:
        body = message_start() + b"".join(text_block(0, "Once"))
        server.answer(reply(body, content_type="text/event-stream"))
        return await ask(gateway)

    ended = talk(act)[-1]
    assert isinstance(ended, MessageEnded)
    assert ended.stop_reason is None


@pytest.mark.parametrize(
    ("pieces", "kind", "heard"),
    [
        pytest.param(
            [
                stream_head(),
                message_start(),
                *text_block(0, "Once"),
                event("error", error={"type": "overloaded_error", "message": "Overloaded"}),
            ],
            FailureKind.OVERLOADED,
            "Once",
            id="an error event",
        ),
        pytest.param(
            [stream_head(), message_start(), *text_block(0, "Once"), b"event: error\ndata: <html>\n\n"],
            FailureKind.SERVER_ERROR,
            "Once",
            id="an error event that is no JSON",
        ),
        pytest.param(
            [
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9999\r\n\r\n",
                message_start(),
                *text_block(0, "Once"),
                HANG_UP,
            ],
            FailureKind.INTERRUPTED,
            "Once",
            id="a dropped connection",
        ),
        pytest.param([HANG_UP], FailureKind.INTERRUPTED, "", id="dropped before the answer"),
        pytest.param(
            [
                stream_head(),
                message_start(),
                *text_block(0, "Once"),
                b"event: content_block_delta\ndata: {]\n\n",
                HANG_UP,
            ],
            FailureKind.UNREADABLE_ANSWER,
            "Once",
            id="an event that is no JSON",
        ),
        pytest.param(
            [stream_head(), message_start(), b"event: \xff\xfe\n\n", HANG_UP],
            FailureKind.UNREADABLE_ANSWER,
            "",
            id="bytes that are no text",
        ),
        pytest.param(
            [reply(b'{"type":"message","content":[]}')],
            FailureKind.UNREADABLE_ANSWER,
            "",
            id="JSON instead of a stream",
        ),
        pytest.param(
            [reply(b"<html>Welcome to the hotel</html>", content_type="text/html")],
            FailureKind.UNREADABLE_ANSWER,
            "",
            id="a page instead of a stream",
        ),
        pytest.param([reply(b"")], FailureKind.UNREADABLE_ANSWER, "", id="nothing at all"),
        pytest.param([b"SSH-2.0-OpenSSH_9.7\r\n", HANG_UP], FailureKind.INTERRUPTED, "", id="not even HTTP"),
        pytest.param(
            [reply(b"<html>Bad gateway</html>", "502 Bad Gateway", "text/html")],
            FailureKind.SERVER_ERROR,
            "",
            id="a proxy's page",
        ),
        pytest.param([error(401, "authentication_error", "invalid")], FailureKind.KEY_REJECTED, "", id="401"),
        pytest.param([error(529, "overloaded_error", "busy")], FailureKind.OVERLOADED, "", id="529"),
    ],
)
def test_what_goes_wrong(
    pieces: list[Any], kind: FailureKind, heard: str, caplog: pytest.LogCaptureFixture
) -> None:
    text, failure = failure_of(*pieces)
    assert (failure.kind, text) == (kind, heard)
    assert KEY not in repr(failure) + caplog.text


def test_a_refused_request_keeps_the_servers_details() -> None:
    _, failure = failure_of(error(429, "rate_limit_error", "Slow down.", retry_after="7", request_id="req_7"))
    assert failure == Failure(FailureKind.RATE_LIMITED, "Slow down.", 429, "rate_limit_error", "req_7", 7.0)


def test_images_that_are_too_large_are_pointed_at() -> None:
    body = {
        "type": "error",
        "error": {
            "type": "invalid_request_error",
            "message": "too large",
            "details": {
                "error_code": "image_dimensions_too_large",
                "max_side_length_pixels": 2000,
                "paths": ["messages.0.content.1"],
            },
        },
    }
    request = Request("m", 10, (RequestMessage("user", (TextPart("Image 7:"), FilePart("file_1", 7))),))
    _, failure = failure_of(reply(json.dumps(body).encode(), "400 Bad Request"), request=request)
    assert (failure.kind, failure.images, failure.limit_px) == (FailureKind.IMAGE_REJECTED, (7,), 2000)


def test_a_silent_server_is_given_up() -> None:
    patience = Patience(silence_s=0.05)
    assert failure_of(SILENCE, patience=patience)[1].kind is FailureKind.TIMED_OUT
    text, failure = failure_of(
        stream_head(), message_start(), *text_block(0, "Once"), SILENCE, patience=patience
    )
    assert (failure.kind, text) == (FailureKind.TIMED_OUT, "Once")


def test_pings_alone_are_not_an_answer() -> None:
    patience = Patience(silence_s=60, nothing_new_s=0.05)
    _, failure = failure_of(stream_head(), message_start(), event("ping"), SILENCE, patience=patience)
    assert failure.kind is FailureKind.TIMED_OUT


def test_nobody_listens() -> None:
    async def act() -> Failure:
        async with Loopback() as server:
            url = server.url
        gateway = ClaudeGateway(url, KEY)
        with pytest.raises(Failed) as failed:
            await ask(gateway)
        await gateway.close()
        return failed.value.failure

    assert asyncio.run(act()).kind is FailureKind.OFFLINE


def test_an_inline_picture_that_is_gone(tmp_path: Path) -> None:
    part = InlinePart(tmp_path / "private.jpg", "image/jpeg", 1)
    request = Request("m", 10, (RequestMessage("user", (part,)),))
    _, failure = failure_of(request=request)
    assert failure.kind is FailureKind.IMAGE_LOST
    assert "private" not in failure.message


def test_hanging_up_ends_the_request_at_once() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> list[AnswerEvent]:
        server.answer(stream_head(), message_start(), *text_block(0, "Once"), SILENCE)
        heard: list[AnswerEvent] = []
        arrived = asyncio.Event()

        async def listen() -> None:
            async with aclosing(gateway.answer(HELLO)) as events:
                async for event in events:
                    heard.append(event)
                    if isinstance(event, TextDelta):
                        arrived.set()

        task = asyncio.ensure_future(listen())
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return heard

    assert TextDelta("Once") in talk(act)


STORED = {
    "id": "file_1",
    "type": "file",
    "filename": "a.png",
    "mime_type": "image/png",
    "size_bytes": 200_000,
    "created_at": "2026-11-22T10:00:00Z",
    "expires_at": "2026-12-22T10:00:00Z",
    "downloadable": False,
}


def test_an_upload_on_the_wire(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x" * 200_000)
    progress: list[int] = []

    async def act(gateway: ClaudeGateway, server: Loopback) -> bytes:
        server.answer(reply(json.dumps(STORED).encode(), anthropic_workspace_id="wrkspc_1"))
        stored = await gateway.upload(picture, "Straße 7.png", "image/png", 3600, progress.append)
        assert (stored.file_id, stored.workspace_id) == ("file_1", "wrkspc_1")
        assert stored.expires_at is not None
        left = stored.expires_at - datetime.now(UTC)
        assert abs(left - timedelta(days=30)) < timedelta(minutes=5), "as long as it lives, by our clock"
        return server.requests[0]

    sent = talk(act)
    assert b'name="expires_in_seconds"\r\n\r\n3600' in sent
    assert 'name="file"; filename="Straße 7.png"\r\nContent-Type: image/png'.encode() in sent
    assert sent.count(b"x" * 200_000) == 1
    assert progress == [65536, 131072, 196608, 200_000]


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        (error(404, "not_found_error", "Not found"), FailureKind.FILES_UNSUPPORTED),
        (reply(b"nope", "405 Method Not Allowed", "text/plain"), FailureKind.FILES_UNSUPPORTED),
        (error(429, "rate_limit_error", "Slow down."), FailureKind.RATE_LIMITED),
        (HANG_UP, FailureKind.INTERRUPTED),
        (reply(b"<html>", content_type="text/html"), FailureKind.UNREADABLE_ANSWER),
    ],
)
def test_what_goes_wrong_with_an_upload(tmp_path: Path, piece: Any, kind: FailureKind) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x" * 100)

    async def act(gateway: ClaudeGateway, server: Loopback) -> list[FailureKind]:
        server.answer(piece)
        kinds = []
        for _ in range(2 if kind is FailureKind.FILES_UNSUPPORTED else 1):
            with pytest.raises(Failed) as failed:
                await gateway.upload(picture, "a.png", "image/png", None, lambda sent: None)
            kinds.append(failed.value.failure.kind)
        assert len(server.requests) == 1, "a server without files is not asked twice"
        return kinds

    assert set(talk(act)) == {kind}


def test_a_picture_that_is_gone_is_not_uploaded(tmp_path: Path) -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> FailureKind:
        with pytest.raises(Failed) as failed:
            await gateway.upload(tmp_path / "gone", "a.png", "image/png", None, lambda sent: None)
        return failed.value.failure.kind

    assert talk(act) is FailureKind.IMAGE_LOST


def test_existing_files_are_asked_for_a_hundred_at_a_time() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> HeldFiles:
        expired = {**STORED, "id": "file_2", "expires_at": "2020-01-01T00:00:00Z"}
        forever = {**STORED, "id": "file_3", "expires_at": None}
        server.answer(reply(json.dumps({"data": [expired, forever], "next_page": None}).encode()))
        server.answer(reply(json.dumps({"data": [], "next_page": None}).encode()))
        found = await gateway.existing_files([f"file_{number}" for number in range(150)])
        assert [request.count(b"ids%5B%5D=") for request in server.requests] == [100, 50]
        return found

    assert talk(act) == HeldFiles(frozenset({"file_3"}))


def test_whether_a_file_has_expired_is_told_by_the_servers_clock() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> HeldFiles:
        long_ago = {**STORED, "created_at": "2001-01-01T00:00:00Z", "expires_at": "2001-01-31T00:00:00Z"}
        page = json.dumps({"data": [long_ago], "next_page": None}).encode()
        server.answer(reply(page, date="Tue, 02 Jan 2001 00:00:00 GMT"))
        return await gateway.existing_files(["file_1"])

    assert talk(act).ids == {"file_1"}


def test_files_are_listed_page_by_page() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> tuple[FilePage, FilePage]:
        for data, following in (([STORED], "page_2"), ([], None)):
            page = json.dumps({"data": data, "next_page": following}).encode()
            server.answer(reply(page, anthropic_workspace_id="wrkspc_1"))
        pages = await gateway.list_files(None, 100), await gateway.list_files("page_2", 100)
        assert [request.split(b" ")[1] for request in server.requests] == [
            b"/v1/files?limit=100",
            b"/v1/files?limit=100&page=page_2",
        ]
        return pages

    first, last = talk(act)
    assert [(file.id, file.name, file.size_bytes) for file in first.files] == [("file_1", "a.png", 200_000)]
    assert (first.next_cursor, first.workspace_id) == ("page_2", "wrkspc_1")
    assert (last.files, last.next_cursor) == ((), None)


def test_a_file_that_is_gone_already_is_forgotten() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> str:
        gone = error(404, "not_found_error", "File not found: file_1", anthropic_workspace_id="wrkspc_1")
        server.answer(gone)
        return await gateway.forget_file("file_1")

    assert talk(act) == "wrkspc_1", "where it is not"


@pytest.mark.parametrize(
    ("pieces", "kind"),
    [
        pytest.param([reply(b'{"data":[],"has_more":false}')], None, id="it lists models"),
        pytest.param([error(401, "authentication_error", "no")], FailureKind.KEY_REJECTED, id="a wrong key"),
        pytest.param(
            [error(404, "not_found_error", "no"), reply(b'{"input_tokens":3}')], None, id="it counts tokens"
        ),
        pytest.param(
            [error(404, "not_found_error", "no"), error(400, "invalid_request_error", "no such model")],
            None,
            id="it knows the API but not our model",
        ),
        pytest.param(
            [reply(b"no", "404 Not Found", "text/plain")] * 2, FailureKind.BAD_REQUEST, id="another server"
        ),
        pytest.param(
            [error(404, "not_found_error", "no"), error(401, "authentication_error", "no")],
            FailureKind.KEY_REJECTED,
            id="a wrong key where no models are listed",
        ),
        pytest.param(
            [reply(b"<html>hotel</html>", content_type="text/html")],
            FailureKind.UNREADABLE_ANSWER,
            id="a page",
        ),
    ],
)
def test_checking_key_and_address(pieces: list[bytes], kind: FailureKind | None) -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> FailureKind | None:
        for piece in pieces:
            server.answer(piece)
        try:
            await gateway.check()
        except Failed as failed:
            return failed.failure.kind
        return None

    assert talk(act) is kind


def test_the_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_LOG", "debug")
    with caplog.at_level(logging.DEBUG):
        talk(lambda gateway, server: _answered(gateway, server))
    assert KEY not in caplog.text
    assert "Hello" not in caplog.text, "requests are not logged"
    assert KEY not in repr(ClaudeGateway("https://example.com", KEY))


def test_a_server_that_repeats_the_key_does_not_get_it_shown() -> None:
    said = f"Invalid token. Received API key: {KEY}"
    _, failure = failure_of(error(401, "authentication_error", said))
    assert failure.message == "Invalid token. Received API key: …"


async def _answered(gateway: ClaudeGateway, server: Loopback) -> None:
    server.answer(stream_head(), message_start(), *text_block(0, "A"), *message_end())
    await ask(gateway)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    talk(_answered)


def test_a_deprecated_model_raises_no_warning() -> None:
    async def act(gateway: ClaudeGateway, server: Loopback) -> None:
        server.answer(stream_head(), message_start(), *text_block(0, "A"), *message_end())
        await ask(gateway, Request("claude-sonnet-4-5", 10, HELLO.messages))

    talk(act)
