"""What a decoder that misbehaves can do to the application: nothing but lose its own job."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from vision_studio.core.events import RefusalKind
from vision_studio.engine.workers import MEMORY_LIMIT_BYTES, Workers
from vision_studio.imaging.refusal import Refused


def double(number: int) -> int:
    return 2 * number


def crash() -> None:
    os.abort()


def loop_forever(started: Path) -> None:
    started.write_text(str(os.getpid()))
    while True:
        pass


def eat_memory() -> int:
    return len(bytearray(MEMORY_LIMIT_BYTES + 100_000_000))


def refuse() -> None:
    raise Refused(RefusalKind.TOO_MANY_PIXELS, "9 × 9 px")


def fail() -> None:
    raise RuntimeError("a mistake of ours")


def process_id() -> int:
    return os.getpid()


def loaded_modules() -> set[str]:
    return set(sys.modules)


def where_complaints_go() -> bool:
    return os.path.sameopenfile(2, os.open(os.devnull, os.O_WRONLY))


def niceness() -> int:
    return os.nice(0)


@asynccontextmanager
async def working(processes: int = 1) -> AsyncIterator[Workers]:
    workers = Workers(processes)
    try:
        yield workers
    finally:
        await workers.close()


def pool_processes() -> list[multiprocessing.process.BaseProcess]:
    return multiprocessing.active_children()


def test_a_job_returns_what_its_function_returns() -> None:
    async def scenario() -> None:
        async with working() as workers:
            assert await workers.run(double, 21) == 42

    asyncio.run(scenario())


def test_a_refusal_crosses_whole() -> None:
    async def scenario() -> None:
        async with working() as workers:
            with pytest.raises(Refused) as caught:
                await workers.run(refuse)
            assert (caught.value.kind, caught.value.detail) == (RefusalKind.TOO_MANY_PIXELS, "9 × 9 px")

    asyncio.run(scenario())


def test_a_mistake_in_a_job_is_not_taken_for_a_broken_pool() -> None:
    async def scenario() -> None:
        async with working() as workers:
            first = await workers.run(process_id)
            with pytest.raises(RuntimeError, match="a mistake of ours"):
                await workers.run(fail)
            assert await workers.run(process_id) == first

    asyncio.run(scenario())


def test_a_crash_costs_its_own_job_and_the_worker_is_replaced() -> None:
    async def scenario() -> None:
        async with working() as workers:
            with pytest.raises(Refused) as caught:
                await workers.run(crash)
            assert caught.value.kind is RefusalKind.DAMAGED
            assert await workers.run(double, 4) == 8

    asyncio.run(scenario())


def test_other_jobs_do_not_notice_a_crash() -> None:
    async def scenario() -> None:
        async with working(processes=2) as workers:
            crashed = asyncio.create_task(workers.run(crash))
            assert await asyncio.gather(*(workers.run(double, n) for n in range(6))) == [0, 2, 4, 6, 8, 10]
            with pytest.raises(Refused):
                await crashed

    asyncio.run(scenario())


def test_a_job_without_end_is_ended(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with working() as workers:
            with pytest.raises(Refused) as caught:
                await workers.run(loop_forever, tmp_path / "started", timeout_s=0.3)
            assert caught.value.kind is RefusalKind.TOO_SLOW
            assert await workers.run(double, 4) == 8

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a size")
def test_a_job_that_eats_memory_is_refused_before_it_has_it() -> None:
    async def scenario() -> None:
        async with working() as workers:
            with pytest.raises(Refused) as caught:
                await workers.run(eat_memory)
            assert caught.value.kind is RefusalKind.DAMAGED
            assert "memory" in caught.value.detail

    asyncio.run(scenario())


def test_cancelling_ends_the_job(tmp_path: Path) -> None:
    started = tmp_path / "started"

    async def scenario() -> None:
        async with working() as workers:
            job = asyncio.create_task(workers.run(loop_forever, started))
            while not started.exists() or not started.read_text():
                await asyncio.sleep(0.005)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            # The only worker is free again, so the endless job is over.
            assert await workers.run(double, 4) == 8
            assert await workers.run(process_id) != int(started.read_text())

    asyncio.run(scenario())


def test_a_job_cancelled_while_it_waits_never_runs(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with working() as workers:
            await workers.run(double, 1)
            busy = asyncio.create_task(workers.run(loop_forever, tmp_path / "busy", timeout_s=0.3))
            await asyncio.sleep(0)
            waiting = asyncio.create_task(workers.run(loop_forever, tmp_path / "waiting"))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(Refused):
                await busy
            assert await workers.run(double, 4) == 8
            assert not (tmp_path / "waiting").exists()

    asyncio.run(scenario())


def test_an_idle_worker_killed_from_outside_is_replaced() -> None:
    async def scenario() -> None:
        async with working() as workers:
            os.kill(await workers.run(process_id), signal.SIGKILL)
            while pool_processes():
                await asyncio.sleep(0.005)
            assert await workers.run(double, 4) == 8

    asyncio.run(scenario())


def test_a_worker_loads_neither_the_window_nor_the_network() -> None:
    async def scenario() -> None:
        async with working() as workers:
            loaded = await workers.run(loaded_modules)
        assert not {"PySide6", "anthropic", "keyring", "vision_studio.app"} & loaded

    asyncio.run(scenario())


def test_complaints_of_a_decoder_stay_off_the_terminal() -> None:
    async def scenario() -> None:
        async with working() as workers:
            assert await workers.run(where_complaints_go)

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has priorities of another kind")
def test_a_worker_gives_way_to_the_window() -> None:
    async def scenario() -> None:
        async with working() as workers:
            assert await workers.run(niceness) > os.nice(0)

    asyncio.run(scenario())


def test_idle_workers_end_and_come_back() -> None:
    async def scenario() -> None:
        workers = Workers(processes=1, idle_s=0.01)
        try:
            assert await workers.run(double, 1) == 2
            while pool_processes():
                await asyncio.sleep(0.005)
            assert await workers.run(double, 4) == 8
        finally:
            await workers.close()

    asyncio.run(scenario())


ORPHANS = """
import asyncio, os
from vision_studio.engine.workers import Workers

