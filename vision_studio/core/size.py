"""A picture's size, as a value that crosses every border in the application."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """Width and height of an upright picture, in pixels, both at least 1."""

    width: int
    height: int

    @property
    def longest(self) -> int:
        return max(self)

    @property
    def shortest(self) -> int:
        return min(self)

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"
