"""Everything about the next request that typing does not change: its pictures planned, and added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core import request_size
from vision_studio.core.accuracy import Correction, corrected
from vision_studio.core.catalogue import Limits, Model, ModelTable, Price
from vision_studio.core.conversation import Session
from vision_studio.core.cost import input_cost_usd
from vision_studio.core.findings import Finding, merged, worst_first
from vision_studio.core.fitting import sent_size
from vision_studio.core.history import History, Largest, summarise
from vision_studio.core.limits import Planned, base64_bytes
from vision_studio.core.request_settings import Cache, settings_sent
from vision_studio.core.size import Size
from vision_studio.core.strip import Place, Strip
from vision_studio.core.tokens import (
    REQUEST_TOKENS,
    ResolutionTier,
    patches,
    rule_of_thumb_tokens,
    seen_size,
    text_tokens,
)


class ImageAppraisal(NamedTuple):
    """One picture of the draft. One that is left out has the numbers it would have, and no findings."""

    image_id: str
    number: int | None
    sent: Size | None
    """This and the three numbers below are None for a picture at an address that nobody has looked at."""
    seen: Size | None
    tokens: int | None
    """With what was learnt about the model; exactly the formula's where that is nothing."""
    rule_of_thumb_tokens: int | None
    """The older guides' estimate, for the size as sent."""
    cost_usd: Decimal | None
    """At the price of this request; None where no price is published, too."""
    base64_bytes: int | None
    """Of what is sent, as the API counts an image; estimated until it is made, None at an address."""
    findings: tuple[Finding, ...]
    """The most serious first."""


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything about the next request that typing does not change."""

    model: Model
    price: Price
    correction: Correction
    history: History
    strip: Strip
    images: tuple[ImageAppraisal, ...]
    image_tokens: int
    unknown_images: int
    """Pictures of the draft that will be sent, of which neither size nor tokens are known."""
    raw_image_tokens: int
    """By the formula alone."""
    raw_text_tokens: int
    """Of captions and system prompt, by the number of characters alone."""
    history_tokens: int
    caption_tokens: int
    system_tokens: int
    tokens: int
    """Of everything but the typed text, as far as it is known."""
    cache: Cache
    answer_tokens: int
    """The most the answer may have, thinking included."""
    request_bytes: int
    """With the pictures uploaded."""
    inline_bytes: int
    """With every picture in the request itself."""
    inline: bool
    """Which of the two will be sent."""
    inline_estimated: bool
    """Some pictures are not made yet, so ``inline_bytes`` is an estimate."""
    largest: Largest | None
    """The longest side in the whole request."""
    over_crowded_side: tuple[int, ...]
    """Numbers of all pictures, earlier turns' too, with a side that a crowded request may not have."""
    findings: tuple[Finding, ...]
    """About the request and its model."""
    image_findings: tuple[Finding, ...]
    """About the draft's pictures, one per rule."""


def compose(
    strip: Strip,
    session: Session,
    model: Model,
    today: date,
    prompt_tokens: int,
    catalogue: ModelTable,
    correction: Correction,
    *,
    inline: bool,
) -> Composition:
    """Plan every picture of the next request and add up what is known before a word is typed.

    ``prompt_tokens`` only chooses the price, where that depends on the length of the prompt.
    """
    limits, count = catalogue.limits, strip.images_in_request
    settings = settings_sent(session.settings, model)
    raw_system = text_tokens(session.system)
    history = summarise(session.turns, model, catalogue, count, raw_system)
    plans = [
        (place, None if sent is None else _plan(sent, model.tier))
        for place in strip.places
        for sent in (sent_size(place.image, model.tier, limits, count),)
    ]
    planned = [(place, plan) for place, plan in plans if place.number is not None]
    seen_tokens = [plan.tokens for _, plan in planned if plan is not None]
    image_tokens = sum(corrected(tokens, correction.images) for tokens in seen_tokens)
    history_tokens = history.tokens(correction)
    caption_tokens = corrected(strip.caption_tokens, correction.text)
    system_tokens = corrected(raw_system, correction.text)
    tokens = history_tokens + image_tokens + caption_tokens + system_tokens + REQUEST_TOKENS
    price = model.price(tokens + prompt_tokens)
    weights = [
        None
        if plan is None or place.image.url is not None
        else request_size.image_bytes(place.image, plan.sent, limits)
        for place, plan in plans
    ]
    images = tuple(
        _appraised(place, plan, weight and weight[0], price, correction, limits, count)
        for (place, plan), weight in zip(plans, weights, strict=True)
    )
    going = [weight for (place, _), weight in zip(plans, weights, strict=True) if place.number and weight]
    request_bytes = (
        history.request_bytes + strip.request_bytes + request_size.envelope_bytes(model, session.system)
    )
    extra_bytes = history.inline_extra_bytes + sum(
        request_size.inline_extra_bytes(size_bytes) for size_bytes, _ in going
    )
    sides = [
        Largest(plan.sent.longest, place.number)
        for place, plan in planned
        if plan is not None and place.number is not None
    ]
    return Composition(
        model=model,
        price=price,
        correction=correction,
        history=history,
        strip=strip,
        images=images,
        image_tokens=image_tokens,
        unknown_images=sum(plan is None for _, plan in planned),
        raw_image_tokens=sum(seen_tokens),
        raw_text_tokens=strip.caption_tokens + raw_system,
        history_tokens=history_tokens,
        caption_tokens=caption_tokens,
        system_tokens=system_tokens,
        tokens=tokens,
        cache=settings.cache,
        answer_tokens=settings.max_tokens,
        request_bytes=request_bytes,
        inline_bytes=request_bytes + extra_bytes,
        inline=inline,
        inline_estimated=history.inline_estimated or not all(known for _, known in going),
        largest=max((*sides, *filter(None, (history.largest,))), default=None),
        over_crowded_side=(
            *history.over_crowded_side,
            *(number for side_px, number in sides if side_px > limits.crowded_side_px),
        ),
        findings=tuple(
            filter(
                None,
                (
                    rules.too_many_images(count, model),
                    *rules.about_model(model, today),
                    rules.history_refitted(history.refitted, history.signed_turns, limits),
                ),
            )
        ),
        image_findings=merged(finding for image in images for finding in image.findings),
    )


class _Plan(NamedTuple):
    """How one picture goes, and what becomes of it."""

    sent: Size
    seen: Size
    tokens: int
    rule_of_thumb_tokens: int


@lru_cache(maxsize=65536)
def _plan(sent: Size, tier: ResolutionTier) -> _Plan:
    seen = seen_size(sent, tier)
    return _Plan(sent, seen, patches(seen), rule_of_thumb_tokens(sent))


def _appraised(
    place: Place,
    plan: _Plan | None,
    size_bytes: int | None,
    price: Price,
    correction: Correction,
    limits: Limits,
    images_in_request: int,
) -> ImageAppraisal:
    image, number, findings = place
    if plan is None or image.size is None:
        return ImageAppraisal(image.id, number, None, None, None, None, None, None, findings)
    sent, seen, formula_tokens, rule_of_thumb = plan
    if number is not None:
        planned = rules.about_plan(Planned(image, number, image.size, sent, seen), limits, images_in_request)
        if planned:
            findings = worst_first((*planned, *findings))
    tokens = corrected(formula_tokens, correction.images)
    weight = None if size_bytes is None else base64_bytes(size_bytes)
    cost_usd = input_cost_usd(tokens, price.input)
    return ImageAppraisal(image.id, number, sent, seen, tokens, rule_of_thumb, cost_usd, weight, findings)
