"""Reads size, orientation and place of HEIC and AVIF pictures out of their boxes, without a decoder.

Sources: ISO/IEC 14496-12 (boxes, 8.11 for items), ISO/IEC 23008-12 (ispe, irot, imir, grids), MIAF.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.imaging.exif import parse_exif
from vision_studio.imaging.files import Reader
from vision_studio.imaging.headers import Header
from vision_studio.imaging.refusal import Refused

_MOST_BOXES = 1000
"""Walked in one place of a file."""

_MOST_ITEMS = 10_000
"""Tiles, previews and blocks of metadata. A phone's 48 megapixels have some sixty."""

_MOST_META_BYTES = 4_000_000
_MOST_EXIF_BYTES = 65_536
_SEQUENCES = frozenset({b"avis", b"msf1", b"hevc", b"hevx"})
_ALPHA = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")
_TURNED_BY = {1: 8, 2: 3, 3: 6}
"""Quarter turns anticlockwise → the EXIF orientation that asks for the same."""

_APERTURE = Struct(">4LlLlL").unpack_from
_MIRRORED = {1: (4, 2), 8: (5, 7), 3: (2, 4), 6: (7, 5)}
"""Orientation → the one with a mirroring behind it: upside down (axis 0), left to right (axis 1)."""


class _Box(NamedTuple):
    kind: bytes
    body: bytes


def heic_header(reader: Reader) -> Header | None:
    """Read a header; None leaves it to the decoder. The size is upright: decoders apply the turns."""
    found = _header(reader, crops=True)
    if found is None or found.orientation == 1:
        return found
    if found.orientation >= 5:
        found = found._replace(width=found.height, height=found.width)
    return found._replace(orientation=1, traits=found.traits | {Trait.ROTATED})


def avif_header(reader: Reader) -> Header | None:
    """Read a header; None leaves it to the decoder."""
    return _header(reader, crops=False)


def _header(reader: Reader, crops: bool) -> Header | None:
    meta = _meta(reader)
    if meta is None:
        return None
    boxes: dict[bytes, bytes] = {}
    for box in _boxes(meta[4:]):
        boxes.setdefault(box.kind, box.body)
    properties = list(_boxes(_child(boxes[b"iprp"], b"ipco")))
    size, orientation = None, 1
    for number in _associated(_child(boxes[b"iprp"], b"ipma"), _primary(boxes[b"pitm"])):
        # 0 stands for none; a number beyond the list is a broken file's.
        kind, body = properties[number - 1] if 0 < number <= len(properties) else (b"", b"")
        if kind == b"ispe":
            size = int.from_bytes(body[4:8], "big"), int.from_bytes(body[8:12], "big")
        elif kind == b"irot":
            orientation = _TURNED_BY.get(body[0] & 3, 1)
        elif kind == b"imir":
            orientation = _MIRRORED.get(orientation, (1, 1))[body[0] & 1]
        elif kind == b"clap" and size is not None:
            size = _cropped(size, body) if crops else None
    if size is None:
        return None
    traits = _metadata(reader, boxes)
    if any(kind == b"auxC" and body[4:].startswith(_ALPHA) for kind, body in properties):
        traits.add(Trait.TRANSPARENT)
    return Header(*size, orientation, 1, frozenset(traits))


def _meta(reader: Reader) -> bytes | None:
    """Return what the file says of its items; None for an animation, and for what is built otherwise."""
    at = 0
    for _ in range(_MOST_BOXES):
        head = reader.read(at, 16)
        if len(head) < 8:
            break
        length, kind, start = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, start = int.from_bytes(head[8:16], "big"), 16
        elif length == 0:
            length = reader.size_bytes - at
        if length < start:
            break
        if kind == b"ftyp":
            brands = reader.read(at + start, min(length - start, 1024))
            if _SEQUENCES.intersection(brands[at : at + 4] for at in range(0, len(brands), 4)):
                return None
        elif kind == b"meta":
            if length - start > _MOST_META_BYTES:
                return None
            return reader.read(at + start, length - start)
        at += length
    raise Refused(RefusalKind.DAMAGED, "the header ends early")


def _boxes(body: bytes) -> Iterator[_Box]:
    at = 0
    for _ in range(_MOST_BOXES):
        if at + 8 > len(body):
            return
        length, start = int.from_bytes(body[at : at + 4], "big"), 8
        if length == 1:
            length, start = int.from_bytes(body[at + 8 : at + 16], "big"), 16
        elif length == 0:
            length = len(body) - at
        if length < start:
            return
        yield _Box(body[at + 4 : at + 8], body[at + start : at + length])
        at += length


