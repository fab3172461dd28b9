"""The pages of a document, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.budget import MOST_PAGES
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.refusal import Refused


@dataclass(frozen=True, slots=True)
class Pages:
    """The first ``MOST_PAGES`` pages of a PDF or a TIFF."""

    format: str
    sizes: tuple[tuple[float, float], ...]
    """Width and height of each, upright: of a PDF in points, 1/72 inch; of a TIFF in pixels."""
    left_out: int = 0
    """How many pages more there are."""


def read_pages(path: Path) -> Pages:
    """Measure a document's pages; best called in a worker process. Raises ``Refused``.

    ``UNSUPPORTED_FORMAT`` for what has no pages.
    """
    from vision_studio.imaging.decoding import opened

    facts = inspect(path)
    if facts.format == "PDF":
        from vision_studio.imaging import pdf

        sizes, count = pdf.page_sizes(path)
        return Pages("PDF", tuple(sizes), count - len(sizes))
    if facts.format != "TIFF":
        raise Refused(RefusalKind.UNSUPPORTED_FORMAT, facts.format)
    sizes = []
    with opened(path, facts.format) as image:
        for page in range(min(facts.frames, MOST_PAGES)):
            image.seek(page)
            sizes.append(image.size)
    return Pages("TIFF", tuple(sizes), facts.frames - len(sizes))
