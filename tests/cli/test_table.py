"""Columns line up whatever is in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision_studio.cli.table import shortened, table, width


def test_columns_line_up_with_wide_characters() -> None:
    rows = [("name", "n"), ("界.png", "12"), ("e\N{COMBINING ACUTE ACCENT}.png", "3")]
    lines = list(table(rows, right=frozenset({1})))
    assert [width(line) for line in lines] == [10, 10, 10]
    assert lines[1] == "界.png  12"


@pytest.mark.parametrize(
    ("text", "short"),
    [("photo.png", "photo.png"), ("a-very-long-name-v2.png", "a-ver…2.png"), ("界" * 9, "界界…界界")],
)
def test_long_names_lose_their_middle(text: str, short: str) -> None:
    assert shortened(text, 11) == short


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P"])), st.integers(4, 40))
def test_shortened_names_fit(text: str, longest: int) -> None:
    assert width(shortened(text, longest)) <= longest
