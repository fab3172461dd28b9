"""Reads size, orientation and frames out of the headers of five common formats, without a decoder.

Every loop over a file's own structure is bounded, so that a file made to be endless is not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from struct import Struct
from types import MappingProxyType
from typing import NamedTuple

from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.imaging.exif import parse_exif
from vision_studio.imaging.files import Reader
from vision_studio.imaging.refusal import Refused


class Header(NamedTuple):
    """What a header tells. The size is as stored: before the orientation is applied."""

    width: int
    height: int
    orientation: int = 1
    frames: int = 1
    traits: frozenset[Trait] = frozenset()


_MOST_STEPS = 2000
"""Segments, chunks or blocks walked in one file."""

_TAIL_BYTES = 8_192
"""Where chunks behind the pixels of a PNG are looked for."""

_be32, _be16 = Struct(">L").unpack_from, Struct(">H").unpack_from
_le32, _le16, _le16x4 = Struct("<L").unpack_from, Struct("<H").unpack_from, Struct("<4H").unpack_from


def _damaged() -> Refused:
    return Refused(RefusalKind.DAMAGED, "the header ends early")


_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def _jpeg(reader: Reader) -> Header:
    """ITU-T T.81, annex B: segments up to the frame header, which has the size."""
    orientation = 1
    traits: set[Trait] = set()
    at = 2
    for _ in range(_MOST_STEPS):
        segment = reader.read(at, 18)
        if len(segment) < 4 or segment[0] != 0xFF:
            break
        code = segment[1]
        if code == 0xFF:
            at += 1
            continue
        if code in _JPEG_ALONE:
            at += 2
            continue
        length = _be16(segment, 2)[0]
        if code in _JPEG_FRAMES:
            height, width = _be16(segment, 5)[0], _be16(segment, 7)[0]
            return Header(width, height, orientation, 1, frozenset(traits))
        if code in (0xD9, 0xDA) or length < 2:
            break
        if code == 0xE1:
            traits.add(Trait.METADATA)
            if segment[4:10] == b"Exif\0\0":
                exif = parse_exif(reader.read(at + 10, length - 8))
                orientation = exif.orientation
                if exif.has_place:
                    traits.add(Trait.GPS)
        elif code in (0xED, 0xFE):
            traits.add(Trait.METADATA)
        at += 2 + length
    raise _damaged()


PNG_TEXT_CHUNKS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})


def _png(reader: Reader) -> Header:
    """PNG (third edition), 5 and 11: chunks up to the pixels, then a look at the end for late ones."""
    head = reader.head
    if len(head) < 33 or head[12:16] != b"IHDR":
        raise _damaged()
    width, height, colour = _be32(head, 16)[0], _be32(head, 20)[0], head[25]
    orientation, frames = 1, 1
    traits = {Trait.LOSSLESS}
    if colour in (4, 6):
        traits.add(Trait.TRANSPARENT)
    at = 33
    for _ in range(_MOST_STEPS):
        chunk = reader.read(at, 12)
        if len(chunk) < 8:
            break
        length, name = _be32(chunk)[0], chunk[4:8]
        if name == b"IDAT":
            late = _late_png_chunks(reader, at)
            break
        if name == b"acTL":
            frames = max(1, _be32(chunk, 8)[0])
            traits.add(Trait.ANIMATED)
        elif name == b"tRNS":
            traits.add(Trait.TRANSPARENT)
        elif name in PNG_TEXT_CHUNKS:
            traits.add(Trait.METADATA)
            if name == b"eXIf":
                orientation = _with_exif(reader.read(at + 8, min(length, 65_536)), traits)
        at += 12 + length
    else:
        raise _damaged()
    if len(chunk) < 8:
        raise _damaged()
    if late:
        traits.add(Trait.METADATA)
        if b"eXIf" in late and orientation == 1:
            orientation = _with_exif(late[b"eXIf"], traits)
    return Header(width, height, orientation, frames, frozenset(traits))


def _late_png_chunks(reader: Reader, pixels_at: int) -> Mapping[bytes, bytes]:
    """Return the metadata chunks behind the pixels: those near the end whose checksums prove them real."""
    start = max(pixels_at, reader.size_bytes - _TAIL_BYTES)
    tail = reader.read(start, _TAIL_BYTES)
    found = {}
    for name in PNG_TEXT_CHUNKS:
        at = tail.find(name)
        if at >= 4:
            end = at + 4 + _be32(tail, at - 4)[0]
            if end + 4 <= len(tail) and zlib.crc32(tail[at:end]) == _be32(tail, end)[0]:
                found[name] = tail[at + 4 : end]
    return found


def _with_exif(block: bytes, traits: set[Trait]) -> int:
    exif = parse_exif(block)
    traits.add(Trait.METADATA)
    if exif.has_place:
        traits.add(Trait.GPS)
    return exif.orientation


def gif_header(data: bytes, size_bytes: int) -> Header:
    """GIF89a, 17 to 26: the screen, then frames and extensions as far as ``data`` goes.

    ``size_bytes`` is the length of the whole file.
    """
    if len(data) < 13:
        raise _damaged()
    width, height = _le16(data, 6)[0], _le16(data, 8)[0]
    traits = {Trait.LOSSLESS}
    frames, repeats = 0, False
    at = 13 + _palette_bytes(data[10])
    try:
        while data[at] != 0x3B:
            if data[at] == 0x2C:
                frames += 1
                left, top, across, down = _le16x4(data, at + 1)
                if frames == 1:  # A first frame that overlaps the screen enlarges it.
                    width, height = max(width, left + across), max(height, top + down)
                at += 11 + _palette_bytes(data[at + 9])
            elif data[at] == 0x21:
                label, application = data[at + 1], data[at + 3 : at + 11]
                if label == 0xF9 and data[at + 3] & 1:
                    traits.add(Trait.TRANSPARENT)
                elif label == 0xFE or (label == 0xFF and application == b"XMP Data"):
                    traits.add(Trait.METADATA)
                repeats |= label == 0xFF and application == b"NETSCAPE"
                at += 2
            else:
                break
            while data[at]:
                at += 1 + data[at]
            at += 1
    except (IndexError, struct.error):
        if not frames:
            raise _damaged() from None
    # A picture that says it repeats has a second frame, even where the data end before it.
    if repeats and len(data) < size_bytes:
        frames = max(2, frames)
    if frames > 1:
        traits.add(Trait.ANIMATED)
    return Header(width, height, 1, max(1, frames), frozenset(traits))


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(reader: Reader) -> Header:
    """RFC 9649, 2: a lone bitstream, or an extended header with chunks behind it."""
    head = reader.head
    if len(head) < 30:
        raise _damaged()
    first = head[12:16]
    if first == b"VP8 ":
        if head[23:26] != b"\x9d\x01\x2a":
            raise _damaged()
        return Header(_le16(head, 26)[0] & 0x3FFF, _le16(head, 28)[0] & 0x3FFF)
    if first == b"VP8L":
        bits = _le32(head, 21)[0]
        alpha = {Trait.LOSSLESS, Trait.TRANSPARENT} if bits >> 28 & 1 else {Trait.LOSSLESS}
        return Header((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, traits=frozenset(alpha))
    if first != b"VP8X":
        raise _damaged()
    width, height = 1 + (_le32(head, 24)[0] & 0xFFFFFF), 1 + (_le32(head, 26)[0] >> 8)
    flags = head[20]
    traits: set[Trait] = set()
    if flags & 0x10:
        traits.add(Trait.TRANSPARENT)
    if flags & 0x02:
        traits.add(Trait.ANIMATED)
    orientation, frames, at = 1, 0, 30
    for _ in range(_MOST_STEPS):
        chunk = reader.read(at, 8)
        if len(chunk) < 8:
            break
        name, length = chunk[:4], _le32(chunk, 4)[0]
        frames += name == b"ANMF"
        if name == b"VP8L":
            traits.add(Trait.LOSSLESS)
        elif name in (b"EXIF", b"XMP "):
            traits.add(Trait.METADATA)
            if name == b"EXIF":
                orientation = _with_exif(reader.read(at + 8, min(length, 65_536)), traits)
        at += 8 + length + length % 2
    return Header(width, height, orientation, max(1, frames), frozenset(traits))


def _bmp(reader: Reader) -> Header:
    head = reader.head
    if len(head) < 26:
        raise _damaged()
    if _le32(head, 14)[0] == 12:
        width, height = _le16(head, 18)[0], _le16(head, 20)[0]
    else:
        width, height = _le32(head, 18)[0], _le32(head, 22)[0]
        # A negative height says that the rows run from the top.
        height = height if height < 1 << 31 else (1 << 32) - height
    return Header(width, height, traits=frozenset({Trait.LOSSLESS}))


PARSERS: Mapping[str, Callable[[Reader], Header | None]] = MappingProxyType(
    {
        "JPEG": _jpeg,
        "PNG": _png,
        "GIF": lambda reader: gif_header(reader.head, reader.size_bytes),
        "WEBP": _webp,
        "BMP": _bmp,
    }
)
"""Each may raise ``Refused``, and ``struct.error`` or ``LookupError`` for a header that ends early."""
