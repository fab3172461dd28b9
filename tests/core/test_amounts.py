"""Numbers as people read them; no value raises."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.amounts import (
    bytes_text,
    count,
    counted,
    duration,
    image_numbers,
    listed,
    percent,
    usd,
)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.0001296", "$0.00013"),
        ("0.00518", "$0.0052"),
        ("0.0231", "$0.0231"),
        ("0.21", "$0.2100"),
        ("1", "$1.00"),
        ("4.125", "$4.12"),
        ("1234.5", "$1,234.50"),
        ("-0.5", "−$0.5000"),
        ("NaN", "–"),
        ("Infinity", "–"),
    ],
)
def test_usd(amount: str, text: str) -> None:
    assert usd(Decimal(amount)) == text


def test_a_price_that_is_not_known() -> None:
    assert usd(None) == "–"


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (14_200, "14 KB"),
        (740_000, "740 KB"),
        (999_500, "1 MB"),
        (6_100_000, "6.1 MB"),
        (32_000_000, "32 MB"),
        (123_400_000, "123 MB"),
        (999_500_000, "1 GB"),
        (4_200_000_000_000, "4.2 TB"),
    ],
)
def test_bytes_text(size_bytes: int, text: str) -> None:
    assert bytes_text(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (2.44, "2.4 s"),
        (59.97, "1 min"),
        (65, "1 min 5 s"),
        (3600, "1 h"),
        (7380, "2 h 3 min"),
        (None, "–"),
        (-1, "–"),
        (float("nan"), "–"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(-0.002, "−0.2 %"), (0.1234, "+12 %"), (0, "0 %"), (-0.00001, "0 %"), (float("inf"), "–")],
)
def test_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((), ""),
        ((3,), "Image 3"),
        ((3, 3), "Image 3"),
        ((2, 1), "Images 1 and 2"),
        ((7, 1, 3, 2), "Images 1–3 and 7"),
        ((1, 3, 5, 7, 9), "Images 1, 3, 5, 7 and 9"),
        ((1, 3, 5, 7, 9, 11, 12, 13), "Images 1, 3, 5, 7 and 4 more"),
        (tuple(range(1, 601)), "Images 1–600"),
    ],
)
def test_image_numbers(numbers: tuple[int, ...], text: str) -> None:
    assert image_numbers(numbers) == text


def test_counting_and_listing() -> None:
    assert (count(12345), count(-5)) == ("12,345", "−5")
    assert (counted(1, "image"), counted(0, "image"), counted(2, "entry", "entries")) == (
        "1 image",
        "0 images",
        "2 entries",
    )
    assert (listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])) == (
        "",
        "a",
        "a and b",
        "a, b and c",
    )


@given(st.decimals(), st.integers(-(10**30), 10**30), st.floats(), st.floats())
def test_no_value_is_too_odd(amount: Decimal, whole: int, seconds: float, share: float) -> None:
    for text in (usd(amount), count(whole), bytes_text(whole), duration(seconds), percent(share)):
        assert text
        assert text.isprintable()


@given(st.lists(st.integers(0, 700)).map(tuple))
def test_every_image_is_named_or_counted(numbers: tuple[int, ...]) -> None:
    text = image_numbers(numbers)
    assert bool(text) == bool(numbers)
    assert text.count("–") + text.count(",") < 12
