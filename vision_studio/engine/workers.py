"""A small pool of processes that decode pictures: a file that kills its decoder costs one job, not the app.

It also keeps the window smooth, which threads would not: decoding shares no interpreter with it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from pebble import ProcessExpired, ProcessPool

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.refusal import Refused

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

MEMORY_LIMIT_BYTES = 2_000_000_000
"""What one worker may allocate, where the system can hold it to that (Linux)."""

_NICENESS = 5
"""Added to a worker's, so that the window comes first on a busy machine."""

_GRACE_S = 10.0
"""How much later than the pool would a worker end itself: when there is no pool any more."""

# A forked copy of a process with threads may deadlock. A fork server has none, and has loaded Pillow before
# a worker is asked of it; where it is not dependable, each worker is started from nothing.
_START_METHOD = "forkserver" if sys.platform == "linux" else "spawn"
_PRELOADED = [
    "vision_studio.engine.workers",
    "vision_studio.imaging.encoding",
    "vision_studio.imaging.rendition",
    "vision_studio.imaging.thumbnails",
    "vision_studio.imaging.upright",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.WebPImagePlugin",
]


class Workers:
    """Runs functions of modules in other processes, for one asyncio loop. Nothing starts before the first.

    After ``idle_s`` seconds without work the processes end, to give their memory back.
    """

    def __init__(self, processes: int = 2, idle_s: float = 60.0) -> None:
        self._processes = processes
        self._idle_s = idle_s
        self._pool: ProcessPool | None = None
        self._opening: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._idle: asyncio.TimerHandle | None = None
        # Jobs wait here and not in the pool, where one cannot be cancelled without ending a process.
        self._turns = asyncio.Semaphore(processes)
        self._running: set[asyncio.Future[Any]] = set()
        self._closed = False

    async def run(
        self, function: Callable[[*Arguments], T], /, *args: *Arguments, timeout_s: float = 60.0
    ) -> T:
        """Call ``function(*args)`` in a worker and return what it returns; all three are pickled.

        What it raises is raised here. Raises ``Refused``: ``DAMAGED`` when the process died of it or ran out
        of memory, ``TOO_SLOW`` after ``timeout_s`` seconds of work (waiting for a worker is not counted).
        Cancelling ends the job, if need be together with its process, which is then replaced.
        """
        try:
            async with self._turns:
                return await self._result(function, args, timeout_s)
        except ProcessExpired as error:
            raise Refused(RefusalKind.DAMAGED, "the decoder crashed") from error
        except TimeoutError as error:
            raise Refused(RefusalKind.TOO_SLOW, f"more than {timeout_s:.0f} s") from error
        except MemoryError as error:
            raise Refused(RefusalKind.DAMAGED, "it needs more memory than a picture may take") from error
        finally:
            self._rest_later()

    async def close(self) -> None:
        """End every process and thread of the pool; what runs is cancelled."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        for job in self._running:
            job.cancel()
        if self._opening is not None:
            await asyncio.wait([self._opening])
        self._retire(self._pool)
        while self._closing:
            await asyncio.wait(self._closing)

    async def _result(self, function: Callable[..., T], args: tuple[object, ...], timeout_s: float) -> T:
        pool = await self._awake()
        try:
            return await self._job(pool, function, args, timeout_s)
        except (BrokenProcessPool, RuntimeError) as error:
            # An idle worker killed from outside (when memory is short, say) takes the whole pool with it.
            # What a job raised is told from that by its cause: the other process's traceback.
            if error.__cause__ is not None and not isinstance(error, BrokenProcessPool):
                raise
            self._retire(pool)
            return await self._job(await self._awake(), function, args, timeout_s)

    async def _job(
        self, pool: ProcessPool, function: Callable[..., T], args: tuple[object, ...], timeout_s: float
    ) -> T:
        future = pool.schedule(_work, args=(function, args, timeout_s + _GRACE_S), timeout=timeout_s)
        job: asyncio.Future[T] = asyncio.wrap_future(future)
        self._running.add(job)
        try:
            return await job
        finally:
            self._running.discard(job)

    async def _awake(self) -> ProcessPool:
        """Return the pool, made if need be: that takes a second, but not of the loop's."""
        if self._idle is not None:
            self._idle.cancel()
        while self._pool is None:
            if self._closed:
                raise asyncio.CancelledError("the workers are closed")
            if self._opening is None:
                self._opening = asyncio.get_running_loop().create_task(self._open(), name="open workers")
            # Whoever stops waiting must not leave processes that nobody knows of.
            await asyncio.shield(self._opening)
        return self._pool

    async def _open(self) -> None:
        try:
            self._pool = await asyncio.to_thread(_new_pool, self._processes)
        finally:
            self._opening = None

    def _rest_later(self) -> None:
        if not self._running and self._pool is not None and not self._closed:
            if self._idle is not None:
                self._idle.cancel()
            self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._retire, self._pool)

    def _retire(self, pool: ProcessPool | None) -> None:
        if pool is None or pool is not self._pool:
            return
        self._pool = None
        task = asyncio.get_running_loop().create_task(asyncio.to_thread(_stop, pool), name="retire workers")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


def _new_pool(processes: int) -> ProcessPool:
    context = multiprocessing.get_context(_START_METHOD)
    if _START_METHOD == "forkserver":
        context.set_forkserver_preload(_PRELOADED)
    pool = ProcessPool(processes, initializer=_prepare, context=context)
    if not pool.active:  # asking starts it
        raise BrokenProcessPool("the workers did not start")
    return pool


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # Pebble annotates no function that returns nothing
    pool.join()


def _prepare() -> None:
    """Make a new worker modest, and ready to be killed in the middle of a decoder."""
    # Pebble's own handler runs only between two bytecodes, and a decoder may be long about one.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Decoders write complaints about hostile files to the terminal. What matters of them is raised as well.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    if sys.platform != "win32":
        os.nice(_NICENESS)
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _work(function: Callable[..., T], args: tuple[object, ...], deadline_s: float) -> T:
    """Do one job, and die if it goes on when nobody is left to stop it."""
    if sys.platform == "win32":
        return function(*args)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, deadline_s)
    try:
        return function(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
