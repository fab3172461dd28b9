"""The shapes a crop can be held to: ratios, and sizes that a model is shown without being resized."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.framing import crop_within
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.tokens import ResolutionTier, seen_size


@dataclass(frozen=True, slots=True)
class Ratio:
    """Width to height; 0 to 0 where any will do."""

    across: int = 0
    down: int = 0

    def __str__(self) -> str:
        return f"{self.across} : {self.down}" if self.across else "Free"

    def within(self, size: Size) -> Size:
        """Return the largest size of this shape in another; all of it where any shape will do."""
        if not self.across:
            return size
        width = min(size.width, max(1, round(size.height * self.across / self.down)))
        height = min(size.height, max(1, round(width * self.down / self.across)))
        return Size(width, height)


FREE = Ratio()
RATIOS = (
    FREE,
    Ratio(1, 1),
    Ratio(4, 3),
    Ratio(3, 2),
    Ratio(16, 9),
    Ratio(3, 4),
    Ratio(2, 3),
    Ratio(9, 16),
)


@dataclass(frozen=True, slots=True)
class Hold:
    """What a crop is held to while its corners are dragged."""

    ratio: Ratio = FREE
    tier: ResolutionTier | None = None
    """No larger than this shows as it is; None: of any size."""

    def held(self, size: Size) -> Size:
        """Return the largest size within another that keeps to this."""
        shaped = self.ratio.within(size)
        return shaped if self.tier is None else seen_size(shaped, self.tier)


def pulled(fixed: tuple[int, int], moving: tuple[int, int], frame: Size, tenths: int, hold: Hold) -> Box:
    """Return the crop between a corner that stays and one that is dragged, as far as it may be."""
    to_left, up = moving[0] < fixed[0], moving[1] < fixed[1]
    room = Size(
        max(1, fixed[0] if to_left else frame.width - fixed[0]),
        max(1, fixed[1] if up else frame.height - fixed[1]),
    )
    wanted = Size(
        min(max(1, abs(moving[0] - fixed[0])), room.width),
        min(max(1, abs(moving[1] - fixed[1])), room.height),
    )
    ratio = hold.ratio
    if ratio.across:
        # The side that was pulled further, for its share, tells how large it is meant.
        reach = max(wanted.width / ratio.across, wanted.height / ratio.down)
        meant = Size(max(1, round(reach * ratio.across)), max(1, round(reach * ratio.down)))
        wanted = Size(min(meant.width, room.width), min(meant.height, room.height))
    width, height = hold.held(wanted)
    left = fixed[0] - width if to_left else fixed[0]
    top = fixed[1] - height if up else fixed[1]
    return crop_within(Box(left, top, left + width, top + height), frame, tenths)


def reshaped(box: Box, frame: Size, tenths: int, hold: Hold) -> Box:
    """Return a crop about the same middle that keeps to ``hold``."""
    return centred(box, hold.held(box.size), frame, tenths)


def largest(around: Box, frame: Size, tenths: int, hold: Hold) -> Box:
    """Return the largest crop that keeps to ``hold``, about the middle of another as nearly as it fits in."""
    return centred(around, hold.held(frame), frame, tenths)


def centred(around: Box, size: Size, frame: Size, tenths: int) -> Box:
    width, height = min(size.width, frame.width), min(size.height, frame.height)
    left = min(max((around.left + around.right - width) // 2, 0), frame.width - width)
    top = min(max((around.top + around.bottom - height) // 2, 0), frame.height - height)
    return crop_within(Box(left, top, left + width, top + height), frame, tenths)


def shifted(box: Box, across: int, down: int, frame: Size, tenths: int) -> Box:
    """Return a crop of the same size elsewhere, or where it was if it would have an empty corner there."""
    width, height = box.size
    left = min(max(box.left + across, 0), frame.width - width)
    top = min(max(box.top + down, 0), frame.height - height)
    moved = Box(left, top, left + width, top + height)
    return moved if crop_within(moved, frame, tenths) == moved else box
