"""The engine's thread: calls in order, nothing swallowed, a clean end."""

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import pytest

from vision_studio.core.events import EngineStopped, Event, Noticed
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.thread import EngineThread


class Engine:
    """A started thread and what it reported."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed: list[str] = []
        self.thread = EngineThread(self.events.append)

    async def close(self) -> None:
        await asyncio.sleep(0)
        self.closed.append("closed")

    @property
    def failures(self) -> list[Failure]:
        return [event.failure for event in self.events if isinstance(event, Noticed)]


@pytest.fixture
def engine() -> Engine:
    return Engine()


def test_posted_calls_run_in_order_on_one_thread(engine: Engine) -> None:
    seen: list[tuple[int, str]] = []

    def note(number: int) -> None:
        seen.append((number, threading.current_thread().name))

    engine.thread.post(note, 0)
    engine.thread.start(lambda: note(1))
    engine.thread.post(note, 2)
    assert engine.thread.stop()
    assert seen == [(0, "engine"), (1, "engine"), (2, "engine")]


def test_what_was_posted_before_the_stop_still_runs(engine: Engine) -> None:
    saved: list[str] = []
    engine.thread.start(lambda: None, engine.close)
    engine.thread.post(saved.append, "draft")
    engine.thread.stop()
    assert saved == ["draft"]
    assert engine.closed == ["closed"]
    assert engine.events[-1] == EngineStopped()


def test_posting_after_the_stop_does_nothing(engine: Engine) -> None:
    engine.thread.start(lambda: None)
    engine.thread.stop()
    engine.thread.post(engine.events.clear)
    assert engine.thread.stop()
    assert engine.events == [EngineStopped()]


def test_a_thread_that_never_started_stops(engine: Engine) -> None:
    assert engine.thread.stop()
    engine.thread.post(print)


def test_an_exception_reaches_the_user_and_the_log(
    engine: Engine, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def breaks() -> None:
        raise KeyError("nothing here")

    async def breaks_later() -> None:
        await asyncio.sleep(0)
        (tmp_path / "private").with_suffix(".png").read_bytes()

    done = threading.Event()

    async def last() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        done.set()

    with caplog.at_level(logging.ERROR):
        engine.thread.start(breaks)
        engine.thread.post(breaks_later)
        engine.thread.post(last)
        assert done.wait(5)
        engine.thread.stop()
    assert [failure.kind for failure in engine.failures] == [FailureKind.UNEXPECTED] * 2
    assert "nothing here" in engine.failures[0].message
    assert "breaks_later" in caplog.text
    assert "private.png" not in caplog.text + repr(engine.events)


def test_a_failure_is_reported_as_what_it_is(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    failure = Failure(FailureKind.KEYRING_LOCKED, "The keyring is locked.")

    def refuses() -> None:
        raise Failed(failure)

    engine.thread.start(refuses)
    engine.thread.stop()
    assert engine.failures == [failure]
    assert caplog.text == ""


def test_stopping_cancels_what_was_posted_and_waits_for_it(engine: Engine) -> None:
    running = threading.Event()
    order: list[str] = []

    async def endless() -> None:
        running.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            order.append("unwound")

    async def close() -> None:
        order.append("closed")

    engine.thread.start(endless, close)
    assert running.wait(5)
    assert engine.thread.stop()
    assert order == ["unwound", "closed"]


def test_a_close_that_fails_is_told_and_ends_the_thread_all_the_same(engine: Engine) -> None:
    async def close() -> None:
        raise RuntimeError("cannot close")

    engine.thread.start(lambda: None, close)
    assert engine.thread.stop()
    assert [failure.kind for failure in engine.failures] == [FailureKind.UNEXPECTED]
    assert engine.events[-1] == EngineStopped()
