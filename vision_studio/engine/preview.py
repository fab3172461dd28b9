"""Files → pictures as their headers describe them: nothing is kept, decoded or sent."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from vision_studio.core.documents import Document, every_page
from vision_studio.core.draft import Image
from vision_studio.core.events import Refusal, RefusalKind
from vision_studio.engine.documents import has_pages
from vision_studio.engine.drop import new_id, new_image
from vision_studio.engine.dropped import files_in
from vision_studio.imaging.files import open_regular, refusal_of
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.names import display_name
from vision_studio.imaging.pages import read_pages
from vision_studio.imaging.refusal import Refused

T = TypeVar("T")


def preview(paths: Sequence[Path]) -> tuple[Image | Refusal, ...]:
    """Look at the files among and below ``paths``, in order.

    A folder stands for the pictures in it. Pictures get a digest where that is needed to tell whether they
    are the same.
    """
    found: list[tuple[Path, Image | Refusal]] = []
    for path in paths:
        files, folders, refusals = files_in([path])
        found += [(path, refusal) for refusal in refusals]
        seen = [(file.path, look) for file in files for look in _look(file.path)]
        if folders:
            seen = [(file, look) for file, look in seen if not _is_beside_the_point(look)]
            if not seen and not refusals:
                seen = [(path, Refusal(display_name(path), RefusalKind.FOLDER))]
        found += seen
    alike = Counter(_outside(look) for _, look in found if isinstance(look, Image))
    return tuple(
        _with_digest(look, path) if isinstance(look, Image) and alike[_outside(look)] > 1 else look
        for path, look in found
    )


def _look(path: Path) -> Sequence[Image | Refusal]:
    """Return a picture, or every page of a document."""

    def looked() -> Sequence[Image]:
        facts, name = inspect(path), display_name(path)
        if not has_pages(facts):
            return [new_image(name, facts)]
        pages = read_pages(path)
        document = Document(_digest(path), name, pages.format, facts.size_bytes, pages.sizes)
        return every_page(document, new_id)

    found = _unless_refused(path, looked)
    return [found] if isinstance(found, Refusal) else found


def _with_digest(image: Image, path: Path) -> Image | Refusal:
    return _unless_refused(path, lambda: replace(image, digest=_digest(path)))


def _unless_refused(path: Path, read: Callable[[], T]) -> T | Refusal:
    try:
        return read()
    except Refused as error:
        refused = error
    except (OSError, ValueError) as error:
        refused = refusal_of(error)
    return Refusal(display_name(path), refused.kind, detail=refused.detail)


def _digest(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _outside(image: Image) -> tuple[object, ...]:
    """What two files must share to be worth reading whole."""
    return image.size_bytes, image.format, image.size


def _is_beside_the_point(look: Image | Refusal) -> bool:
    """A folder may hold more than pictures."""
    return isinstance(look, Refusal) and look.kind is RefusalKind.NOT_AN_IMAGE
