"""Small files of every kind that is read, to be damaged."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

from tests.imaging import documents, pictures
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.imaging import budget
from vision_studio.imaging.inspect import inspect, inspect_frame
from vision_studio.imaging.pages import read_pages
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import examine

SMALL = pictures.photo((24, 18))
DRAWING = (
    "<defs><linearGradient id='g'><stop stop-color='red'/><stop offset='1'/></linearGradient>"
    "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter>"
    "<clipPath id='c'><circle r='9'/></clipPath></defs>"
    "<style>.a { fill: url(#g) } text { font: 9px serif }</style><g clip-path='url(#c)'><rect class='a' "
    "width='50' height='40' filter='url(#f)'/><use href='#c'/></g><text x='4' y='9'>words</text>"
    "<path d='M0 0 L9 9 C1 2 3 4 5 6 A1 2 3 0 1 8 8 Z' stroke='blue' stroke-dasharray='1 2'/>"
)

SEEDS: dict[str, bytes] = {
    "JPEG": pictures.jpeg_with_everything(SMALL),
    "progressive JPEG": pictures.encoded(SMALL, "JPEG", progressive=True),
    "MPO": pictures.mpo_with_everything(SMALL),
    "PNG": pictures.png_with_everything(SMALL),
    "APNG": pictures.animated("PNG", 2, (12, 9)),
    "GIF": pictures.gif_with_everything(SMALL),
    "animated GIF": pictures.animated("GIF", 3, (12, 9)),
    "WebP": pictures.webp_with_everything(SMALL),
    "animated WebP": pictures.animated("WEBP", 2, (12, 9)),
    "lossless WebP": pictures.encoded(SMALL.convert("RGBA"), "WEBP", lossless=True),
    "BMP": pictures.encoded(SMALL, "BMP"),
    "TIFF": pictures.encoded(SMALL, "TIFF", compression="tiff_lzw", exif=pictures.exif()),
    "TIFF with everything": pictures.tiff_with_everything(SMALL),
    "BigTIFF": pictures.tiff_with_everything(SMALL, big=True),
    "TIFF pages": pictures.animated("TIFF", 3, (12, 9)),
    "ICO": pictures.encoded(SMALL, "ICO", sizes=[(16, 12)]),
    "PNM": pictures.encoded(SMALL, "PPM"),
    "TGA": pictures.encoded(SMALL, "TGA", compression="tga_rle"),
    "JPEG2000": pictures.jpeg2000_with_everything(SMALL),
    "AVIF": pictures.encoded(SMALL, "AVIF", exif=pictures.exif(6)),
    "animated AVIF": pictures.animated("AVIF", 2, (12, 9)),
    "HEIC": pictures.encoded(SMALL, "HEIC", exif=pictures.exif(6, place=True)),
    "HEIC of tiles": pictures.encoded(pictures.photo((130, 70)), "HEIC", tile_size=64),
    "HEIC with alpha": pictures.encoded(SMALL.convert("RGBA"), "HEIC"),
    "PDF": documents.pdf_with_everything(pictures.SECRET, pictures.XMP.decode()),
    "PDF pages": documents.pdf([(20, 30), (30, 20)], 90),
    "SVG": documents.svg(DRAWING),
    "packed SVG": gzip.compress(documents.svg(DRAWING), mtime=0),
}
NATIVE = {"JPEG": "JPEG", "progressive JPEG": "JPEG", "PNG": "PNG", "GIF": "GIF", "WebP": "WEBP"}
"""Those that are sent in their own format."""

SMALL_BUDGET = 1_000_000


def outcomes(path: Path, target: Path) -> list[str]:
    """Do with a file whatever is ever done with one; return how each ended: "taken", or the refusal's kind.

    To be called in a worker process: it makes the budget there a small one, as a flipped bit in a size may
    ask for a gigabyte that the real one grants, and tests share a machine.
    """
    budget.PIXEL_BUDGET = SMALL_BUDGET
    return [_outcome(deed) for deed in deeds(path, target)]


def deeds(path: Path, target: Path) -> list[Callable[[], object]]:
    return [
        lambda: inspect(path),
        lambda: inspect_frame(path, 1),
        lambda: read_pages(path),
        lambda: examine(path, 16),
        lambda: examine(path, 16, 1),
        lambda: render(path, Recipe(Size(12, 9), Fidelity.FIT, 100_000), target),
        lambda: render(path, Recipe(Size(24, 18), Fidelity.ORIGINAL, 100_000), target),
    ]


def _outcome(deed: Callable[[], object]) -> str:
    try:
        deed()
    except Refused as refused:
        return refused.kind.value
    return "taken"
