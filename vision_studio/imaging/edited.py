"""A picture as its edits leave it, at the size it is wanted. To be called in a worker process.

In this order: redactions, on the original's own pixels; then scaling, as far as it can be done first; turn,
straightening and crop; the rest of the scaling; and at last the marks, drawn at the size that is sent.
"""

from __future__ import annotations

import math
from pathlib import Path

from PIL import Image

from vision_studio.core.affine import Affine, scaled
from vision_studio.core.edits import Edits, redactions
from vision_studio.core.events import RefusalKind
from vision_studio.core.framing import Framing, framing, turned_size
from vision_studio.core.marks import drawn_marks
from vision_studio.core.size import Size
from vision_studio.imaging.drawing import DRAWN_FORMATS
from vision_studio.imaging.inspect import Facts
from vision_studio.imaging.marking import paint_marks
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.upright import upright

_FINER = 1.5
"""How many times larger than wanted a picture is before it is straightened, if it has that many pixels."""


def edited(
    source: Path,
    facts: Facts,
    frame: int,
    whole: Size,
    edits: Edits,
    size: Size,
    gap: float,
    resampling: Image.Resampling | None = None,
) -> Image.Image:
    """Return one frame or page, from 0, edited, in sRGB as L, RGB or RGBA. Raises ``Refused``.

    The edits are measured in an upright picture of size ``whole``. What is made has exactly ``size``.
    For ``gap`` and ``resampling``, see ``pixels.shrunk``.
    """
    if facts.format not in DRAWN_FORMATS and facts.size != whole:
        # They would be somewhere else in it, and so would what they hide.
        raise Refused(RefusalKind.CHANGED)
    framed = framing(whole, edits)
    before = _size_before(framed, size, is_drawn=facts.format in DRAWN_FORMATS)
    pixels = upright(source, facts, frame, before, gap, resampling, redactions(edits))
    made = _framed(pixels, framed, size, resampling or Image.Resampling.LANCZOS)
    return paint_marks(made, drawn_marks(whole, edits, size))


def _size_before(framed: Framing, size: Size, *, is_drawn: bool) -> Size:
    """Return the size at which the picture is turned and cut: its own, or some times what is wanted of it."""
    kept = framed.crop.size
    # A page is redacted once it is drawn, so that it must have the size its redactions are measured in. What
    # was cut away is not mixed into the edge of what is left: it may have been cut away to hide it.
    if is_drawn or (kept != framed.frame and not framed.tenths):
        return framed.size
    if not framed.tenths:
        return turned_size(size, framed.turn)
    scale = _FINER * max(size.width / kept.width, size.height / kept.height)
    if scale >= 1:
        return framed.size
    return Size(math.ceil(framed.size.width * scale), math.ceil(framed.size.height * scale))


def _framed(pixels: Image.Image, framed: Framing, size: Size, resampling: Image.Resampling) -> Image.Image:
    back = framed.to_edited.inverse
    if framed.tenths:
        return _straightened(pixels, framed, back, size, resampling)
    kept = framed.crop.size
    if kept != framed.frame:
        ends = back.at(0, 0), back.at(*kept)
        left, right = sorted(round(x) for x, _ in ends)
        top, bottom = sorted(round(y) for _, y in ends)
        pixels = pixels.crop((left, top, right, bottom))
    unturned = turned_size(size, framed.turn)
    return _turned(pixels if pixels.size == unturned else pixels.resize(unturned, resampling), framed)


def _turned(pixels: Image.Image, framed: Framing) -> Image.Image:
    if framed.turn.mirrored:
        pixels = pixels.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
    turn = turns[framed.turn.quarters]
    return pixels if turn is None else pixels.transpose(turn)


def _straightened(
    pixels: Image.Image, framed: Framing, back: Affine, size: Size, resampling: Image.Resampling
) -> Image.Image:
    """Return the crop, turned by parts of a quarter at the density of ``pixels``, and scaled down then."""
    kept = framed.crop.size
    across = pixels.width / framed.size.width
    to_pixels = scaled(across, pixels.height / framed.size.height)
    dense = Size(max(size.width, round(kept.width * across)), max(size.height, round(kept.height * across)))
    from_dense = scaled(kept.width / dense.width, kept.height / dense.height).then(back).then(to_pixels)
    has_alpha = pixels.mode == "RGBA"
    # What is transparent must not darken its neighbours.
    plain = pixels.convert("RGBa") if has_alpha else pixels
    turned = plain.transform(dense, Image.Transform.AFFINE, tuple(from_dense), Image.Resampling.BICUBIC)
    if has_alpha:
        turned = turned.convert("RGBA")
    return turned if turned.size == size else turned.resize(size, resampling)
