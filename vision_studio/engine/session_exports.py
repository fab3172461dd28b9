"""Sessions → files for people and other programs: Markdown with its images, one page, JSON."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import uuid
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO
from urllib.parse import quote

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import SentImage, Session
from vision_studio.core.events import Event
from vision_studio.core.export_html import page
from vision_studio.core.export_json import session_json
from vision_studio.core.export_markdown import markdown
from vision_studio.core.export_names import unused
from vision_studio.core.export_print import printed
from vision_studio.core.exported import ExportFormat, ShownImage, chosen_turns, shown_images
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.portable_events import SessionsExported
from vision_studio.engine.answer_html import answer_html
from vision_studio.engine.errand_thread import Meter, aside_with_meter
from vision_studio.engine.pdf_export import write_pdf
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.bundles import archive_entry
from vision_studio.storage.errors import os_failure

_CHUNK_BYTES = 3 << 18
"""Of an image at a time; three bytes are four letters, so that pieces can be joined."""


class SessionExports:
    """For the engine's thread. ``report`` hears how far it is; what is wrong is raised as ``Failed``."""

    def __init__(self, blobs: Blobs, catalogue: ModelTable, report: Callable[[Event], None]) -> None:
        self._blobs = blobs
        self._catalogue = catalogue
        self._report = report

    async def export(
        self, ticket: str, session: Session, turn_ids: Collection[str] | None, kind: ExportFormat, path: Path
    ) -> SessionsExported:
        """Write some turns of a session, None: all, in the place of a file of that name."""
        chosen = chosen_turns(session, turn_ids)
        images = shown_images(chosen)
        total_bytes = sum(self._size(one) for one in {shown.digest for shown in images.values()})

        def write(meter: Meter) -> int:
            match kind:
                case ExportFormat.HTML:
                    return self._write(path, self._page(chosen, images, meter))
                case ExportFormat.JSON:
                    said = session_json(chosen, session, self._catalogue.model)
                    text = json.dumps(said, indent=1, ensure_ascii=False)
                    return self._write(path, [text.encode("utf-8", "replace"), b"\n"])
                case _:
                    return self._write_markdown(path, chosen, images, meter)

        try:
            if kind is ExportFormat.PDF:
                size_bytes = await self._write_pdf(path, chosen, images)
            else:
                size_bytes = await aside_with_meter(write, ticket, path.name, total_bytes, self._report)
        except OSError as error:
            failure = os_failure(error)
            if failure.kind is not FailureKind.DISK_FULL:
                said = f"The session could not be saved there: {failure.message}"
                failure = Failure(FailureKind.NOT_WRITTEN, said)
            raise Failed(failure) from error
        return SessionsExported(ticket, path.name, path.parent.name, size_bytes)

    async def _write_pdf(self, path: Path, session: Session, images: dict[str, ShownImage]) -> int:
        def shown(sent: SentImage) -> ShownImage | None:
            image = images.get(sent.image.id)
            return image if image is not None and self._blobs.has(image.digest) else None

        html = await asyncio.to_thread(printed, session, shown, answer_html, self._name)
        return await write_pdf(html, self._blobs.root, path)

    def _name(self, model_id: str) -> str:
        return self._catalogue.model(model_id).name

    def _page(self, session: Session, images: dict[str, ShownImage], meter: Meter) -> Iterator[bytes]:
        """Yield the page; an image is read when its place comes, and not held."""
        marks: dict[str, ShownImage] = {}

        def shown(sent: SentImage) -> str:
            image = images.get(sent.image.id)
            if image is None or not self._blobs.has(image.digest):
                return ""
            mark = f"vision-studio-{uuid.uuid4().hex}"
            marks[mark] = image
            return mark

        for piece in page(session, shown, answer_html, self._name):
            for mark in list(marks):
                before, found, piece = piece.partition(mark)  # what is left is looked at next
                if found:
                    yield before.encode("utf-8", "replace")
                    yield from self._data(marks.pop(mark), meter)
            meter.add(0)
            yield piece.encode("utf-8", "replace")

    def _data(self, image: ShownImage, meter: Meter) -> Iterator[bytes]:
        yield f"data:{image.media_type};base64,".encode()
        with self._blobs.path(image.digest).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                yield base64.b64encode(chunk)
                meter.add(len(chunk))

    def _write_markdown(
        self, path: Path, session: Session, images: dict[str, ShownImage], meter: Meter
    ) -> int:
        files = {image.name: image for image in images.values() if self._blobs.has(image.digest)}
        kept = {one: image for one, image in images.items() if image.name in files}
        if path.suffix.casefold() == ".zip":
            text = markdown(session, kept, "images", self._name).encode("utf-8", "replace")
            with _replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
                archive.writestr(archive_entry(f"{path.stem}.md"), text, zipfile.ZIP_DEFLATED)
                for name, image in sorted(files.items()):
                    with archive.open(archive_entry(f"images/{name}"), "w") as target:
                        self._copy(image, target, meter)
            return path.stat().st_size
        taken = {one.name.casefold() for one in path.parent.iterdir()}
        folder = path.with_name(unused(f"{path.stem} images", taken))
        unfinished = folder.with_name(f".vision-studio-{uuid.uuid4().hex}")
        unfinished.mkdir()
        try:
            for name, image in files.items():
                with (unfinished / name).open("xb") as target:
                    self._copy(image, target, meter)
            linked = markdown(session, kept, quote(folder.name), self._name)
            unfinished.rename(folder)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        return self._write(path, [linked.encode("utf-8", "replace")])

    def _copy(self, image: ShownImage, target: IO[bytes], meter: Meter) -> None:
        with self._blobs.path(image.digest).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                target.write(chunk)
                meter.add(len(chunk))

    def _write(self, path: Path, pieces: Iterator[bytes] | list[bytes]) -> int:
        with _replacing(path) as file:
            file.writelines(pieces)
            return file.tell()

    def _size(self, digest: str) -> int:
        try:
            return self._blobs.path(digest).stat().st_size
        except OSError:
            return 0


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a file beside its place, then put it there: no half of it is ever seen under its name."""
    temporary = path.with_name(f".vision-studio-{uuid.uuid4().hex}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
