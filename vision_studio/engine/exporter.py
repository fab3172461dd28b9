"""Stored pictures → files for other programs, and for the user to keep; never the stored files themselves."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from vision_studio.core.draft import Fidelity, Image
from vision_studio.core.events import Event, ImagesLent, ImagesSaved, PictureEncoded, RefusalKind
from vision_studio.core.export_names import export_names, is_part
from vision_studio.core.failures import Failed
from vision_studio.engine.importer import Importer
from vision_studio.engine.kept_files import export_failures, put_in_place
from vision_studio.engine.pictures import JOB_TIMEOUT_S
from vision_studio.engine.workers import Workers
from vision_studio.imaging.bitmaps import as_png
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.storage.blobs import Blobs


class Exporter:
    """For one asyncio loop.

    What other programs are offered is in folders of its own among the system's temporary files, readable by
    the user alone, until ``close``: a copy, so that whoever writes to it harms nothing here.
    """

    def __init__(
        self, importer: Importer, blobs: Blobs, workers: Workers, report: Callable[[Event], None]
    ) -> None:
        self._importer = importer
        self._blobs = blobs
        self._workers = workers
        self._report = report
        self._lent: list[Path] = []

    async def lend(self, ticket: str, images: Sequence[Image]) -> None:
        """Copy pictures into a folder made for them. ``ImagesLent`` comes of it, whatever happens.

        Raises ``Refused`` and ``Failed``, as all of these do.
        """
        paths: tuple[Path, ...] = ()
        try:
            with export_failures():
                folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="vision-studio-"))
            self._lent.append(folder)
            paths, errors = await self._write_all(images, folder)
        finally:
            self._report(ImagesLent(ticket, paths))
        for error in errors:
            raise error

    async def encode(self, ticket: str, image: Image) -> None:
        """Make a PNG file of a picture, upright and without metadata. ``PictureEncoded`` comes of it."""
        png = b""
        try:
            png = await self._png(await self._importer.stored(image))
        finally:
            self._report(PictureEncoded(ticket, png))

    async def save_all(self, images: Sequence[Image], folder: Path) -> None:
        """Write pictures into a folder, beside what is there. ``ImagesSaved`` comes of it."""
        paths, errors = await self._write_all(images, folder)
        if paths:
            self._report(ImagesSaved(tuple(path.name for path in paths), folder.name))
        for error in errors:
            raise error

    async def save(self, image: Image, path: Path) -> None:
        """Write one picture, in the place of a file of that name. ``ImagesSaved`` comes of it."""
        await self._write(image, path)
        self._report(ImagesSaved((path.name,), path.parent.name))

    async def _write_all(
        self, images: Sequence[Image], folder: Path
    ) -> tuple[tuple[Path, ...], list[Refused | Failed]]:
        """Write what can be written; return it, and what was wrong with the rest, the first thing first."""
        with export_failures():
            taken = await asyncio.to_thread(os.listdir, folder)
        paths: list[Path] = []
        errors: list[Refused | Failed] = []
        for image, name in zip(images, export_names(images, taken), strict=True):
            try:
                await self._write(image, folder / name)
            except (Refused, Failed) as error:
                errors.append(error)
            else:
                paths.append(folder / name)
        return tuple(paths), errors

    async def _write(self, image: Image, path: Path) -> None:
        """Write the original's bytes; a page, another frame than the first, or what was edited, as PNG.

        None of those is a file yet; and what its user has hidden must not leave by another door.
        """
        image = await self._importer.stored(image)
        if is_part(image):
            png = await self._png(image)
            with export_failures():
                await asyncio.to_thread(put_in_place, path, lambda temporary: _write(temporary, png))
        else:
            source = self._stored(image)
            with export_failures():
                await asyncio.to_thread(put_in_place, path, lambda temporary: _copy(source, temporary))

    async def _png(self, image: Image) -> bytes:
        if (size := image.edited_size) is None:
            raise Refused(RefusalKind.NOT_FOUND)
        recipe = Recipe.of(image, size, Fidelity.FIT, _ANY_LENGTH)
        rendition = await self._importer.rendition(image, recipe)
        path = self._blobs.path(rendition.digest)
        return await self._workers.run(as_png, path, timeout_s=JOB_TIMEOUT_S)

    async def close(self) -> None:
        """Take back what was lent: the programs that wanted it have their copies."""
        for folder in self._lent:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def _stored(self, image: Image) -> Path:
        if image.digest is None:
            raise Refused(RefusalKind.NOT_FOUND)
        return self._blobs.path(image.digest)


_ANY_LENGTH = 1_000_000_000
"""What the API takes at most is no matter here."""


def _copy(source: Path, target: Path) -> None:
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        if not source.exists():
            raise Refused(RefusalKind.NOT_FOUND) from error
        raise


def _write(target: Path, data: bytes) -> None:
    target.write_bytes(data)
