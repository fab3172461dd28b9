"""Whose turn it is to be read: what is on the screen first, then quick formats, then as dropped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from vision_studio.core.draft import Image

_SLOW_FORMATS = frozenset({"HEIC", "AVIF", "JPEG2000", "PDF", "SVG"})
"""A picture of these takes seconds of a processor, or as long as ten photographs."""


class _Waiting(NamedTuple):
    slow: bool
    admitted: asyncio.Future[None]


class ImportOrder:
    """So many turns at a time; who is wanted most is next. For one asyncio loop."""

    def __init__(self, turns: int) -> None:
        self._free = turns
        self._wanted: tuple[str, ...] = ()
        self._waiting: dict[str, _Waiting] = {}
        self._line: list[tuple[bool, int, str]] = []
        """A heap of slowness, arrival and image; those who left are still in it."""
        self._arrivals = count()

    def want(self, image_ids: Iterable[str]) -> None:
        """Let these pictures go before all others, until others are wanted."""
        self._wanted = tuple(image_ids)

    @asynccontextmanager
    async def turn(self, image: Image) -> AsyncIterator[None]:
        await self._wait(image)
        try:
            yield
        finally:
            self._give_back()

    async def _wait(self, image: Image) -> None:
        admitted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        slow = image.format in _SLOW_FORMATS
        self._waiting[image.id] = _Waiting(slow, admitted)
        heappush(self._line, (slow, next(self._arrivals), image.id))
        self._admit()
        try:
            await admitted
        except asyncio.CancelledError:
            if self._waiting.pop(image.id, None) is None:
                self._give_back()  # it was let in, and left before it knew
            raise

    def _give_back(self) -> None:
        self._free += 1
        self._admit()

    def _admit(self) -> None:
        while self._free and (image_id := self._next()) is not None:
            self._free -= 1
            self._waiting.pop(image_id).admitted.set_result(None)

    def _next(self) -> str | None:
        """Return who is next; whoever is about to leave is passed over."""
        wanted = [image_id for image_id in self._wanted if self._still_waits(image_id)]
        if wanted:
            return min(wanted, key=lambda image_id: self._waiting[image_id].slow)
        while self._line:
            _, _, image_id = self._line[0]
            if self._still_waits(image_id):
                return image_id
            heappop(self._line)
        return None

    def _still_waits(self, image_id: str) -> bool:
        waiting = self._waiting.get(image_id)
        return waiting is not None and not waiting.admitted.done()
