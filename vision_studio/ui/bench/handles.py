"""The points by which a crop, a redaction or a mark is taken hold of, and what moving one does."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vision_studio.core.affine import Point
from vision_studio.core.edits import Mark, Redact, Shape
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

BODY = -1
"""Stands for the whole of it."""

_SIDES = ((0, 0), (0.5, 0), (1, 0), (1, 0.5), (1, 1), (0.5, 1), (0, 1), (0, 0.5))
"""Of a box: corners and the middles of its sides, clockwise from the top left."""
TIP = 4
"""The handle that the keyboard moves: a box's bottom right, an arrow's tip."""


@dataclass(frozen=True, slots=True)
class Ends:
    """A box or a stroke, from one point to another, that is not put in order while it is dragged."""

    x: int
    y: int
    to_x: int
    to_y: int
    boxed: bool
    """It has eight handles and not two."""

    @classmethod
    def of(cls, edit: Redact | Mark) -> Ends:
        if isinstance(edit, Redact):
            return cls(*edit.box, boxed=True)
        return cls(edit.x, edit.y, edit.to_x, edit.to_y, boxed=edit.shape is Shape.BOX)

    def put_into(self, edit: Redact | Mark) -> Redact | Mark:
        if isinstance(edit, Redact):
            return Redact(Box(self.x, self.y, self.to_x, self.to_y))
        return replace(edit, x=self.x, y=self.y, to_x=self.to_x, to_y=self.to_y)

    def handles(self) -> dict[int, Point]:
        if self.boxed:
            return {
                place: Point(self.x + across * (self.to_x - self.x), self.y + down * (self.to_y - self.y))
                for place, (across, down) in enumerate(_SIDES)
            }
        if (self.x, self.y) == (self.to_x, self.to_y):
            return {0: Point(self.x, self.y)}
        return {0: Point(self.x, self.y), TIP: Point(self.to_x, self.to_y)}

    def dragged(self, handle: int, across: int, down: int, size: Size) -> Ends:
        """Return it with one handle, or all of it, so much further right and down; all of it stays inside."""
        if handle == BODY or len(self.handles()) == 1:
            across = min(max(across, -min(self.x, self.to_x)), size.width - max(self.x, self.to_x))
            down = min(max(down, -min(self.y, self.to_y)), size.height - max(self.y, self.to_y))
            return replace(
                self, x=self.x + across, y=self.y + down, to_x=self.to_x + across, to_y=self.to_y + down
            )
        side_x, side_y = _SIDES[handle]
        return replace(
            self,
            x=self.x + (across if side_x == 0 else 0),
            y=self.y + (down if side_y == 0 else 0),
            to_x=self.to_x + (across if side_x == 1 else 0),
            to_y=self.to_y + (down if side_y == 1 else 0),
        )


def pulled_corners(box: Box, handle: int, across: int, down: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the corner of a crop that stays while a handle is dragged, and the one that moves."""
    side_x, side_y = _SIDES[handle]
    fixed_x, moving_x = (box.right, box.left) if side_x == 0 else (box.left, box.right)
    fixed_y, moving_y = (box.bottom, box.top) if side_y == 0 else (box.top, box.bottom)
    moved_x = moving_x if side_x == 0.5 else moving_x + across
    moved_y = moving_y if side_y == 0.5 else moving_y + down
    return (fixed_x, fixed_y), (moved_x, moved_y)