def _child(body: bytes, kind: bytes) -> bytes:
    return next((box.body for box in _boxes(body) if box.kind == kind), b"")


class _Cursor:
    """Reads numbers off a body, one behind the other; past its end they are ``IndexError``."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def number(self, length: int) -> int:
        return int.from_bytes(self.bytes(length), "big")

    def bytes(self, length: int) -> bytes:
        self._at += length
        if self._at > len(self._body):
            raise IndexError("the box ends early")
        return self._body[self._at - length : self._at]


def _primary(body: bytes) -> int:
    cursor = _Cursor(body)
    version = cursor.number(4) >> 24
    return cursor.number(2 if version == 0 else 4)


def _associated(body: bytes, wanted: int) -> list[int]:
    """Return the numbers of an item's properties, from 1, in the order they apply."""
    cursor = _Cursor(body)
    flags = cursor.number(4)
    wide_item, wide_index = flags >> 24 > 0, flags & 1
    for _ in range(min(cursor.number(4), _MOST_ITEMS)):
        item = cursor.number(4 if wide_item else 2)
        numbers = [
            cursor.number(2) & 0x7FFF if wide_index else cursor.number(1) & 0x7F
            for _ in range(cursor.number(1))
        ]
        if item == wanted:
            return numbers
    return []


def _cropped(size: tuple[int, int], body: bytes) -> tuple[int, int] | None:
    """Return what is left of a picture within its clean aperture; None where that takes rounding.

    The aperture is a width and a height, then how far its centre is off the picture's; all are fractions.
    """
    width, width_over, height, height_over, right, right_over, down, down_over = _APERTURE(body)
    kept = []
    for whole, part, over, off, off_over in (
        (size[0], width, width_over, right, right_over),
        (size[1], height, height_over, down, down_over),
    ):
        if not over or not off_over or part % over or abs(2 * off) > (whole - part // over) * off_over:
            return None
        kept.append(part // over)
    return kept[0], kept[1]


def _metadata(reader: Reader, boxes: dict[bytes, bytes]) -> set[Trait]:
    """Return what hides in the items beside the picture."""
    items = [(number, kind) for number, kind in _items(boxes.get(b"iinf", b"")) if kind in (b"Exif", b"mime")]
    traits = {Trait.METADATA} if items else set()
    # Nobody writes more than one; looking for the places of a thousand would take a while.
    block = next((number for number, kind in items if kind == b"Exif"), None)
    if block is not None and parse_exif(_exif(reader, boxes, block)).has_place:
        traits.add(Trait.GPS)
    return traits


def _items(body: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield every item's number and kind (ISO/IEC 14496-12, 8.11.6)."""
    if len(body) < 6:
        return
    for box in _boxes(body[6 if body[0] == 0 else 8 :]):
        if box.kind == b"infe" and box.body[:1] in (b"\2", b"\3"):
            cursor = _Cursor(box.body)
            version = cursor.number(4) >> 24
            number = cursor.number(2 if version == 2 else 4)
            cursor.number(2)
            yield number, cursor.bytes(4)


def _exif(reader: Reader, boxes: dict[bytes, bytes], wanted: int) -> bytes:
    """Return an item's block, without the offset that stands before it (ISO/IEC 23008-12, A.2.1)."""
    place = _place(boxes.get(b"iloc", b""), wanted)
    if place is None:
        return b""
    in_meta, offset, length = place
    length = min(length, _MOST_EXIF_BYTES)
    block = boxes.get(b"idat", b"")[offset : offset + length] if in_meta else reader.read(offset, length)
    return block[4 + int.from_bytes(block[:4], "big") :]


def _place(body: bytes, wanted: int) -> tuple[bool, int, int] | None:
    """Return where an item's first bytes are: within the meta box or not, offset and length (8.11.3)."""
    cursor = _Cursor(body)
    version = cursor.number(4) >> 24
    sizes = cursor.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    for _ in range(min(cursor.number(4 if version == 2 else 2), _MOST_ITEMS)):
        item = cursor.number(4 if version == 2 else 2)
        method = cursor.number(2) & 15 if version else 0
        cursor.number(2)
        base = cursor.number(base_size)
        extents = cursor.number(2)
        if extents:
            cursor.number(index_size)
            place = base + cursor.number(offset_size), cursor.number(length_size)
            if item == wanted and method in (0, 1):
                return method == 1, *place
            # Skipped at once: in a file made to hurt, they are many and take no bytes.
            cursor.bytes((extents - 1) * (index_size + offset_size + length_size))
    return None
