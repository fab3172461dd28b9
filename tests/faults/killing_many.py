"""python -m tests.faults --kills 5000: many more kills than a test run has time for, and what they met."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.faults import kill_points
from tests.faults.conftest import copies_of_one_process, in_memory

_EACH = 100
_MIGRATING, _COPYING = 0.15, 0.05
"""Of all kills."""


def kill_many(kills: int) -> None:
    """Kill so often, each hundred in a folder of its own; the first loss ends it with a traceback."""
    hit, began = Counter[str](), time.monotonic()
    migrating, copying = round(kills * _MIGRATING), round(kills * _COPYING)
    with copies_of_one_process(kill_points.LOADED) as processes:
        for seed, first in enumerate(range(0, kills - migrating - copying, _EACH), start=1000):
            some = min(_EACH, kills - migrating - copying - first)
            with in_memory() as place:
                hit += kill_points.kill_while_working(processes, place / "data", seed, some)
        with in_memory() as place:
            hit["MIGRATE"] = kill_points.kill_while_migrating(processes, place / "data", 2, migrating)
            hit["between"] += migrating - hit["MIGRATE"]
        with in_memory() as place:
            kill_points.kill_while_copying(processes, place / "data", 2, copying)
            hit["BACK UP, PUT BACK"] = copying
    took_s = time.monotonic() - began
    sys.stdout.write(f"{kills} kills in {took_s:.0f} s, {kills / took_s:.0f} a second; nothing was lost\n")
    for work, count in hit.most_common():
        sys.stdout.write(f"{count:6} {work.lower()}\n")
