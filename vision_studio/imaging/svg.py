"""Measures and draws SVG pictures, from text made safe. To be called in a worker process."""

from __future__ import annotations

import io
from importlib import import_module
from pathlib import Path

import resvg_py
from PIL import Image

from vision_studio import assets
from vision_studio.core.amounts import bytes_text
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.budget import check_pixels
from vision_studio.imaging.decoding import decoding
from vision_studio.imaging.files import Reader
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.sheet import Sheet
from vision_studio.imaging.svg_source import MOST_BYTES, Source, svg_source

_FAMILY = "Inter"
"""Our own letters, for words in a typeface this machine has not: else they would not be drawn at all."""

_FACES = ("Regular", "Italic", "Medium", "SemiBold", "Bold", "BoldItalic")


def sheet(path: Path) -> Sheet:
    """Measure a drawing in CSS px. Raises ``Refused``."""
    with decoding():
        source = _read(path)
    return Sheet(source.width, source.height)


def drawn(path: Path, size: Size) -> Image.Image:
    """Draw a picture on nothing. Raises ``Refused``."""
    with decoding():
        png = _rendered(_read(path).text(size))
        import_module("PIL.PngImagePlugin")
        with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
            check_pixels(*image.size)
            drawing = image.convert("RGBA")
    # A style sheet may have contradicted the size that was asked for.
    return drawing if drawing.size == size else drawing.resize(size, Image.Resampling.LANCZOS)


def _read(path: Path) -> Source:
    with Reader(path) as reader:
        if reader.size_bytes > MOST_BYTES:
            raise Refused(RefusalKind.TOO_MANY_BYTES, bytes_text(reader.size_bytes))
        return svg_source(reader.read(0, reader.size_bytes))


def _rendered(text: str) -> bytes:
    fonts = assets.path("fonts")
    try:
        return resvg_py.svg_to_bytes(
            svg_string=text,
            font_files=[str(fonts / f"Inter-{face}.otf") for face in _FACES],
            font_family=_FAMILY,
            serif_family=_FAMILY,
            sans_serif_family=_FAMILY,
            cursive_family=_FAMILY,
            fantasy_family=_FAMILY,
        )
    except BaseException as error:
        # What Rust calls a panic is no Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(RefusalKind.DAMAGED, "the renderer gave up") from error
