"""Documents that are drawn, at any size one asks for, and not decoded: PDF and SVG.

Each of the two has a module with ``sheet`` and ``drawn``. They are loaded on first use, in a worker process.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.size import Size
from vision_studio.imaging.budget import check_pixels
from vision_studio.imaging.sheet import Sheet

if TYPE_CHECKING:
    from PIL import Image

DRAWN_FORMATS = frozenset({"PDF", "SVG"})


def sheet(path: Path, document_format: str, page: int = 0) -> Sheet:
    """Measure a page, from 0, without drawing it. Raises ``Refused``."""
    if document_format == "PDF":
        from vision_studio.imaging import pdf

        return pdf.sheet(path, page)
    from vision_studio.imaging import svg

    return svg.sheet(path)


def drawn(path: Path, document_format: str, page: int, size: Size) -> Image.Image:
    """Draw a page, from 0, at exactly ``size``, in sRGB: RGB, or RGBA where it may be transparent.

    Raises ``Refused``.
    """
    check_pixels(*size)
    if document_format == "PDF":
        from vision_studio.imaging import pdf

        return pdf.drawn(path, page, size)
    from vision_studio.imaging import svg

    return svg.drawn(path, size)
