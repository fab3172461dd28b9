"""What the viewer shows: one image, and what models of each tier are shown of it."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.draft import Image
from vision_studio.core.sights import Look, Sight


@dataclass(frozen=True, slots=True)
class Ways:
    """What can be done for text that is shown too small."""

    crop: bool = False
    parts: int = 0
    """How many the image could be split into; fewer than two: it could not."""


@dataclass(frozen=True, slots=True)
class Subject:
    image: Image
    number: int | None
    """As it is, or was, sent; None for one that is left out."""
    place: int
    """Among those that are leafed through, from 0."""
    of: int
    looks: tuple[tuple[Look, Sight], ...]
    """The model's own first; none for an image at an address that nobody has looked at."""
    was_sent: bool = False

    @property
    def title(self) -> str:
        named = f"Image {self.number}" if self.number else "Left out"
        return f"{named} · {self.image.label or self.image.name}"
