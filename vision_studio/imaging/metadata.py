"""Takes everything but the picture out of a file without coding the picture anew.

What is kept is a list of what a decoder needs; whatever is not on it goes, known or not: EXIF, XMP, IPTC,
comments, PNG text, embedded previews, makers' blocks, and anything behind the picture's end.
"""

from __future__ import annotations

import re
import struct

_ADOBE_BYTES = 12
_JFIF_BYTES = 14
_JPEG_DROPPED = frozenset({*range(0xE0, 0xF0), 0xFE})
# In entropy-coded data, a 0xFF is stuffed with a zero, or is a restart marker, or is the next segment.
_JPEG_NEXT_SEGMENT = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")

_PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"bKGD",
        b"pHYs",
    }
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"})
_WEBP_EXIF_AND_XMP_FLAGS = 0x08 | 0x04


def without_metadata(data: bytes, image_format: str) -> bytes | None:
    """Return the file with nothing in it but a still picture and its colour profile.

    The result equals ``data`` when there was nothing else in it. None means that the file is not built the
    way it should be, or moves, so that only coding it anew can help.
    """
    clean = {"JPEG": _jpeg, "PNG": _png, "GIF": _gif, "WEBP": _webp}.get(image_format)
    if clean is None:
        return None
    try:
        return clean(data)
    except (IndexError, struct.error):
        return None


def _jpeg(data: bytes) -> bytes | None:
    kept = [data[:2]]
    at = 2
    while True:
        while data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            return None
        code = data[at + 1]
        if code == 0xD9:
            return b"".join([*kept, b"\xff\xd9"])
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if end > len(data) or end < at + 4:
            return None
        if code not in _JPEG_DROPPED:
            if code == 0xDA:
                following = _JPEG_NEXT_SEGMENT.search(data, end)
                if following is None:
                    return None
                end = following.start()
            kept.append(data[at:end])
        else:
            kept.append(_jpeg_needed(code, data[at + 4 : end]))
        at = end


def _jpeg_needed(code: int, body: bytes) -> bytes:
    """Return what of an application's segment a decoder needs, as a whole segment."""
    if code == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= _JFIF_BYTES:
        body = body[: _JFIF_BYTES - 2] + b"\0\0"  # the size of the preview: none
    elif code == 0xEE and body.startswith(b"Adobe"):
        body = body[:_ADOBE_BYTES]  # says how the colours are coded
    elif code != 0xE2 or not body.startswith(b"ICC_PROFILE\0"):
        return b""
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def _png(data: bytes) -> bytes | None:
    kept = [data[:8]]
    at = 8
    while True:
        length, name = struct.unpack_from(">L4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return None
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        elif name[:1].isupper():
            return None  # a critical chunk nobody knows
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _gif(data: bytes) -> bytes | None:
    at = 13 + _gif_palette_bytes(data[10])
    kept = [data[:at]]
    frames = 0
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _gif_palette_bytes(data[at + 9])
        elif data[at] == 0x21:
            at += 2
        else:
            return None
        while data[at]:
            at += 1 + data[at]
        at += 1
        if data[start] == 0x2C or data[start + 1] == 0xF9:
            kept.append(data[start:at])
    return b"".join([*kept, b"\x3b"]) if frames == 1 else None


def _gif_palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(data: bytes) -> bytes | None:
    kept: list[bytes] = []
    at = 12
    end_of_file = min(len(data), 8 + struct.unpack_from("<L", data, 4)[0])
    while at < end_of_file:
        name, length = struct.unpack_from("<4sL", data, at)
        end = at + 8 + length + length % 2
        if end > len(data) or name in (b"ANIM", b"ANMF"):
            return None
        chunk = data[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_EXIF_AND_XMP_FLAGS]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
        at = end
    if not any(chunk.startswith((b"VP8 ", b"VP8L")) for chunk in kept):
        return None
    body = b"WEBP" + b"".join(kept)
    return struct.pack("<4sL", b"RIFF", len(body)) + body
