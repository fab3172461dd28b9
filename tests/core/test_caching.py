"""Where a prompt is marked, so that the next turn reads what this one wrote; and what that saved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE, pictures, sent, turn
from vision_studio.core.caching import (
    LOOKBACK_BLOCKS,
    MOST_MARKS,
    cache_saving_usd,
    marked_messages,
)
from vision_studio.core.conversation import Usage
from vision_studio.core.prompt import messages

SONNET = CATALOGUE.model("claude-sonnet-5-5")


def said(*counts):
    """A conversation whose questions have so many pictures."""
    return messages(
        [
            turn("Why?", [sent(image, 1) for image in pictures(count)], turn_id=str(row))
            for row, count in enumerate(counts)
        ]
    )


@pytest.mark.parametrize(
    ("counts", "marked"),
    [
        pytest.param([2], (0,), id="the first question"),
        pytest.param([2, 0], (0, 2), id="the question before it, too"),
        pytest.param([2, 0, 0, 0], (4, 6), id="no more than these two"),
        pytest.param([12, 0, 0, 0], (0, 4, 6), id="and an early one with many pictures"),
        pytest.param([12, 12, 12, 12, 0, 0], (4, 6, 8, 10), id="four in all, the latest"),
    ],
)
def test_marks(counts, marked):
    assert marked_messages(said(*counts)) == marked


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9))
def test_the_next_turn_finds_what_this_one_wrote(counts):
    """The last block of every question is marked, and marked or in sight when the next one is asked."""
    asked, following = said(*counts), said(*counts, 30)
    marks, later = marked_messages(asked), marked_messages(following)
    assert len(marks) <= MOST_MARKS
    assert marks[-1] == len(asked) - 1
    assert marks[-1] in later
    assert all(asked[row].role == "user" for row in marks)
    last_heavy = [row for row in range(0, len(asked) - 1, 2) if len(asked[row].blocks) >= LOOKBACK_BLOCKS]
    assert not last_heavy or last_heavy[-1] in marks


@pytest.mark.parametrize(
    ("usage", "saved"),
    [
        pytest.param(Usage(1_000_000), None, id="nothing cached"),
        pytest.param(Usage(cache_read_tokens=1_000_000), Decimal("1.90"), id="read at a twentieth"),
        pytest.param(Usage(cache_write_5m_tokens=1_000_000), Decimal("-0.5"), id="written for 5 minutes"),
        pytest.param(Usage(cache_write_1h_tokens=1_000_000), Decimal(-2), id="written for an hour"),
        pytest.param(Usage(7, 7, 100_000, 200_000), Decimal("0.09"), id="both"),
    ],
)
def test_saving(usage, saved):
    assert cache_saving_usd(usage, SONNET) == saved


def test_no_saving_is_claimed_where_a_price_is_not_published():
    fable = CATALOGUE.model("claude-fable-5-2")
    assert cache_saving_usd(Usage(cache_read_tokens=5), fable) is None
