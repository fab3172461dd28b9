"""Shows what a model is shown of a picture: the newest wish only, and never more of it than is of use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from vision_studio.core.draft import Image, Rendition
from vision_studio.core.edits import Edits, framing_alone
from vision_studio.core.events import Event, RefusalKind
from vision_studio.core.framing import edited_size
from vision_studio.core.legibility import Text
from vision_studio.core.sight_events import OriginalReady, SightFailed, SightReady, TextMeasured
from vision_studio.core.sights import Look, look_size
from vision_studio.core.size import Size
from vision_studio.core.tokens import seen_size
from vision_studio.engine.importer import Importer
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.pictures import JOB_TIMEOUT_S
from vision_studio.engine.workers import Workers
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.imaging.sight import letters_height, original_pixels, seen_pixels
from vision_studio.storage.blobs import Blobs


@dataclass(frozen=True, slots=True)
class _Wish:
    ticket: str
    look: Look


class Sights:
    """For one asyncio loop. A wish that a newer one has overtaken is dropped between its steps."""

    def __init__(
        self, importer: Importer, workers: Workers, blobs: Blobs, report: Callable[[Event], None]
    ) -> None:
        self._importer = importer
        self._workers = workers
        self._blobs = blobs
        self._report = report
        self._newest = ""
        self._texts: dict[str, Text | None] = {}
        """By a picture's pixels."""
        self._chosen: str | None = None
        """The pixels whose text is to be measured next."""
        self._measuring = asyncio.Lock()

    async def show(self, ticket: str, look: Look, *, original: bool) -> None:
        """Tell ``SightReady`` and, if wanted, ``OriginalReady``; or ``SightFailed``, and that once."""
        self._newest = ticket
        wish = _Wish(ticket, look)
        try:
            image = await self._importer.stored(look.image)
            await self._show_seen(wish, image)
            if original:
                await self._show_original(wish, image)
        except (Refused, OSError) as error:
            if self._is_wanted(wish):
                self._report(SightFailed(ticket, failure_of(error)))

    async def show_unedited(self, ticket: str, image: Image) -> None:
        """Tell ``OriginalReady`` of a picture before its edits, or ``SightFailed``, whoever else looks."""
        try:
            image = await self._importer.stored(image)
            if image.size is None:
                raise Refused(RefusalKind.NOT_FOUND)
            ready = await self._original_ready(ticket, image, image.size, ())
        except (Refused, OSError) as error:
            self._report(SightFailed(ticket, failure_of(error)))
        else:
            self._report(ready)

    def dismiss(self) -> None:
        """Show nothing more: nobody looks."""
        self._newest = ""

    async def measure_text(self, image: Image) -> None:
        """Tell ``TextMeasured``, unless another picture is to be measured before this one's turn comes."""
        key, whole, edits = image.pixels, image.size, framing_alone(image.edits)
        if key is None or whole is None:
            return
        self._chosen = key
        async with self._measuring:
            if key in self._texts:
                self._report(TextMeasured(key, self._texts[key]))
            elif key == self._chosen:
                with suppress(Refused, OSError):  # who sees or sends it is told what is wrong with it
                    height_px = await self._workers.run(
                        letters_height,
                        self._original(image),
                        image.frame,
                        whole,
                        edits,
                        timeout_s=JOB_TIMEOUT_S,
                    )
                    self._tell_text(key, edited_size(whole, edits), height_px)

    def _tell_text(self, key: str, whole: Size, height_px: float | None) -> None:
        self._texts[key] = None if height_px is None else Text(height_px, whole)
        self._report(TextMeasured(key, self._texts[key]))

    def _is_wanted(self, wish: _Wish) -> bool:
        return wish.ticket == self._newest

    async def _show_seen(self, wish: _Wish, image: Image) -> None:
        if not self._is_wanted(wish):
            return
        rendition = await self._rendition(wish.look, image)
        if not self._is_wanted(wish):
            return
        seen = seen_size(rendition.size, wish.look.tier)
        path = self._blobs.path(rendition.digest)
        pixels = await self._workers.run(seen_pixels, path, seen, timeout_s=JOB_TIMEOUT_S)
        if self._is_wanted(wish):
            self._report(SightReady(wish.ticket, rendition, seen, pixels.rgba))

    async def _show_original(self, wish: _Wish, image: Image) -> None:
        if not self._is_wanted(wish) or image.size is None:
            return
        edits = framing_alone(image.edits)
        ready = await self._original_ready(wish.ticket, image, image.size, edits)
        if self._is_wanted(wish):
            self._report(ready)

    async def _original_ready(self, ticket: str, image: Image, whole: Size, edits: Edits) -> OriginalReady:
        made = await self._workers.run(
            original_pixels, self._original(image), image.frame, whole, edits, timeout_s=JOB_TIMEOUT_S
        )
        shown = made.pixels
        size = edited_size(whole, edits)
        if image.pixels is not None and edits == framing_alone(image.edits):
            self._tell_text(image.pixels, size, made.letters_px)
        return OriginalReady(ticket, size, shown.size, shown.rgba)

    async def _rendition(self, look: Look, image: Image) -> Rendition:
        """Return what was, or would be, sent; made again where its bytes are gone."""
        if look.rendition is not None and self._blobs.has(look.rendition.digest):
            return look.rendition
        size = look_size(look)
        if size is None:
            raise Refused(RefusalKind.NOT_FOUND)
        recipe = Recipe.of(image, size, image.fidelity, look.limits.image_base64_bytes)
        return await self._importer.rendition(image, recipe)

    def _original(self, image: Image) -> Path:
        if image.digest is None:
            raise Refused(RefusalKind.NOT_FOUND)
        return self._blobs.path(image.digest)
