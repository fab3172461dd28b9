"""Text with chips: edits keep every chip with its picture, and what is sent can be written on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.draft import Draft
from vision_studio.core.mentions import (
    MARK,
    Mention,
    Passage,
    SentMention,
    joined,
    mended,
    plain,
    reopened,
    said,
)

A, B, C = Mention("a", "a.jpg"), Mention("b", "b.jpg"), Mention("c", "c.jpg")


def passages() -> st.SearchStrategy[Passage]:
    chips = st.sampled_from([A, B, C]).map(lambda mention: Passage(MARK, (mention,)))
    words = st.text(st.sampled_from("xy \n😀\ud800"), max_size=4).map(Passage)
    return st.lists(st.one_of(chips, words), max_size=6).map(lambda parts: sum(parts, Passage()))


def chip(mention: Mention) -> Passage:
    return Passage(MARK, (mention,))


def test_a_mark_without_a_mention_is_refused():
    with pytest.raises(ValueError, match="as many"):
        Passage(MARK)


def test_text_from_elsewhere_brings_no_chips():
    assert plain(f"a{MARK}b{MARK}") == Passage("ab")
    assert Draft(text=f"a{MARK}b").passage == Passage("ab")


@pytest.mark.parametrize(
    ("mentions", "mended_to"),
    [
        pytest.param((), Passage("xyz"), id="none for two marks"),
        pytest.param((A,), Passage(f"x{MARK}yz", (A,)), id="one for two marks"),
        pytest.param((A, B), Passage(f"x{MARK}y{MARK}z", (A, B)), id="as many"),
        pytest.param((A, B, C), Passage(f"x{MARK}y{MARK}z", (A, B)), id="more"),
    ],
)
def test_a_damaged_record_is_mended(mentions, mended_to):
    assert mended(f"x{MARK}y{MARK}z", mentions) == mended_to


@given(passages(), st.data())
def test_a_passage_cut_in_three_is_whole_again(passage, data):
    start = data.draw(st.integers(0, len(passage.text)))
    end = data.draw(st.integers(start, len(passage.text)))
    assert passage.part(0, start) + passage.part(start, end) + passage.part(end) == passage


@given(passages())
def test_units_are_characters_with_each_mention_in_its_place(passage):
    assert len(passage.units) == len(passage.text)
    assert [one for one in passage.units if isinstance(one, Mention)] == list(passage.mentions)


@given(passages())
def test_what_was_sent_is_written_on_with_its_chips(passage):
    prompt, places = said(passage, lambda mention: f"Image {ord(mention.image_id)}")
    assert MARK not in prompt
    assert [prompt[one.start : one.end] for one in places] == [
        f"Image {ord(mention.image_id)}" for mention in passage.mentions
    ]
    assert reopened(prompt, places) == passage


@given(passages(), st.sets(st.sampled_from("abc")))
def test_mentions_can_be_taken_out(passage, gone):
    left = passage.without(gone)
    assert left.mentions == tuple(one for one in passage.mentions if one.image_id not in gone)
    assert left.text.replace(" ", "").replace(MARK, "") == passage.text.replace(" ", "").replace(MARK, "")


def test_a_chip_that_is_taken_out_leaves_one_space():
    passage = Passage(f"Compare {MARK} with {MARK}", (A, B))
    assert passage.without({"a"}) == Passage(f"Compare with {MARK}", (B,))
    assert Passage(f"{MARK} is red", (A,)).without({"a"}) == Passage("is red")


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([SentMention(-1, 3, "a")], id="before the text"),
        pytest.param([SentMention(2, 99, "a")], id="past the text"),
        pytest.param([SentMention(1, 0, "a")], id="of no length"),
    ],
)
def test_a_place_that_cannot_be_leaves_its_words(places):
    assert reopened("Image 1?", places) == Passage("Image 1?")


def test_of_two_places_that_overlap_the_first_counts():
    places = [SentMention(2, 4, "b"), SentMention(0, 3, "a")]
    assert reopened("012345", places) == Passage(f"{MARK}345", (Mention("a"),))


def test_texts_are_joined_but_for_empty_ones():
    assert joined([plain(" "), chip(A), plain(""), chip(B)], "\n\n") == Passage(f"{MARK}\n\n{MARK}", (A, B))


def test_chips_are_bound_to_other_pictures():
    assert Passage(MARK * 2, (A, B)).renamed({"a": "z"}).mentions == (Mention("z", "a.jpg"), B)
