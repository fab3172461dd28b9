"""Long work with files on a thread beside the loop: told of as it goes, and ended when nobody wants it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from vision_studio.core.events import Event
from vision_studio.core.portable_events import PortableProgressed

T = TypeVar("T")

_TELL_EVERY_S = 0.05


class NobodyWaits(Exception):
    """Raised in the thread's work once its task was cancelled."""


class Meter:
    """Counts what is done, on the thread that does it."""

    def __init__(self, tell: Callable[[int, int], None], total_bytes: int) -> None:
        self._tell = tell
        self._total = total_bytes
        self._done = 0
        self._told_at = 0.0
        self._wanted = True
        self._lock = threading.Lock()

    def expect(self, total_bytes: int) -> None:
        """Learn how much there is to do."""
        self._total = total_bytes

    def add(self, done_bytes: int) -> None:
        """Tell of what was done since. Raises ``NobodyWaits``."""
        with self._lock:
            if not self._wanted:
                raise NobodyWaits
        self._done += done_bytes
        now = time.monotonic()
        if now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            self._tell(self._done, max(self._total, self._done))

    def stop(self) -> None:
        """Have the work end at its next step; called from another thread."""
        with self._lock:
            self._wanted = False


async def aside_with_meter(
    work: Callable[[Meter], T], ticket: str, name: str, total_bytes: int, report: Callable[[Event], None]
) -> T:
    """Return what work on another thread returns. Cancelled, it waits until the work has cleaned up."""
    loop = asyncio.get_running_loop()

    def tell(done: int, total: int) -> None:
        loop.call_soon_threadsafe(report, PortableProgressed(ticket, name, done, total))

    meter = Meter(tell, total_bytes)
    running = asyncio.ensure_future(asyncio.to_thread(work, meter))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        meter.stop()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # seen: it ended because nobody waits
        raise
