"""The thread the engine lives on: runs the loop, takes posted calls, stops in order."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from vision_studio.core.events import EngineStopped, Event, Noticed
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.tasks import Tasks

logger = logging.getLogger(__name__)

Report = Callable[[Event], None]


class EngineThread:
    """One thread with one asyncio loop. ``report`` is called on it and must only hand the event over.

    ``start``, ``post`` and ``stop`` may be called from any thread.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._loop = asyncio.new_event_loop()
        self._tasks = Tasks(self._notice)
        self._close: Callable[[], Awaitable[None]] | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self, main: Callable[[], Any], close: Callable[[], Awaitable[None]] | None = None) -> None:
        """Start the thread and call ``main`` on it; ``close`` is what ``stop`` will wait for."""
        self._close = close
        self._thread.start()
        self.post(main)

    def post(self, function: Callable[..., Any], *args: object) -> None:
        """Have a function called on the engine's thread, in the order of posting.

        What a coroutine function returns becomes a task. Every exception is reported as ``Noticed``. After
        ``stop`` there is nobody to call, and nothing happens.
        """
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._call, function, args)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End what was posted, close all in order, end the thread. Returns False if that took too long."""
        if self._thread.ident is None:
            self._loop.close()
            return True
        with suppress(RuntimeError):  # stopped already
            self._loop.call_soon_threadsafe(self._begin_stop)
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            logger.error("The engine did not stop within %.1f s", timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(self._stray)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._finish())
        finally:
            self._loop.close()
            self._report(EngineStopped())

    def _call(self, function: Callable[..., Any], args: tuple[object, ...]) -> None:
        if self._stopping:
            return
        try:
            result = function(*args)
        except Exception as error:  # noqa: BLE001  # reported to the user and logged
            self._notice(error)
            return
        if inspect.iscoroutine(result):
            self._tasks.start(result, getattr(function, "__qualname__", "posted"))

    def _begin_stop(self) -> None:
        self._stopping = True
        self._loop.stop()

    async def _finish(self) -> None:
        await self._tasks.close()
        if self._close is not None:
            try:
                await self._close()
            except Exception as error:  # noqa: BLE001  # reported to the user and logged
                self._notice(error)
        await self._loop.shutdown_asyncgens()
        await self._loop.shutdown_default_executor()

    def _notice(self, error: BaseException) -> None:
        self._report(Noticed(failure_of(error)))

    def _stray(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """What a callback raised, or a task that nobody awaited."""
        error = context.get("exception")
        if isinstance(error, BaseException):
            self._notice(error)
        else:
            logger.error("%s", context.get("message"))
