"""What the engine tells of the pixels that a model is shown. Each answers to the ticket it was asked with.

Pixels are RGBA, 8 bits each, ``width * 4`` bytes a row, top row first.
"""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.draft import Rendition
from vision_studio.core.failures import Failure
from vision_studio.core.legibility import Text
from vision_studio.core.size import Size


@dataclass(frozen=True, slots=True)
class SightReady:
    """Every pixel that the model is shown."""

    ticket: str
    rendition: Rendition
    """What is sent."""
    seen: Size
    rgba: bytes


@dataclass(frozen=True, slots=True)
class OriginalReady:
    """The picture as it came, upright: at its own size, or as large as is of use beside what is sent.

    It is turned and cut like what is sent, so that both show the same, but nothing is hidden or drawn in it.
    """

    ticket: str
    whole: Size
    shown: Size
    rgba: bytes


@dataclass(frozen=True, slots=True)
class TextMeasured:
    """How high the letters of a picture are, if there are any."""

    key: str
    """The picture's ``pixels``."""
    text: Text | None


@dataclass(frozen=True, slots=True)
class SightFailed:
    """There is nothing to be shown, and why."""

    ticket: str
    failure: Failure
