"""Undo: every edit of pictures and text can be taken back and done again, in one order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.composer.pictures import pictures
from vision_studio.core.mentions import MARK, Mention, Passage
from vision_studio.ui.composer.history import ComposerHistory, TextChange, text_change
from vision_studio.ui.composer.image_list import ImageListModel


class Text:
    """A text that takes changes as the editor does."""

    def __init__(self) -> None:
        self.passage = Passage()

    @property
    def value(self) -> str:
        return self.passage.text

    def apply(self, change: TextChange) -> None:
        units = self.value.encode("utf-16-le", "surrogatepass")
        start = len(units[: change.position * 2].decode("utf-16-le", "surrogatepass"))
        end = start + len(change.removed.text)
        assert self.passage.part(start, end) == change.removed
        self.passage = self.passage.part(0, start) + change.added + self.passage.part(end)


@pytest.fixture
def text() -> Text:
    return Text()


@pytest.fixture
def model(qapp) -> ImageListModel:
    return ImageListModel(lambda digest: None)


@pytest.fixture
def history(model, text) -> ComposerHistory:
    return ComposerHistory(model, text.apply)


def type_text(history: ComposerHistory, text: Text, value: str | Passage) -> None:
    now = Passage(value) if isinstance(value, str) else value
    change = text_change(text.passage, now)
    text.passage = now
    if change is not None:
        history.note_typing(change)


def order(model: ImageListModel) -> str:
    return "".join(image.id for image in model.draft.images)


def test_pictures_and_words_share_one_history(history, model, text):
    history.insert(0, pictures("abc"))
    type_text(history, text, "Hi")
    history.move(["c"], 0)
    history.remove(["a"])
    assert (order(model), text.value) == ("cb", "Hi")

    seen = []
    while history.stack.canUndo():
        history.stack.undo()
        seen.append((order(model), text.value))
    assert seen == [("cab", "Hi"), ("abc", "Hi"), ("abc", ""), ("", "")]

    while history.stack.canRedo():
        history.stack.redo()
    assert (order(model), text.value) == ("cb", "Hi")


def test_a_removed_block_comes_back_to_its_places(history, model):
    history.insert(0, pictures("abcdef"))
    history.remove(["b", "e"])
    history.stack.undo()
    assert order(model) == "abcdef"


def test_a_move_to_the_same_place_is_no_step(history, model):
    history.insert(0, pictures("abc"))
    history.move(["a"], 0)
    history.move(["a"], 1)
    assert history.stack.count() == 1


def test_words_are_undone_one_at_a_time(history, text):
    for end in range(1, len("two words") + 1):
        type_text(history, text, "two words"[:end])
    history.stack.undo()
    assert text.value == "two "
    history.stack.undo()
    assert text.value == ""


def test_a_run_of_deletions_is_one_step(history, text):
    type_text(history, text, "pasted")
    for end in range(5, 2, -1):
        type_text(history, text, "pasted"[:end])
    history.stack.undo()
    assert text.value == "pasted"


def test_a_change_of_fidelity_can_be_undone(history, model):
    history.insert(0, pictures("ab"))
    history.change([replace(model.image(0), label="before")], "Change the label")
    history.stack.undo()
    assert model.image(0).label == ""


def test_undoing_a_drop_after_one_picture_was_refused(history, model):
    history.insert(0, pictures("abc"))
    model.refuse(["b"])
    history.stack.undo()
    history.stack.redo()
    assert order(model) == "ac"


CHIPS = st.sampled_from("ab").map(lambda image_id: Passage(MARK, (Mention(image_id),)))
PASSAGES = st.lists(
    st.one_of(CHIPS, st.text(max_size=6).map(lambda text: Passage(text.replace(MARK, "")))), max_size=5
).map(lambda parts: sum(parts, Passage()))


@given(PASSAGES, PASSAGES)
def test_a_change_leads_from_one_text_to_the_other_and_back(before, after):
    change = text_change(before, after)
    text = Text()
    text.passage = before
    if change is None:
        assert before == after
        return
    text.apply(change)
    assert text.passage == after
    text.apply(TextChange(change.position, change.added, change.removed))
    assert text.passage == before


def test_a_chip_is_a_step_of_its_own(history, text):
    chip = Passage(MARK, (Mention("a"),))
    for value in (Passage("Is"), Passage("Is ") + chip, Passage("Is ") + chip + Passage(" red")):
        type_text(history, text, value)
    history.stack.undo()
    assert text.value == f"Is {MARK}"
    history.stack.undo()
    assert text.value == "Is"


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 8)),
        st.tuples(st.just("remove"), st.sets(st.integers(0, 12), min_size=1)),
        st.tuples(st.just("move"), st.sets(st.integers(0, 12), min_size=1), st.integers(0, 12)),
        st.tuples(st.just("type"), PASSAGES),
    ),
    max_size=12,
)


@given(EDITS)
def test_undo_takes_back_any_sequence_of_edits_and_redo_repeats_it(edits):
    model, text = ImageListModel(lambda digest: None), Text()
    history = ComposerHistory(model, text.apply)
    fresh = iter(range(10_000))
    for edit in edits:
        ids = [image.id for image in model.draft.images]
        match edit:
            case ("insert", row):
                history.insert(min(row, len(ids)), pictures(str(next(fresh)) for _ in range(2)))
            case ("remove", rows):
                history.remove([ids[row] for row in sorted(rows) if row < len(ids)])
            case ("move", rows, row):
                history.move([ids[place] for place in sorted(rows) if place < len(ids)], min(row, len(ids)))
            case ("type", value):
                type_text(history, text, text.passage + value)
    done = (model.draft.images, text.passage)
    while history.stack.canUndo():
        history.stack.undo()
    assert (model.draft.images, text.value) == ((), "")
    while history.stack.canRedo():
        history.stack.redo()
    assert (model.draft.images, text.passage) == done
