"""The numbers and findings of the next request, before it is sent; quick enough for every keystroke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core import request_size
from vision_studio.core.catalogue import Limits, Model, ModelTable, Price
from vision_studio.core.conversation import Session, Turn
from vision_studio.core.cost import input_cost_usd
from vision_studio.core.draft import Draft, Image
from vision_studio.core.findings import Finding, merged, worst_first
from vision_studio.core.fitting import sent_size
from vision_studio.core.history import History, summarise
from vision_studio.core.limits import Planned
from vision_studio.core.size import Size
from vision_studio.core.strip import Place, Strip, lay_out
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
    rule_of_thumb_tokens: int | None
    """The older guides' estimate, for the size as sent."""
    cost_usd: Decimal | None
    """At the price of this request; None where no price is published, too."""
    findings: tuple[Finding, ...]
    """The most serious first."""


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything about the next request that typing does not change."""

    model: Model
    price: Price
    history: History
    strip: Strip
    images: tuple[ImageAppraisal, ...]
    image_tokens: int
    unknown_images: int
    """Pictures of the draft that will be sent, of which neither size nor tokens are known."""
    system_tokens: int
    tokens: int
    """Of everything but the typed text, as far as it is known."""
    request_bytes: int
    bytes_estimated: bool
    """Pictures travel inline, and some are not made yet."""
    findings: tuple[Finding, ...]
    """About the request and its model."""
    image_findings: tuple[Finding, ...]
    """About the draft's pictures, one per rule."""


