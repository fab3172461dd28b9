"""Measures how high the letters of a picture are, from its pixels alone: nothing is read.

A line of text is a band of rows with many steps between light and dark along them, between bands that have
few. The rows in which the small letters stand have the most: they are what is measured. It is looked for at
several sizes, as a step is sharp only where a stroke is about a pixel wide; and in narrow columns, so that
slanting pages, tables and pictures beside text do no harm.

Pillow is imported inside the functions: they are called in worker processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

_STEP = 40
"""A sixth of the range from black to white, between neighbours: grey print on white has more."""
_COLUMN_PX = 112
"""How wide the columns are: a few words of the smallest print."""
_MOST_COLUMNS = 24
_SMALLEST_PX, _LARGEST_PX = 3, 13
"""What is measured at one size of the picture; larger letters are measured at half of it, and so on."""
_SIZES = 5
_DENSE = 0.10
"""The share of steps in the rows of small letters, at least; in print it is .15 to .45."""
_GAP = 0.3
"""Between lines there are at most so many steps, for those there are within them."""
_CORE = 0.5
"""Rows with so many steps, for the most in their line, are those of the small letters."""
_TURNING = 0.3
"""From one row of a letter to the next, so many of the steps move: .37 to .7 in print. Windows of a house,
bricks and fences stand in lines too, but go straight down: they have 0 to .2."""
_FEWEST = 12
"""Pieces of lines, at least: fewer may be a sign, a logo or chance."""
_ALIKE = 0.35
"""How far the heights of pieces of the same print are apart, at most."""
_AGREEING = 0.6
"""The share of them that must be so near to each other."""


@dataclass(frozen=True, slots=True)
class Letters:
    """Text that was found."""

    height_px: float
    """Of its small letters, such as "x"; of capitals and figures where there are no others."""
    pieces: int
    """Of lines: as many as one line has columns."""


class _Piece(NamedTuple):
    height_px: int
    turning: float


def letters(image: Image.Image) -> Letters | None:
    """Return the height of the text there is most of; None where there is none, as in a photograph."""
    grey = image.convert("L")
    best: Letters | None = None
    for size in range(_SIZES):
        factor = 1 << size
        small = grey if factor == 1 else grey.reduce(factor)
        if min(small.size) < _LARGEST_PX * 2:
            break
        found = _most_alike(list(_pieces(small)))
        if found is not None and (best is None or found.pieces > best.pieces):
            best = Letters(found.height_px * factor, found.pieces)
    return best


def _pieces(grey: Image.Image) -> Iterator[_Piece]:
    """Yield every piece of what may be a line of text, in pixels of this size."""
    from PIL import Image, ImageChops

    width, height = grey.size
    beside = ImageChops.difference(grey.crop((1, 0, width, height)), grey.crop((0, 0, width - 1, height)))
    steps = beside.point([0] * _STEP + [255] * (256 - _STEP))
    moved = ImageChops.difference(steps, ImageChops.offset(steps, 0, -1))
    columns = max(1, min(_MOST_COLUMNS, width // _COLUMN_PX))
    shares, turns = (
        mask.resize((columns, height), Image.Resampling.BOX).transpose(Image.Transpose.TRANSPOSE).tobytes()
        for mask in (steps, moved)
    )
    for start in range(0, columns * height, height):
        yield from _lines(shares[start : start + height], turns[start : start + height])


def _lines(shares: bytes, turns: bytes) -> Iterator[_Piece]:
    """Yield the lines of one column.

    ``shares`` has, of 255, the steps in each of its rows; ``turns`` those that the row below has elsewhere.
    """
    most = sorted(shares)[-max(1, len(shares) // 20)]
    if most < _DENSE * 255:
        return
    begun = None
    for row, share in enumerate((*shares, 0)):
        if share > most * _GAP:
            begun = row if begun is None else begun
            continue
        if begun and row < len(shares):  # and so not cut off by an edge
            line = shares[begun:row]
            densest = max(line)
            height = sum(share >= densest * _CORE for share in line)
            if densest >= _DENSE * 255 and _SMALLEST_PX <= height <= _LARGEST_PX:
                yield _Piece(height, sum(turns[begun : row - 1]) / max(1, sum(line[:-1])))
        begun = None


def _most_alike(pieces: Sequence[_Piece]) -> Letters | None:
    """Return the height that most pieces have, if most of them have one, and letters in them."""
    if len(pieces) < _FEWEST or median(piece.turning for piece in pieces) < _TURNING:
        return None
    middle = median(piece.height_px for piece in pieces)
    near = [piece.height_px for piece in pieces if abs(piece.height_px - middle) <= max(1.0, _ALIKE * middle)]
    if len(near) < max(_FEWEST, _AGREEING * len(pieces)):
        return None
    return Letters(fmean(near), len(near))
