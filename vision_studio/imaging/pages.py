"""The pages of a document, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.files import Reader
from vision_studio.imaging.inspect import inspect, whole_header
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.tiff import tiff_pages


@dataclass(frozen=True, slots=True)
class Pages:
    """The first pages, at most ``budget.MOST_PAGES``, of a PDF or a TIFF."""

    format: str
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each, upright: of a PDF in points, 1/72 inch; of a TIFF in pixels."""
    left_out: int = 0
    """How many pages more a PDF has."""


def read_pages(path: Path) -> Pages:
    """Measure a document's pages; best called in a worker process. Raises ``Refused``.

    ``UNSUPPORTED_FORMAT`` for what has no pages.
    """
    facts = inspect(path)
    if facts.format == "PDF":
        from vision_studio.imaging import pdf

        sizes, count = pdf.page_sizes(path)
        return Pages("PDF", tuple(sizes), count - len(sizes))
    if facts.format != "TIFF":
        raise Refused(RefusalKind.UNSUPPORTED_FORMAT, facts.format)
    with Reader(path) as reader, whole_header():
        return Pages("TIFF", tuple((page.width, page.height) for page in tiff_pages(reader)))
