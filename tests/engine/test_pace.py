"""Calls keep below the rate that is allowed, and pause when the server asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vision_studio.engine.pace import Pace
from vision_studio.engine.slots import Slots


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 0.0
    began: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


def calls_at(arrivals: list[float], calls: int, per_s: float) -> list[float]:
    """Return when calls begin that arrive with these gaps between them."""

    async def scenario() -> list[float]:
        clock = Clock()
        pace = Pace(calls=calls, per_s=per_s, sleep=clock.sleep, now=lambda: clock.now)
        for gap in arrivals:
            clock.now += gap
            await pace.turn()
            clock.began.append(clock.now)
        return clock.began

    return asyncio.run(scenario())


@given(st.lists(st.floats(0, 20), max_size=40), st.integers(1, 8))
def test_no_stretch_of_time_sees_more_calls_than_are_allowed(arrivals: list[float], calls: int) -> None:
    began = calls_at(arrivals, calls, 60.0)
    assert all(later - earlier >= 60.0 - 1e-6 for earlier, later in zip(began, began[calls:], strict=False))
    assert all(earlier <= later for earlier, later in pairwise(began))


@given(st.lists(st.floats(60, 100), max_size=10))
def test_who_comes_seldom_never_waits(arrivals: list[float]) -> None:
    arrived, at = [], 0.0
    for gap in arrivals:
        at += gap
        arrived.append(at)
    assert calls_at(arrivals, 1, 60.0) == arrived


def test_a_pause_that_the_server_asks_for_holds_all_calls() -> None:
    async def scenario() -> float:
        clock = Clock()
        pace = Pace(sleep=clock.sleep, now=lambda: clock.now)
        pace.hold(4.0)
        pace.hold(2.0)
        await pace.turn()
        return clock.now

    assert asyncio.run(scenario()) == 4.0


def test_slots_are_handed_on_and_none_is_lost_with_who_stops_waiting() -> None:
    async def scenario() -> list[str]:
        slots, done = Slots(1), []
        gate = asyncio.Event()

        async def work(name: str, wait: Callable[[], object] = lambda: None) -> None:
            async with slots:
                if name == "first":
                    await gate.wait()
                done.append(name)

        tasks = {name: asyncio.ensure_future(work(name)) for name in ("first", "second", "third")}
        await asyncio.sleep(0)
        tasks["second"].cancel()
        gate.set()
        await asyncio.wait(tasks.values())
        slots.resize(2)
        async with slots, slots:
            done.append("both")
        return done

    assert asyncio.run(scenario()) == ["first", "third", "both"]
