"""How much one file may ask for, before anything of it is decoded."""

from __future__ import annotations

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.refusal import Refused

PIXEL_BUDGET = 250_000_000
"""The most pixels a picture may have.

The largest sensors in phones give 200 megapixels (16320 × 12240). Decoded, 250 million pixels take 1 GB at
four bytes each: half of what a worker process may allocate (``engine.workers.MEMORY_LIMIT_BYTES``), so that
a converted copy of a part fits beside them.
"""

BYTE_BUDGET = 500_000_000
"""The largest file that is read, in bytes: what the Files API takes."""

MOST_PAGES = 2_000
"""Pages of a document that can be chosen from; measuring so many takes a second."""


def check_pixels(width: int, height: int) -> None:
    """Raise ``Refused`` for a picture too large to decode, or without any pixels."""
    if width < 1 or height < 1:
        raise Refused(RefusalKind.DAMAGED, f"{width} × {height} px")
    if width * height > PIXEL_BUDGET:
        raise Refused(RefusalKind.TOO_MANY_PIXELS, f"{width} × {height} px")
