"""Everything about the next request that typing does not change: its pictures planned, and added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core import request_size
from vision_studio.core.accuracy import Correction, corrected
from vision_studio.core.catalogue import Model, ModelTable, Price
from vision_studio.core.conversation import Session
from vision_studio.core.findings import Finding
from vision_studio.core.history import History, Largest, summarise
from vision_studio.core.plans import PicturePlan, Plans
from vision_studio.core.request_settings import Cache, settings_sent
from vision_studio.core.size import Size
from vision_studio.core.strip import Strip
from vision_studio.core.tokens import REQUEST_TOKENS, text_tokens


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
    price_steps: bool
    """The price depends on the length of the prompt."""
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
    roomy_tokens: int
    """Up to so many tokens in all, no rule has anything to say about the length of the prompt."""
    roomy_bytes: int
    """Up to so many bytes of text, none has anything to say about the size of the request."""
    largest: Largest | None
    """The longest side in the whole request."""
    over_crowded_side: tuple[int, ...]
    """Numbers of all pictures, earlier turns' too, with a side that a crowded request may not have."""
    findings: tuple[Finding, ...]
    """About the request and its model."""
    image_findings: tuple[Finding, ...]
    """About the draft's pictures, one per rule."""


def compose(
    plans: Plans,
    session: Session,
    model: Model,
    today: date,
    prompt_tokens: int,
    catalogue: ModelTable,
    correction: Correction,
    *,
    inline: bool,
) -> Composition:
    """Add up what is known of the next request before a word is typed.

    ``prompt_tokens`` only chooses the price, where that depends on the length of the prompt.
    """
    strip, limits = plans.strip, catalogue.limits
    settings = settings_sent(session.settings, model)
    raw_system = text_tokens(session.system)
    history = summarise(session.turns, model, catalogue, strip.images_in_request, raw_system)
    raw_image_tokens = sum(plans.tokens)
    image_tokens = (
        raw_image_tokens
        if correction.images == 1.0
        else sum(corrected(tokens, correction.images) for tokens in plans.tokens)
    )
    history_tokens = history.tokens(correction)
    caption_tokens = corrected(strip.caption_tokens, correction.text)
    system_tokens = corrected(raw_system, correction.text)
    tokens = history_tokens + image_tokens + caption_tokens + system_tokens + REQUEST_TOKENS
    price = model.price(tokens + prompt_tokens)
    request_bytes = (
        history.request_bytes + strip.request_bytes + request_size.envelope_bytes(model, session.system)
    )
    extra_bytes = history.inline_extra_bytes + plans.inline_extra_bytes
    return Composition(
        model=model,
        price=price,
        price_steps=len(model.prices) > 1,
        correction=correction,
        history=history,
        strip=strip,
        images=_priced(plans.pictures, price, correction),
        image_tokens=image_tokens,
        unknown_images=plans.unknown,
        raw_image_tokens=raw_image_tokens,
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
        inline_estimated=history.inline_estimated or plans.bytes_estimated,
        roomy_tokens=min(
            model.context_tokens - settings.max_tokens,
            *(band.prompt_tokens for band in model.prices[:1] if band.prompt_tokens is not None),
            model.context_tokens,
        ),
        roomy_bytes=limits.request_bytes - request_bytes - (extra_bytes if inline else 0),
        largest=max(filter(None, (history.largest, plans.largest)), default=None),
        over_crowded_side=(*history.over_crowded_side, *plans.over_crowded_side),
        findings=tuple(
            filter(
                None,
                (
                    rules.too_many_images(strip.images_in_request, model),
                    *rules.about_model(model, today),
                    rules.history_refitted(history.refitted, history.signed_turns, limits),
                ),
            )
        ),
        image_findings=plans.findings,
    )


def _priced(
    pictures: tuple[PicturePlan, ...], price: Price, correction: Correction
) -> tuple[ImageAppraisal, ...]:
    usd_per_token = None if price.input is None else price.input / 1_000_000
    factor = correction.images
    images = []
    for place, way, weight, findings in pictures:
        image_id = place.image.id
        if way is None:
            images.append(
                ImageAppraisal(image_id, place.number, None, None, None, None, None, None, findings)
            )
            continue
        tokens = corrected(way.tokens, factor)
        cost_usd = None if usd_per_token is None else tokens * usd_per_token
        images.append(
            ImageAppraisal(
                image_id,
                place.number,
                way.sent,
                way.seen,
                tokens,
                way.rule_of_thumb_tokens,
                cost_usd,
                weight,
                findings,
            )
        )
    return tuple(images)
