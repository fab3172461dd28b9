"""The same jobs as others do them: Pillow used plainly, imagesize, and pyvips where it is installed."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import imagesize
from PIL import ExifTags, Image, ImageOps

HAS_VIPS = find_spec("pyvips") is not None

JPEG_QUALITY = 88


def floor(path: Path) -> None:
    """The least that telling a file's type can take."""
    with path.open("rb", buffering=0) as file:
        file.read(65_536)


def four_kilobytes(path: Path) -> None:
    with path.open("rb", buffering=0) as file:
        file.read(4_096)


def pillow_facts(path: Path) -> object:
    with Image.open(path) as image:
        return image.size, image.getexif().get(ExifTags.Base.Orientation), getattr(image, "n_frames", 1)


def imagesize_facts(path: Path) -> object:
    with suppress(ValueError, OSError):  # it does not know every format
        return imagesize.get(path)


def pillow_thumbnail(path: Path, edge_px: int) -> object:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image)
        upright = upright.resize(
            (edge_px, edge_px * upright.height // upright.width), Image.Resampling.LANCZOS
        )
        return upright.convert("RGBA").tobytes()


def vips_thumbnail(path: Path, edge_px: int) -> object:
    return _vips().Image.thumbnail(str(path), edge_px, height=edge_px, size="down").write_to_memory()


def pillow_rendition(path: Path, size: tuple[int, int], lossless: bool) -> bytes | None:
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    small = upright.resize(size, Image.Resampling.LANCZOS)
    target = path.with_suffix(".naive")
    small.save(target, "PNG") if lossless else small.save(target, "JPEG", quality=JPEG_QUALITY)
    return None


def vips_rendition(path: Path, size: tuple[int, int], lossless: bool) -> bytes:
    small = _vips().Image.thumbnail(str(path), size[0], height=size[1], size="down")
    if lossless:
        return small.webpsave_buffer(lossless=True, effort=0, keep="none")
    return small.jpegsave_buffer(Q=JPEG_QUALITY, keep="none")


def _vips() -> Any:
    # One thread, as a worker has one; this is read as it is loaded.
    os.environ["VIPS_CONCURRENCY"] = "1"
    import pyvips  # not at the top: it need not be there

    pyvips.cache_set_max(0)  # no result of an earlier run
    return pyvips
