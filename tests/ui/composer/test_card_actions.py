"""What is done to cards: by key and by menu, one step of undo each, and said to a screen reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFileDialog, QInputDialog

from tests.core.builders import sent, turn
from tests.ui.composer.pictures import picture, pictures
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice
from vision_studio.core.mentions import Passage, plain
from vision_studio.core.ordering import Ordering
from vision_studio.core.prompt import Text, messages
from vision_studio.ui.composer import card_actions
from vision_studio.ui.composer.card import ZOOMS
from vision_studio.ui.composer.card_menu import card_menu
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.image_list import Progress, Role, Stage

CONTROL = Qt.KeyboardModifier.ControlModifier


def order(composer):
    return "".join(image.id for image in composer.draft.images)


def names(composer):
    return [image.name for image in composer.draft.images]


@pytest.fixture
def said(monkeypatch):
    """What a screen reader is told."""
    told = []
    monkeypatch.setattr(card_actions, "announce", lambda widget, text: told.append(text))
    return told


@pytest.fixture
def filled(composer):
    composer.cards.insert(0, pictures("abcd"))
    return composer


def choose(composer, *image_ids):
    composer.strip.select(list(image_ids))
    composer.strip.setFocus()


def test_a_duplicate_stands_behind_its_image_and_is_a_card_of_its_own(filled, qtbot):
    choose(filled, "b")
    qtbot.keyClick(filled.strip, Qt.Key.Key_D, CONTROL)
    assert names(filled) == ["a.png", "b.png", "b.png", "c.png", "d.png"]
    assert len({image.id for image in filled.draft.images}) == 5
    assert filled.strip.selected_ids() == [filled.draft.images[2].id]
    filled.history.undo()
    assert order(filled) == "abcd"


def test_what_is_left_out_has_no_number_and_says_so(filled, qtbot, said):
    choose(filled, "b", "c")
    qtbot.keyClick(filled.strip, Qt.Key.Key_L, CONTROL)
    index = filled.images.index(1)
    assert [filled.images.index(row).data(Role.NUMBER) for row in range(4)] == [1, None, None, 2]
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Left out, b.png")
    assert said[-1] == "2 images left out of the next request"
    qtbot.keyClick(filled.strip, Qt.Key.Key_L, CONTROL)
    assert [image.included for image in filled.draft.images] == [True] * 4
    filled.history.undo()
    filled.history.undo()
    assert [image.included for image in filled.draft.images] == [True] * 4
    assert filled.history.stack.undoText() == "Add 4 images"


@pytest.mark.parametrize(
    ("chosen", "position", "expected"),
    [("d", 1, "dabc"), ("a", 4, "bcda"), ("ac", 2, "bacd"), ("cd", 1, "cdab"), ("b", 2, "abcd")],
)
def test_a_position_can_be_typed(filled, qtbot, said, chosen, position, expected):
    choose(filled, *chosen)
    qtbot.keyClick(filled.strip, Qt.Key.Key_G, CONTROL)
    dialog = filled.findChild(QInputDialog, "image-position")
    assert dialog.intMaximum() == 5 - len(chosen)
    dialog.setIntValue(position)
    dialog.accept()
    assert order(filled) == expected
    if expected != "abcd":
        what = "Image 4, d.png" if chosen == "d" else None
        assert said[-1].endswith(f"moved to position {position} of 4")
        assert what is None or said[-1].startswith(what)


def test_sorting_is_one_step_and_can_be_taken_back_to_how_they_were_dropped(composer, said):
    images = [
        replace(picture("x"), name=name, id=name, file_time=time)
        for name, time in (("10.png", 3), ("B.png", None), ("2.png", 1), ("a.png", 2))
    ]
    composer.cards.insert(0, images)
    composer.cards.sort(Ordering.NAME)
    assert names(composer) == ["2.png", "10.png", "a.png", "B.png"]
    assert said[-1] == "4 images sorted by name"
    composer.cards.sort(Ordering.DATE)
    assert names(composer) == ["2.png", "a.png", "10.png", "B.png"]
    composer.cards.sort(Ordering.DROPPED)
    assert names(composer) == ["10.png", "B.png", "2.png", "a.png"]
    composer.cards.sort(Ordering.DROPPED)
    assert said[-1] == "The images stand in this order already"
    for expected in (["2.png", "a.png", "10.png", "B.png"], ["2.png", "10.png", "a.png", "B.png"]):
        composer.history.undo()
        assert names(composer) == expected
    composer.history.undo()
    assert names(composer) == ["10.png", "B.png", "2.png", "a.png"]


def test_what_is_dropped_between_others_is_the_last_to_have_come(filled):
    filled.cards.insert(1, pictures("x"))
    assert order(filled) == "axbcd"
    filled.cards.sort(Ordering.DROPPED)
    assert order(filled) == "abcdx"


def test_a_replacement_keeps_number_label_and_what_is_sent(filled, qtbot, said, tmp_path):
    filled.cards.label("b", "after repair")
    filled.cards.set_fidelity([filled.draft.images[1]], FidelityChoice(Fidelity.ECONOMY))
    choose(filled, "b")
    filled.cards.ask_replacement(filled.draft.images[1])
    dialog = filled.findChild(QFileDialog, "replace-image")
    with qtbot.waitSignal(filled.cards.replacement_asked) as asked:
        dialog.fileSelected.emit(str(tmp_path / "new.png"))
    dialog.close()
    assert asked.args == [filled.draft.images[1], Path(tmp_path / "new.png")]
    filled.cards.put_replacement("b", replace(picture("n"), name="new.png", digest="cd" * 32))
    image = filled.draft.images[1]
    assert (image.id, image.name, image.label, image.digest) == ("b", "new.png", "after repair", "cd" * 32)
    assert image.fidelity is Fidelity.ECONOMY
    assert said[-1] == "b.png replaced by new.png"
    filled.history.undo()
    assert filled.draft.images[1].name == "b.png"


def test_choosing_hundreds_shows_the_last_of_them_only(composer, qtbot):
    ids = [f"{row:03}" for row in range(600)]
    composer.cards.insert(0, pictures(ids))
    shown = []
    composer.image_chosen.connect(lambda image: shown.append(image.id))
    choose(composer, *ids[:300])
    assert composer.strip.selected_ids() == ids[:300]
    assert shown == ["299"]
    qtbot.keyClick(composer.strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert composer.strip.selected_ids() == ["299", "300"]


def test_undo_shows_and_says_what_it_brought_back(filled, said):
    filled.cards.move(["d"], 0)
    assert said[-1] == "Image 4, d.png moved to position 1 of 4"
    filled.cards.remove(["a", "b"])
    assert said[-1] == "2 images removed, 2 images left"
    choose(filled, "c")
    filled.history.undo()
    assert filled.strip.selected_ids() == ["a", "b"]
    assert said[-1] == "Undone: Remove 2 images"
    filled.history.undo()
    assert filled.strip.selected_ids() == ["d"]
    filled.history.redo()
    assert order(filled) == "dabc"
    assert said[-1] == "Done again: Move image"


def test_an_image_that_is_taken_away_while_it_is_uploaded_is_told_of(filled, qtbot):
    filled.images.show_progress("b", Progress(Stage.UPLOADING, 0.4))
    filled.images.show_progress("c", Progress(Stage.UPLOADED))
    with qtbot.waitSignal(filled.images.uploads_dropped) as dropped:
        filled.cards.remove(["b", "c"])
    assert dropped.args == [["b"]]


def test_cards_have_the_size_one_likes(filled, qtbot):
    before = filled.strip.gridSize()
    filled.strip.setFocus()
    with qtbot.waitSignal(filled.strip.zoomed) as zoomed:
        qtbot.keyClick(filled.strip, Qt.Key.Key_Plus, CONTROL)
    assert zoomed.args == [ZOOMS[2]]
    assert filled.strip.gridSize().width() > before.width()
    place = QPointF(9, 9)
    for turned in (-120, -120, -120):
        down = QWheelEvent(
            place,
            place,
            QPoint(),
            QPoint(0, turned),
            Qt.MouseButton.NoButton,
            CONTROL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        filled.strip.wheelEvent(down)
    assert filled.strip.zoom == ZOOMS[0]
    qtbot.keyClick(filled.strip, Qt.Key.Key_0, CONTROL)
    assert filled.strip.gridSize() == before


def test_the_menu_offers_what_fits_what_is_chosen(filled):
    filled.cards.leave_out(["b"])
    (one, several) = (card_menu(filled, ["b"]), card_menu(filled, ["a", "c"]))
    texts = [action.text() for action in one.actions() if action.text()]
    for text in ("What Claude sees", "Label…", "Replace…", "Duplicate", "Include in the next request"):
        assert text in texts
    assert {"Move", "Sort all", "Cut", "Copy", "Save image as…", "Select all", "Remove"} <= set(texts)
    texts = [action.text() for action in several.actions()]
    assert "Label…" not in texts
    assert {"Leave out of the next request", "Mention in the question", "Save images in…"} <= set(texts)
    one.close()
    several.close()


# Any sequence of edits

EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            ["insert", "remove", "move", "position", "duplicate", "leave", "label", "sort", "replace", "type"]
        ),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    max_size=14,
)


def edit(composer: Composer, kind: str, one: int, other: int, fresh: list[int]) -> None:
    images = composer.draft.images
    some = [image.id for image in images[one % 5 : one % 5 + 1 + other % 3]]
    cards = composer.cards
    fresh[0] += 1
    match kind:
        case "insert":
            cards.insert(min(one, len(images)), pictures([f"n{fresh[0]}", f"m{fresh[0]}"]))
        case "remove":
            cards.remove(some)
        case "move":
            cards.move(some, min(other, len(images)))
        case "position":
            cards.move_to(some, 1 + other)
        case "duplicate":
            cards.duplicate(some)
        case "leave":
            cards.leave_out(some)
        case "label" if some:
            cards.label(some[0], f"label {other}")
        case "sort":
            cards.sort(list(Ordering)[one % 3])
        case "replace" if some:
            cards.put_replacement(some[0], replace(picture(f"r{fresh[0]}"), digest="cd" * 32))
        case "type":
            composer.prompt.insert(plain(f"word{one} "))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_undo_takes_back_any_sequence_of_edits_and_redo_repeats_it(composer, edits):
    composer.open(Draft(pictures("abcd"), "Which?"), 1)
    start, fresh = composer.draft, [0]
    for kind, one, other in edits:
        edit(composer, kind, one, other, fresh)
        ids = [image.id for image in composer.draft.images]
        assert len(set(ids)) == len(ids)
    end = composer.draft
    assert composer.prompt.passage == end.passage
    while composer.history.stack.canUndo():
        composer.history.undo()
    assert composer.draft == start
    assert composer.prompt.passage == Passage("Which?")
    while composer.history.stack.canRedo():
        composer.history.redo()
    assert composer.draft == end


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_the_order_on_the_strip_is_the_order_that_is_sent(composer, edits):
    composer.open(Draft(pictures("abcd"), "Which?"), 1)
    fresh = [0]
    for kind, one, other in edits:
        edit(composer, kind, one, other, fresh)
    shown = [
        f"Image {number}: {label}" if (label := composer.images.image(row).label) else f"Image {number}:"
        for row in range(composer.images.rowCount())
        if (number := composer.images.index(row).data(Role.NUMBER)) is not None
    ]
    assert sent_captions(composer.draft) == shown


def sent_captions(draft: Draft) -> list[str]:
    images = [sent(image, number) for number, image in enumerate(draft.included, start=1)]
    (question,) = messages([turn("", images)])
    return [block.text for block in question.blocks if isinstance(block, Text)]
