"""What bills teach: nothing from a few, the middle of many, text and pictures apart, never much at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.accuracy import (
    NO_CORRECTION,
    Comparison,
    Correction,
    Estimate,
    corrected,
    learnt,
    learnt_by_model,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def bill(images: int, text: int, billed: float, *, known: int = 0, **more) -> Comparison:
    return Comparison(NOW, "claude-test", "high", Estimate(known, images, text), round(billed), **more)


def test_text_and_pictures_are_learnt_apart():
    pictures = [bill(5000 + 100 * n, 300, 1.02 * (5000 + 100 * n) + 1.3 * 300) for n in range(5)]
    texts = [bill(0, 1000 + n, 1.3 * (1000 + n)) for n in range(5)]
    correction = learnt([*pictures, *texts])
    assert correction.images == pytest.approx(1.02, abs=0.001)
    assert correction.text == pytest.approx(1.3, abs=0.001)
    assert correction.bills == 10


def test_what_a_bill_said_before_is_no_part_of_what_is_learnt():
    assert learnt([bill(0, 1000, 90_000 + 1200, known=90_000)] * 3).text == pytest.approx(1.2)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_few_bills_teach_nothing(number):
    assert learnt([bill(1000, 0, 1500)] * number) == Correction(bills=number)


def test_noise_is_left_alone_and_madness_is_bounded():
    assert learnt([bill(10_000, 0, 10_040)] * 5).images == 1.0
    assert learnt([bill(1000, 0, 900_000)] * 5).images == 2.0
    assert learnt([bill(1000, 0, 1)] * 5).images == 0.5


def test_too_little_text_says_nothing_about_text():
    assert not learnt([bill(0, 20, 40)] * 9).changes_anything


def test_one_odd_bill_in_three_changes_nothing():
    good = [bill(1000, 0, 1100)] * 4
    assert learnt([*good, bill(1000, 0, 9000), bill(1000, 0, 10)]).images == pytest.approx(1.1)


def test_only_the_newest_count():
    assert learnt([*[bill(1000, 0, 1900)] * 60, *[bill(1000, 0, 1100)] * 40]).images == pytest.approx(1.1)


def test_each_model_and_tier_is_judged_by_its_own_bills_and_never_by_practice():
    real = [bill(1000, 0, 1100)] * 3
    other = [replace(one, tier="standard", billed_tokens=1000) for one in real]
    practice = [replace(one, practice=True, billed_tokens=2000) for one in real]
    found = learnt_by_model([*practice, *real, *other])
    assert {key: round(one.images, 3) for key, one in found.items()} == {
        ("claude-test", "high"): 1.1,
        ("claude-test", "standard"): 1.0,
    }


@given(st.integers(0, 10**7))
def test_without_a_correction_nothing_is_rounded(tokens):
    assert corrected(tokens, NO_CORRECTION.images) == tokens


counts = st.integers(0, 100_000)


@given(st.lists(st.tuples(counts, counts, counts, counts), max_size=60))
def test_no_bill_breaks_it(rows):
    correction = learnt([bill(images, text, billed, known=known) for images, text, billed, known in rows])
    assert 0.5 <= correction.images <= 2
    assert 0.5 <= correction.text <= 2


def test_how_far_off_an_estimate_was():
    assert Comparison(NOW, "m", "high", Estimate(100, 800, 100), 1100).off_by == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("counted", "billed", "off"),
    [(None, 900, False), (1000, 1010, False), (1000, 989, True), (100, 105, False), (100, 106, True)],
)
def test_a_count_is_off_by_more_than_rounding(counted, billed, off):
    estimate = Estimate(0, 1000, 0, counted_tokens=counted)
    assert Comparison(NOW, "m", "high", estimate, billed).count_was_off is off
