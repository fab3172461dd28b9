"""Moves, turns and mirrors points of one picture to another, as one value."""

from __future__ import annotations

import math
from typing import NamedTuple


class Point(NamedTuple):
    """In pixels from a picture's top left corner; the middle of its first pixel is at ½, ½."""

    x: float
    y: float


class Affine(NamedTuple):
    """x' = a·x + b·y + c and y' = d·x + e·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def at(self, x: float, y: float) -> Point:
        return Point(self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)

    def then(self, after: Affine) -> Affine:
        """Return both as one: this first."""
        return Affine(
            after.a * self.a + after.b * self.d,
            after.a * self.b + after.b * self.e,
            after.a * self.c + after.b * self.f + after.c,
            after.d * self.a + after.e * self.d,
            after.d * self.b + after.e * self.e,
            after.d * self.c + after.e * self.f + after.f,
        )

    @property
    def inverse(self) -> Affine:
        """What takes it back. None of ours flattens a picture, so there always is one."""
        area = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / area, -self.b / area, -self.d / area, self.a / area
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))


def moved(x: float, y: float) -> Affine:
    return Affine(c=x, f=y)


def scaled(across: float, down: float) -> Affine:
    return Affine(a=across, e=down)


def rotated(degrees: float, centre: Point) -> Affine:
    """Turn clockwise, as the eye sees it: y grows downwards."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = Affine(cosine, -sine, 0, sine, cosine, 0)
    return moved(-centre.x, -centre.y).then(turn).then(moved(*centre))
