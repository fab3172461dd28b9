"""The line to a server: when it is down, one looks out for it, and all others wait until it is back."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from vision_studio.core.failures import Failed, Failure, FailureKind

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 15.0
"""Between two looks. They double, with up to a quarter off by chance."""
PATIENCE_S = 600.0
"""How long a server that cannot be reached is waited for before what needs it fails."""

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Outage:
    failure: Failure
    waited_s: float = 0.0
    looks: int = 0
    has_lookout: bool = False
    given_up: bool = False
    waiting: int = 0
    """Those who need the server meanwhile."""
    news: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    """Set to look at once."""

    def wake(self) -> None:
        """Have all who wait look at how things stand."""
        self.news.set()
        self.news = asyncio.Event()


class Line:
    """Whether one server can be reached. ``on_change`` hears why it cannot, and None when it can again.

    Nothing is asked of the system about the network: what the server itself answers is what counts.
    """

    def __init__(
        self,
        on_change: Callable[[Failure | None], None] = lambda failure: None,
        *,
        patience_s: float = PATIENCE_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._on_change = on_change
        self._patience_s = patience_s
        self._sleep = sleep
        self._outage: _Outage | None = None

    @property
    def down(self) -> Failure | None:
        """Why the server cannot be reached; None when it can, as far as is known."""
        return self._outage.failure if self._outage is not None else None

    def restored(self) -> None:
        """Take in that the server was reached."""
        if (outage := self._outage) is not None:
            self._outage = None
            outage.wake()
            self._on_change(None)

    def try_now(self) -> None:
        """Look at once whether the server is back, and soon again if it is not."""
        if (outage := self._outage) is not None:
            outage.looks = 0
            outage.hurry.set()

    async def call(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Make an attempt, and others for as long as the server cannot be reached. Raises ``Failed``."""
        while True:
            outage = self._outage
            if outage is None:
                try:
                    return await attempt()
                except Failed as error:
                    if error.failure.kind is not FailureKind.OFFLINE:
                        raise
                    outage = self._lost(error.failure)
            outage.waiting += 1
            try:
                while self._outage is outage:
                    if outage.has_lookout:
                        await outage.news.wait()
                        continue
                    outage.has_lookout = True
                    try:
                        result = await self._look_out(outage, attempt)
                    finally:
                        outage.has_lookout = False
                        outage.wake()
                    if result is not None:
                        return result[0]
            finally:
                outage.waiting -= 1
                if not outage.waiting and self._outage is outage:
                    self.restored()  # nobody looks out any more: who asks next is to try at once
            if outage.given_up:
                raise Failed(outage.failure)

    async def _look_out(self, outage: _Outage, attempt: Callable[[], Awaitable[T]]) -> tuple[T] | None:
        """Try until the outage is over; None when it was, and yet this attempt met another."""
        while True:
            if outage.waited_s >= self._patience_s:
                outage.given_up = True
                self.restored()
                raise Failed(outage.failure)
            pause_s = min(FIRST_WAIT_S * 2.0**outage.looks, LONGEST_WAIT_S) * (1 - 0.25 * random.random())
            outage.looks += 1
            outage.waited_s += pause_s
            await self._pause(outage, pause_s)
            try:
                result = await attempt()
            except Failed as error:
                if error.failure.kind is not FailureKind.OFFLINE:
                    self.restored()
                    raise
                outage.failure = error.failure
                if self._outage is not outage:  # it was back for a moment
                    self._lost(error.failure)
                    return None
            else:
                self.restored()
                return (result,)

    async def _pause(self, outage: _Outage, pause_s: float) -> None:
        """Wait, unless somebody wants to know now."""
        ways = [asyncio.ensure_future(self._sleep(pause_s)), asyncio.ensure_future(outage.hurry.wait())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            outage.hurry.clear()

    def _lost(self, failure: Failure) -> _Outage:
        if self._outage is None:
            self._outage = _Outage(failure)
            self._on_change(failure)
        return self._outage
