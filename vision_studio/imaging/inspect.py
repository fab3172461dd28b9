"""Tells what a file is from its headers: enough for a card and an estimate, and fast enough for hundreds."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from vision_studio.core.amounts import bytes_text
from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.budget import BYTE_BUDGET, check_pixels
from vision_studio.imaging.drawing import DRAWN_FORMATS, sheet
from vision_studio.imaging.files import HEAD_BYTES, Reader
from vision_studio.imaging.formats import sniff
from vision_studio.imaging.headers import PARSERS, Header, gif_header
from vision_studio.imaging.iso_media import avif_header, heic_header
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.sheet import card_size
from vision_studio.imaging.tiff import tiff_header, tiff_pages

_TARGA_FOOTER_BYTES = 26
_MOST_GIF_BYTES = 64_000_000
_PARSERS: Mapping[str, Callable[[Reader], Header | None]] = MappingProxyType(
    {**PARSERS, "TIFF": tiff_header, "HEIC": heic_header, "AVIF": avif_header}
)


@dataclass(frozen=True, slots=True)
class Facts:
    """A picture as its header describes it; its pixels have not been looked at."""

    format: str
    size: Size
    """Upright."""
    size_bytes: int
    frames: int
    """At least 1; a lower bound where counting them all would mean reading the whole file."""
    traits: frozenset[Trait]
    orientation: int = 1
    """As in EXIF: what a decoder must still do to the stored pixels to make them upright."""
    modified_ns: int = 0
    """When the file was last written to, in nanoseconds since 1970."""


def inspect(path: Path) -> Facts:
    """Read a file's headers. Raises ``Refused``.

    The common formats are read here; the others are opened, not decoded, by their decoders. The size of a
    PDF's page or an SVG is that of its card; either can be drawn at any other.
    """
    facts = inspect_quickly(path)
    return inspect_with_decoder(path) if facts is None else facts


def inspect_frame(path: Path, frame: int) -> Facts:
    """Read what there is to know of one frame or page, from 0: sizes differ. Raises ``Refused``."""
    facts = inspect(path)
    if frame == 0:
        return facts
    if facts.format in DRAWN_FORMATS:
        return replace(facts, size=card_size(sheet(path, facts.format, frame)))
    if facts.format == "TIFF":
        return replace(facts, size=_page_size(path, frame))
    from vision_studio.imaging.decoding import opened  # Pillow is slow to import.

    with opened(path, facts.format, frame) as image:
        width, height = image.size
    return replace(facts, size=Size(height, width) if facts.orientation >= 5 else Size(width, height))


def _page_size(path: Path, frame: int) -> Size:
    with Reader(path) as reader, whole_header():
        page = next(islice(tiff_pages(reader), frame, None), None)
    if page is None:
        raise Refused(RefusalKind.DAMAGED, f"it has no page {frame + 1}")
    check_pixels(page.width, page.height)
    return Size(page.width, page.height)


def inspect_quickly(path: Path) -> Facts | None:
    """Like ``inspect``, but return None for a format whose header only its decoder understands.

    It touches no decoder, so that any thread of the application may call it.
    """
    with Reader(path) as reader:
        name = _sniff(reader)
        parse = _PARSERS.get(name)
        if parse is None:
            return None
        with whole_header():
            header = parse(reader)
        return None if header is None else _facts(name, reader, header)


def inspect_with_decoder(path: Path) -> Facts:
    """Read the headers with the format's decoder; to be called in a worker process."""
    from vision_studio.imaging.decoding import header_by_decoder  # Pillow is slow to import.

    with Reader(path) as reader:
        name = _sniff(reader)
        measure = _drawing_header if name in DRAWN_FORMATS else header_by_decoder
        return _facts(name, reader, measure(path, name))


def _drawing_header(path: Path, name: str) -> Header:
    page = sheet(path, name)
    return Header(*card_size(page), frames=page.pages, traits=frozenset({Trait.LOSSLESS}))


def with_all_frames(path: Path, facts: Facts) -> Facts:
    """Return the facts with every frame of a GIF counted, which takes reading it. Raises ``Refused``."""
    if facts.format != "GIF" or facts.size_bytes <= HEAD_BYTES:
        return facts
    with Reader(path) as reader:
        whole = gif_header(reader.read(0, _MOST_GIF_BYTES), facts.size_bytes)
    return replace(facts, frames=whole.frames, traits=facts.traits | whole.traits)


def _sniff(reader: Reader) -> str:
    tail = b""
    if reader.size_bytes > _TARGA_FOOTER_BYTES and reader.head[:1] not in _COMMON_STARTS:
        tail = reader.read(reader.size_bytes - _TARGA_FOOTER_BYTES, _TARGA_FOOTER_BYTES)
    name = sniff(reader.head, tail)
    if reader.size_bytes > BYTE_BUDGET:
        most = bytes_text(BYTE_BUDGET)
        raise Refused(RefusalKind.TOO_MANY_BYTES, f"{bytes_text(reader.size_bytes)}; at most {most}")
    return name


_COMMON_STARTS = (b"\xff", b"\x89", b"G", b"R", b"B")
"""The formats that begin so are told from their first bytes; there is no need to look at their last."""


@contextmanager
def whole_header() -> Iterator[None]:
    """Turn what parsing raises for a header that ends early into ``Refused``."""
    try:
        yield
    except (struct.error, LookupError) as error:
        raise Refused(RefusalKind.DAMAGED, "the header ends early") from error


def _facts(name: str, reader: Reader, header: Header) -> Facts:
    width, height, orientation, frames, traits = header
    check_pixels(width, height)
    if orientation >= 5:
        width, height = height, width
    if orientation > 1:
        traits |= {Trait.ROTATED}
    size = Size(width, height)
    return Facts(name, size, reader.size_bytes, frames, traits, orientation, reader.modified_ns)
