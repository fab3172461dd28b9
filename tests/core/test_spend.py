"""Caps on spending: read as people write them, warned of when near, asked about when passed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core import words
from vision_studio.core.findings import CapNear, CapPassed, Period
from vision_studio.core.spend import Amounts, about_caps, preference, usd_from

DOLLARS = st.decimals("0", "1000", places=4)


@pytest.mark.parametrize(
    ("text", "usd"),
    [
        ("5", "5"),
        (" $5.50 ", "5.50"),
        ("5,50", "5.50"),
        ("1,000", "1000"),
        ("1,234.5", "1234.5"),
        ("0", "0"),
        ("", None),
        ("$", None),
        ("-3", None),
        ("much", None),
        ("NaN", None),
        ("Infinity", None),
    ],
)
def test_an_amount_is_read_as_people_write_it(text, usd):
    assert usd_from(text) == (None if usd is None else Decimal(usd))


@pytest.mark.parametrize(
    ("spent", "following", "kinds"),
    [
        pytest.param("0", "7.99", [], id="far"),
        pytest.param("7.99", "0.01", [CapNear], id="four fifths"),
        pytest.param("9", "1", [CapNear], id="just reached"),
        pytest.param("9", "1.0001", [CapPassed], id="passed"),
        pytest.param("11", None, [CapPassed], id="passed before, price unknown"),
    ],
)
def test_a_cap_is_told_of_in_time(spent, following, kinds):
    following_usd = None if following is None else Decimal(following)
    found = list(about_caps(Amounts(day=Decimal(10)), Amounts(day=Decimal(spent)), following_usd))
    assert [type(one) for one in found] == kinds


def test_each_period_has_its_own_cap():
    caps = Amounts(session=Decimal(1), month=Decimal(100))
    found = list(about_caps(caps, Amounts(Decimal(2), Decimal(50), Decimal(90)), Decimal(1)))
    assert [(type(one), one.period) for one in found] == [(CapPassed, "session"), (CapNear, "month")]
    assert words.sentence(found[0]) == (
        "With this request, this session comes to about $3.00 ($2.00 so far). "
        "Your cap is $1.00, so you will be asked before it is sent."
    )


@given(DOLLARS, DOLLARS, DOLLARS)
def test_no_cap_says_nothing_and_spending_more_never_says_less(cap, spent, following):
    assert not list(about_caps(Amounts(), Amounts(spent, spent, spent), following))
    ranks = {(): 0, (CapNear,): 1, (CapPassed,): 2}
    said = [
        ranks[tuple(type(one) for one in about_caps(Amounts(day=cap), Amounts(day=usd), following))]
        for usd in (spent, spent + 1)
    ]
    assert said == sorted(said)


def test_a_preference_has_a_name_for_each_period():
    assert [preference(period) for period in Period] == [
        "spend.cap.session",
        "spend.cap.day",
        "spend.cap.month",
    ]
