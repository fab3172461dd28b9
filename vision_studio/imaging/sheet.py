"""How large a page or a drawing is that could be drawn at any size."""

from __future__ import annotations

from typing import NamedTuple

from vision_studio.core.size import Size

SHORTEST_EDGE_PX = 1000
"""The longer side of a small drawing's card, at least.

An icon of 24 px is as sharp at any size, and below 200 px an answer suffers; from about this size on the
lines and letters of a diagram have pixels enough, and a square still takes no more than 1,296 tokens.
"""

LONGEST_EDGE_PX = 8000
"""The longer side of a large drawing's card, at most: the largest side the API takes."""


class Sheet(NamedTuple):
    """One page of a document, upright, in pixels at the document's usual size; both sides are above 0."""

    width: float
    height: float
    pages: int = 1


def card_size(sheet: Sheet) -> Size:
    """Return the size a drawing's card has: its own, but no smaller and no larger than makes sense."""
    longest = max(sheet.width, sheet.height)
    scale = min(max(longest, SHORTEST_EDGE_PX), LONGEST_EDGE_PX) / longest
    return Size(max(1, round(sheet.width * scale)), max(1, round(sheet.height * scale)))
