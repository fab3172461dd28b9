"""One drop on its way onto the strip: every picture at the place its file has among the others."""

from __future__ import annotations

import uuid
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from vision_studio.core.documents import Document, Resolution, page_images
from vision_studio.core.draft import Image
from vision_studio.core.events import (
    DocumentsFound,
    Event,
    ImagesFound,
    ImagesRefused,
    Refusal,
    RefusalKind,
)
from vision_studio.engine.dropped import Dropped
from vision_studio.engine.originals import Original
from vision_studio.imaging.inspect import Facts
from vision_studio.imaging.names import display_name
from vision_studio.imaging.refusal import Refused


@dataclass(frozen=True, slots=True)
class Import:
    """A card that was shown, and where its bytes are."""

    session_id: str
    image: Image
    source: Original | str
    """A file, or the digest of bytes that are stored already."""


class Drop:
    """Collects what the first looks at the files of one drop told. Places are counted in files, from 0."""

    def __init__(self, session_id: str, row: int, begin: Callable[[Iterable[Import]], None]) -> None:
        self.session_id = session_id
        self.is_over = False
        """Nothing more of it is wanted."""
        self._row = row
        self._begin = begin
        self._places: list[int] = []
        self._accepted: list[tuple[int, Import]] = []
        self._documents: list[tuple[int, Document]] = []
        self._refusals: list[Refusal] = []
        self._folders_with_pictures: set[Path] = set()

    def accept(self, place: int, file: Dropped, original: Original, facts: Facts) -> None:
        image = new_image(display_name(file.path), facts)
        self._accepted.append((place, Import(self.session_id, image, original)))
        self._know(file)

    def accept_kept(self, place: int, image: Image, digest: str) -> None:
        """Take a picture whose bytes are stored already."""
        self._accepted.append((place, Import(self.session_id, image, digest)))

    def accept_document(self, place: int, file: Dropped, document: Document) -> None:
        """Take a stored file with pages: one page is a card at once, of several somebody is to choose."""
        self._know(file)
        if len(document.pages) > 1:
            self._documents.append((place, document))
            return
        (image,) = page_images(document, (0,), Resolution.SHARPEST, new_id)
        self.accept_kept(place, replace(image, digest=None), document.digest)

    def refuse(self, refusal: Refusal) -> None:
        self._refusals.append(refusal)

    def refuse_file(self, file: Dropped, refused: Refused) -> None:
        """Keep a refusal, unless nobody can have meant the file: a folder may hold more than pictures."""
        if file.folder is None or refused.kind is not RefusalKind.NOT_AN_IMAGE:
            self.refuse(Refusal(display_name(file.path), refused.kind, detail=refused.detail))
            self._know(file)

    def without_pictures(self, folders: Iterable[Path]) -> list[Path]:
        return [folder for folder in folders if folder not in self._folders_with_pictures]

    def show(self, report: Callable[[Event], None]) -> None:
        """Report what was accepted and refused since the last time, and begin to read it."""
        if self.is_over:
            return
        accepted, self._accepted = self._accepted, []
        while accepted:
            row = bisect_left(self._places, accepted[0][0])
            following = self._places[row] if row < len(self._places) else None
            run = [one for one in accepted if following is None or one[0] < following]
            accepted = accepted[len(run) :]
            report(ImagesFound(self.session_id, self._row + row, tuple(one.image for _, one in run)))
            for place, _ in run:
                insort(self._places, place)
            self._begin(one for _, one in run)
        if self._documents:
            row = self._row + bisect_left(self._places, self._documents[0][0])
            report(DocumentsFound(self.session_id, row, tuple(one for _, one in self._documents)))
            self._documents = []
        if self._refusals:
            report(ImagesRefused(self.session_id, tuple(self._refusals)))
            self._refusals = []

    def _know(self, file: Dropped) -> None:
        if file.folder is not None:
            self._folders_with_pictures.add(file.folder)


def new_id() -> str:
    return uuid.uuid4().hex


def new_image(name: str, facts: Facts) -> Image:
    return Image(
        id=new_id(),
        name=name,
        format=facts.format,
        size=facts.size,
        size_bytes=facts.size_bytes,
        frames=facts.frames,
        traits=facts.traits,
        file_time=facts.modified_ns // 1000,
    )
