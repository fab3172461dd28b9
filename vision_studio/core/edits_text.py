"""Edits as JSON, and back: anything this version does not know word for word is refused.

An edit that is passed over would send another picture than the user chose, and an unknown redaction what
nobody was to see. The size they are measured in stands with them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from vision_studio.core.edits import (
    MOST_EDITS,
    MOST_TENTHS,
    Colour,
    Crop,
    Edit,
    Edits,
    Mark,
    Redact,
    Shape,
    Straighten,
    Turn,
    is_in_order,
    legend_words,
)
from vision_studio.core.framing import framing, is_within
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

_SLACK_PX = 0.5
"""Sines differ in their last digits from one machine to another; so little must not cost a draft."""

_LONGEST_SIDE_PX = 1_000_000


@lru_cache(maxsize=4096)
def edits_text(size: Size, edits: Edits) -> str:
    """Return the edits of an upright picture of a size; "" for none."""
    if not edits:
        return ""
    fields = {"size": list(size), "edits": [_fields(edit) for edit in edits]}
    # ASCII, so that half a surrogate pair in a legend survives.
    return json.dumps(fields, separators=(",", ":"))


def edits_from_text(text: str) -> tuple[Size, Edits]:
    """Return the size and the edits of it. Raises ``ValueError`` for what ``edits_text`` never wrote."""
    try:
        fields = json.loads(text)
    except RecursionError as error:
        raise ValueError("edits that are no edits") from error
    width, height = _integers(_object(fields, {"size", "edits"})["size"], 2)
    listed = fields["edits"]
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_EDITS:
        raise ValueError("too many edits, or none")
    if not (1 <= width <= _LONGEST_SIDE_PX and 1 <= height <= _LONGEST_SIDE_PX):
        raise ValueError("edits of a picture without a size")
    size, edits = Size(width, height), tuple(_edit(one) for one in listed)
    check(size, edits)
    return size, edits


def check(size: Size, edits: Edits) -> None:
    """Raise ``ValueError`` for edits that are not in normal form, or do not fit a picture of a size."""
    if not is_in_order(edits) or len(edits) > MOST_EDITS:
        raise ValueError("edits out of order")
    for edit in edits:
        match edit:
            case Turn(quarters, mirrored):
                fits = 0 <= quarters <= 3 and (quarters > 0 or mirrored)
            case Straighten(tenths):
                fits = tenths != 0 and abs(tenths) <= MOST_TENTHS
            case Crop(box):
                framed = framing(size, edits)
                fits = is_within(box, framed.frame, framed.tenths, _SLACK_PX)
            case Redact(box):
                fits = is_within(box, size, 0)
            case Mark():
                fits = _fits(edit, size)
        if not fits:
            raise ValueError("an edit that does not fit its picture")


def _fits(mark: Mark, size: Size) -> bool:
    places = ((mark.x, size.width), (mark.to_x, size.width), (mark.y, size.height), (mark.to_y, size.height))
    if not all(0 <= place <= side for place, side in places) or mark.legend != legend_words(mark.legend):
        return False
    if mark.shape is Shape.BOX:
        return mark.x < mark.to_x and mark.y < mark.to_y
    same = (mark.x, mark.y) == (mark.to_x, mark.to_y)
    return same == (mark.shape is Shape.NUMBER)


def _fields(edit: Edit) -> dict[str, Any]:
    match edit:
        case Turn(quarters, mirrored):
            return {"do": "turn", "quarters": quarters, "mirrored": mirrored}
        case Straighten(tenths):
            return {"do": "straighten", "tenths": tenths}
        case Crop(box):
            return {"do": "crop", "box": list(box)}
        case Redact(box):
            return {"do": "redact", "box": list(box)}
        case Mark():
            return {
                "do": "mark",
                "shape": edit.shape,
                "points": [edit.x, edit.y, edit.to_x, edit.to_y],
                "colour": edit.colour,
                "legend": edit.legend,
            }


def _edit(value: object) -> Edit:
    do = value.get("do") if isinstance(value, dict) else None
    match do:
        case "turn":
            fields = _object(value, {"do", "quarters", "mirrored"})
            if not isinstance(fields["mirrored"], bool):
                raise ValueError("a turn that is neither mirrored nor not")
            return Turn(_integer(fields["quarters"]), fields["mirrored"])
        case "straighten":
            return Straighten(_integer(_object(value, {"do", "tenths"})["tenths"]))
        case "crop":
            return Crop(_box(_object(value, {"do", "box"})["box"]))
        case "redact":
            return Redact(_box(_object(value, {"do", "box"})["box"]))
        case "mark":
            fields = _object(value, {"do", "shape", "points", "colour", "legend"})
            if not isinstance(fields["legend"], str):
                raise ValueError("a legend that is no text")
            x, y, to_x, to_y = _integers(fields["points"], 4)
            shape, colour = Shape(fields["shape"]), Colour(fields["colour"])
            return Mark(shape, x, y, to_x, to_y, colour, fields["legend"])
        case _:
            raise ValueError("an edit that is not known")


def _object(value: object, names: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != names:
        raise ValueError("an edit with other fields than it should have")
    return value


def _integer(value: object) -> int:
    # bool is an int to Python, not to us.
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("an edit with something else for a whole number")
    return value


def _integers(value: object, count: int) -> list[int]:
    if not isinstance(value, list) or len(value) != count:
        raise ValueError("an edit with too many numbers, or too few")
    return [_integer(one) for one in value]


def _box(value: object) -> Box:
    return Box(*_integers(value, 4))
