"""Reads the pages of TIFF files out of their directories, without a decoder.

Sources: TIFF 6.0; BigTIFF (Aware Systems, 2008); EXIF 2.32 for the places a camera records.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import NamedTuple

from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.imaging.budget import MOST_PAGES
from vision_studio.imaging.files import Reader
from vision_studio.imaging.headers import Header
from vision_studio.imaging.refusal import Refused

_MOST_ENTRIES = 2048
"""Tags in one directory; scanners write a few dozen."""

_MOST_ENTRIES_IN_ALL = 200_000
"""Tags in all directories: for 2,000 pages, a hundred each."""

_SUBFILE_TYPE, _WIDTH, _HEIGHT, _COMPRESSION, _ORIENTATION = 254, 256, 257, 259, 274
_SUB_DIRECTORIES, _EXTRA_SAMPLES, _GPS, _DNG_VERSION = 330, 338, 34853, 50706
_GPS_LATITUDE, _GPS_LONGITUDE = 2, 4
_JPEG_COMPRESSIONS = frozenset({6, 7, 34892})
_TELLING = frozenset(
    {
        *(269, 270, 271, 272, 285, 305, 306, 315, 316, 33432),  # names, places, times, makers
        *(700, 33723, 34377, 34665, _GPS, 37724, 50341),  # XMP, IPTC, Photoshop, EXIF, GPS, makers' own
    }
)
_REDUCED = 1


class Page(NamedTuple):
    """One directory of a file. The size is upright: decoders of TIFF turn it themselves."""

    width: int
    height: int
    tags: Mapping[int, int]

    @property
    def orientation(self) -> int:
        value = self.tags.get(_ORIENTATION, 1)
        return value if 1 <= value <= 8 else 1


def tiff_header(reader: Reader) -> Header:
    """Read the first page's header, and count the pages. Raises ``Refused``, and ``struct.error``."""
    pages = list(tiff_pages(reader))
    first = pages[0]
    if _DNG_VERSION in first.tags or (
        # A small picture first, and the large ones below it: only cameras build files like that.
        first.tags.get(_SUBFILE_TYPE, 0) & _REDUCED and _SUB_DIRECTORIES in first.tags
    ):
        raise Refused(RefusalKind.UNSUPPORTED_FORMAT, "RAW")
    traits = set()
    if first.tags.get(_COMPRESSION) not in _JPEG_COMPRESSIONS:
        traits.add(Trait.LOSSLESS)
    if _EXTRA_SAMPLES in first.tags:
        traits.add(Trait.TRANSPARENT)
    if first.orientation > 1:
        traits.add(Trait.ROTATED)
    if _TELLING.intersection(first.tags):
        traits.add(Trait.METADATA)
    if _has_place(reader, first.tags.get(_GPS, 0)):
        traits |= {Trait.GPS, Trait.METADATA}
    return Header(first.width, first.height, 1, len(pages), frozenset(traits))


def tiff_pages(reader: Reader) -> Iterator[Page]:
    """Yield the pages of a file, at most ``MOST_PAGES``. Raises ``Refused``."""
    layout = _layout(reader)
    seen: set[int] = set()
    at = layout.offset(reader.head, layout.first)
    left = _MOST_ENTRIES_IN_ALL
    while at and len(seen) < MOST_PAGES:
        if at in seen:
            raise Refused(RefusalKind.DAMAGED, "its pages go round in a circle")
        seen.add(at)
        tags, count, at = _directory(reader, layout, at, min(left, _MOST_ENTRIES))
        left -= count
        page = Page(tags.get(_WIDTH, 0), tags.get(_HEIGHT, 0), tags)
        yield page._replace(width=page.height, height=page.width) if page.orientation >= 5 else page
    if not seen:
        raise Refused(RefusalKind.DAMAGED, "it has no pages")


class _Layout(NamedTuple):
    """How numbers are written in a file, and how long its entries are."""

    order: str
    big: bool

    @property
    def first(self) -> int:
        return 8 if self.big else 4

    def offset(self, data: bytes, at: int) -> int:
        return self._number(data, at, "Q" if self.big else "L")

    def count(self, data: bytes) -> int:
        return self._number(data, 0, "Q" if self.big else "H")

    def entry(self, data: bytes, at: int) -> tuple[int, int]:
        """Return a tag and its number; 0 for what is no number by itself."""
        tag, kind = self._number(data, at, "H"), self._number(data, at + 2, "H")
        place = at + (12 if self.big else 8)
        code = {1: "B", 3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}.get(kind)
        if code is None or (code == "Q" and not self.big):
            return tag, 0
        return tag, self._number(data, place, code)

    def _number(self, data: bytes, at: int, code: str) -> int:
        number: int = Struct(self.order + code).unpack_from(data, at)[0]
        return number


def _layout(reader: Reader) -> _Layout:
    head = reader.head
    order = "<" if head[:2] == b"II" else ">"
    return _Layout(order, 43 in (head[2], head[3]))


def _directory(reader: Reader, layout: _Layout, at: int, most: int) -> tuple[dict[int, int], int, int]:
    """Return a directory's tags, how many entries it has, and where the next one is: 0 if there is none."""
    count_bytes, entry_bytes, offset_bytes = (8, 20, 8) if layout.big else (2, 12, 4)
    count = layout.count(reader.read(at, count_bytes))
    if count > most:
        raise Refused(RefusalKind.DAMAGED, "more tags than a file has use for")
    entries = reader.read(at + count_bytes, count * entry_bytes + offset_bytes)
    tags = dict(layout.entry(entries, entry_bytes * number) for number in range(count))
    return tags, count, layout.offset(entries, count * entry_bytes)


def _has_place(reader: Reader, at: int) -> bool:
    """Tell whether a directory of GPS tags has a position; a broken one has none."""
    if not at:
        return False
    try:
        tags, _, _ = _directory(reader, _layout(reader), at, _MOST_ENTRIES)
    except (Refused, struct.error):
        return False
    return _GPS_LATITUDE in tags or _GPS_LONGITUDE in tags
