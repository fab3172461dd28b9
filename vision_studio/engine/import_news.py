"""Gathers what happens to many pictures at once, and tells it a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from vision_studio.core.draft import Image
from vision_studio.core.events import (
    Event,
    ImagesRefused,
    ImagesStored,
    ImportProgressed,
    Refusal,
    ThumbnailReady,
)

TELL_S = 0.05
"""How long news is gathered. The window then changes many cards in one go."""


@dataclass(slots=True)
class _News:
    """What one session has not been told, and how far its pictures are."""

    done: int = 0
    total: int = 0
    stored: list[Image] = field(default_factory=list)
    thumbnails: list[ThumbnailReady] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class ImportNews:
    """For the thread of the loop; each picture that ``began`` is ended by exactly one of the others."""

    def __init__(self, report: Callable[[Event], None]) -> None:
        self._report = report
        self._news: dict[str, _News] = {}
        self._timer: asyncio.TimerHandle | None = None

    def began(self, session_id: str, pictures: int) -> None:
        self._of(session_id).total += pictures

    def stored(self, session_id: str, image: Image, thumbnail: ThumbnailReady) -> None:
        news = self._of(session_id)
        news.done += 1
        news.stored.append(image)
        news.thumbnails.append(thumbnail)

    def refused(self, session_id: str, refusal: Refusal) -> None:
        news = self._of(session_id)
        news.done += 1
        news.refusals.append(refusal)

    def cancelled(self, session_id: str) -> None:
        self._of(session_id).done += 1

    def tell(self) -> None:
        """Report what was gathered. Digests come before the thumbnails that are shown under them."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for session_id, news in tuple(self._news.items()):
            if news.stored:
                self._report(ImagesStored(session_id, tuple(news.stored)))
            for thumbnail in news.thumbnails:
                self._report(thumbnail)
            if news.refusals:
                self._report(ImagesRefused(session_id, tuple(news.refusals)))
            self._report(ImportProgressed(session_id, news.done, news.total))
            if news.done == news.total:
                del self._news[session_id]
            else:
                self._news[session_id] = _News(news.done, news.total)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _of(self, session_id: str) -> _News:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TELL_S, self.tell)
        return self._news.setdefault(session_id, _News())
