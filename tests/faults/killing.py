"""Runs a process that tells what the user has seen, and kills it."""

from __future__ import annotations

import time
from collections.abc import Callable
from multiprocessing.context import ForkServerContext

from tests.faults.killed import Seen


def seen_before_kill(
    processes: ForkServerContext,
    target: Callable[..., None],
    *args: object,
    since: str,
    after_s: float,
    until: str | None = None,
) -> tuple[list[Seen], float]:
    """Kill a process so long after it first showed something of the kind ``since``; ``until`` ends the wait.

    Return what it had shown, and when it was killed. ``target`` is called with ``args`` and a connection.
    """
    listen, say = processes.Pipe(duplex=False)
    running = processes.Process(target=target, args=(*args, say))
    running.start()
    say.close()
    seen: list[Seen] = []
    due: float | None = None
    with listen:
        while due is None or time.monotonic() < due:
            if not listen.poll(None if due is None else max(due - time.monotonic(), 0.0)):
                break
            seen.append(listen.recv())
            if seen[-1].what == until:
                break
            if due is None and seen[-1].what == since:
                due = time.monotonic() + after_s
        killed = time.monotonic()
        running.kill()
        try:
            while True:
                seen.append(listen.recv())
        except EOFError:
            running.join()
            running.close()
    return seen, killed
