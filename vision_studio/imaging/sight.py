"""The very pixels that a model is shown, and those of the original to hold beside them.

Pillow is imported inside the functions: they are called in worker processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.edits import Edits
from vision_studio.core.framing import edited_size
from vision_studio.core.size import Size
from vision_studio.imaging.drawing import DRAWN_FORMATS
from vision_studio.imaging.inspect import inspect, inspect_frame
from vision_studio.imaging.letters import letters
from vision_studio.imaging.rendition import GAP

if TYPE_CHECKING:
    from PIL import Image

ORIGINAL_PIXELS = 6_000_000
"""How much of an original is of use: well more than the 3.7 million that a model is shown at most. Half the
sides of a photograph of 24 megapixels are just that, and a JPEG decoder gives them at once."""

_NO_GAP = 1.0
"""An original need not be scaled with the care that what is sent is: it stands beside it."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """RGBA, 8 bits each, ``size.width * 4`` bytes a row, top row first; transparency is kept."""

    size: Size
    rgba: bytes


@dataclass(frozen=True, slots=True)
class OriginalPixels:
    pixels: Pixels
    letters_px: float | None
    """How high small letters are in a picture of the whole size; None where there are none."""


def seen_pixels(sent: Path, seen: Size) -> Pixels:
    """Return what is left of a file that was sent once the server has made it as small as ``seen``.

    Every pixel of the file is decoded. The API does not tell which filter it shrinks with; Lanczos, the most
    careful of the usual ones, stands for it. Raises ``Refused``.
    """
    from PIL.Image import Resampling

    from vision_studio.imaging.upright import upright

    facts = inspect(sent)
    whole = upright(sent, facts, 0, facts.size, GAP)
    if whole.size != seen:
        whole = whole.resize(seen, Resampling.LANCZOS)
    return Pixels(seen, whole.convert("RGBA").tobytes())


def original_pixels(source: Path, frame: int, whole: Size, edits: Edits = ()) -> OriginalPixels:
    """Return one frame of an original that is ``whole`` in size, with at most ``ORIGINAL_PIXELS`` pixels.

    With ``edits``, it is what they leave of it. Raises ``Refused``.
    """
    made = _framed(source, frame, whole, edits)
    pixels = Pixels(Size(*made.size), made.convert("RGBA").tobytes())
    return OriginalPixels(pixels, _letters_px(made, edited_size(whole, edits)))


def has_other_colours(source: Path, frame: int) -> bool:
    """Tell whether an original's colours are of another kind than sRGB. Raises ``Refused``."""
    from vision_studio.imaging.decoding import opened
    from vision_studio.imaging.pixels import is_srgb

    facts = inspect(source)
    if facts.format in DRAWN_FORMATS:
        return False
    with opened(source, facts.format, frame) as image:
        return image.mode in ("CMYK", "LAB") or not is_srgb(image.info.get("icc_profile"))


def letters_height(source: Path, frame: int, whole: Size, edits: Edits = ()) -> float | None:
    """Return how high the small letters are in what edits leave of an original; None where there are none.

    Raises ``Refused``.
    """
    made = _framed(source, frame, whole, edits)
    return _letters_px(made, edited_size(whole, edits))


def _framed(source: Path, frame: int, whole: Size, edits: Edits) -> Image.Image:
    facts = inspect_frame(source, frame)
    shown = within(edited_size(whole, edits), ORIGINAL_PIXELS)
    if edits:
        from vision_studio.imaging.edited import edited

        return edited(source, facts, frame, whole, edits, shown, GAP)
    from vision_studio.imaging.upright import upright

    return upright(source, facts, frame, shown, _NO_GAP)


def _letters_px(made: Image.Image, size: Size) -> float | None:
    """Return how high the small letters are in a picture that was made smaller than its ``size``."""
    found = letters(made)
    return None if found is None else found.height_px * size.width / made.width


def within(size: Size, pixels: int) -> Size:
    """Return the size, made smaller until it has at most so many pixels."""
    scale = sqrt(pixels / (size.width * size.height))
    if scale >= 1:
        return size
    return Size(max(1, int(size.width * scale)), max(1, int(size.height * scale)))
