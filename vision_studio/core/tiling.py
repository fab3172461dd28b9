"""How a picture that is too long to be read is cut into parts that are seen as they are."""

from __future__ import annotations

from typing import NamedTuple

from vision_studio.core.size import Size
from vision_studio.core.tokens import PATCH_PX, ResolutionTier, fits, seen_size

OVERLAP = 0.04
"""How much of a part stands in the next one too, so that a line of text is whole in one of them."""

SHAPE = 1.4
"""How long a part is at least, for its width, even where that is shown smaller: a sheet of paper."""

WORTH = 1.25
"""How much larger letters must become for a picture to be worth cutting. A sheet of paper gains nothing."""

MOST_PARTS = 50
"""A strip that would take more is cut into so many."""


class Box(NamedTuple):
    """A part of an upright picture in pixels; right and bottom are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> Size:
        return Size(self.right - self.left, self.bottom - self.top)


def parts(size: Size, tier: ResolutionTier) -> tuple[Box, ...]:
    """Return overlapping parts along the longer side that cover a picture, each as large as a tier shows it.

    One part means that there is nothing to cut.
    """
    if size.width > size.height:
        turned = parts(Size(size.height, size.width), tier)
        return tuple(Box(top, left, bottom, right) for left, top, right, bottom in turned)
    length = min(size.height, max(_shown_length(size.width, tier), round(size.width * SHAPE)))
    overlap = round(length * OVERLAP)
    count = 1 if length == size.height else -(-(size.height - overlap) // max(1, length - overlap))
    if count > MOST_PARTS:
        count = MOST_PARTS
        length = -(-size.height // count) + overlap
    if count == 1:
        return (Box(0, 0, *size),)
    tops = [(size.height - length) * place // (count - 1) for place in range(count)]
    return tuple(Box(0, top, size.width, top + length) for top in tops)


def larger_parts(size: Size, tier: ResolutionTier) -> tuple[Box, ...]:
    """Return ``parts`` where what is in them is shown markedly larger than in the whole, else none."""
    boxes = parts(size, tier)
    whole, part = (seen_size(one, tier).width / one.width for one in (size, boxes[0].size))
    return boxes if part >= WORTH * whole else ()


def _shown_length(width: int, tier: ResolutionTier) -> int:
    """Return how long a picture of a width may be to be shown as it is; 0 where it never is."""
    longest = tier.edge_px
    while longest > 0 and not fits(Size(width, longest), tier):
        longest -= PATCH_PX
    return longest