class Appraisal(NamedTuple):
    """The next request in numbers, all of them estimates until the API has answered."""

    composition: Composition
    prompt_tokens: int
    """Of the typed text alone."""
    prompt_bytes: int
    request_findings: tuple[Finding, ...]
    """About the request as a whole."""

    def with_findings(self, more: Iterable[Finding]) -> Appraisal:
        """Return the same numbers, with more said about the request."""
        return self._replace(request_findings=(*self.request_findings, *more))

    @property
    def model(self) -> Model:
        return self.composition.model

    @property
    def images(self) -> tuple[ImageAppraisal, ...]:
        """In the order of the draft, left-out pictures included."""
        return self.composition.images

    @property
    def images_here(self) -> int:
        """Pictures of this draft that will be sent."""
        return self.composition.strip.images_here

    @property
    def images_before(self) -> int:
        """Pictures of earlier turns, which are sent again."""
        return self.composition.history.images

    @property
    def images_in_request(self) -> int:
        return self.composition.strip.images_in_request

    @property
    def max_images(self) -> int:
        return self.model.max_images

    @property
    def image_tokens(self) -> int:
        """Of this draft's pictures."""
        return self.composition.image_tokens

    @property
    def unknown_images(self) -> int:
        """Pictures of this draft at addresses nobody has looked at: they come on top of every number."""
        return self.composition.unknown_images

    @property
    def history_tokens(self) -> int:
        return self.composition.history.tokens

    @property
    def history_billed(self) -> bool:
        """``history_tokens`` rests on the last answer's bill."""
        return self.composition.history.billed

    @property
    def text_tokens(self) -> int:
        """Of the typed text and the "Image 1:" before each picture."""
        return self.prompt_tokens + self.composition.strip.caption_tokens

    @property
    def system_tokens(self) -> int:
        return self.composition.system_tokens

    @property
    def fixed_tokens(self) -> int:
        """What the API adds to every request."""
        return REQUEST_TOKENS

    @property
    def total_tokens(self) -> int:
        """Everything the model will read."""
        return self.composition.tokens + self.prompt_tokens

    @property
    def answer_tokens(self) -> int:
        """The most the answer may have; kept free in the context window."""
        return self.model.answer_tokens

    @property
    def context_tokens(self) -> int:
        return self.model.context_tokens

    @property
    def cost_usd(self) -> Decimal | None:
        """Of everything read, uncached; None where no price is published. The answer comes on top."""
        return input_cost_usd(self.total_tokens, self.composition.price.input)

    @property
    def request_bytes(self) -> int:
        """Of the request as it will go out: pictures by their file ids, or inline."""
        return self.composition.request_bytes + self.prompt_bytes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, one per rule, the most serious first."""
        return merged((*self.request_findings, *self.composition.image_findings))


class Appraiser:
    """Appraises drafts, and keeps what a keystroke or another model cannot change. For use on one thread."""

    def __init__(self, catalogue: ModelTable) -> None:
        self._catalogue = catalogue
        self._strip: tuple[object, Strip] | None = None
        self._kept: dict[str, tuple[object, Composition]] = {}

    def appraise(
        self, draft: Draft, session: Session, model: Model, today: date, *, inline: bool = False
    ) -> Appraisal:
        """Return the numbers of sending ``draft`` as the session's next turn to ``model``.

        The draft and the model that the session itself names are not looked at. ``inline``: pictures travel
        in the request, as the server takes no files.
        """
        text = draft.text
        prompt_tokens = text_tokens(text)
        prompt_bytes = request_size.text_block_bytes(text)
        # Tuples compare their parts by identity first: a look at the pointers for what has not changed.
        rests_on = (draft.images, session.turns, session.system, model, today, inline)
        known, kept = self._kept.get(model.id, (None, None))
        if kept is None or known != rests_on or model.price(kept.tokens + prompt_tokens) is not kept.price:
            strip = self._laid_out(draft.images, session.turns)
            kept = compose(strip, session, model, today, prompt_tokens, self._catalogue, inline=inline)
            self._kept[model.id] = (rests_on, kept)
        total, size_bytes = kept.tokens + prompt_tokens, kept.request_bytes + prompt_bytes
        about_text = (
            rules.request_too_large(size_bytes, self._catalogue.limits, estimated=kept.bytes_estimated),
            rules.context_exceeded(total, model),
            rules.dearer_band(total, model),
            rules.no_question(text, kept.strip.images_here),
        )
        return Appraisal(kept, prompt_tokens, prompt_bytes, (*kept.findings, *filter(None, about_text)))

    def _laid_out(self, images: tuple[Image, ...], turns: tuple[Turn, ...]) -> Strip:
        if self._strip is None or self._strip[0] != (images, turns):
            self._strip = ((images, turns), lay_out(images, turns))
        return self._strip[1]


def compose(
    strip: Strip,
    session: Session,
    model: Model,
    today: date,
    prompt_tokens: int,
    catalogue: ModelTable,
    *,
    inline: bool,
) -> Composition:
    """Plan every picture of the next request and add up what is known before a word is typed.

    ``prompt_tokens`` only chooses the price, where that depends on the length of the prompt.
    """
    limits, count = catalogue.limits, strip.images_in_request
    system_tokens = text_tokens(session.system)
    history = summarise(session.turns, model, catalogue, count, system_tokens)
    plans = [
        (place, None if sent is None else _plan(sent, model.tier))
        for place in strip.places
        for sent in (sent_size(place.image, model.tier, limits, count),)
    ]
    planned = [(place.image, plan) for place, plan in plans if place.number is not None]
    image_tokens = sum(plan.tokens for _, plan in planned if plan is not None)
    tokens = history.tokens + image_tokens + strip.caption_tokens + system_tokens + REQUEST_TOKENS
    price = model.price(tokens + prompt_tokens)
    images = tuple(_appraised(place, plan, price, limits, count) for place, plan in plans)
    request_bytes = (
        history.request_bytes + strip.request_bytes + request_size.envelope_bytes(model, session.system)
    )
    estimated = False
    if inline:
        weights = [
            request_size.image_bytes(image, plan.sent, limits)
            for image, plan in planned
            if plan is not None and image.url is None
        ]
        request_bytes += history.inline_extra_bytes
        request_bytes += sum(request_size.inline_extra_bytes(size_bytes) for size_bytes, _ in weights)
        estimated = history.inline_estimated or not all(known for _, known in weights)
    return Composition(
        model=model,
        price=price,
        history=history,
        strip=strip,
        images=images,
        image_tokens=image_tokens,
        unknown_images=sum(plan is None for _, plan in planned),
        system_tokens=system_tokens,
        tokens=tokens,
        request_bytes=request_bytes,
        bytes_estimated=estimated,
        findings=tuple(
            filter(
                None,
                (
                    rules.too_many_images(count, model),
                    *rules.about_model(model, today),
                    rules.history_refitted(history.refitted, limits),
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
    place: Place, plan: _Plan | None, price: Price, limits: Limits, images_in_request: int
) -> ImageAppraisal:
    image, number, findings = place
    if plan is None or image.size is None:
        return ImageAppraisal(image.id, number, None, None, None, None, None, findings)
    sent, seen, tokens, rule_of_thumb = plan
    if number is not None:
        planned = rules.about_plan(Planned(image, number, image.size, sent, seen), limits, images_in_request)
        if planned:
            findings = worst_first((*planned, *findings))
    cost_usd = input_cost_usd(tokens, price.input)
    return ImageAppraisal(image.id, number, sent, seen, tokens, rule_of_thumb, cost_usd, findings)
