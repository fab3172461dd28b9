"""A picture as it is looked at, in the size it is wanted: decoded and turned, or drawn."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from vision_studio.core.size import Size
from vision_studio.imaging.decoding import opened
from vision_studio.imaging.drawing import DRAWN_FORMATS, drawn
from vision_studio.imaging.inspect import Facts
from vision_studio.imaging.pixels import shrunk, stored_size, turned


def upright(
    source: Path,
    facts: Facts,
    frame: int,
    size: Size,
    gap: float,
    resampling: Image.Resampling | None = None,
) -> Image.Image:
    """Return one frame or page, from 0, in sRGB as L, RGB or RGBA. Raises ``Refused``.

    What is drawn has exactly ``size``; what is decoded is never enlarged. For ``gap`` and ``resampling``,
    see ``shrunk``.
    """
    if facts.format in DRAWN_FORMATS:
        return drawn(source, facts.format, frame, size)
    size = Size(min(size.width, facts.size.width), min(size.height, facts.size.height))
    with opened(source, facts.format, frame) as image:
        small = shrunk(image, stored_size(size, facts.orientation), gap, resampling)
        return turned(small, facts.orientation)
