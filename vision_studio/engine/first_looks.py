"""Shows what cameras embedded in photographs on their cards, until the photographs themselves are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path

from vision_studio.core.events import Event, FirstLook
from vision_studio.engine.drop import Import
from vision_studio.engine.originals import Original
from vision_studio.engine.workers import Workers
from vision_studio.imaging.embedded import embedded_previews
from vision_studio.imaging.refusal import Refused

_AT_ONCE = 16
"""A job of so many takes a few hundredths of a second."""

_TIMEOUT_S = 10.0


class FirstLooks:
    """For one asyncio loop. A picture is looked at once; one without a preview stays as it is."""

    def __init__(self, workers: Workers, report: Callable[[Event], None]) -> None:
        self._workers = workers
        self._report = report
        self._looked: set[str] = set()
        self._looking: set[asyncio.Task[None]] = set()

    def show(self, imports: Iterable[Import]) -> None:
        """Report ``FirstLook`` for those with an embedded preview, soon."""
        new = {
            one.image.id: one.source.path
            for one in imports
            if isinstance(one.source, Original)
            and one.image.format == "JPEG"
            and one.image.id not in self._looked
        }
        self._looked.update(new)
        remaining = iter(new.items())
        while batch := dict(islice(remaining, _AT_ONCE)):
            task = asyncio.get_running_loop().create_task(self._show(batch), name="first looks")
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def close(self) -> None:
        while self._looking:
            for task in self._looking:
                task.cancel()
            await asyncio.wait(self._looking)

    async def _show(self, paths: Mapping[str, Path]) -> None:
        try:
            previews = await self._workers.run(embedded_previews, [*paths.values()], timeout_s=_TIMEOUT_S)
        except Refused:
            return  # One of them killed its decoder: it will be told of when it is read.
        for image_id, preview in zip(paths, previews, strict=True):
            if preview is not None:
                self._report(FirstLook(image_id, preview.width, preview.height, preview.rgba))
