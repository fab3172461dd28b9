"""Words are found whatever their case and accents, and signs in them mean themselves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.finding_text import anywhere, at_word_starts


def found(pattern: str, text: str) -> list[str]:
    return [match[0] for match in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("typed", "text", "matches"),
    [
        ("cafe", "Café, CAFE\u0301, cafeteria", ["Café", "CAFE\u0301", "cafe"]),
        ("É", "etes, étés", ["e", "e", "é", "é"]),
        ("two  words", "two\nwords", ["two\nwords"]),
        ("(a.b)*", "(a.b)* (axb)", ["(a.b)*"]),
        ("猫", "黒猫", ["猫"]),
        ("x", "y", []),
    ],
)
def test_what_was_typed_is_found_anywhere(typed, text, matches):
    assert found(anywhere(typed), text) == matches


def test_words_are_found_where_words_begin():
    assert found(at_word_starts(["roof", "til"]), "A sunroof, roofs, Tiles; reptile _roof") == [
        "roof",
        "Til",
        "roof",
    ]
    assert at_word_starts([" "]) == at_word_starts([]) == anywhere(" ") == ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_every_text_finds_itself(before, text):
    pattern = anywhere(text)
    if pattern:
        assert found(pattern, f"{before} {' '.join(text.split())}")
