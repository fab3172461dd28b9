"""Dropped paths → cards at once, and stored, verified originals behind them as fast as they can be read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from operator import itemgetter
from pathlib import Path

from vision_studio.core.documents import DRAWN_FORMATS, Document
from vision_studio.core.draft import Draft, Image, Rendition, pixels_key
from vision_studio.core.events import (
    Event,
    ImageReplaced,
    ImageSplit,
    ImagesRefused,
    ImagesStored,
    PictureReady,
    Refusal,
    RefusalKind,
    ThumbnailReady,
)
from vision_studio.core.tiling import Box
from vision_studio.engine.documents import has_pages, open_document
from vision_studio.engine.drop import Drop, Import, new_image
from vision_studio.engine.dropped import Dropped, files_in
from vision_studio.engine.first_looks import FirstLooks
from vision_studio.engine.import_news import ImportNews
from vision_studio.engine.import_order import ImportOrder
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.originals import Looked, Original, keep, look
from vision_studio.engine.pictures import (
    JOB_TIMEOUT_S,
    THUMBNAIL_PX,
    Pictures,
    RenditionLedger,
    ThumbnailStore,
    ready,
)
from vision_studio.engine.splitting import split
from vision_studio.engine.workers import Workers
from vision_studio.imaging.files import refusal_of
from vision_studio.imaging.inspect import Facts, inspect_with_decoder
from vision_studio.imaging.names import display_name
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.imaging.thumbnails import examine
from vision_studio.storage.blobs import Blobs

_LOOK_AT_ONCE = 100
"""Headers read in one go on a thread."""

_SHOW_AFTER_S = 0.25
"""On a slow disk, cards appear at least this often."""

_HEADER_TIMEOUT_S = 20.0

_TURNS = 3
"""Pictures read at a time: two in the workers, and one being copied."""


class Importer:
    """Takes pictures into sessions. Everything it has to say goes to ``report``. For one asyncio loop."""

    def __init__(
        self,
        workers: Workers,
        blobs: Blobs,
        thumbnails: ThumbnailStore,
        renditions: RenditionLedger,
        report: Callable[[Event], None],
    ) -> None:
        self._workers = workers
        self._blobs = blobs
        self._thumbnails = thumbnails
        self._report = report
        self._pictures = Pictures(workers, blobs, thumbnails, renditions)
        self._news = ImportNews(report)
        self._first_looks = FirstLooks(workers, report)
        self._order = ImportOrder(_TURNS)
        self._drops: set[Drop] = set()
        """Those whose files are still being looked at."""
        self._imports: dict[str, Import] = {}
        """What is being read, or waits to be."""
        self._running: dict[str, asyncio.Task[Image]] = {}
        self._ended: dict[str, Image | Refused] = {}
        self._cancelled: dict[str, Import] = {}
        self._back: set[str] = set()
        """What came back before its cancelled reading has ended."""

    async def add_files(self, session_id: str, row: int, paths: Sequence[Path]) -> None:
        """Show the pictures among and below ``paths`` from ``row`` on; returns when every header is read.

        ``ImagesFound`` comes first, once unless the disk is slow or a format needs its decoder; the rest
        (``ImagesStored``, ``ThumbnailReady``, ``ImagesRefused``, ``ImportProgressed``) follows later.
        """
        files, folders, refusals = await asyncio.to_thread(files_in, paths)
        drop = Drop(session_id, row, self._begin)
        for refusal in refusals:
            drop.refuse(refusal)
        self._drops.add(drop)
        try:
            await self._look_through(drop, files, folders)
        finally:
            self._drops.discard(drop)

    async def _look_through(self, drop: Drop, files: Sequence[Dropped], folders: Sequence[Path]) -> None:
        undecided: list[tuple[int, Dropped, Original]] = []
        documents: list[tuple[int, Dropped, Original]] = []
        shown_at = asyncio.get_running_loop().time()
        for start in range(0, len(files), _LOOK_AT_ONCE):
            batch = files[start : start + _LOOK_AT_ONCE]
            for place, (file, looked) in enumerate(
                zip(batch, await asyncio.to_thread(_look_at_all, batch), strict=True), start
            ):
                if looked.refused is not None:
                    drop.refuse_file(file, looked.refused)
                elif looked.original is None:
                    continue
                elif looked.facts is None:
                    undecided.append((place, file, looked.original))
                elif has_pages(looked.facts):
                    documents.append((place, file, looked.original))
                else:
                    drop.accept(place, file, looked.original, looked.facts)
            if drop.is_over:
                return
            if asyncio.get_running_loop().time() - shown_at > _SHOW_AFTER_S:
                drop.show(self._report)
                shown_at = asyncio.get_running_loop().time()
        drop.show(self._report)
        documents += await self._decide(drop, undecided)
        await self._open_documents(drop, sorted(documents, key=itemgetter(0)))
        for folder in drop.without_pictures(folders):
            drop.refuse(Refusal(display_name(folder), RefusalKind.FOLDER, detail="no pictures in it"))
        drop.show(self._report)

    async def add_bytes(self, session_id: str, row: int, name: str, data: bytes) -> bool:
        """Show a picture that came without a file, such as a pasted one; otherwise like ``add_files``.

        Tells whether there is a card of it now.
        """

        async def kept() -> str:
            return await asyncio.to_thread(self._blobs.add_bytes, data)

        return await self.add_kept(session_id, row, name, kept())

    async def add_kept(self, session_id: str, row: int, name: str, keeping: Awaitable[str]) -> bool:
        """Show a picture whose digest ``keeping`` returns once its bytes are kept, like ``add_files``.

        ``keeping`` may raise ``Refused`` and ``OSError``. Tells whether there is a card of it now.
        """
        try:
            digest = await keeping
            looked = await asyncio.to_thread(look, self._blobs.path(digest))
            if looked.refused is not None:
                raise looked.refused
            facts = looked.facts or await self._decoder_facts(self._blobs.path(digest))
            drop = Drop(session_id, row, self._begin)
            pages = 1
            if has_pages(facts):
                document = await self._opened(digest, name)
                pages = len(document.pages)
                drop.accept_document(0, Dropped(Path(name)), document)
            else:
                drop.accept_kept(0, new_image(display_name(name), facts), digest)
        except (Refused, OSError) as error:
            self._report(ImagesRefused(session_id, (_refusal(display_name(name), error),)))
            return False
        drop.show(self._report)
        return pages == 1

    async def read(self, path: Path) -> Image:
        """Read a file whole and keep it; nothing is told of it. Raises ``Refused``."""
        try:
            looked = await asyncio.to_thread(look, path)
            if looked.refused is not None or looked.original is None:
                raise looked.refused or Refused(RefusalKind.NOT_FOUND)
            facts = looked.facts or await self._decoder_facts(looked.original.path)
            image = new_image(display_name(path), facts)
            async with self._order.turn(image):
                digest = await asyncio.to_thread(keep, looked.original, self._blobs)
                examined = await self._workers.run(
                    examine, self._blobs.path(digest), THUMBNAIL_PX, 0, timeout_s=JOB_TIMEOUT_S
                )
        except OSError as error:
            raise refusal_of(error) from error
        return replace(image, digest=digest, frames=examined.facts.frames, traits=examined.facts.traits)

    async def look_at(self, session_id: str, image: Image, fetching: Awaitable[str]) -> None:
        """Find out about a picture at an address, from the bytes that ``fetching`` keeps there.

        ``ImagesStored`` or ``ImagesRefused`` comes of it; a refused one stays on the strip as it was.
        """
        try:
            digest = await fetching
            examined = await self._workers.run(
                examine, self._blobs.path(digest), THUMBNAIL_PX, timeout_s=JOB_TIMEOUT_S
            )
        except (Refused, OSError) as error:
            self._report(ImagesRefused(session_id, (_refusal(image.name, error),)))
            return
        facts = examined.facts
        seen = replace(
            image,
            format=facts.format,
            size=facts.size,
            size_bytes=facts.size_bytes,
            digest=digest,
            frames=facts.frames,
            traits=facts.traits,
        )
        self._report(ImagesStored(session_id, (seen,)))
        self._report(ready(pixels_key(digest, 0), examined.thumbnail))

    def want(self, image_ids: Sequence[str]) -> None:
        """Read these first, as their cards are on the screen; show what cameras embedded in them at once."""
        self._order.want(image_ids)
        self._first_looks.show(self._imports[one] for one in image_ids if one in self._imports)

    def stop_looking(self, session_id: str) -> None:
        """Show no further pictures of what was dropped into a session."""
        for drop in self._drops:
            drop.is_over |= drop.session_id == session_id

    async def split(self, session_id: str, image: Image, boxes: Sequence[Box]) -> None:
        """Cut a picture into parts: ``ImageSplit`` or ``ImagesRefused`` comes of it."""
        try:
            image = await self.stored(image)
            parts = await split(self._workers, self._blobs, image, boxes)
        except (Refused, OSError) as error:
            self._report(ImagesRefused(session_id, (_refusal(image.name, error),)))
        else:
            self._report(ImageSplit(session_id, image.id, parts))

    async def replace(self, session_id: str, image: Image, path: Path) -> None:
        """Read the file that is to take a picture's place: ``ImageReplaced`` or ``ImagesRefused``."""
        try:
            new = await self.read(path)
        except Refused as refused:
            self._report(ImagesRefused(session_id, (_refusal(display_name(path), refused),)))
        else:
            self._report(ImageReplaced(session_id, image.id, new))

    def cancel(self, image_ids: Iterable[str]) -> None:
        """Stop reading pictures that were taken away; ``resume`` takes it back."""
        for image_id in image_ids:
            if (task := self._running.get(image_id)) is not None:
                self._back.discard(image_id)
                task.cancel()

    def resume(self, image_ids: Iterable[str]) -> None:
        """Read cancelled pictures after all, when their removal was undone."""
        for image_id in image_ids:
            if image_id in self._running:
                self._back.add(image_id)
            elif (one := self._cancelled.pop(image_id, None)) is not None:
                self._begin([one])

    async def stored(self, image: Image) -> Image:
        """Return the picture with its digest, once it is stored. Raises ``Refused`` if it never will be."""
        if image.is_read:
            return image
        while (task := self._running.get(image.id)) is not None:
            await asyncio.wait([task])
        ended = self._ended.get(image.id, Refused(RefusalKind.NOT_FOUND))
        if isinstance(ended, Refused):
            raise ended
        return image.found_out(ended)

    def caught_up(self, draft: Draft) -> Draft:
        """Return a draft with what reading has found out about its pictures by now."""
        ended = ((image, self._ended.get(image.id)) for image in draft.images if not image.is_read)
        return draft.with_replaced(
            image.found_out(found) for image, found in ended if isinstance(found, Image)
        )

    @property
    def is_idle(self) -> bool:
        return not self._running

    async def idle(self) -> None:
        """Wait until nothing is being read, and tell all that happened."""
        while self._running:
            await asyncio.wait(self._running.values())
        self._news.tell()

    async def thumbnail(self, key: str) -> ThumbnailReady:
        """Return a stored picture's thumbnail; nothing is reported. Raises ``Refused`` and ``OSError``."""
        return await self._pictures.thumbnail(key)

    async def picture(self, image: Image, recipe: Recipe) -> PictureReady:
        """Return what the rendition looks like; nothing is reported. Raises ``Refused`` and ``OSError``."""
        return await self._pictures.picture(await self.stored(image), recipe)

    async def rendition(self, image: Image, recipe: Recipe) -> Rendition:
        """Return the rendition, made once. It waits for the picture to be stored.

        Raises ``Refused`` and ``OSError``.
        """
        return await self._pictures.rendition(await self.stored(image), recipe)

    async def close(self) -> None:
        """Cancel everything under way."""
        await self._first_looks.close()
        while self._running:
            for task in self._running.values():
                task.cancel()
            await asyncio.wait(self._running.values())
        await self._pictures.close()
        self._news.close()

    async def _decide(
        self, drop: Drop, undecided: Sequence[tuple[int, Dropped, Original]]
    ) -> list[tuple[int, Dropped, Original]]:
        """Have the decoders read the remaining headers, and show each card at its own place.

        Returns those that are documents.
        """
        documents = []
        for start in range(0, len(undecided), _LOOK_AT_ONCE):
            batch = undecided[start : start + _LOOK_AT_ONCE]
            told = await asyncio.gather(
                *(self._decoder_facts(original.path) for _, _, original in batch), return_exceptions=True
            )
            for (place, file, original), facts in zip(batch, told, strict=True):
                if isinstance(facts, Refused):
                    drop.refuse_file(file, facts)
                elif isinstance(facts, BaseException):
                    raise facts
                elif has_pages(facts):
                    documents.append((place, file, original))
                else:
                    drop.accept(place, file, original, facts)
            if drop.is_over:
                return []
            drop.show(self._report)
        return documents

    async def _open_documents(self, drop: Drop, documents: Sequence[tuple[int, Dropped, Original]]) -> None:
        """Keep files with pages and measure their pages; then somebody is asked which of them are wanted."""
        for place, file, original in documents:
            try:
                digest = await asyncio.to_thread(keep, original, self._blobs)
                document = await self._opened(digest, file.path)
            except Refused as refused:
                drop.refuse_file(file, refused)
            else:
                drop.accept_document(place, file, document)
        drop.show(self._report)

    async def _opened(self, digest: str, name: Path | str) -> Document:
        return await open_document(self._workers, self._blobs, digest, display_name(name))

    async def _decoder_facts(self, path: Path) -> Facts:
        return await self._workers.run(inspect_with_decoder, path, timeout_s=_HEADER_TIMEOUT_S)

    def _begin(self, imports: Iterable[Import]) -> None:
        loop = asyncio.get_running_loop()
        for one in imports:
            self._news.began(one.session_id, 1)
            task = loop.create_task(self._import(one), name="import")
            self._imports[one.image.id] = one
            self._running[one.image.id] = task
            task.add_done_callback(partial(self._finish, one))

    async def _import(self, one: Import) -> Image:
        async with self._order.turn(one.image):
            digest = one.source
            if isinstance(digest, Original):
                digest = await asyncio.to_thread(keep, digest, self._blobs)
            path = self._blobs.path(digest)
            examined = await self._workers.run(
                examine, path, THUMBNAIL_PX, one.image.frame, timeout_s=JOB_TIMEOUT_S
            )
            known = (one.image.format, one.image.size)
            # What is drawn has the size that was asked for.
            if one.image.format not in DRAWN_FORMATS and known != (
                examined.facts.format,
                examined.facts.size,
            ):
                raise Refused(RefusalKind.CHANGED)
            key = pixels_key(digest, one.image.frame)
            with suppress(OSError):  # It is only a cache; a full disk shows itself soon enough.
                await asyncio.to_thread(self._thumbnails.save, key, examined.packed)
        facts = examined.facts
        image = replace(one.image, digest=digest, frames=facts.frames, traits=facts.traits)
        self._news.stored(one.session_id, image, ready(key, examined.thumbnail))
        return image

    def _finish(self, one: Import, task: asyncio.Task[Image]) -> None:
        """Give each import its one ending, even where it was cancelled before its first step."""
        image_id = one.image.id
        self._running.pop(image_id, None)
        self._imports.pop(image_id, None)
        back = image_id in self._back
        self._back.discard(image_id)
        if task.cancelled():
            self._news.cancelled(one.session_id)
            if back:
                self._begin([one])
            else:
                self._cancelled[image_id] = one
            return
        error = task.exception()
        if error is None:
            self._ended[image_id] = task.result()
            return
        refused = _refused(error)
        self._ended[image_id] = refused
        refusal = Refusal(one.image.name, refused.kind, image_id, refused.detail)
        self._news.refused(one.session_id, refusal)


def _look_at_all(files: Iterable[Dropped]) -> list[Looked]:
    return [look(file.path) for file in files]


def _refusal(name: str, error: Refused | OSError) -> Refusal:
    refused = error if isinstance(error, Refused) else refusal_of(error)
    return Refusal(name, refused.kind, detail=refused.detail)


def _refused(error: BaseException) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, OSError):
        return refusal_of(error)
    return Refused(RefusalKind.UNREADABLE, failure_of(error).message)
