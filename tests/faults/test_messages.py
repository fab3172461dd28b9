"""A question meets every fault: nothing is lost, the right words are shown, and the session goes on."""

from __future__ import annotations

import asyncio
import logging
import socket
from pathlib import Path

import pytest

from tests.engine.loopback import HANG_UP, stream_head
from tests.engine.stage import Stage
from tests.faults import table
from tests.faults.catalogue import FAULTS, Fault
from tests.faults.meeting import KEY, meet, nobody_listens, play, stage_at, unused_port
from tests.faults.server import EVENTS, MESSAGES, TEXT, FaultyServer
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.failure_words import ending_words
from vision_studio.core.failures import FailureKind
from vision_studio.engine.studio import Studio


def no_key_in(folder: Path, caplog: pytest.LogCaptureFixture) -> bool:
    files = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return KEY not in caplog.text and not any(KEY.encode() in data for data in files)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault(fault: Fault, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    met = meet(fault, tmp_path)
    answer = met.turn.answer
    assert answer.outcome is fault.outcome
    assert answer.text == fault.keeps
    assert (answer.failure.kind if answer.failure else None) is fault.kind
    assert met.tries == fault.tries
    assert met.kept == (("First?", TEXT), ("Second?", fault.keeps))
    assert table.row(fault.name, answer, met.tries) in table.documented()
    if fault.kind is not None:
        assert met.again is not None
        assert met.again.answer.outcome is Outcome.ANSWERED
        in_its_place = met.again.id == met.turn.id
        assert in_its_place == (not fault.keeps), "what was said stays, as another version"
        assert met.kept_then == (("First?", TEXT), ("Second?", TEXT))
    assert no_key_in(tmp_path, caplog)


def test_the_document_tells_of_these_faults_and_no_others() -> None:
    """What it says of each is held by the test that meets it. `python -m tests.faults` writes it."""
    told = [line.split(" | ")[0].removeprefix("| ") for line in table.documented()]
    assert told == [*(fault.name.replace("|", "\\|") for fault in FAULTS), "nobody listens"]


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


def test_nobody_listens(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    met = nobody_listens(tmp_path)
    assert met.turn.answer.failure is not None
    assert met.turn.answer.failure.kind is FailureKind.OFFLINE
    assert met.tries == 3, "it was never there, so it cannot have billed"
    assert met.kept == (("Hello?", ""),)
    assert table.row("nobody listens", met.turn.answer, met.tries) in table.documented()
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
