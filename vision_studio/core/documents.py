"""Files with pages: which of them are wanted, and how large each is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from vision_studio.core.draft import Image, Trait
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH

POINTS_PER_INCH = 72
"""A PDF measures its pages in points (ISO 32000-2, 8.3.2.3)."""

DRAWN_FORMATS = frozenset({"PDF", "SVG"})
"""Formats without pixels of their own: they are drawn at whatever size is wanted."""

LONGEST_SIDE_PX = 8000
"""A drawn page has no longer side than the API takes."""

_RANGE = re.compile(r"(\d+)(?:\s*[-–]\s*(\d+))?")


@dataclass(frozen=True, slots=True)
class Document:
    """A stored file whose pages are pictures."""

    digest: str
    name: str
    format: str
    """PDF, whose pages can be drawn at any size, or TIFF, whose pages have theirs."""
    size_bytes: int
    pages: tuple[tuple[float, float], ...]
    """Upright width and height of each page: of a PDF in points, of a TIFF in pixels."""

    @property
    def is_drawn(self) -> bool:
        return self.format in DRAWN_FORMATS


class Resolution(Enum):
    """How finely the pages of a PDF are drawn, in dots per inch."""

    SHARPEST = None
    """As large as any model is shown; what is sent is then drawn anew at the size of the chosen one."""
    DPI_100 = 100
    DPI_150 = 150
    DPI_200 = 200
    DPI_300 = 300


def page_size(document: Document, page: int, resolution: Resolution) -> Size:
    """Return a page's size in pixels; ``page`` counts from 0."""
    width, height = document.pages[page]
    if not document.is_drawn:
        return Size(max(1, round(width)), max(1, round(height)))
    longest = max(width, height, 1e-6)
    scale = HIGH.edge_px / longest if resolution.value is None else resolution.value / POINTS_PER_INCH
    scale = min(scale, LONGEST_SIDE_PX / longest)
    return Size(max(1, round(width * scale)), max(1, round(height * scale)))


def page_images(
    document: Document, pages: Iterable[int], resolution: Resolution, new_id: Callable[[], str]
) -> tuple[Image, ...]:
    """Return a card for each of the pages, counted from 0, in their order."""
    several = len(document.pages) > 1
    return tuple(
        Image(
            id=new_id(),
            name=f"{document.name}, page {page + 1}" if several else document.name,
            format=document.format,
            size=page_size(document, page, resolution),
            size_bytes=document.size_bytes,
            digest=document.digest,
            frames=len(document.pages),
            frame=page,
            traits=frozenset({Trait.LOSSLESS}),
        )
        for page in sorted(set(pages))
    )


def every_page(document: Document, new_id: Callable[[], str]) -> tuple[Image, ...]:
    """Return a card for every page: what is meant where nobody can be asked."""
    return page_images(document, range(len(document.pages)), Resolution.SHARPEST, new_id)


def pages_named(text: str, count: int) -> tuple[int, ...] | None:
    """Read "1-3, 7" as pages counted from 0, in order; None for what names no pages among so many."""
    pages: set[int] = set()
    for part in re.split(r"[,;]", text):
        if not part.strip():
            continue
        named = _RANGE.fullmatch(part.strip())
        if named is None or len(part) > len("1234567890 - 1234567890"):
            return None
        first = int(named[1])
        last = int(named[2] or first)
        if not 1 <= first <= last <= count:
            return None
        pages.update(range(first - 1, last))
    return tuple(sorted(pages))


def naming(pages: Sequence[int]) -> str:
    """Return pages, counted from 0, the way ``pages_named`` reads them: "1-3, 7"."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and runs[-1][1] == page - 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(first + 1) if first == last else f"{first + 1}-{last + 1}" for first, last in runs)