async def main():
    workers = Workers(processes=2)
    print(*await asyncio.gather(workers.run(os.getpid), workers.run(os.getpid)), flush=True)
    await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


def is_running(pid: int) -> bool:
    """A process that nobody has buried yet is not running either."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_workers_end_with_an_application_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "application.py"
    script.write_text(ORPHANS)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as application:
        assert application.stdout is not None
        pids = {int(pid) for pid in application.stdout.readline().split()}
        application.kill()
    for _ in range(1000):
        if not any(is_running(pid) for pid in pids):
            return
        time.sleep(0.01)
    pytest.fail("a worker outlived its application")


def test_closing_leaves_no_process_and_no_thread(tmp_path: Path) -> None:
    threads = set(threading.enumerate())

    async def scenario() -> None:
        async with working(processes=2) as workers:
            await workers.run(double, 1)
            endless = asyncio.create_task(workers.run(loop_forever, tmp_path / "started"))
            while not (tmp_path / "started").exists():
                await asyncio.sleep(0.005)
        assert pool_processes() == []
        assert endless.cancelled() or isinstance(await asyncio.wait_for(_ending(endless), 1), BaseException)

    asyncio.run(scenario())
    assert set(threading.enumerate()) <= threads


async def _ending(task: asyncio.Task[None]) -> BaseException | None:
    await asyncio.wait([task])
    return asyncio.CancelledError() if task.cancelled() else task.exception()


def test_after_closing_nothing_starts() -> None:
    async def scenario() -> None:
        async with working() as workers:
            pass
        with pytest.raises(asyncio.CancelledError):
            await workers.run(double, 1)
        assert pool_processes() == []

    asyncio.run(scenario())


def test_nothing_starts_before_it_is_needed() -> None:
    async def scenario() -> None:
        async with working():
            assert pool_processes() == []

    asyncio.run(scenario())
