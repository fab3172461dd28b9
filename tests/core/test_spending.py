"""What was spent: every way of adding it up comes to the same, and no day is missing."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE, HAIKU_4_5, SONNET
from vision_studio.core.conversation import Usage
from vision_studio.core.spending import MOST_DAYS, Bill, Grouping, bills_csv, spending

TODAY = date(2026, 11, 25)


def bill(
    day=TODAY,
    usd="0.01",
    *,
    session="s1",
    title="Roof",
    model=SONNET,
    usage=Usage(input_tokens=1000, output_tokens=50),  # noqa: B008 - a frozen value
    estimate=None,
    practice=False,
):
    cost = None if usd is None else Decimal(usd)
    return Bill(day, f"{day}T12:00:00+00:00", session, title, model, usage, cost, estimate, practice=practice)


def shown(*bills, first=None, last=TODAY):
    return spending(bills, CATALOGUE.model, first, last)


bills = st.lists(
    st.builds(
        bill,
        day=st.integers(0, 400).map(lambda ago: TODAY - timedelta(days=ago)),
        usd=st.none() | st.decimals("0", "9", places=4).map(str),
        session=st.sampled_from("abc"),
        model=st.sampled_from([SONNET, HAIKU_4_5, "gone"]),
        usage=st.builds(Usage, *[st.integers(0, 99_999)] * 6),
        estimate=st.none() | st.integers(0, 99_999),
        practice=st.booleans(),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(bills, st.none() | st.integers(0, 400).map(lambda ago: TODAY - timedelta(days=ago)))
def test_every_way_of_adding_up_comes_to_the_same(some, first):
    told = shown(*some, first=first)
    for grouping in Grouping:
        parts = told.by(grouping)
        for field in ("answers", "cost_usd", "unpriced", "prompt_tokens", "output_tokens", "saved_usd"):
            assert sum(getattr(part, field) for part in parts) == getattr(told.total, field)


@settings(max_examples=60)
@given(bills, st.integers(0, 800))
@example([], MOST_DAYS - 1)
@example([], MOST_DAYS)
def test_no_day_or_month_is_missing(some, days):
    told = shown(*some, first=TODAY - timedelta(days=days))
    titles = [part.title for part in told.by_time]
    assert titles == sorted(set(titles))
    assert told.monthly == (days >= MOST_DAYS)
    if not told.monthly:
        assert titles[0] == (TODAY - timedelta(days=days)).isoformat()
        assert len(titles) == days + 1
    assert TODAY.isoformat().startswith(titles[-1])


def test_the_dearest_comes_first_and_is_named():
    told = shown(
        bill(usd="0.02", session="a", title="Roof", model=HAIKU_4_5),
        bill(usd="0.30", session="b", title=None),
        bill(usd="0.10", session="c", title=""),
    )
    assert [one.title for one in told.by_session] == ["A session that is gone", "Untitled", "Roof"]
    assert [one.title for one in told.by_model] == [
        CATALOGUE.model(SONNET).name,
        CATALOGUE.model(HAIKU_4_5).name,
    ]


def test_practice_counts_only_while_there_is_nothing_else():
    practised = bill(usd="0", practice=True)
    assert shown(practised).practice
    assert shown(practised).total.answers == 1
    told = shown(practised, bill())
    assert not told.practice
    assert told.total.answers == 1


def test_what_the_cache_saved_and_how_far_the_estimates_lay():
    price = CATALOGUE.model(SONNET).price(10_000)
    told = shown(bill(usage=Usage(input_tokens=1000, cache_read_tokens=9000), estimate=8000)).total
    assert told.saved_usd == 9000 * (price.input - price.cache_read) / 1_000_000
    assert told.cached_share == pytest.approx(0.9)
    assert told.off_by == pytest.approx(0.25)
    assert told.uncached_usd == told.cost_usd + told.saved_usd


def test_days_outside_are_left_out():
    old = bill(TODAY - timedelta(days=9))
    assert shown(old, bill(), first=TODAY - timedelta(days=6)).total.answers == 1
    assert len(shown(old, bill()).by_time) == 10  # without a first day, the earliest bill's


@settings(max_examples=60)
@given(st.text(max_size=20))
def test_a_title_is_one_cell_that_no_spreadsheet_computes(title):
    rows = list(csv.reader(io.StringIO(bills_csv([bill(title=title), bill(usd=None)]), newline="")))
    assert len(rows) == 3
    assert rows[1][1].removeprefix("'") == title.removeprefix("'")
    assert not rows[1][1].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert rows[2][-1] == ""
