"""The small picture a camera puts into a photograph's EXIF block: something to show before the file is read.

Nothing is proved by it and nothing of it is sent: it may even show another picture.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.size import Size
from vision_studio.imaging.inspect import Facts, inspect_quickly
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.thumbnails import Thumbnail

if TYPE_CHECKING:
    from PIL import Image

_MOST_PIXELS = 640 * 640
"""EXIF (3.0, 4.5.4) speaks of 160 × 120; some cameras embed more."""


def embedded_previews(paths: Iterable[Path]) -> list[Thumbnail | None]:
    """Return the embedded pictures of several files, upright; None where there is none to show."""
    return [_embedded_preview(path) for path in paths]


def _embedded_preview(path: Path) -> Thumbnail | None:
    try:
        facts = inspect_quickly(path)
        if facts is None or facts.format != "JPEG":
            return None
        data = _embedded(path)
        return _decoded(data, facts) if data.startswith(b"\xff\xd8\xff") else None
    except Refused:
        return None  # the file itself is told of when it is read


def _embedded(path: Path) -> bytes:
    from PIL import ExifTags  # Pillow is slow to import

    from vision_studio.imaging.decoding import opened

    with opened(path, "JPEG") as image:
        places = image.getexif().get_ifd(ExifTags.IFD.IFD1)
        start = places.get(ExifTags.Base.JpegIFOffset, 0)
        length = places.get(ExifTags.Base.JpegIFByteCount, 0)
        block: bytes = image.info.get("exif", b"").removeprefix(b"Exif\0\0")
        return block[start : start + length]


def _decoded(data: bytes, facts: Facts) -> Thumbnail | None:
    from PIL import Image

    from vision_studio.imaging.decoding import decoding
    from vision_studio.imaging.pixels import stored_size, turned

    with decoding(), Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
        if image.width * image.height > _MOST_PIXELS:
            return None
        shown = _without_bars(image.convert("RGBA"), stored_size(facts.size, facts.orientation))
    upright = turned(shown, facts.orientation)
    return Thumbnail(*upright.size, upright.tobytes())


def _without_bars(image: Image.Image, whole: Size) -> Image.Image:
    """Cut off the bars that cameras fill a picture of another shape than 4:3 up with."""
    across = max(1, min(image.width, round(image.height * whole.width / whole.height)))
    down = max(1, min(image.height, round(image.width * whole.height / whole.width)))
    left, top = (image.width - across) // 2, (image.height - down) // 2
    return image.crop((left, top, left + across, top + down))
