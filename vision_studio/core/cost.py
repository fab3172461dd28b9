"""Tokens → money, exactly: what a request will cost at most, and what an answer did cost."""

from __future__ import annotations

from decimal import Decimal

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Usage

_MILLION = Decimal(1_000_000)


def input_cost_usd(tokens: int, usd_per_mtok: Decimal | None) -> Decimal | None:
    """Return the price of tokens read without a cache, in US dollars; None where it is not published."""
    return None if usd_per_mtok is None else tokens * usd_per_mtok / _MILLION


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
