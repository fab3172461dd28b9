"""Stored originals → what is shown and sent of them: thumbnails, and renditions made once each."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

from vision_studio.core.draft import Image, Rendition, pixels_named
from vision_studio.core.events import PictureReady, RefusalKind, ThumbnailReady
from vision_studio.engine.workers import Workers
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.sight import has_other_colours
from vision_studio.imaging.thumbnails import Thumbnail, edited_thumbnail, examine, thumbnail, unpack
from vision_studio.storage.blobs import Blobs

THUMBNAIL_PX = 320
"""The longer side of a card's picture: sharp on a screen of twice the usual density."""

PREVIEW_PX = 800
"""The longest side of what the inspector shows: more than it has room for, and quickly drawn."""

JOB_TIMEOUT_S = 60.0
"""What one picture may take. The largest that are accepted take a few seconds on a slow machine."""


class ThumbnailStore(Protocol):
    def find(self, key: str) -> bytes | None: ...
    def save(self, key: str, data: bytes) -> None: ...


class RenditionLedger(Protocol):
    def find(self, original_digest: str, recipe_key: str) -> Rendition | None: ...
    def remember(self, original_digest: str, recipe_key: str, rendition: Rendition) -> None: ...


class Pictures:
    """Everything made of the originals in ``blobs``. For one asyncio loop."""

    def __init__(
        self, workers: Workers, blobs: Blobs, thumbnails: ThumbnailStore, renditions: RenditionLedger
    ) -> None:
        self._workers = workers
        self._blobs = blobs
        self._thumbnails = thumbnails
        self._renditions = renditions
        self._making: dict[tuple[str, str], asyncio.Task[Rendition]] = {}

    async def thumbnail(self, key: str) -> ThumbnailReady:
        """Return a card's picture, from the cache if it is there. Raises ``Refused`` and ``OSError``.

        ``key`` is the picture's ``core.draft.pixels_key``.
        """
        packed = await asyncio.to_thread(self._thumbnails.find, key)
        if packed is not None:
            try:
                return ready(key, await self._workers.run(unpack, packed))
            except Refused:
                pass  # The cache is damaged; it is written anew below.
        named = pixels_named(key)
        path = self._blobs.path(named.digest)
        if named.size is not None:
            shown, small = await self._workers.run(
                edited_thumbnail,
                path,
                THUMBNAIL_PX,
                named.frame,
                named.size,
                named.edits,
                timeout_s=JOB_TIMEOUT_S,
            )
            with suppress(OSError):
                await asyncio.to_thread(self._thumbnails.save, key, small)
            return ready(key, shown)
        examined = await self._workers.run(examine, path, THUMBNAIL_PX, named.frame, timeout_s=JOB_TIMEOUT_S)
        with suppress(OSError):  # It is only a cache; a full disk shows itself soon enough.
            await asyncio.to_thread(self._thumbnails.save, key, examined.packed)
        return ready(key, examined.thumbnail)

    async def picture(self, image: Image, recipe: Recipe) -> PictureReady:
        """Return what a rendition looks like. Raises ``Refused`` and ``OSError``."""
        rendition = await self.rendition(image, recipe)
        path = self._blobs.path(rendition.digest)
        shown = await self._workers.run(thumbnail, path, PREVIEW_PX, timeout_s=JOB_TIMEOUT_S)
        original = self._blobs.path(image.digest or "")
        recoloured = await self._workers.run(
            has_other_colours, original, image.frame, timeout_s=JOB_TIMEOUT_S
        )
        return PictureReady(
            image.id,
            rendition.size,
            rendition.media_type,
            rendition.size_bytes,
            recoloured,
            shown.width,
            shown.height,
            shown.rgba,
        )

    async def rendition(self, image: Image, recipe: Recipe) -> Rendition:
        """Return the rendition of a stored picture; it is made once, however many ask for it at a time.

        Raises ``Refused`` (``NOT_FOUND`` when the original is gone) and ``OSError`` when it cannot be kept.
        """
        if image.digest is None:
            raise Refused(RefusalKind.NOT_FOUND)
        made = self._renditions.find(image.digest, recipe.key)
        if made is not None and self._blobs.has(made.digest):
            return made
        key = image.digest, recipe.key
        task = self._making.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._make(image.digest, recipe), name="rendition")
            self._making[key] = task
            task.add_done_callback(lambda finished: self._made(key, finished))
        # One who stops waiting must not take it from the others; and it will be wanted again.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Cancel what is being made."""
        while self._making:
            for task in self._making.values():
                task.cancel()
            await asyncio.wait(self._making.values())

    async def _make(self, digest: str, recipe: Recipe) -> Rendition:
        temporary = self._blobs.temporary()
        try:
            rendered = await self._workers.run(
                render, self._blobs.path(digest), recipe, temporary, timeout_s=JOB_TIMEOUT_S
            )
            kept = await asyncio.to_thread(self._blobs.adopt, temporary)
        finally:
            temporary.unlink(missing_ok=True)
        rendition = Rendition(kept, rendered.media_type, rendered.size, rendered.size_bytes)
        self._renditions.remember(digest, recipe.key, rendition)
        return rendition

    def _made(self, key: tuple[str, str], task: asyncio.Task[Rendition]) -> None:
        self._making.pop(key, None)
        if not task.cancelled():
            task.exception()  # Those who wait are told; when nobody does any more, nobody misses it.


def ready(key: str, thumbnail: Thumbnail) -> ThumbnailReady:
    return ThumbnailReady(key, thumbnail.width, thumbnail.height, thumbnail.rgba)
