"""Notices that a stream has fallen silent, long before it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Watchdog:
    """Calls ``bark`` with the length of a silence, in seconds, each time it has lasted ``silence_s`` more.

    For the thread of the loop it was made on.
    """

    def __init__(self, silence_s: float, bark: Callable[[float], None]) -> None:
        self._silence_s = silence_s
        self._bark = bark
        self._loop = asyncio.get_running_loop()
        self._heard_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def hear(self) -> None:
        """Note a sign of life; the first one starts the watch."""
        # A timer that every event put off would cost more than the event.
        self._heard_at = self._loop.time()
        if self._timer is None:
            self._timer = self._loop.call_at(self._heard_at + self._silence_s, self._look)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        now = self._loop.time()
        if now >= self._heard_at + self._silence_s:
            self._bark(now - self._heard_at)
            self._timer = self._loop.call_at(now + self._silence_s, self._look)
        else:
            self._timer = self._loop.call_at(self._heard_at + self._silence_s, self._look)
