"""The orders in which pictures can be put."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from vision_studio.core.draft import Image


class Ordering(StrEnum):
    NAME = "name"
    """As people count: "2" before "10", whatever the case of letters."""
    DATE = "date"
    """When their files were last changed, the oldest first; pictures without a date come last."""
    DROPPED = "dropped"
    """As they came."""


def ordered(images: Sequence[Image], by: Ordering) -> tuple[Image, ...]:
    """Return the same pictures in an order; those that are alike in it stay as they stand."""
    match by:
        case Ordering.NAME:
            return tuple(sorted(images, key=lambda image: natural_key(image.name)))
        case Ordering.DATE:
            return tuple(sorted(images, key=lambda image: (image.file_time is None, image.file_time or 0)))
        case Ordering.DROPPED:
            return tuple(sorted(images, key=lambda image: image.came))


_NUMBER = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[list[str | int], str]:
    """Return what to sort names by: numbers in them by their value, letters whatever their case."""
    parts: list[str | int] = list(_NUMBER.split(name.casefold()))
    parts[1::2] = [int(digits) for digits in parts[1::2]]
    return parts, name
