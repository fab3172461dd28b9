"""Estimates held against bills, and what is learnt from that about a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

RECENT_BILLS = 40
"""What is learnt rests on this many bills at most: a tokenizer may change."""

FEWEST_BILLS = 3
"""Fewer bills than this teach nothing."""

FEWEST_TOKENS = 50
"""A part with fewer estimated tokens is too small to tell its own error from the other part's."""

_LARGEST_FACTOR = 2.0
"""An estimate that is wrong by more has another cause than the model, and is not corrected away."""

_NO_CHANGE = 0.005
"""Half a per cent is noise."""

COUNT_OFF_BY, COUNT_OFF_TOKENS = 0.01, 5
"""A count that differs from its bill by more than this share, and by more than so many tokens, was off."""

_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a whole request was expected to hold, in tokens, before any correction."""

    known_tokens: int
    """What an earlier bill says, and what the API always adds."""
    image_tokens: int
    """By the exact formula."""
    text_tokens: int
    """By the number of characters."""
    counted_tokens: int | None = None
    """What the API counted, if it was asked."""

    @property
    def total(self) -> int:
        return self.known_tokens + self.image_tokens + self.text_tokens


@dataclass(frozen=True, slots=True)
class Comparison:
    """An estimate and the bill that followed."""

    at: datetime
    """In UTC."""
    model_id: str
    tier: str
    estimate: Estimate
    billed_tokens: int
    practice: bool = False
    """The practice server's bill, from which nothing is learnt about Claude."""

    @property
    def off_by(self) -> float:
        """How far the bill lay above the estimate, as a share of it; negative below."""
        return self.billed_tokens / max(1, self.estimate.total) - 1

    @property
    def count_was_off(self) -> bool:
        """There was a count, and the bill was another."""
        counted = self.estimate.counted_tokens
        if counted is None:
            return False
        return abs(self.billed_tokens - counted) > max(COUNT_OFF_BY * counted, COUNT_OFF_TOKENS)


@dataclass(frozen=True, slots=True)
class Correction:
    """What to multiply the estimates for one model on one tier with."""

    images: float = 1.0
    text: float = 1.0
    bills: int = 0
    """How many it was learnt from."""

    @property
    def changes_anything(self) -> bool:
        return (self.images, self.text) != (1.0, 1.0)


NO_CORRECTION = Correction()


def corrected(tokens: int, factor: float) -> int:
    """Return an estimate with what was learnt; without any it is exactly the same."""
    return tokens if factor == 1.0 else round(tokens * factor)


def learnt(comparisons: Sequence[Comparison]) -> Correction:
    """Learn from the newest bills of one model on one tier, oldest first.

    Text is judged by the requests that text dominates, pictures by those that pictures dominate, each by the
    median: one odd bill in any three changes nothing. What is known from bills is taken off first.
    """
    recent = comparisons[-RECENT_BILLS:]
    images = text = 1.0
    for _ in range(_ROUNDS):
        text = _factor(
            (
                one.billed_tokens - one.estimate.known_tokens - images * one.estimate.image_tokens,
                one.estimate.text_tokens,
            )
            for one in recent
            if one.estimate.text_tokens > one.estimate.image_tokens
        )
        images = _factor(
            (
                one.billed_tokens - one.estimate.known_tokens - text * one.estimate.text_tokens,
                one.estimate.image_tokens,
            )
            for one in recent
            if one.estimate.image_tokens >= one.estimate.text_tokens
        )
    return Correction(images, text, len(recent))


def learnt_by_model(comparisons: Iterable[Comparison]) -> dict[tuple[str, str], Correction]:
    """Return what the bills, oldest first, teach about each (model id, tier); practice teaches nothing."""
    groups: dict[tuple[str, str], list[Comparison]] = {}
    for one in comparisons:
        if not one.practice:
            groups.setdefault((one.model_id, one.tier), []).append(one)
    return {key: learnt(group) for key, group in groups.items()}


def _factor(parts: Iterable[tuple[float, int]]) -> float:
    """Return the median of billed by estimated tokens, or 1 where that would be no improvement."""
    ratios = [billed / estimated for billed, estimated in parts if estimated >= FEWEST_TOKENS]
    if len(ratios) < FEWEST_BILLS:
        return 1.0
    factor = min(max(median(ratios), 1 / _LARGEST_FACTOR), _LARGEST_FACTOR)
    return 1.0 if abs(factor - 1) < _NO_CHANGE else factor
