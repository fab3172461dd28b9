"""What the user did to a picture, as frozen values: the original stays as it was, and is edited when sent.

All of it is measured in pixels of the upright original (a drawn page: at the size that was chosen for it),
from its top left corner. Only a crop is not: it is a box in the picture as it has been turned and
straightened. Redactions and marks are therefore bound to what they cover: no crop, turn or straightening
moves a redaction off what it hides.

In normal form, which is the only one that is kept, a turn comes first, then a straightening, then a crop,
each at most once, then redactions and marks in the order they are painted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from vision_studio.core.tiling import Box

MOST_EDITS = 300
"""Of one picture: more is no work of a hand."""

MOST_TENTHS = 450
"""A picture is straightened by at most 45.0°: what is more is a turn, and the rest."""

LONGEST_LEGEND = 200
"""Characters of the words for one mark."""


@dataclass(frozen=True, slots=True)
class Turn:
    """First mirrored left to right, or not, then turned clockwise."""

    quarters: int = 0
    """0 to 3."""
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Straighten:
    """Turned a little about its middle, and cut so that no corner is empty."""

    tenths: int
    """Of a degree, clockwise: −450 to 450, but not 0."""


@dataclass(frozen=True, slots=True)
class Crop:
    """What is kept of the picture as it has been turned and straightened."""

    box: Box


@dataclass(frozen=True, slots=True)
class Redact:
    """A box that is painted black before anything else is done to a pixel."""

    box: Box


class Colour(StrEnum):
    """Of marks; what they look like is in ``marks``."""

    VERMILLION = "vermillion"
    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"
    PURPLE = "purple"
    SKY = "sky"


class Shape(StrEnum):
    ARROW = "arrow"
    """From its number to what it points at."""
    BOX = "box"
    NUMBER = "number"
    """A number alone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered callout. Its number is its place among the picture's marks, from 1."""

    shape: Shape
    x: int
    """Where an arrow begins, a box has its left edge, a number its middle."""
    y: int
    to_x: int
    """Where an arrow points, a box has its right edge; of a number, the same as ``x``."""
    to_y: int
    colour: Colour = Colour.VERMILLION
    legend: str = ""
    """What it means: "crack". It is added to the picture's caption."""


Edit = Turn | Straighten | Crop | Redact | Mark
Edits = tuple[Edit, ...]
Kind = TypeVar("Kind", Turn, Straighten, Crop)

_ORDER = {Turn: 0, Straighten: 1, Crop: 2, Redact: 3, Mark: 3}


def find(edits: Edits, kind: type[Kind]) -> Kind | None:
    """Return the one edit of a kind; None where there is none."""
    return next((edit for edit in edits if isinstance(edit, kind)), None)


def redactions(edits: Edits) -> tuple[Box, ...]:
    return tuple(edit.box for edit in edits if isinstance(edit, Redact))


def marks(edits: Edits) -> tuple[Mark, ...]:
    return tuple(edit for edit in edits if isinstance(edit, Mark))


def legend_words(text: str) -> str:
    """Return words as a legend has them: on one line, as a line of its own could pose as another caption."""
    plain = "".join(" " if ord(letter) < 32 or 127 <= ord(letter) < 160 else letter for letter in text)
    return " ".join(plain.split())[:LONGEST_LEGEND].strip()


def framing_alone(edits: Edits) -> Edits:
    """Return only what tells which part of a picture is seen, and from which side."""
    return tuple(edit for edit in edits if not isinstance(edit, Redact | Mark))


def is_in_order(edits: Sequence[Edit]) -> bool:
    """Tell whether edits stand in the order of the normal form, the first three kinds once each."""
    ranks = [_ORDER[type(edit)] for edit in edits]
    framing = [rank for rank in ranks if rank < _ORDER[Redact]]
    return ranks == sorted(ranks) and len(framing) == len(set(framing))
