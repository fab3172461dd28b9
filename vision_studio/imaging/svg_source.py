"""Rewrites an SVG so that nothing in it leads anywhere: no entities, files or addresses, no endless depth.

What a renderer is given is only ever our own text: elements, attributes and words, counted while they are
read. As in a web page's ``<img>``, what lies outside the file is not shown.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import urllib.parse
import zlib
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.refusal import Refused

MOST_BYTES = 64_000_000
"""The longest text that is given to a renderer, and the longest file that is unpacked."""

MOST_DEPTH = 256
"""Elements within each other; drawing programs stay below a tenth of that."""

_MOST_INNER = 2
"""SVGs within each other, as data."""

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31
_USUAL_SIZE = (300.0, 150.0)
"""Of an SVG that tells none, in CSS px (CSS 2.2, 10.3.2)."""

_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
    "em": 16.0,
    "ex": 8.0,
}
_MOST_CHARACTERS = 200
"""In a length or a view box that is looked at."""

_LENGTH = re.compile(r"\s*\+?(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,]+")
# Possessive throughout: a million blanks must not be tried in a million ways.
_ELSEWHERE = re.compile(r"""url\(\s*+["']?+\s*+(?!#)[^)]*+\)?""", re.IGNORECASE)
_IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
_DATA = re.compile(r"\s*data:image/(png|jpe?g|gif|webp|svg\+xml)((?:;[^,;]*)*),", re.IGNORECASE)
_SAME_SHAPE = 0.01
_XLINK = "http://www.w3.org/1999/xlink"
_SVG = "http://www.w3.org/2000/svg"


@dataclass(frozen=True, slots=True)
class Source:
    """An SVG made safe."""

    root: str
    attributes: dict[str, str]
    inside: str
    width: float
    height: float
    """In CSS px, 96 to the inch."""

    def text(self, size: Size | None = None) -> str:
        """Return the document, to be drawn at its own size or, filling it, at another."""
        attributes = dict(self.attributes)
        if size is not None:
            box = _view_box(attributes.get("viewBox"))
            if box is None:
                attributes["viewBox"] = f"0 0 {self.width!r} {self.height!r}"
            # The renderer would centre the drawing in whole pixels and leave a thin seam at its sides.
            if box is None or abs(box[2] / box[3] * self.height / self.width - 1) < _SAME_SHAPE:
                attributes["preserveAspectRatio"] = "none"
            attributes["width"], attributes["height"] = str(size.width), str(size.height)
        return f"<{self.root}{_written(attributes)}>{self.inside}</{self.root}>"


def svg_source(data: bytes) -> Source:
    """Read an SVG, packed with gzip or not. Raises ``Refused``."""
    return _source(_unpacked(data), _MOST_INNER)


def _source(data: bytes, inner: int) -> Source:
    copier = _Copier(inner)
    try:
        copier.read(data)
    except expat.ExpatError as error:
        # Its words name a line and a column, never what is written there.
        raise Refused(RefusalKind.DAMAGED, str(error)) from error
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise Refused(RefusalKind.DAMAGED, "its encoding is unknown") from error
    width, height = _size(copier.attributes)
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise Refused(RefusalKind.DAMAGED, "it has no size")
    return Source(copier.root, copier.attributes, "".join(copier.written), width, height)


def _unpacked(data: bytes) -> bytes:
    if data.startswith(_GZIP):
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        try:
            data = unpacker.decompress(data, MOST_BYTES + 1)
        except zlib.error as error:
            raise Refused(RefusalKind.DAMAGED, "it cannot be unpacked") from error
        if not unpacker.eof and len(data) <= MOST_BYTES:
            raise Refused(RefusalKind.DAMAGED, "the end of the file is missing")
    if len(data) > MOST_BYTES:
        raise _too_long()
    return data


def _too_long() -> Refused:
    return Refused(RefusalKind.TOO_MANY_BYTES, f"more than {MOST_BYTES // 1_000_000} MB once unpacked")


class _Copier:
    """Writes down what a parser reads, as far as it is harmless."""

    def __init__(self, inner: int) -> None:
        self.root = ""
        self.attributes: dict[str, str] = {}
        self.written: list[str] = []
        self._inner = inner
        self._length = 0
        self._open: list[str] = []

    def read(self, data: bytes) -> None:
        # Expat knows of no files: without a handler, what is defined elsewhere stays out. What is defined
        # within is unfolded here, and counted.
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        parser.Parse(data, True)

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > MOST_BYTES:
            raise _too_long()
        self.written.append(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and _local(name) != "svg":
            raise Refused(RefusalKind.NOT_AN_IMAGE, "it is no SVG")
        self._open.append(name)
        if len(self._open) > MOST_DEPTH:
            raise Refused(RefusalKind.DAMAGED, f"elements more than {MOST_DEPTH} deep within each other")
        kept = {
            key: value for key, found in attributes.items() if (value := self._kept(key, found)) is not None
        }
        if len(self._open) == 1:
            self.root = name
            # Written by hand, these are often left out.
            self.attributes = {"xmlns:xlink": _XLINK, **kept}
            if name == "svg":
                self.attributes.setdefault("xmlns", _SVG)
        else:
            self._write(f"<{name}{_written(kept)}>")

    def _end(self, name: str) -> None:
        self._open.pop()
        if self._open:
            self._write(f"</{name}>")

    def _words(self, text: str) -> None:
        if _local(self._open[-1]) == "style":
            text = _IMPORT.sub("", _ELSEWHERE.sub("none", text))
        self._write(escape(text))

    def _kept(self, name: str, value: str) -> str | None:
        """Return what an attribute may say; None where it would lead out of the file."""
        local = _local(name)
        if local in ("href", "src"):
            return self._reference(value)
        return None if local == "base" else _ELSEWHERE.sub("none", value)

    def _reference(self, value: str) -> str | None:
        if value.lstrip().startswith("#"):
            return value
        found = _DATA.match(value)
        if found is None:
            return None
        if found[1].lower() != "svg+xml":
            return value
        packed = value[found.end() :]
        try:
            plain = urllib.parse.unquote_to_bytes(packed)
            data = base64.b64decode(plain) if ";base64" in found[2].lower() else plain
            text = _source(_unpacked(data), self._inner - 1).text() if self._inner else None
        except (binascii.Error, Refused):
            return None
        if text is None:
            return None
        return f"data:image/svg+xml;base64,{base64.b64encode(text.encode()).decode()}"


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())


def _size(attributes: dict[str, str]) -> tuple[float, float]:
    """Return the size in CSS px: what is told, else by the shape of the view box (CSS Images 3, 5.3)."""
    width, height = _length(attributes.get("width")), _length(attributes.get("height"))
    box = _view_box(attributes.get("viewBox"))
    if width is None and height is None:
        return box[2:] if box else _USUAL_SIZE
    if width is None:
        assert height is not None
        return (height * box[2] / box[3] if box else _USUAL_SIZE[0]), height
    if height is None:
        return width, (width * box[3] / box[2] if box else _USUAL_SIZE[1])
    return width, height


def _length(text: str | None) -> float | None:
    """Return a length in CSS px; None for a share of what is around it, and for nonsense."""
    found = _LENGTH.fullmatch((text or "")[:_MOST_CHARACTERS])
    factor = _UNITS.get(found[2].lower()) if found else None
    return None if found is None or factor is None else float(found[1]) * factor


def _view_box(text: str | None) -> tuple[float, float, float, float] | None:
    try:
        left, top, width, height = map(float, _SEPARATORS.split((text or "")[:_MOST_CHARACTERS].strip()))
    except ValueError:
        return None
    if not all(map(math.isfinite, (left, top, width, height))) or width <= 0 or height <= 0:
        return None
    return left, top, width, height
