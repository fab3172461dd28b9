"""Documents made for tests: PDF files written out by hand, and SVG drawings."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from PIL import Image

from tests.imaging import pictures

RED_LEFT = "1 0 0 rg 0 0 {width:g} {height:g} re f"
"""PDF operators that fill a page's left half with red, once formatted with half its width."""


def pdf(sizes: Sequence[tuple[float, float]], rotation: int = 0, content: str = RED_LEFT) -> bytes:
    """Return a document with a page of each size, in points, whose left half is red before it is turned."""
    pages = range(len(sizes))
    kids = " ".join(f"{3 + 2 * page} 0 R" for page in pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sizes)} >>",
    ]
    for page, (width, height) in zip(pages, sizes, strict=True):
        drawing = content.format(width=width / 2, height=height)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:g} {height:g}] /Rotate {rotation}"
            f" /Contents {4 + 2 * page} 0 R >>",
            f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        ]
    return pdf_of(objects)


def pdf_of(objects: Iterable[str], trailer: str = "") -> bytes:
    """Return a document of numbered objects, the first of which is its catalogue."""
    body = bytearray(b"%PDF-1.7\n")
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(places) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n"
    return bytes(body) + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()


LOCKED = (
    "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
    " /O <6f6e652073656372657420626568696e64207468697320646f6f7220746f6f21>"
    " /U <616e6f746865722073656372657420626568696e64207468697320646f6f7221> >>"
    " /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
)
"""A trailer's entry that asks for a password nobody knows."""


def svg(inside: str = "", root: str = 'width="200" height="100"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {root}>{inside}</svg>'.encode()


def pdf_with_everything(secret: str, xmp: str) -> bytes:
    """Return a page with an author, XMP, a note's author and a file attached; none of them is drawn."""
    drawing = RED_LEFT.format(width=100, height=100)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /Metadata 5 0 R"
        " /Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Annots ["
        f"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /F 2 /T ({secret}) /Contents ({secret}) >>] >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        f"<< /Type /Metadata /Subtype /XML /Length {len(xmp)} >>\nstream\n{xmp}\nendstream",
        "<< /Type /Filespec /F (a.txt) /EF << /F 7 0 R >> >>",
        f"<< /Type /EmbeddedFile /Length {len(secret)} >>\nstream\n{secret}\nendstream",
        f"<< /Author ({secret}) /Title ({secret}) >>",
    ]
    return pdf_of(objects, "/Info 8 0 R")


def svg_with_everything(secret: str, xmp: str) -> bytes:
    told = xmp.partition("?>")[2]
    words = f"<!-- {secret} --><title>{secret}</title><desc>{secret}</desc><metadata>{told}</metadata>"
    return svg(words + '<rect width="50" height="50" fill="red"/>')


def svg_of_picture(image: Image.Image) -> bytes:
    """Return a drawing that is nothing but a picture, as data, at the picture's size."""
    data = base64.b64encode(pictures.encoded(image, "PNG")).decode()
    size = f'width="{image.width}" height="{image.height}"'
    return svg(f'<image href="data:image/png;base64,{data}" {size}/>', size)
