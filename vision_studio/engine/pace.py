"""Keeps calls to the files endpoints below the rate that the API allows, and pauses when it asks for that."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

CALLS, PER_S = 450, 60.0
"""About 500 calls a minute are allowed for an organisation (platform documentation, "Files", 2026-08-22).
Some are left for its other programs."""


class Pace:
    """``await turn()`` before every call; ``now`` is a clock that does not jump, in seconds."""

    def __init__(
        self,
        *,
        calls: int = CALLS,
        per_s: float = PER_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] | None = None,
    ) -> None:
        self._per_s = per_s
        self._sleep = sleep
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._began: deque[float] = deque(maxlen=calls)
        """When each of the latest calls began, or will: the turns that were given out."""
        self._held_until = 0.0

    def hold(self, pause_s: float) -> None:
        """Let no call begin before so many seconds have passed: the server asked for that."""
        self._held_until = max(self._held_until, self._now() + pause_s)

    async def turn(self) -> None:
        """Wait until one more call may begin."""
        now = self._now()
        at = max(now, self._held_until)
        if len(self._began) == self._began.maxlen:
            at = max(at, self._began[0] + self._per_s)
        self._began.append(at)
        if at > now:
            await self._sleep(at - now)
