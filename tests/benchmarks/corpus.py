"""The pictures that are measured with: photographs, screenshots, text, and hundreds of files of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import cycle, islice
from pathlib import Path
from random import Random

import pillow_heif
from PIL import ExifTags, Image, ImageDraw, ImageFont

_FONT = Path("resources/fonts/Inter-Regular.otf")
_HEAD_BYTES = 128 * 1024

Kinds = dict[str, Path]
"""By what is said of it in the table: a file."""


def distinct(folder: Path) -> Kinds:
    """Save one picture of each kind that people drop."""
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Camera" * 40
    large, small = photograph((6000, 4000)), photograph((4032, 3024))
    made = {
        "24 MP JPEG": (large, "JPEG", {"quality": 90, "exif": exif}),
        "12 MP JPEG": (small, "JPEG", {"quality": 90, "exif": exif}),
        "1440p PNG": (page((2560, 1440), 22), "PNG", {}),
        "12 MP WebP": (small, "WEBP", {"quality": 85, "method": 0}),
        "12 MP TIFF": (small, "TIFF", {"compression": "tiff_lzw"}),
        "12 MP HEIC": (small, "HEIF", {"quality": 70}),
        "9000 px PNG": (page((9000, 1200), 40), "PNG", {}),
        "GIF": (photograph((800, 600)).quantize(64), "GIF", {}),
        "tiny PNG": (photograph((64, 48)), "PNG", {}),
    }
    kinds = {}
    for kind, (image, name, options) in made.items():
        kinds[kind] = folder / f"{kind}.{name.lower()}"
        image.save(kinds[kind], name, **options)
    return kinds


def photograph(size: tuple[int, int]) -> Image.Image:
    """Return soft coloured patches, each of them a dozen pixels wide, and no two alike."""
    random = Random(size[0])
    coarse = (size[0] // 12, size[1] // 12)
    patches = Image.frombytes("RGB", coarse, random.randbytes(3 * coarse[0] * coarse[1]))
    return patches.resize(size, Image.Resampling.BICUBIC)


def page(size: tuple[int, int], text_px: int) -> Image.Image:
    """Return a page full of text."""
    image = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(_FONT, text_px)
    words = "Quick brown foxes jump over the lazy dog, 1234567890 times. " * 8
    for y in range(text_px, size[1] - 2 * text_px, round(text_px * 1.4)):
        draw.text((text_px, y), words[y % 60 :], "black", font)
    return image


def linked(folder: Path, sources: Sequence[Path], count: int) -> list[Path]:
    """Return so many names of a few files, in a folder of their own."""
    folder.mkdir()
    paths = []
    for number, source in _numbered(sources, count):
        path = folder / f"{number:05d}{source.suffix}"
        path.hardlink_to(source)
        paths.append(path)
    return paths


def copied_heads(folder: Path, sources: Sequence[Path], count: int) -> list[Path]:
    """Return so many files, each its own on the disk: the first of their bytes, and a hole for the rest."""
    folder.mkdir()
    heads = {source: source.read_bytes()[:_HEAD_BYTES] for source in sources}
    paths = []
    for number, source in _numbered(sources, count):
        path = folder / f"{number:05d}{source.suffix}"
        with path.open("wb") as file:
            file.write(heads[source])
            file.truncate(source.stat().st_size)
        paths.append(path)
    return paths


def _numbered(sources: Sequence[Path], count: int) -> Iterable[tuple[int, Path]]:
    return enumerate(islice(cycle(sources), count))
