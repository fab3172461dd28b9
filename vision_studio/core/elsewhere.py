"""What other models would make of one picture: for whoever weighs a model against its price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from vision_studio.core.catalogue import Catalogue, Model
from vision_studio.core.cost import input_cost_usd
from vision_studio.core.draft import Image
from vision_studio.core.fitting import sent_size
from vision_studio.core.size import Size
from vision_studio.core.succession import line
from vision_studio.core.tokens import image_tokens, seen_size

MOST = 3


class Elsewhere(NamedTuple):
    """One picture, as another model would see it."""

    model: Model
    seen: Size
    tokens: int
    cost_usd: Decimal | None


def elsewhere(
    image: Image,
    model: Model,
    catalogue: Catalogue,
    images_in_request: int,
    prompt_tokens: int,
    today: date,
) -> tuple[Elsewhere, ...]:
    """Return the picture as the first models of other lines, and of the other tier, would see it.

    ``prompt_tokens`` chooses the price, where that depends on the length of the prompt. Nothing is known of
    a picture at an address that nobody has looked at.
    """
    found = []
    for other in _others(model, catalogue, today):
        sent = sent_size(image, other.tier, catalogue.limits, images_in_request)
        if sent is None:
            continue
        tokens = image_tokens(sent, other.tier)
        cost_usd = input_cost_usd(tokens, other.price(prompt_tokens).input)
        found.append(Elsewhere(other, seen_size(sent, other.tier), tokens, cost_usd))
    return tuple(found[:MOST])


def _others(model: Model, catalogue: Catalogue, today: date) -> Iterator[Model]:
    """Yield one model of the other tier and one of each other line, in the order they are offered."""
    staying = [
        one
        for one in catalogue.models
        if one.id != model.id and one.prices and one.retires_on is None and not one.is_retired(today)
    ]
    other_tier = next((one for one in staying if one.tier is not model.tier), None)
    if other_tier is not None:
        yield other_tier
    told = {line(model), line(other_tier) if other_tier is not None else None}
    for one in staying:
        if line(one) not in told:
            told.add(line(one))
            yield one
