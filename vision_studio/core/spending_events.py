"""What the engine tells about spending."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.spending import Spending


@dataclass(frozen=True, slots=True)
class SpendingTold:
    """What was spent in the last ``days``, today with them; None: ever."""

    days: int | None
    spending: Spending


@dataclass(frozen=True, slots=True)
class SpendingSaved:
    """Every bill of that time is in a file."""

    name: str
    """The file's, without the way to it."""
    bills: int
