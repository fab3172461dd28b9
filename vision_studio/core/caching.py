"""Prompt caching: where a request is marked for the next one to find what this one wrote, and what it saves.

Source: Claude platform documentation, "Prompt caching" (2026-10): at most four marks; from a mark the server
looks back twenty blocks for an earlier entry; moving a mark is no change of history.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Usage
from vision_studio.core.prompt import Message

MOST_MARKS = 4
LOOKBACK_BLOCKS = 20

_MILLION = Decimal(1_000_000)


def marked_messages(messages: Sequence[Message]) -> tuple[int, ...]:
    """Return the rows of the messages whose last block is to be marked, in order.

    The question is marked for the next turn to find. The question before it was marked when it was asked: its
    end is marked again, as a new turn of ten pictures puts it out of sight. So are the ends of earlier
    questions with as many pictures, the latest first: their entries are worth most, and the only ones
    left when the last request failed.
    """
    asked = [row for row, message in enumerate(messages) if message.role == "user"]
    heavy = [row for row in asked[:-2] if len(messages[row].blocks) >= LOOKBACK_BLOCKS]
    return tuple(sorted([*asked[-2:], *heavy[::-1][: MOST_MARKS - 2]]))


def cache_saving_usd(usage: Usage, model: Model) -> Decimal | None:
    """Return what caching took off an answer's bill, in US dollars; below zero: what it put on.

    None when nothing was cached, or a price it needs is not published.
    """
    price = model.price(usage.prompt_tokens)
    moved = (
        (usage.cache_read_tokens, price.cache_read),
        (usage.cache_write_5m_tokens, price.cache_write_5m),
        (usage.cache_write_1h_tokens, price.cache_write_1h),
    )
    used = [(tokens, paid) for tokens, paid in moved if tokens]
    if not used or price.input is None:
        return None
    total = Decimal()
    for tokens, paid in used:
        if paid is None:
            return None
        total += tokens * (price.input - paid)
    return total / _MILLION
