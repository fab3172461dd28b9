"""Which format a file has, told from its bytes and never from its name."""

from __future__ import annotations

import re
import zlib

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.refusal import Refused

_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}

PLUGINS = {
    "JPEG": "JPEG",
    "PNG": "PNG",
    "GIF": "GIF",
    "WEBP": "WEBP",
    "BMP": "BMP",
    "TIFF": "TIFF",
    "ICO": "ICO",
    "PNM": "PPM",
    "TGA": "TGA",
    "JPEG2000": "JPEG2000",
    "AVIF": "AVIF",
    "HEIC": "HEIF",
}
"""The formats that are decoded, and the one decoder of Pillow each is given to."""

_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0\x08\0\0\0", "TIFF"),
    (b"MM\0+\0\x08\0\0", "TIFF"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG2000"),
    (b"\xff\x4f\xff\x51", "JPEG2000"),
)

_UNSUPPORTED_STARTS = (
    (b"8BPS", "PSD"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"qoif", "QOI"),
    (b"DDS ", "DDS"),
    (b"icns", "ICNS"),
    (b"\0\0\x02\0\x01\0", "CUR"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
    (b"v/1\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"FUJIFILMCCD-RAW", "RAW"),
    (b"gimp xcf", "XCF"),
    (b"AT&TFORM", "DjVu"),
)

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PNM = re.compile(rb"P[1-6](?:\s|#)[\s#0-9]")
_SVG_HEAD_BYTES = 16_384
_SVG = re.compile(
    rb"(?:\s|<\?[^>]*>|<!--.*?-->|<!DOCTYPE\s+(?:\w+:)?svg\b(?:[^>\[]*|[^>\[]*\[.*?\]\s*)>)*+<(?:\w+:)?svg[\s/>]",
    re.DOTALL,
)
_TGA_DEPTHS = frozenset({8, 15, 16, 24, 32})


def media_type(image_format: str) -> str | None:
    """Return the media type under which the API takes a format; None for one it does not take."""
    return _MEDIA_TYPES.get(image_format)


def sniff(head: bytes, tail: bytes = b"") -> str:
    """Return the name of the format: one of ``PLUGINS``, "PDF" or "SVG".

    ``tail`` is the end of the file, where TGA keeps its signature. Raises ``Refused``: ``EMPTY``,
    ``UNSUPPORTED_FORMAT`` with the format's name, or ``NOT_AN_IMAGE``.
    """
    if not head:
        raise Refused(RefusalKind.EMPTY)
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _sniff_media_file(head)
    if _is_bmp(head):
        return "BMP"
    if _is_icon(head):
        return "ICO"
    if _PNM.match(head):
        return "PNM"
    for start, name in _UNSUPPORTED_STARTS:
        if head.startswith(start):
            raise Refused(RefusalKind.UNSUPPORTED_FORMAT, name)
    if head.startswith(b"\x1aE\xdf\xa3"):
        raise Refused(RefusalKind.NOT_AN_IMAGE, "a video")
    if _is_svg(head):
        return "SVG"
    if b"%PDF-" in head[:1024]:  # PDFium's own rule
        return "PDF"
    if _is_targa(head, tail):
        return "TGA"
    raise Refused(RefusalKind.NOT_AN_IMAGE)


def _sniff_media_file(head: bytes) -> str:
    """Tell the ISO media files apart (ISO/IEC 14496-12, 4.3): a major brand, then compatible ones."""
    length = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(length, 256), 4))]
    if _AVIF_BRANDS.intersection(brands):
        return "AVIF"
    if _HEIC_BRANDS.intersection(brands):
        return "HEIC"
    if brands[0] == b"crx ":
        raise Refused(RefusalKind.UNSUPPORTED_FORMAT, "RAW")
    raise Refused(RefusalKind.NOT_AN_IMAGE, "a video")


def _is_bmp(head: bytes) -> bool:
    # "BM" alone also begins a text about BMWs; the length of the second header decides.
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in (12, 16, 40, 52, 56, 64, 108, 124)


def _is_icon(head: bytes) -> bool:
    # A directory of 1 to 255 entries; the first one's reserved byte and its offset are plausible.
    if head[:4] != b"\0\0\x01\0" or len(head) < 22 or head[5] != 0 or head[4] == 0:
        return False
    return head[9] == 0 and int.from_bytes(head[18:22], "little") >= 6 + 16 * head[4]


def _is_svg(head: bytes) -> bool:
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, _SVG_HEAD_BYTES)
        except zlib.error:
            return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[:_SVG_HEAD_BYTES].decode("utf-16", "replace").encode()
    return _SVG.match(head[:_SVG_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")) is not None


def _is_targa(head: bytes, tail: bytes) -> bool:
    """Recognise TGA, which has no signature at its start and, before version 2, none at all."""
    if len(head) < 18:
        return False
    mapped, kind, depth, descriptor = head[1], head[2], head[16], head[17]
    if (kind & 7) not in (1, 2, 3) or kind > 11 or mapped != (kind & 7 == 1) or depth not in _TGA_DEPTHS:
        return False
    if tail.endswith(b"TRUEVISION-XFILE.\0"):
        return True
    sized = head[12:14] != b"\0\0" and head[14:16] != b"\0\0"
    no_map = head[3:8] == bytes(5)
    return sized and descriptor & 0xC0 == 0 and (no_map if not mapped else head[7] in _TGA_DEPTHS)
