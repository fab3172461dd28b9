"""The numbers and findings of the next request, before it is sent; quick enough for every keystroke."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core import request_size
from vision_studio.core.accuracy import NO_CORRECTION, Correction, Estimate, corrected
from vision_studio.core.catalogue import Limits, Model, ModelTable
from vision_studio.core.composition import Composition, ImageAppraisal, compose
from vision_studio.core.conversation import Session
from vision_studio.core.cost import RequestCost, input_cost_usd, request_cost
from vision_studio.core.draft import Draft, Image
from vision_studio.core.findings import Finding, merged
from vision_studio.core.image_names import sent_text
from vision_studio.core.plans import Plans, plan_pictures
from vision_studio.core.strip import Strip, lay_out
from vision_studio.core.tokens import REQUEST_TOKENS, ResolutionTier, text_tokens

__all__ = ["Appraisal", "Appraiser", "ImageAppraisal"]


class Appraisal(NamedTuple):
    """The next request in numbers, all of them estimates until the API has answered."""

    composition: Composition
    prompt_tokens: int
    """Of the typed text alone."""
    raw_prompt_tokens: int
    """By the number of characters alone."""
    prompt_bytes: int
    estimated_tokens: int
    """Everything the model will read, as the sum of its parts."""
    request_findings: tuple[Finding, ...]
    """About the request as a whole."""
    counted_tokens: int | None = None
    """What the API counted for this very request."""
    usual_answer_tokens: int | None = None
    """The average of the user's recent answers."""

    def with_findings(self, more: Iterable[Finding]) -> Appraisal:
        """Return the same numbers, with more said about the request."""
        return self._replace(request_findings=(*self.request_findings, *more))

    def with_count(self, tokens: int | None) -> Appraisal:
        """Return the same numbers, with the API's own count in the place of their sum."""
        return self._replace(counted_tokens=tokens)

    @property
    def estimate(self) -> Estimate:
        """What is to be held against the bill: the sums before any correction."""
        kept, history = self.composition, self.composition.history
        return Estimate(
            known_tokens=history.billed_tokens + REQUEST_TOKENS,
            image_tokens=history.image_tokens + kept.raw_image_tokens,
            text_tokens=history.text_tokens + kept.raw_text_tokens + self.raw_prompt_tokens,
            counted_tokens=self.counted_tokens,
        )

    @property
    def correction(self) -> Correction:
        """What was learnt about the model, and is in the numbers."""
        return self.composition.correction

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
        return self.composition.history_tokens

    @property
    def history_billed(self) -> bool:
        """``history_tokens`` rests on the last answer's bill."""
        return self.composition.history.billed

    @property
    def text_tokens(self) -> int:
        """Of the typed text and the "Image 1:" before each picture."""
        return self.prompt_tokens + self.composition.caption_tokens

    @property
    def system_tokens(self) -> int:
        return self.composition.system_tokens

    @property
    def fixed_tokens(self) -> int:
        """What the API adds to every request."""
        return REQUEST_TOKENS

    @property
    def total_tokens(self) -> int:
        """Everything the model will read: as the API counted it, else as the sum of its parts."""
        return self.estimated_tokens if self.counted_tokens is None else self.counted_tokens

    @property
    def answer_tokens(self) -> int:
        """The most the answer may have; kept free in the context window."""
        return self.composition.answer_tokens

    @property
    def context_tokens(self) -> int:
        return self.model.context_tokens

    @property
    def cost_usd(self) -> Decimal | None:
        """Of everything read, uncached; None where no price is published. The answer comes on top."""
        tokens = self.counted_tokens
        if tokens is None:  # the composition's price is that of the estimate
            return input_cost_usd(self.estimated_tokens, self.composition.price.input)
        return input_cost_usd(tokens, self.model.price(tokens).input)

    @property
    def costs(self) -> RequestCost:
        """The same with a cache, and the answer."""
        before = self.history_tokens + self.system_tokens if self.history_tokens else 0
        return request_cost(
            self.total_tokens,
            min(before, self.total_tokens),
            self.model,
            self.answer_tokens,
            self.usual_answer_tokens,
            self.composition.cache,
        )

    @property
    def request_bytes(self) -> int:
        """Of the request as it will go out: pictures by their file ids, or inline."""
        kept = self.composition
        return (kept.inline_bytes if kept.inline else kept.request_bytes) + self.prompt_bytes

    @property
    def uploaded_bytes(self) -> int:
        """Of the request with its pictures uploaded."""
        return self.composition.request_bytes + self.prompt_bytes

    @property
    def inline_bytes(self) -> int:
        """Of the request with its pictures inline."""
        return self.composition.inline_bytes + self.prompt_bytes

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, one per rule, the most serious first."""
        return merged((*self.request_findings, *self.composition.image_findings))


class Appraiser:
    """Appraises drafts, and keeps what a keystroke or another model cannot change. For use on one thread."""

    def __init__(
        self, catalogue: ModelTable, corrections: Mapping[tuple[str, str], Correction] | None = None
    ) -> None:
        """``corrections``: what was learnt about each (model id, tier)."""
        self._catalogue = catalogue
        self._corrections = corrections if corrections is not None else {}
        self._strip: tuple[object, Strip] | None = None
        self._plans: dict[ResolutionTier, tuple[Strip, Limits, Plans]] = {}
        self._kept: dict[str, tuple[object, Composition]] = {}

    def appraise(
        self,
        draft: Draft,
        session: Session,
        model: Model,
        today: date,
        *,
        inline: bool = False,
        usual_answer_tokens: int | None = None,
    ) -> Appraisal:
        """Return the numbers of sending ``draft`` as the session's next turn to ``model``.

        The draft and the model that the session itself names are not looked at. ``inline``: pictures travel
        in the request, as the server takes no files. ``usual_answer_tokens``: how long answers have been.
        """
        text = sent_text(draft, session)[0] if draft.mentions else draft.text
        raw_tokens = text_tokens(text)
        correction = NO_CORRECTION
        if self._corrections:
            correction = self._corrections.get((model.id, model.tier.name), NO_CORRECTION)
        prompt_tokens = corrected(raw_tokens, correction.text)
        prompt_bytes = request_size.text_block_bytes(text)
        # Tuples compare their parts by identity first: a look at the pointers for what has not changed.
        rests_on = (
            draft.images,
            session.turns,
            session.system,
            session.settings,
            session.numbering,
            model,
            today,
            inline,
            correction,
        )
        known, kept = self._kept.get(model.id, (None, None))
        if (
            kept is None
            or known != rests_on
            or (kept.price_steps and model.price(kept.tokens + prompt_tokens) is not kept.price)
        ):
            plans = self._planned(draft.images, session, model.tier)
            kept = compose(
                plans, session, model, today, prompt_tokens, self._catalogue, correction, inline=inline
            )
            self._kept[model.id] = (rests_on, kept)
        total = kept.tokens + prompt_tokens
        found = kept.findings
        # Told at a glance for most keystrokes: nothing that the text changes is worth a finding.
        if total > kept.roomy_tokens or prompt_bytes > kept.roomy_bytes or not text or text.isspace():
            found = (*found, *self._about_text(kept, text, total, prompt_bytes))
        return Appraisal(
            kept, prompt_tokens, raw_tokens, prompt_bytes, total, found, None, usual_answer_tokens
        )

    def _about_text(
        self, kept: Composition, text: str, total_tokens: int, prompt_bytes: int
    ) -> Iterable[Finding]:
        size_bytes = (kept.inline_bytes if kept.inline else kept.request_bytes) + prompt_bytes
        estimated = kept.inline and kept.inline_estimated
        about_text = (
            rules.request_too_large(size_bytes, self._catalogue.limits, estimated=estimated),
            rules.context_exceeded(total_tokens, kept.answer_tokens, kept.model),
            rules.dearer_band(total_tokens, kept.model),
            rules.no_question(text, kept.strip.images_here),
        )
        return filter(None, about_text)

    def _planned(self, images: tuple[Image, ...], session: Session, tier: ResolutionTier) -> Plans:
        strip, limits = self._laid_out(images, session), self._catalogue.limits
        kept = self._plans.get(tier)
        if kept is None or kept[0] is not strip or kept[1] != limits:
            kept = self._plans[tier] = (strip, limits, plan_pictures(strip, tier, limits))
        return kept[2]

    def _laid_out(self, images: tuple[Image, ...], session: Session) -> Strip:
        rests_on = (images, session.turns, session.numbering)
        if self._strip is None or self._strip[0] != rests_on:
            self._strip = (rests_on, lay_out(images, session.turns, session.first_number))
        return self._strip[1]
