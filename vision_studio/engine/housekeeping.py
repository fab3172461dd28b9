"""What is done when nothing else is: a backup of the database, and clearing away what nobody needs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import closing
from datetime import datetime

from vision_studio.core.failures import Failed
from vision_studio.engine.home import Home
from vision_studio.storage.backup import Stopped, back_up, is_due
from vision_studio.storage.sweep import Sweep, Swept

logger = logging.getLogger(__name__)

BETWEEN_STEPS_S = 0.01
BUSY_S = 1.0
"""How long to wait before looking again whether there is anything else to do."""


class Housekeeping:
    """One round per run of the application. What goes wrong with it is for the log: nobody asked for it."""

    def __init__(
        self,
        home: Home,
        is_idle: Callable[[], bool],
        after_s: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Look at what there is, before anything is changed."""
        self._home = home
        self._is_idle = is_idle
        self._sleep = sleep
        self._after_s = after_s
        self._stopping = threading.Event()
        self._sweep: Sweep | None = None
        try:
            self._sweep = Sweep(home.database, home.database.path, home.blobs, home.thumbnails)
        except Failed as error:
            logger.warning("Nothing is tidied: %s", error)
        self._task = asyncio.get_running_loop().create_task(self._run(), name="housekeeping")

    @property
    def swept(self) -> Swept | None:
        """What was taken away so far; None if nothing can be."""
        return None if self._sweep is None else self._sweep.swept

    async def finished(self) -> None:
        """Wait until everything is done."""
        await asyncio.wait([self._task])

    async def close(self) -> None:
        """Stop between two steps; what was not done is done the next time."""
        self._stopping.set()
        self._task.cancel()
        await asyncio.wait([self._task])
        if self._sweep is not None:
            self._sweep.close()

    async def _run(self) -> None:
        for part in (self._mark, self._back_up, self._clear):
            try:
                await part()
            except (Failed, OSError) as error:
                logger.warning("Housekeeping: %s", error if isinstance(error, Failed) else error.strerror)
                if part == self._mark:
                    self._sweep = None

    async def _mark(self) -> None:
        await self._sleep(self._after_s)
        if self._sweep is not None:
            await self._go_through(self._sweep.mark(), when_idle=False)

    async def _back_up(self) -> None:
        path, now = self._home.database.path, datetime.now().astimezone()
        if is_due(path, now):
            copying = asyncio.get_running_loop().run_in_executor(
                None, back_up, path, now, self._stopping.is_set
            )
            try:
                await asyncio.shield(copying)
            except Stopped:
                return
            except asyncio.CancelledError:
                await asyncio.wait([copying])  # it ends at its next step
                copying.exception()
                raise

    async def _clear(self) -> None:
        if self._sweep is not None:
            await self._go_through(self._sweep.clear(), when_idle=True)

    async def _go_through(self, steps: Generator[None], *, when_idle: bool) -> None:
        # Steps that are not gone through to the end are closed here: left to be collected, they would be in
        # whatever thread that happens, and SQLite lets a connection be closed only in its own.
        with closing(steps):
            while True:
                while when_idle and not self._is_idle():
                    await self._sleep(BUSY_S)
                if next(steps, _OVER) is _OVER:
                    return
                await self._sleep(BETWEEN_STEPS_S)


_OVER = object()
