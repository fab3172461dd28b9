"""Measures and draws the pages of PDF documents, on white. No script in them runs; nothing is fetched.

PDFium reads hostile files in every browser of its family, but is C++: to be called in a worker process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.budget import MOST_PAGES
from vision_studio.imaging.decoding import decoding
from vision_studio.imaging.files import open_regular
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.sheet import Sheet

_POINTS_PER_INCH = 72
_DPI = 200
"""At which a page's card is measured: print of 8 points has an x-height of 11 px, which is read with ease."""

_UNKNOWN_SIZE = (612.0, 792.0)
"""In points: what PDFium takes for the size of a page that tells none, too."""

_LOCKED = frozenset({raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY})
_WHITE = 0xFFFFFFFF


def sheet(path: Path, page: int) -> Sheet:
    """Measure a page, from 0, in pixels at 200 dpi. Raises ``Refused``."""
    with _opened(path) as document:
        count = _page_count(document)
        width, height = _page_size(document, page)
    scale = _DPI / _POINTS_PER_INCH
    return Sheet(width * scale, height * scale, count)


def page_sizes(path: Path) -> tuple[list[tuple[float, float]], int]:
    """Return the first pages' sizes in points, turned as they are shown, and how many pages there are.

    Raises ``Refused``.
    """
    with _opened(path) as document:
        shown = range(_page_count(document))
        return [_page_size(document, page) for page in shown], len(document)


def drawn(path: Path, page: int, size: Size) -> Image.Image:
    """Draw a page with its annotations and the contents of its forms. Raises ``Refused``."""
    with _opened(path) as document:
        _page_size(document, page)
        document.init_forms()
        bitmap = pypdfium2.PdfBitmap.new_native(*size, raw.FPDFBitmap_BGRx)
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, *size, _WHITE)
        place = bitmap, document[page], 0, 0, *size, 0, raw.FPDF_ANNOT
        raw.FPDF_RenderPageBitmap(*place)
        if document.formenv is not None:
            raw.FPDF_FFLDraw(document.formenv, *place)
        return Image.frombytes("RGB", size, bitmap.buffer, "raw", "BGRX", bitmap.stride)


@contextmanager
def _opened(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    with open_regular(path) as file, decoding():
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            if error.err_code in _LOCKED:
                raise Refused(RefusalKind.ENCRYPTED) from error
            raise Refused(RefusalKind.DAMAGED) from error
        with document:
            if len(document) < 1:
                raise Refused(RefusalKind.DAMAGED, "it has no pages")
            yield document


def _page_count(document: pypdfium2.PdfDocument) -> int:
    return min(len(document), MOST_PAGES)


def _page_size(document: pypdfium2.PdfDocument, page: int) -> tuple[float, float]:
    if not 0 <= page < len(document):
        raise Refused(RefusalKind.DAMAGED, f"it has no page {page + 1}")
    try:
        width, height = document.get_page_size(page)
    except pypdfium2.PdfiumError:
        # Of a page that is missing or broken. It is refused when it is drawn; the others can be chosen.
        return _UNKNOWN_SIZE
    if not (width > 0 and height > 0):
        raise Refused(RefusalKind.DAMAGED, f"page {page + 1} has no size")
    return width, height
