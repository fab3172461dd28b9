"""The pictures of the next request, as far as no model matters: numbers, captions, findings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core.conversation import Turn, caption_of
from vision_studio.core.draft import Draft, Image
from vision_studio.core.findings import Finding, worst_first
from vision_studio.core.request_size import picture_bytes
from vision_studio.core.tokens import text_tokens


class Place(NamedTuple):
    """One picture of the draft."""

    image: Image
    number: int | None
    """None for a picture that is left out; it has no findings."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """The draft's pictures in order, and their sums."""

    places: tuple[Place, ...]
    images_here: int
    images_in_request: int
    """The earlier turns' pictures included."""
    caption_tokens: int
    request_bytes: int


def lay_out(images: tuple[Image, ...], turns: tuple[Turn, ...], first: int) -> Strip:
    """Number the pictures from ``first``, and find what there is to say about each.

    Where numbers restart, "the same as Image 2" could not mean one of an earlier turn.
    """
    earlier = [(sent.image, sent.shown) for turn in turns for sent in turn.carried]
    told = earlier if first > len(earlier) else []
    numbers = Draft(images).numbers(first)
    here = [(image, number) for image, number in zip(images, numbers, strict=True) if number is not None]
    copies = {copy.images[0]: copy for copy in rules.duplicates(chain(told, here), first)}
    places = []
    for image, number in zip(images, numbers, strict=True):
        found: tuple[Finding, ...] = ()
        if number is not None:
            found = tuple(rules.about_image(image, number))
            if number in copies:
                found = worst_first((*found, copies[number]))
        places.append(Place(image, number, found))
    return Strip(
        places=tuple(places),
        images_here=len(here),
        images_in_request=len(earlier) + len(here),
        caption_tokens=sum(text_tokens(caption_of(image, number)) for image, number in here),
        request_bytes=sum(picture_bytes(image, number) for image, number in here),
    )
