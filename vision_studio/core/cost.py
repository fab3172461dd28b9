"""Tokens → money, exactly: what a request will cost at most, and what an answer did cost."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Usage
from vision_studio.core.request_settings import Cache

_MILLION = Decimal(1_000_000)


def input_cost_usd(tokens: int, usd_per_mtok: Decimal | None) -> Decimal | None:
    """Return the price of tokens read without a cache, in US dollars; None where it is not published."""
    return None if usd_per_mtok is None else tokens * usd_per_mtok / _MILLION


class RequestCost(NamedTuple):
    """What the next request costs in US dollars, by what becomes of the prompt cache; None: not known."""

    fresh_usd: Decimal | None
    """Nothing is cached."""
    written_usd: Decimal | None
    """All of it is written to the cache for the next turn; None when it is too short or not cached, too."""
    read_usd: Decimal | None
    """What was sent before is read from the cache, and the rest is written to it."""
    answer_most_usd: Decimal | None
    """The answer on top of these, at the longest it may be."""
    answer_usual_usd: Decimal | None
    """The answer at the average of the user's recent ones; None while there are none."""

    @property
    def expected_usd(self) -> Decimal | None:
        """Reading without a cache, and an answer of the usual length where one is known."""
        if self.fresh_usd is None:
            return None
        return self.fresh_usd + (self.answer_usual_usd or Decimal())


def request_cost(
    tokens: int,
    sent_before_tokens: int,
    model: Model,
    answer_tokens: int,
    usual_answer_tokens: int | None,
    cache: Cache,
) -> RequestCost:
    """Price a prompt of so many tokens, of which some were sent before.

    The model's price band is that of the whole prompt. A prefix shorter than the model caches is silently not
    cached (Claude platform documentation, "Prompt caching", 2026-10).
    """
    price = model.price(tokens)
    least = model.min_cache_tokens
    written = read = None
    if least is not None and tokens >= least and cache is not Cache.OFF:
        write_price = price.cache_write_1h if cache is Cache.HOUR else price.cache_write_5m
        written = input_cost_usd(tokens, write_price)
        if sent_before_tokens >= least:
            old = input_cost_usd(sent_before_tokens, price.cache_read)
            new = input_cost_usd(tokens - sent_before_tokens, write_price)
            read = None if old is None or new is None else old + new
    return RequestCost(
        fresh_usd=input_cost_usd(tokens, price.input),
        written_usd=written,
        read_usd=read,
        answer_most_usd=input_cost_usd(answer_tokens, price.output),
        answer_usual_usd=(
            None if usual_answer_tokens is None else input_cost_usd(usual_answer_tokens, price.output)
        ),
    )


def usage_cost_usd(usage: Usage, model: Model) -> Decimal | None:
    """Return what an answer cost, in US dollars; None when it used something whose price is not published.

    A model with price bands charges the whole request by its prompt, cached tokens included
    (Claude platform documentation, "Pricing", 2026-10-07). Thinking is part of the output.
    """
    price = model.price(usage.prompt_tokens)
    charges = (
        (usage.input_tokens, price.input),
        (usage.cache_write_5m_tokens, price.cache_write_5m),
        (usage.cache_write_1h_tokens, price.cache_write_1h),
        (usage.cache_read_tokens, price.cache_read),
        (usage.output_tokens, price.output),
    )
    total = Decimal()
    for tokens, usd_per_mtok in charges:
        if not tokens:
            continue
        if usd_per_mtok is None:
            return None
        total += tokens * usd_per_mtok
    return total / _MILLION
