"""What can be done to a picture's edits: each step returns other edits, in normal form."""

from __future__ import annotations

from dataclasses import replace

from vision_studio.core.edits import (
    MOST_EDITS,
    MOST_TENTHS,
    Crop,
    Edit,
    Edits,
    Mark,
    Redact,
    Shape,
    Straighten,
    Turn,
    legend_words,
)
from vision_studio.core.framing import Framing, crop_within, framing, turned_size, widest
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box


def turned(size: Size, edits: Edits, quarters: int) -> Edits:
    """Turn the picture, as it is seen, clockwise; what was cut away stays cut away."""
    framed = framing(size, edits)
    turn, frame, box = framed.turn, framed.frame, framed.crop
    for _ in range(quarters % 4):
        turn = replace(turn, quarters=(turn.quarters + 1) % 4)
        box = Box(frame.height - box.bottom, box.left, frame.height - box.top, box.right)
        frame = Size(frame.height, frame.width)
    return _framed(edits, framed, turn, framed.tenths, _kept(edits, box))


def mirrored(size: Size, edits: Edits, *, upside_down: bool = False) -> Edits:
    """Flip the picture, as it is seen, left to right or upside down."""
    framed = framing(size, edits)
    turn, frame, box = framed.turn, framed.frame, framed.crop
    if upside_down:
        turn = Turn((2 - turn.quarters) % 4, not turn.mirrored)
        box = Box(box.left, frame.height - box.bottom, box.right, frame.height - box.top)
    else:
        turn = Turn(-turn.quarters % 4, not turn.mirrored)
        box = Box(frame.width - box.right, box.top, frame.width - box.left, box.bottom)
    return _framed(edits, framed, turn, -framed.tenths, _kept(edits, box))


def straightened(size: Size, edits: Edits, tenths: int) -> Edits:
    """Turn the picture by tenths of a degree, clockwise, in all; a crop gives way to the empty corners."""
    framed = framing(size, edits)
    held = min(max(tenths, -MOST_TENTHS), MOST_TENTHS)
    return _framed(edits, framed, framed.turn, held, _kept(edits, framed.crop))


def cropped(size: Size, edits: Edits, box: Box | None) -> Edits:
    """Keep a box of the turned and straightened picture, or all there is."""
    framed = framing(size, edits)
    return _framed(edits, framed, framed.turn, framed.tenths, box)


def added(size: Size, edits: Edits, edit: Redact | Mark) -> Edits:
    """Put a redaction or a mark on top; one that lies outside the picture is none."""
    held = held_inside(size, edit)
    return edits if held is None or len(edits) >= MOST_EDITS else (*edits, held)


def changed(size: Size, edits: Edits, place: int, edit: Redact | Mark) -> Edits:
    """Put a redaction or a mark in the place of another."""
    held = held_inside(size, edit)
    return edits if held is None else (*edits[:place], held, *edits[place + 1 :])


def removed(size: Size, edits: Edits, place: int) -> Edits:
    """Take one edit away."""
    edit = edits[place]
    if isinstance(edit, Turn):
        # What is kept is kept: the box goes back with the picture.
        back = mirrored(size, edits) if edit.mirrored else edits
        return turned(size, back, -framing(size, back).turn.quarters)
    return (*edits[:place], *edits[place + 1 :])


def put_earlier(edits: Edits, place: int) -> Edits:
    """Have a redaction or mark change places with the one before; marks are numbered in their order."""
    if not can_go_earlier(edits, place):
        return edits
    return (*edits[: place - 1], edits[place], edits[place - 1], *edits[place + 1 :])


def can_go_earlier(edits: Edits, place: int) -> bool:
    return (
        0 < place < len(edits)
        and isinstance(edits[place], Redact | Mark)
        and isinstance(edits[place - 1], Redact | Mark)
    )


def held_inside(size: Size, edit: Redact | Mark) -> Redact | Mark | None:
    """Return what of a redaction or mark is in a picture, and its words fit to be sent; None for nothing."""
    if isinstance(edit, Redact):
        box = _clipped(edit.box, size)
        return None if box is None else Redact(box)
    words = legend_words(edit.legend)
    x, to_x = (min(max(value, 0), size.width) for value in (edit.x, edit.to_x))
    y, to_y = (min(max(value, 0), size.height) for value in (edit.y, edit.to_y))
    if edit.shape is Shape.NUMBER:
        to_x, to_y = x, y
    elif edit.shape is Shape.BOX:
        x, to_x, y, to_y = min(x, to_x), max(x, to_x), min(y, to_y), max(y, to_y)
        if x == to_x or y == to_y:
            return None
    elif (x, y) == (to_x, to_y):
        return None
    return replace(edit, x=x, y=y, to_x=to_x, to_y=to_y, legend=words)


def _clipped(box: Box, size: Size) -> Box | None:
    left, right = sorted((box.left, box.right))
    top, bottom = sorted((box.top, box.bottom))
    inside = Box(max(left, 0), max(top, 0), min(right, size.width), min(bottom, size.height))
    return inside if inside.left < inside.right and inside.top < inside.bottom else None


def _kept(edits: Edits, box: Box) -> Box | None:
    return box if any(isinstance(edit, Crop) for edit in edits) else None


def _framed(edits: Edits, before: Framing, turn: Turn, tenths: int, box: Box | None) -> Edits:
    """Return edits with another framing; what does nothing is left out."""
    frame = turned_size(before.size, turn)
    framed: list[Edit] = []
    if turn != Turn():
        framed.append(turn)
    if tenths:
        framed.append(Straighten(tenths))
    if box is not None and (held := crop_within(box, frame, tenths)) != widest(frame, tenths):
        framed.append(Crop(held))
    return (*framed, *(edit for edit in edits if isinstance(edit, Redact | Mark)))
