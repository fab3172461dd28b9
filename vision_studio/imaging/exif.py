"""Reads the two facts that matter out of an EXIF block: which way is up, and whether it tells a place."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

_ORIENTATION = 0x0112
_GPS_DIRECTORY = 0x8825
_GPS_LATITUDE, _GPS_LONGITUDE = 2, 4
_ENTRY_BYTES = 12
_MOST_ENTRIES = 512
"""Cameras write a few dozen; more is a trap."""

_SHORTS = {b"II*\0": Struct("<H"), b"MM\0*": Struct(">H")}
_LONGS = {b"II*\0": Struct("<L"), b"MM\0*": Struct(">L")}


class Exif(NamedTuple):
    """``orientation`` as in EXIF: 1 upright, 2 to 8 turned or mirrored."""

    orientation: int = 1
    has_place: bool = False


def parse_exif(block: bytes) -> Exif:
    """Read a TIFF-structured block, with or without its "Exif" heading; a broken one says nothing."""
    block = block.removeprefix(b"Exif\0\0")
    order = block[:4]
    short, long = _SHORTS.get(order), _LONGS.get(order)
    if short is None or long is None or len(block) < 8:
        return Exif()
    orientation, has_place = 1, False
    for tag, at in _entries(block, long.unpack_from(block, 4)[0], short):
        if tag == _ORIENTATION:
            value = short.unpack_from(block, at + 8)[0]
            orientation = value if 1 <= value <= 8 else 1
        elif tag == _GPS_DIRECTORY:
            # Cameras told not to record places still write a directory with a version in it.
            places = _entries(block, long.unpack_from(block, at + 8)[0], short)
            has_place = any(tag in (_GPS_LATITUDE, _GPS_LONGITUDE) for tag, _ in places)
    return Exif(orientation, has_place)


def _entries(block: bytes, offset: int, short: Struct) -> list[tuple[int, int]]:
    """Return the tags of a directory and where their entries begin."""
    if offset + 2 > len(block):
        return []
    count = min(short.unpack_from(block, offset)[0], _MOST_ENTRIES, (len(block) - offset - 2) // _ENTRY_BYTES)
    first = offset + 2
    return [
        (short.unpack_from(block, at)[0], at)
        for at in range(first, first + count * _ENTRY_BYTES, _ENTRY_BYTES)
    ]
