"""How long things take, in ways that the other work of a busy machine disturbs least."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

RUNS = 5


def seconds(work: Callable[[], object]) -> float:
    """Return the processor's time for something done in this process: other programs do not count."""
    start = process_time()
    work()
    return process_time() - start


def ratios(ours: Callable[[], object], peer: Callable[[], object], runs: int = RUNS) -> tuple[float, ...]:
    """Return our time over the peer's, of runs that take turns."""
    ours(), peer()
    return tuple(seconds(ours) / seconds(peer) for _ in range(runs))
