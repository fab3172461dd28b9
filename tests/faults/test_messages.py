"""A question meets every fault: nothing is lost, the right words are shown, and the session goes on."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.engine.loopback import HANG_UP, stream_head
from tests.engine.stage import Stage
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.server import EVENTS, MESSAGES, TEXT, FaultyServer
from vision_studio.core.conversation import Answer, Outcome, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import TurnEnded
from vision_studio.core.failure_words import ending_words
from vision_studio.core.failures import FailureKind
from vision_studio.engine.claude_gateway import ClaudeGateway, Patience
from vision_studio.engine.options import Wish
from vision_studio.engine.studio import Studio

KEY = "sk-ant-api03-do-not-log-me-0123456789"
IMPATIENT = Patience(connect_s=2.0, silence_s=0.4, nothing_new_s=0.4)


def stage_at(url: str, folder: Path) -> Stage:
    """An engine whose server is at an address, with a key that must not show up anywhere."""
    return Stage(
        folder,
        wish=Wish(base_url=url),
        environment={"ANTHROPIC_API_KEY": KEY},
        make_gateway=lambda base_url, key: ClaudeGateway(base_url, key, IMPATIENT),
    )


def play(
    folder: Path, act: Callable[[Stage, Studio, FaultyServer], Awaitable[None]], url: str | None = None
) -> None:
    async def scenario() -> None:
        async with FaultyServer() as server:
            stage = stage_at(url or server.url, folder)
            async with stage.open() as studio:
                await act(stage, studio, server)

    asyncio.run(scenario())


async def asked_again(stage: Stage, studio: Studio, turn: Turn) -> Turn:
    before = len(stage.events)
    studio.retry(stage.session.id, turn.id)
    return (await stage.until(TurnEnded, since=before)).turn


def saved(stage: Stage, studio: Studio) -> list[tuple[str, str]]:
    """Every question and answer, as they are read from the disk."""
    studio.open_session(stage.session.id)
    return [(turn.prompt, turn.answer.text) for turn in stage.session.turns]


def no_key_in(folder: Path, caplog: pytest.LogCaptureFixture) -> bool:
    files = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return KEY not in caplog.text and not any(KEY.encode() in data for data in files)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        await stage.answered(studio, Draft(text="First?"))
        before = server.asked[MESSAGES]
        server.strike(MESSAGES, fault.script, fault.times)
        turn = await stage.answered(studio, Draft(text="Second?"))
        answer = turn.answer
        assert answer.outcome is fault.outcome
        assert answer.text == fault.keeps
        assert (answer.failure.kind if answer.failure else None) is fault.kind
        assert server.asked[MESSAGES] - before == fault.tries
        assert saved(stage, studio) == [("First?", TEXT), ("Second?", fault.keeps)]
        if fault.kind is not None:
            assert ending_words(answer) is not None
            server.faults.clear()
            again = await asked_again(stage, studio, turn)
            assert (again.answer.outcome, again.answer.text) == (Outcome.ANSWERED, TEXT)
            assert saved(stage, studio) == [("First?", TEXT), ("Second?", TEXT)]

    play(tmp_path, act)
    assert no_key_in(tmp_path, caplog)


def test_a_stream_that_is_cut_after_every_event_keeps_what_came(tmp_path: Path) -> None:
    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        for cut in range(len(EVENTS)):
            for end in ([HANG_UP], []):
                server.strike(MESSAGES, [stream_head(), *EVENTS[:cut], *end])
                answer = (await stage.answered(studio, Draft(text=f"Cut after {cut}?"))).answer
                _check_cut(answer, cut, clean=not end)

    play(tmp_path, act)


def _check_cut(answer: Answer, cut: int, *, clean: bool) -> None:
    texts = [event.count(b"text_delta") for event in EVENTS[:cut]]
    said = TEXT[: 11 * sum(texts)]
    where = f"after {cut} events, {'clean' if clean else 'reset'}"
    assert answer.text == said, where
    if cut == len(EVENTS) - 1:
        # All but message_stop: the answer, its reason to stop and its bill are there.
        assert answer.outcome in (Outcome.ANSWERED, Outcome.INTERRUPTED), where
        return
    assert answer.outcome in (Outcome.INTERRUPTED, Outcome.FAILED), where
    assert answer.failure is not None, where
    unread = FailureKind.UNREADABLE_ANSWER if cut == 0 and clean else FailureKind.INTERRUPTED
    assert answer.failure.kind is unread, where
    assert ending_words(answer) is not None
    if cut > 0:
        assert answer.usage is not None, where


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def test_nobody_listens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        turn = await stage.answered(studio, Draft(text="Hello?"))
        assert turn.answer.failure is not None
        assert turn.answer.failure.kind is FailureKind.OFFLINE
        assert len(stage.paused) == 2, "it was never there, so it cannot have billed: tried three times"
        assert saved(stage, studio) == [("Hello?", "")]

    play(tmp_path, act, f"http://127.0.0.1:{unused_port()}")
    assert no_key_in(tmp_path, caplog)


def test_the_name_of_the_server_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    async def scenario() -> None:
        stage = stage_at("http://gateway.example.invalid", tmp_path)
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Hello?"))
            assert turn.answer.failure is not None
            assert turn.answer.failure.kind is FailureKind.OFFLINE

    asyncio.run(scenario())
    assert no_key_in(tmp_path, caplog)


@pytest.mark.parametrize("listens", [False, True], ids=["proxy down", "proxy wants a password"])
def test_the_proxy_fails(
    listens: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def scenario() -> None:
        async with FaultyServer() as proxy:
            port = proxy.url.rpartition(":")[2] if listens else unused_port()
            for name in ("http_proxy", "https_proxy", "all_proxy"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            place = "http://gateway.example.invalid/v1/messages"
            proxy.strike(place, [b"HTTP/1.1 407 Password\r\ncontent-length: 0\r\n\r\n"], 20)
            stage = stage_at("http://gateway.example.invalid", tmp_path)
            async with stage.open() as studio:
                turn = await stage.answered(studio, Draft(text="Hello?"))
                assert turn.answer.failure is not None
                assert turn.answer.failure.kind is FailureKind.OFFLINE
                assert proxy.asked[place] == (3 if listens else 0)

    asyncio.run(scenario())
    assert no_key_in(tmp_path, caplog)
