"""A picture as it is looked at, in the size it is wanted: decoded and turned, or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.imaging.decoding import opened
from vision_studio.imaging.drawing import DRAWN_FORMATS, drawn
from vision_studio.imaging.inspect import Facts
from vision_studio.imaging.pixels import black_out, shrunk, stored_box, stored_size, turned


def upright(
    source: Path,
    facts: Facts,
    frame: int,
    size: Size,
    gap: float,
    resampling: Image.Resampling | None = None,
    covered: Sequence[Box] = (),
) -> Image.Image:
    """Return one frame or page, from 0, in sRGB as L, RGB or RGBA. Raises ``Refused``.

    ``covered``: boxes of the upright picture, of what is drawn at ``size``, that are black before anything
    is scaled: nothing of what was there is in any pixel.

    What is drawn has exactly ``size``; what is decoded is never enlarged. For ``gap`` and ``resampling``,
    see ``shrunk``.
    """
    if facts.format in DRAWN_FORMATS:
        drawing = drawn(source, facts.format, frame, size)
        black_out(drawing, covered)
        return drawing
    size = Size(min(size.width, facts.size.width), min(size.height, facts.size.height))
    with opened(source, facts.format, frame) as image:
        stored = [stored_box(box, facts.size, facts.orientation) for box in covered]
        small = shrunk(image, stored_size(size, facts.orientation), gap, resampling, stored)
        return turned(small, facts.orientation)
