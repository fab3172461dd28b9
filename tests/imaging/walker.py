"""Walks through a file that is about to be sent and names whatever in it is not the picture.

It shares no code with the program, and works the other way round: nothing is looked for, everything is
accounted for, to the last byte.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

PROFILE = "a colour profile"
"""Not about the picture but how to show it; it is kept with an original, and where it says sRGB."""

_JPEG_PICTURE = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
_PNG_PICTURE = {
    b"IHDR",
    b"PLTE",
    b"tRNS",
    b"IDAT",
    b"IEND",
    b"pHYs",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"bKGD",
}
_WEBP_PICTURE = {b"VP8 ", b"VP8L", b"ALPH"}


def extras(data: bytes) -> list[str]:
    """Return what there is beside one still picture. Fails for a file that is not built as it should be."""
    if data.startswith(b"\xff\xd8"):
        return list(_jpeg(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return list(_png(data))
    if data.startswith((b"GIF87a", b"GIF89a")):
        return list(_gif(data))
    assert data[:4] == b"RIFF"
    assert data[8:12] == b"WEBP"
    return list(_webp(data))


def _jpeg(data: bytes) -> Iterator[str]:
    at = 2
    while data[at : at + 2] != b"\xff\xd9":
        mark, code, length = struct.unpack_from(">BBH", data, at)
        assert mark == 0xFF
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if code == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            yield PROFILE
        elif code == 0xE0 and body.startswith(b"JFIF\0"):
            if body[12:] != b"\0\0":
                yield "a preview"
        elif (
            not (code == 0xEE and body.startswith(b"Adobe") and len(body) == 12) and code not in _JPEG_PICTURE
        ):
            yield f"segment {code:02x}: {body[:20]!r}"
        if code == 0xDA:
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at += 1
    if at + 2 != len(data):
        yield f"a tail: {data[at + 2 :][:20]!r}"


def _png(data: bytes) -> Iterator[str]:
    at = 8
    name = b""
    while name != b"IEND":
        length, name = struct.unpack_from(">L4s", data, at)
        if name == b"iCCP":
            yield PROFILE
        elif name not in _PNG_PICTURE:
            yield f"chunk {name!r}"
        at += 12 + length
    if at != len(data):
        yield f"a tail: {data[at:][:20]!r}"


def _gif(data: bytes) -> Iterator[str]:
    at, frames = 13 + _palette(data[10]), 0
    while data[at] != 0x3B:
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _palette(data[at + 9])
        else:
            assert data[at] == 0x21
            if data[at + 1] != 0xF9:
                yield f"extension {data[at + 1]:02x}"
            at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    if frames != 1:
        yield f"{frames} frames"
    if at + 1 != len(data):
        yield f"a tail: {data[at + 1 :][:20]!r}"


def _palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(data: bytes) -> Iterator[str]:
    at = 12
    while at < len(data):
        name, length = struct.unpack_from("<4sL", data, at)
        if name == b"ICCP":
            yield PROFILE
        elif name == b"VP8X":
            if data[at + 8] & 0b1110:
                yield "a promise of metadata or movement"
        elif name not in _WEBP_PICTURE:
            yield f"chunk {name!r}"
        at += 8 + length + length % 2
    if struct.unpack_from("<L", data, 4)[0] + 8 != len(data):
        yield "a tail"
