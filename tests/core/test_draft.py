"""Edits of a draft keep every picture and their order; numbers are what will be sent."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import picture, pictures
from vision_studio.core.draft import Draft, Image


def _named(names: list[str]) -> tuple[Image, ...]:
    return tuple(picture(name, included=not name.endswith("0")) for name in names)


strips = st.lists(st.integers(0, 99).map(str), unique=True, max_size=12).map(
    lambda names: Draft(_named(names), "question")
)


@st.composite
def strips_with_some(draw: st.DrawFn) -> tuple[Draft, list[str], int]:
    """A draft, the ids of some of its pictures in any order, and a row."""
    draft = draw(strips)
    ids = [image.id for image in draft.images]
    some = draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    return draft, some, draw(st.integers(0, len(ids)))


def names(draft: Draft) -> list[str]:
    return [image.name for image in draft.images]


@given(strips_with_some())
def test_moving_keeps_every_picture_and_the_order_within_and_without_the_block(
    case: tuple[Draft, list[str], int],
) -> None:
    draft, some, row = case
    moved = draft.moved(some, row)
    assert Counter(names(moved)) == Counter(names(draft))
    block = [image.id for image in draft.images if image.id in some]
    ids = [image.id for image in moved.images]
    assert [id_ for id_ in ids if id_ in some] == block
    assert [id_ for id_ in ids if id_ not in some] == [i.id for i in draft.images if i.id not in some]
    if block:
        start = ids.index(block[0])
        assert ids[start : start + len(block)] == block
        assert start == sum(image.id not in some for image in draft.images[:row])


@given(strips_with_some())
def test_moving_to_where_a_block_is_changes_nothing(case: tuple[Draft, list[str], int]) -> None:
    draft, _, row = case
    ids = [image.id for image in draft.images[row : row + 3]]
    assert draft.moved(ids, row) == draft
    assert draft.moved(ids, row + len(ids)) == draft


@given(strips, st.integers(0, 12), st.integers(0, 4))
def test_taking_out_what_was_put_in_gives_the_draft_back(draft: Draft, row: int, count: int) -> None:
    row = min(row, len(draft.images))
    new = tuple(picture(f"new {number}") for number in range(count))
    longer = draft.with_inserted(row, new)
    assert longer.images[row : row + count] == new
    assert longer.without(image.id for image in new) == draft


@given(strips_with_some())
def test_putting_back_what_was_taken_out_gives_the_draft_back(case: tuple[Draft, list[str], int]) -> None:
    draft, some, _ = case
    restored = draft.without(some)
    for row, image in enumerate(draft.images):
        if image.id in some:
            restored = restored.with_inserted(row, [image])
    assert restored == draft


@given(strips, st.integers(1, 500))
def test_numbers_run_on_over_the_pictures_that_are_sent(draft: Draft, first: int) -> None:
    numbers = draft.numbers(first)
    assert len(numbers) == len(draft.images)
    assert [n for n in numbers if n is not None] == list(range(first, first + len(draft.included)))
    assert all((n is None) != image.included for n, image in zip(numbers, draft.images, strict=True))


@given(strips_with_some())
def test_an_order_of_some_holds_and_the_rest_come_last(case: tuple[Draft, list[str], int]) -> None:
    draft, some, _ = case
    ids = [image.id for image in draft.images]
    after = [image.id for image in draft.arranged(["not here", *some]).images]
    assert after == [*some, *(one for one in ids if one not in some)]


def test_replacing_a_picture_keeps_its_place() -> None:
    one, two, three = pictures(3)
    better = picture("2.jpg", (2000, 1000), label="after repair")
    draft = Draft((one, two, three)).with_replaced([better, picture("unknown.jpg")])
    assert draft.images == (one, better, three)


def test_rows_are_found_by_card() -> None:
    draft = Draft(pictures(3))
    assert draft.row("card-2.jpg") == 1
    assert draft.row("card-9.jpg") is None


def test_a_draft_of_blanks_is_empty() -> None:
    assert Draft(text=" \n").is_empty
    assert not Draft(text="?").is_empty
    assert not Draft(pictures(1)).is_empty
