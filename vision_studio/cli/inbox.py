"""The engine's events, waited for on the main thread, where Ctrl+C arrives."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from types import FrameType

from vision_studio.core.events import EngineStopped, Event
from vision_studio.core.failures import Failed, Failure, FailureKind

_LOOK_UP_S = 0.2
"""Some systems deliver Ctrl+C only between two waits."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Put between events by a posted call: everything that was posted before it has been told."""

    name: str


_CTRL_C = Mark("Ctrl+C")


class Interrupted(Exception):
    """Ctrl+C, at a moment when no event can get lost over it."""


class Inbox:
    """A queue that any thread may put into and one thread reads."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Event | Mark] = SimpleQueue()

    def put(self, event: Event | Mark) -> None:
        self._queue.put(event)

    def events(self) -> Iterator[Event | Mark]:
        """Yield events as they come, for ever.

        Raises ``Interrupted`` for Ctrl+C; the next call goes on where that left off. Raises ``Failed`` when
        the engine has ended.
        """
        while True:
            try:
                event = self._queue.get(timeout=_LOOK_UP_S)
            except Empty:
                continue
            if event == _CTRL_C:
                raise Interrupted
            if isinstance(event, EngineStopped):
                raise Failed(Failure(FailureKind.UNEXPECTED, "The engine stopped"))
            yield event

    @contextmanager
    def taking_interrupts(self) -> Iterator[None]:
        """Have Ctrl+C come as ``Interrupted``, once; the second time it ends the process as usual."""

        def interrupt(number: int, frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, before)
            self._queue.put(_CTRL_C)  # a SimpleQueue may be put into in the middle of anything

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
