"""Whether text in a picture is still large enough to be read in the size that a model is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vision_studio.core.composition import ImageAppraisal
from vision_studio.core.draft import Image
from vision_studio.core.findings import Finding, SmallText, merged
from vision_studio.core.size import Size

LEAST_LETTERS_PX = 6
"""How high small letters must be shown to be told apart. Our own measure: an "e" has three strokes and two
gaps above each other, which takes five rows of pixels; and one more, as strokes seldom lie on whole rows."""


class Text(NamedTuple):
    """Text that was found in a picture by its shape."""

    height_px: float
    """Of the small letters, such as "x", in the picture as it is before it is made smaller."""
    whole: Size
    """Of that picture."""

    def seen_px(self, seen: Size) -> float:
        """Return how high its small letters are once the picture is shown at a size."""
        return self.height_px * min(1.0, seen.width / self.whole.width, seen.height / self.whole.height)


def is_hard_to_read(height_px: float) -> bool:
    """Tell whether letters of this height may not be told apart."""
    return height_px < LEAST_LETTERS_PX


def small_text(text: Text, seen: Size, number: int) -> Finding | None:
    """Return a finding for text that being made smaller, or its own size, has made hard to read."""
    height_px = text.seen_px(seen)
    return SmallText(images=(number,), height_px=height_px) if is_hard_to_read(height_px) else None


def about_texts(
    images: Iterable[Image], appraised: Iterable[ImageAppraisal], texts: Mapping[str, Text]
) -> tuple[Finding, ...]:
    """Return what is to be said of the text in pictures that will be sent, as far as it was measured."""
    return merged(_about_texts(images, appraised, texts))


def _about_texts(
    images: Iterable[Image], appraised: Iterable[ImageAppraisal], texts: Mapping[str, Text]
) -> Iterator[Finding]:
    for image, one in zip(images, appraised, strict=True):
        text = texts.get(image.pixels or "")
        if text is None or one.number is None or one.seen is None:
            continue
        if (finding := small_text(text, one.seen, one.number)) is not None:
            yield finding
