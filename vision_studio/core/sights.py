"""What models of each tier are shown of one picture: the sizes, and what they cost in tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from vision_studio.core.catalogue import Catalogue, Limits, Model
from vision_studio.core.draft import Image, Rendition
from vision_studio.core.fitting import sent_size
from vision_studio.core.size import Size
from vision_studio.core.succession import line
from vision_studio.core.tokens import ResolutionTier, patches, seen_size


class Sight(NamedTuple):
    """One picture, as one model is shown it."""

    model: Model
    sent: Size
    seen: Size
    tokens: int


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be shown: a picture as it would be, or was, sent, to the eyes of a tier."""

    image: Image
    tier: ResolutionTier
    limits: Limits
    images_in_request: int
    rendition: Rendition | None = None
    """What was sent; None for a picture of the draft."""


def sight(look: Look, model: Model) -> Sight | None:
    """Return what ``look`` comes to; None for a picture at an address that nobody has looked at."""
    sent = look_size(look)
    if sent is None:
        return None
    seen = seen_size(sent, look.tier)
    return Sight(model, sent, seen, patches(seen))


def look_size(look: Look) -> Size | None:
    """Return the size the picture travels at: what was sent stays as it was, whoever looks."""
    if look.rendition is not None:
        return look.rendition.size
    return sent_size(look.image, look.tier, look.limits, look.images_in_request)


def observers(model: Model, catalogue: Catalogue, today: date) -> tuple[Model, ...]:
    """Return the model itself, and one of every other tier: of its own line where there is one."""
    staying = [one for one in catalogue.models if one.retires_on is None and not one.is_retired(today)]
    return (model, *_others(model, staying))


def _others(model: Model, staying: list[Model]) -> Iterator[Model]:
    told = {model.tier}
    for one in sorted(staying, key=lambda one: line(one) != line(model)):  # stable: offered first comes first
        if one.tier not in told:
            told.add(one.tier)
            yield one
