"""Small pictures for cards; and, since that decodes the whole file, the proof that it is sound.

Pillow is imported inside the functions: they are called in worker processes, and the application, which only
names them, starts the sooner for not loading it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.draft import Trait
from vision_studio.core.edits import Edits
from vision_studio.core.fitting import capped
from vision_studio.core.framing import edited_size
from vision_studio.core.size import Size
from vision_studio.imaging.inspect import Facts, inspect, inspect_frame, with_all_frames

if TYPE_CHECKING:
    from PIL import Image

_GAP = 1.0
"""A card's picture may be decoded at the size it is shown in: nobody reads from it."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """RGBA, 8 bits each, ``width * 4`` bytes a row, top row first; transparency is kept."""

    width: int
    height: int
    rgba: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """What decoding a file told about it."""

    facts: Facts
    """``TRANSPARENT`` only where a pixel is: many files have an alpha channel and no use for it."""
    thumbnail: Thumbnail
    packed: bytes
    """The thumbnail as a small file, to be kept."""


def thumbnail(source: Path, edge_px: int, frame: int = 0) -> Thumbnail:
    """Return the picture, upright, at most ``edge_px`` on its longer side. Raises ``Refused``."""
    return _thumbnail(_small(source, inspect_frame(source, frame), edge_px, frame))


def edited_thumbnail(
    source: Path, edge_px: int, frame: int, whole: Size, edits: Edits
) -> tuple[Thumbnail, bytes]:
    """Return the same of a picture with edits, and as a small file, to be kept. Raises ``Refused``."""
    from PIL import Image

    from vision_studio.imaging.edited import edited

    facts, kept = inspect_frame(source, frame), edited_size(whole, edits)
    size = capped(kept, edge_px)
    small = edited(source, facts, frame, whole, edits, size, _GAP, Image.Resampling.HAMMING)
    return _thumbnail(small), _packed(small)


def verify(source: Path) -> None:
    """Decode the file whole. Raises ``Refused``: ``DAMAGED`` where it ends early or makes no sense."""
    _small(source, inspect(source), edge_px=8)


def examine(source: Path, edge_px: int, frame: int = 0) -> Examined:
    """Inspect a frame of a file, prove it sound and make its thumbnail, with one decoding.

    Raises ``Refused``.
    """
    facts = with_all_frames(source, inspect_frame(source, frame))
    small = _small(source, facts, edge_px, frame)
    if small.mode != "RGBA" or small.getchannel("A").getextrema() == (255, 255):
        facts = replace(facts, traits=facts.traits - {Trait.TRANSPARENT})
    return Examined(facts, _thumbnail(small), _packed(small))


def unpack(packed: bytes) -> Thumbnail:
    """Return the thumbnail in a file made by ``examine``. Raises ``Refused`` if it is damaged."""
    from PIL import Image

    from vision_studio.imaging.decoding import decoding

    with decoding(), Image.open(io.BytesIO(packed), formats=("WEBP",)) as image:
        return _thumbnail(image)


def _small(source: Path, facts: Facts, edge_px: int, frame: int = 0) -> Image.Image:
    from PIL import Image

    from vision_studio.imaging.upright import upright

    size = capped(facts.size, edge_px)
    return upright(source, facts, frame, size, _GAP, Image.Resampling.HAMMING)


def _thumbnail(image: Image.Image) -> Thumbnail:
    return Thumbnail(*image.size, image.convert("RGBA").tobytes())


def _packed(image: Image.Image) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    bare.convert("RGBA" if image.mode == "RGBA" else "RGB").save(buffer, "WEBP", quality=85, method=0)
    return buffer.getvalue()
