"""What a picture's numbered marks look like, and the words that explain them.

The colours are six of the eight that Masataka Okabe and Kei Ito chose so that people with any kind of colour
vision tell them apart ("Color Universal Design", 2008; recommended by Bang Wong in Nature Methods 8, 441,
2011). Each has an outline of black or white, so that it shows on any ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vision_studio.core.affine import Affine, Point, moved, scaled
from vision_studio.core.edits import Colour, Edits, Mark, Shape, marks
from vision_studio.core.framing import corners, framing
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

INKS: Final = {
    Colour.VERMILLION: "#d55e00",
    Colour.BLUE: "#0072b2",
    Colour.YELLOW: "#f0e442",
    Colour.GREEN: "#009e73",
    Colour.PURPLE: "#cc79a7",
    Colour.SKY: "#56b4e9",
}
REDACTION: Final = "#000000"
"""What hides, in every kind of pixels that a picture may have."""

OUTLINES: Final = {colour: "#ffffff" if colour is Colour.BLUE else "#000000" for colour in Colour}
"""Of a mark, and of the digits in its disc: whichever is further from its ink."""

_STROKE = 0.004
"""Of the longer side of what is sent of a picture."""
_LEAST_STROKE_PX = 2.0
_OUTLINE = 0.5
"""Beyond a stroke, to either side, as a share of it."""
_RADIUS = 4.2
"""Of the disc behind a number, in strokes."""
_LEAST_RADIUS_PX = 10.0
_DIGITS = 1.15
"""The height of a line of digits, in radii."""
_HEAD = 4.5
"""The length of an arrow's head, in strokes; it is as wide."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One mark as it is painted: each part outlined first, then inked, and the number on top."""

    ink: str
    outline: str
    stroke: float
    outline_width: float
    """To either side of what is inked."""
    lines: tuple[tuple[Point, ...], ...]
    """Strokes with round ends and joints; one that ends where it began is closed."""
    filled: tuple[tuple[Point, ...], ...]
    """The heads of arrows."""
    disc: Point
    radius: float
    digits: str
    digits_height: float
    """Of their line of text."""


def drawn_marks(size: Size, edits: Edits, target: Size | None = None) -> tuple[Drawn, ...]:
    """Return the marks that show in an edited picture of ``size``, as they are painted on it.

    ``target``: the size it is painted at, when it is not its own.
    """
    found = visible(size, edits)
    if not found:
        return ()
    framed = framing(size, edits)
    edited = framed.crop.size
    target = target or edited
    place = framed.to_edited.then(scaled(target.width / edited.width, target.height / edited.height))
    return tuple(_drawn(mark, number, place, target) for number, mark in found)


def visible(size: Size, edits: Edits) -> tuple[tuple[int, Mark], ...]:
    """Return the marks that are not wholly cut away, with their numbers."""
    found = marks(edits)
    if not found:
        return ()
    framed = framing(size, edits)
    return tuple(
        (number, mark)
        for number, mark in enumerate(found, start=1)
        if _shows(mark, framed.to_edited, framed.crop.size)
    )


def legend(size: Size, edits: Edits, number: int) -> str:
    """Return the line that explains the marks of an image, or "" where none has words.

    "Marks on Image 2: 1 = crack, 2 = bolt".
    """
    told = [f"{place} = {words}" for place, mark in visible(size, edits) if (words := mark.legend.strip())]
    return f"Marks on Image {number}: {', '.join(told)}" if told else ""


def _shows(mark: Mark, place: Affine, edited: Size) -> bool:
    points = [place.at(x, y) for x, y in _ends(mark)]
    across, down = [x for x, _ in points], [y for _, y in points]
    return max(across) >= 0 and min(across) <= edited.width and max(down) >= 0 and min(down) <= edited.height


def _ends(mark: Mark) -> tuple[Point, ...]:
    if mark.shape is Shape.BOX:
        return corners(Box(mark.x, mark.y, mark.to_x, mark.to_y))
    if mark.shape is Shape.ARROW:
        return Point(mark.x, mark.y), Point(mark.to_x, mark.to_y)
    return (Point(mark.x, mark.y),)


def _drawn(mark: Mark, number: int, place: Affine, target: Size) -> Drawn:
    stroke = max(_LEAST_STROKE_PX, target.longest * _STROKE)
    radius = max(_LEAST_RADIUS_PX, stroke * _RADIUS)
    points = tuple(place.at(x, y) for x, y in _ends(mark))
    lines: tuple[tuple[Point, ...], ...] = ()
    filled: tuple[tuple[Point, ...], ...] = ()
    if mark.shape is Shape.ARROW:
        head = _head(points[0], points[1], stroke * _HEAD)
        lines, filled = ((points[0], _halfway(head[1], head[2])),), (head,)
    elif mark.shape is Shape.BOX:
        lines = ((*points, points[0]),)
    disc = min(points, key=sum) if mark.shape is Shape.BOX else points[0]
    return Drawn(
        ink=INKS[mark.colour],
        outline=OUTLINES[mark.colour],
        stroke=stroke,
        outline_width=stroke * _OUTLINE,
        lines=lines,
        filled=filled,
        disc=_held(disc, radius + stroke * _OUTLINE, target),
        radius=radius,
        digits=str(number),
        digits_height=radius * _DIGITS,
    )


def _head(tail: Point, tip: Point, length: float) -> tuple[Point, Point, Point]:
    distance = max(1e-6, ((tip.x - tail.x) ** 2 + (tip.y - tail.y) ** 2) ** 0.5)
    along = Point((tip.x - tail.x) / distance, (tip.y - tail.y) / distance)
    back = moved(-along.x * length, -along.y * length).at(*tip)
    half = length / 2
    return (
        tip,
        Point(back.x - along.y * half, back.y + along.x * half),
        Point(back.x + along.y * half, back.y - along.x * half),
    )


def _halfway(one: Point, other: Point) -> Point:
    return Point((one.x + other.x) / 2, (one.y + other.y) / 2)


def _held(point: Point, margin: float, size: Size) -> Point:
    """Return a point that is so far inside a picture, or in the middle of one that is too small."""
    x, y = (
        min(max(value, margin), side - margin) if side > 2 * margin else side / 2
        for value, side in zip(point, size, strict=True)
    )
    return Point(x, y)
