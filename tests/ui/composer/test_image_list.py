"""The strip's model: it keeps Qt's contract, and what is learnt about a picture survives undo."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.ui.composer.pictures import DIGEST, picture, pictures
from vision_studio.core.appraisal import ImageAppraisal
from vision_studio.core.draft import Draft
from vision_studio.core.mentions import plain
from vision_studio.ui.composer.image_list import ImageListModel, Progress, Role, Stage, block_move


@pytest.fixture
def model(qapp):
    model = ImageListModel(lambda digest: None)
    # Warning mode speaks through Qt's log, and any Qt warning fails the test.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    tester.deleteLater()


def names(model: ImageListModel) -> list[str]:
    return [image.name for image in model.draft.images]


def test_numbers_follow_the_rows(model):
    model.open(Draft(pictures("abc")), first_number=4)
    assert [model.index(row).data(Role.NUMBER) for row in range(3)] == [4, 5, 6]

    model.arrange(["c", "a", "b"])
    assert names(model) == ["c.png", "a.png", "b.png"]
    assert [model.index(row).data(Role.NUMBER) for row in range(3)] == [4, 5, 6]

    model.replace([replace(model.image(0), included=False)])
    assert [model.index(row).data(Role.NUMBER) for row in range(3)] == [None, 4, 5]


def test_the_draft_is_told_once_an_edit(model, qtbot):
    told = []
    model.draft_changed.connect(told.append)
    model.insert(0, pictures("abc"))
    model.remove(["a", "c"])
    model.set_passage(plain("What is this?"))
    assert [[image.id for image in draft.images] for draft in told] == [["a", "b", "c"], ["b"], ["b"]]
    assert told[-1].text == "What is this?"


def test_rows_are_removed_run_by_run(model):
    model.insert(0, pictures("abcdef"))
    model.remove(["b", "c", "e", "not here"])
    assert names(model) == ["a.png", "d.png", "f.png"]


def test_what_was_learnt_while_a_picture_was_away_comes_back_with_it(model):
    unread = picture("a", digest=None)
    model.insert(0, [unread])
    model.remove(["a"])
    model.learn([replace(unread, digest=DIGEST)])
    model.insert(0, [unread])
    assert model.image(0).digest == DIGEST


def test_what_reading_found_out_does_not_undo_what_the_user_chose(model):
    unread = picture("a", digest=None)
    model.insert(0, [unread])
    model.replace([replace(unread, label="before")])
    model.learn([replace(unread, digest=DIGEST)])
    assert (model.image(0).label, model.image(0).digest) == ("before", DIGEST)


def test_a_refused_picture_does_not_come_back(model):
    model.insert(0, pictures("ab"))
    model.refuse(["a"])
    model.insert(0, pictures("a"))
    assert names(model) == ["b.png"]


def test_a_picture_is_read_until_its_bytes_are_stored(model):
    model.insert(0, [picture("a", digest=None), picture("b")])
    stages = [model.index(row).data(Role.PROGRESS).stage for row in range(2)]
    assert stages == [Stage.READING, Stage.READY]
    model.show_progress("b", Progress(Stage.FAILED, words="The server is overloaded"))
    said = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Image 2, b.png, The server is overloaded"


@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh")))
def test_any_order_can_be_arranged(order, gone):
    model = ImageListModel(lambda digest: None)
    model.insert(0, pictures("abcdefgh"))
    model.remove(list(gone))
    model.arrange(order)
    assert [image.id for image in model.draft.images] == [one for one in order if one not in gone]


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        ("abcde", "bcdea", (0, 0, 5)),
        ("abcde", "eabcd", (0, 3, 5)),
        ("abcde", "acdbe", (1, 1, 4)),
        ("abcde", "adebc", (1, 2, 5)),
        ("abcde", "edcba", None),
        ("abcde", "bdace", None),
    ],
)
def test_one_move_is_known_from_an_order_of_its_own(before, after, move):
    assert block_move(before, after) == move


@pytest.mark.parametrize("order", [reversed, lambda ids: [*ids[400:], *ids[:400]]], ids=["sorted", "moved"])
def test_hundreds_are_put_in_order_at_once_and_keep_who_was_chosen(model, order):
    told = []
    model.rowsMoved.connect(lambda *rows: told.append("moved"))
    model.layoutChanged.connect(lambda *parents: told.append("ordered"))
    ids = [f"{row:03}" for row in range(600)]
    model.insert(0, pictures(ids))
    chosen = [QPersistentModelIndex(model.index(row)) for row in (0, 7, 599)]
    after = list(order(ids))
    model.arrange(after)
    assert [image.id for image in model.draft.images] == after
    assert [model.image(index.row()).id for index in chosen] == ["000", "007", "599"]
    assert len(told) == 1


def test_the_same_numbers_again_paint_nothing(model, qtbot):
    model.insert(0, pictures("abc"))
    appraisals: list[ImageAppraisal] = []
    model.show_appraisals(appraisals)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show_appraisals(appraisals)
