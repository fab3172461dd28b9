"""Which part of a picture is left by its edits, how large that is, and where each point of it goes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from vision_studio.core.affine import Affine, Point, moved, rotated
from vision_studio.core.edits import Crop, Edits, Straighten, Turn, find
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

_WITHIN_PX = 0.001
"""How far inside, at least, the middle of every pixel that is kept must be for a decoder to find it."""

_SHORTER = 0.9


@dataclass(frozen=True, slots=True)
class Framing:
    """The turned and straightened picture, and the box that is kept of it."""

    size: Size
    """Of the upright original."""
    turn: Turn
    tenths: int
    """Of a degree, clockwise."""
    frame: Size
    """Of the turned picture; straightening leaves it as it is."""
    crop: Box
    """In the turned and straightened picture."""

    @property
    def turning(self) -> Affine:
        """From the original to the picture as it is turned."""
        width, height = self.size
        flip = Affine(a=-1, c=width) if self.turn.mirrored else Affine()
        return flip.then(
            (
                Affine(),
                Affine(0, -1, height, 1, 0, 0),
                Affine(-1, 0, width, 0, -1, height),
                Affine(0, 1, 0, -1, 0, width),
            )[self.turn.quarters]
        )

    @property
    def straightening(self) -> Affine:
        """From the turned picture to the straightened one."""
        return rotated(self.tenths / 10, middle(self.frame)) if self.tenths else Affine()

    @property
    def to_frame(self) -> Affine:
        """From the original to the picture that the crop is chosen in."""
        return self.turning.then(self.straightening)

    @property
    def to_edited(self) -> Affine:
        """From the original to what is left of it."""
        return self.to_frame.then(moved(-self.crop.left, -self.crop.top))


@lru_cache(maxsize=4096)
def framing(size: Size, edits: Edits) -> Framing:
    """Return how edits frame an upright picture of a size."""
    turn = find(edits, Turn) or Turn()
    straighten, crop = find(edits, Straighten), find(edits, Crop)
    tenths = straighten.tenths if straighten else 0
    frame = turned_size(size, turn)
    box = crop.box if crop else widest(frame, tenths)
    return Framing(size, turn, tenths, frame, box)


def edited_size(size: Size, edits: Edits) -> Size:
    """Return the size of what is left of a picture."""
    return framing(size, edits).crop.size if edits else size


def turned_size(size: Size, turn: Turn) -> Size:
    return Size(size.height, size.width) if turn.quarters % 2 else size


def middle(size: Size) -> Point:
    return Point(size.width / 2, size.height / 2)


def corners(box: Box) -> tuple[Point, Point, Point, Point]:
    """Return a box's corners, clockwise from the top left."""
    left, top, right, bottom = box
    return Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom)


def widest(frame: Size, tenths: int) -> Box:
    """Return the largest box in the shape of a picture that has no empty corner once it is straightened."""
    if not tenths:
        return Box(0, 0, *frame)
    angle = math.radians(abs(tenths) / 10)
    cosine, sine = math.cos(angle), math.sin(angle)
    width, height = frame
    # The straightened box, turned back, must be no wider and no higher than the picture.
    share = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    # As whole pixels stand to either side of the middle, the sides stay even or odd.
    across, down = _alike(width * share, width), _alike(height * share, height)
    box = _in_the_middle(across, down, frame)
    while not is_within(box, frame, tenths):
        # So narrow that a whole pixel is more than its share: then it is shorter.
        if across > down:
            across = _alike(across * _SHORTER, width)
        else:
            down = _alike(down * _SHORTER, height)
        box = _in_the_middle(across, down, frame)
    return box


def is_within(box: Box, frame: Size, tenths: int, slack_px: float = 0.0) -> bool:
    """Tell whether every pixel of a box, in a straightened picture, has something to show.

    ``slack_px``: how much further out is taken as well.
    """
    if not (0 <= box.left < box.right <= frame.width and 0 <= box.top < box.bottom <= frame.height):
        return False
    if not tenths:
        return True
    back = rotated(-tenths / 10, middle(frame))
    margin = _WITHIN_PX - slack_px
    return all(
        margin <= x <= frame.width - margin and margin <= y <= frame.height - margin
        for x, y in (
            back.at(across, down)
            for across in (box.left + 0.5, box.right - 0.5)
            for down in (box.top + 0.5, box.bottom - 0.5)
        )
    )


def crop_within(box: Box, frame: Size, tenths: int) -> Box:
    """Return the box, or what is most like it among the boxes on its way to the widest one that can be had.

    The boxes without empty corners are convex: once inside, one stays inside.
    """
    left, right = sorted((_held(box.left, frame.width), _held(box.right, frame.width)))
    top, bottom = sorted((_held(box.top, frame.height), _held(box.bottom, frame.height)))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    wanted = Box(min(left, frame.width - 1), min(top, frame.height - 1), *_at_most(right, bottom, frame))
    if is_within(wanted, frame, tenths):
        return wanted
    safe = widest(frame, tenths)
    inside, outside = 1.0, 0.0
    for _ in range(24):
        halfway = (inside + outside) / 2
        if is_within(_between(wanted, safe, halfway), frame, tenths):
            inside = halfway
        else:
            outside = halfway
    return _between(wanted, safe, inside)


def _in_the_middle(across: int, down: int, frame: Size) -> Box:
    left, top = (frame.width - across) // 2, (frame.height - down) // 2
    return Box(left, top, left + across, top + down)


def _between(start: Box, end: Box, share: float) -> Box:
    left, top, right, bottom = (here + (there - here) * share for here, there in zip(start, end, strict=True))
    inner = Box(math.ceil(left), math.ceil(top), math.floor(right), math.floor(bottom))
    return inner if inner.right > inner.left and inner.bottom > inner.top else end


def _held(value: int, most: int) -> int:
    return min(max(value, 0), most)


def _at_most(right: int, bottom: int, frame: Size) -> tuple[int, int]:
    return min(right, frame.width), min(bottom, frame.height)


def _alike(length: float, side: int) -> int:
    whole = math.floor(length)
    return max(whole - (side - whole) % 2, 1 + (side + 1) % 2 if side > 1 else 1)
