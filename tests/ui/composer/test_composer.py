"""The composer as its user meets it: keys, drops, undo, and what it asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from tests.ui.composer.pictures import picture, pictures
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice
from vision_studio.core.events import ImagesRefused, Refusal, RefusalKind
from vision_studio.ui.composer.cards import CardsMime
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.findings import Notice

LEFT = Qt.MouseButton.LeftButton
NO_KEYS = Qt.KeyboardModifier.NoModifier


def order(composer: Composer) -> str:
    return "".join(image.id for image in composer.draft.images)


def drop(target, mime: QMimeData, at: QPoint) -> Qt.DropAction:
    """Drag over a widget and let go, as a file manager that would rather move does."""
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    for event in (
        QDragEnterEvent(at, both, mime, LEFT, NO_KEYS),
        QDragMoveEvent(at, both, mime, LEFT, NO_KEYS),
    ):
        target.event(event) if target.isWidgetType() else None
    event = QDropEvent(QPointF(at), both, mime, LEFT, NO_KEYS)
    event.setDropAction(Qt.DropAction.MoveAction)
    target.dropEvent(event)
    return event.dropAction()


def files(*names: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(f"/photos/{name}") for name in names])
    return mime


@pytest.fixture
def filled(composer: Composer) -> Composer:
    composer.cards.insert(0, pictures("abcd"))
    return composer


def test_parts_take_the_place_of_the_whole_and_one_undo_brings_it_back(filled):
    filled.cards.set_fidelity(filled.draft.images[1:2], FidelityChoice(Fidelity.ORIGINAL))
    filled.cards.put_in_place("b", pictures("xy"))
    assert order(filled) == "axycd"
    assert {image.fidelity for image in filled.draft.images[1:3]} == {Fidelity.ORIGINAL}
    filled.history.stack.undo()
    assert order(filled) == "abcd"
    filled.cards.put_in_place("gone", pictures("z"))
    assert order(filled) == "abcd"


def test_files_dropped_on_the_strip_arrive_where_they_were_dropped(filled, qtbot):
    strip = filled.strip
    between = strip.visualRect(filled.images.index(2)).topLeft() + QPoint(2, 20)
    with qtbot.waitSignal(filled.images_brought) as brought:
        action = drop(strip, files("x.png"), between)
    assert brought.args[1] == 2
    assert action == Qt.DropAction.CopyAction  # or the source would delete its file


def test_files_dropped_elsewhere_go_to_the_end(filled, qtbot):
    with qtbot.waitSignal(filled.images_brought) as brought:
        drop(filled, files("x.png"), QPoint(5, 5))
    assert brought.args[1] == 4


def test_a_link_alone_is_explained_and_not_fetched(composer, qtbot):
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.com/cat")])
    with qtbot.assertNotEmitted(composer.images_brought):
        drop(composer, mime, QPoint(5, 5))
    assert composer.findChild(Notice, "composer-notice") is not None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        pytest.param(Qt.Key.Key_Left, "acbd", id="one to the left"),
        pytest.param(Qt.Key.Key_Right, "abdc", id="one to the right"),
        pytest.param(Qt.Key.Key_Home, "cabd", id="to the start"),
        pytest.param(Qt.Key.Key_End, "abdc", id="to the end"),
    ],
)
def test_alt_and_arrows_move_the_chosen_image(filled, qtbot, key, expected):
    filled.strip.select(["c"])
    qtbot.keyClick(filled.strip, key, Qt.KeyboardModifier.AltModifier)
    assert order(filled) == expected
    assert filled.strip.selected_ids() == ["c"]
    filled.history.stack.undo()
    assert order(filled) == "abcd"


def test_a_block_moves_together(filled, qtbot):
    filled.strip.select(["a", "c"])
    qtbot.keyClick(filled.strip, Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
    assert order(filled) == "bdac"
    assert filled.strip.selected_ids() == ["a", "c"]


def test_del_removes_and_undo_brings_back(filled, qtbot):
    filled.strip.select(["b", "c"])
    qtbot.keyClick(filled.strip, Qt.Key.Key_Delete)
    assert order(filled) == "ad"
    assert filled.strip.selected_ids() == ["d"]
    qtbot.keyClick(filled.prompt, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert order(filled) == "abcd"


def test_a_card_that_is_moved_out_of_view_is_followed(composer, qtbot):
    composer.cards.insert(0, pictures("abcdefghijklmnopqrstuvwxyz"))
    composer.strip.select(["z"])
    qtbot.waitUntil(lambda: composer.strip.verticalScrollBar().value() > 0)
    composer.strip.setFocus()
    qtbot.keyClick(composer.strip, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert composer.draft.images[0].id == "z"
    assert composer.strip.verticalScrollBar().value() == 0


def test_cards_dragged_within_the_strip_change_places(filled):
    after_last = filled.strip.visualRect(filled.images.index(3)).topRight() - QPoint(2, -20)
    drop(filled.strip, CardsMime(filled.draft.images[:2], moving=True), after_last)
    assert order(filled) == "cdab"


def test_typing_is_in_the_draft_and_can_be_undone(composer, qtbot):
    qtbot.keyClicks(composer.prompt, "How many")
    assert composer.draft.text == "How many"
    qtbot.keyClick(composer.prompt, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert composer.draft.text == "How "


def test_ctrl_enter_asks_to_send_the_draft_as_it_stands(filled, qtbot):
    qtbot.keyClicks(filled.prompt, "Which is best?")
    with qtbot.waitSignal(filled.send_asked) as asked:
        qtbot.keyClick(filled.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [Draft(filled.draft.images, "Which is best?")]
    assert [image.id for image in filled.draft.images] == list("abcd")


def test_while_an_answer_comes_nothing_is_sent(filled, qtbot):
    filled.show_answering(True)
    with qtbot.assertNotEmitted(filled.send_asked):
        filled.send()


def test_every_refused_file_is_listed_and_its_card_goes(filled):
    filled.show_refusals(
        ImagesRefused(
            "s",
            (
                Refusal("b.png", RefusalKind.DAMAGED, "b"),
                Refusal("<b>notes.txt", RefusalKind.NOT_AN_IMAGE),
            ),
        )
    )
    assert order(filled) == "acd"
    notice = filled.findChild(Notice, "composer-notice")
    assert notice.accessibleName() == "Warning: 2 files were not added"


def test_a_change_of_fidelity_is_one_step_of_undo(filled):
    filled.cards.set_fidelity(filled.draft.images[:2], FidelityChoice(Fidelity.ORIGINAL))
    assert [image.fidelity for image in filled.draft.images[:2]] == [Fidelity.ORIGINAL] * 2
    filled.history.stack.undo()
    assert {image.fidelity for image in filled.draft.images} == {Fidelity.FIT}


def test_pasted_images_go_to_the_strip_and_pasted_words_into_the_prompt(composer, qtbot):
    with qtbot.waitSignal(composer.images_brought):
        composer.prompt.insertFromMimeData(files("x.png"))
    words = QMimeData()
    words.setText("just words")
    composer.prompt.insertFromMimeData(words)
    assert composer.draft.text == "just words"


def test_the_strip_grows_to_its_rows_and_then_scrolls(composer, qtbot):
    composer.cards.insert(0, pictures("a"))
    one = composer.strip.height()
    composer.cards.insert(1, pictures("bcdefghijklmnopqrstuvwxyz"))
    qtbot.waitUntil(lambda: composer.strip.height() == 2 * one)
    assert composer.strip.verticalScrollBar().maximum() > 0


def test_files_are_chosen_where_the_last_ones_were(composer, qtbot, tmp_path):
    (tmp_path / "a.png").touch()
    composer.choose_files()
    dialog = composer.findChild(QFileDialog, "open-images")
    assert Path(dialog.directory().path()).is_dir()
    dialog.filesSelected.emit([str(tmp_path / "a.png")])
    dialog.reject()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    composer.choose_files()
    dialog = composer.findChild(QFileDialog, "open-images")
    assert Path(dialog.directory().path()) == tmp_path
    dialog.reject()


def test_beside_the_cards_there_is_no_menu(filled, qtbot):
    asked = []
    filled.strip.menu_asked.disconnect()  # the menu itself is not wanted
    filled.strip.menu_asked.connect(asked.append)
    filled.strip.select(["b"])
    viewport = filled.strip.viewport()

    def ask(place: QPoint, reason: QContextMenuEvent.Reason) -> None:
        filled.strip.contextMenuEvent(QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))

    beside = QPoint(viewport.width() - 2, viewport.height() - 2)
    ask(beside, QContextMenuEvent.Reason.Mouse)
    assert asked == []
    ask(beside, QContextMenuEvent.Reason.Keyboard)
    assert len(asked) == 1


def test_copied_cards_are_pasted_behind_the_current_one_as_cards_of_their_own(filled, qtbot):
    filled.strip.select(["a", "b"])
    filled.strip.setFocus()
    qtbot.keyClick(filled.strip, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    filled.strip.select(["c"])
    assert filled.paste()
    assert [image.name for image in filled.draft.images] == [f"{letter}.png" for letter in "abcabd"]
    assert len({image.id for image in filled.draft.images}) == 6
    assert len({image.digest for image in filled.draft.images}) == 1
    filled.history.stack.undo()
    assert order(filled) == "abcd"


def test_cut_cards_come_back_where_they_are_pasted(filled, qtbot):
    filled.strip.select(["a"])
    filled.strip.setFocus()
    qtbot.keyClick(filled.strip, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert order(filled) == "bcd"
    filled.prompt.setFocus()
    filled.prompt.paste()
    assert [image.name for image in filled.draft.images] == ["b.png", "c.png", "d.png", "a.png"]


def test_a_picture_dragged_from_the_conversation_is_copied_to_where_it_falls(filled):
    sent = [replace(pictures("x")[0], label="before")]
    at_second = filled.strip.visualRect(filled.images.index(1)).topLeft() + QPoint(2, 20)
    action = drop(filled.strip, CardsMime(sent), at_second)
    assert action == Qt.DropAction.CopyAction
    names = [image.name for image in filled.draft.images]
    assert names == ["a.png", "x.png", "b.png", "c.png", "d.png"]
    assert filled.draft.images[1].id != "x"
    assert filled.draft.images[1].label == "before"
    drop(filled.prompt, CardsMime(sent), QPoint(5, 5))
    assert [image.name for image in filled.draft.images] == [*names, "x.png"]
    assert filled.draft.text == ""


def test_cards_on_their_way_within_the_strip_are_not_wanted_elsewhere(filled):
    moving = CardsMime(filled.draft.images[:1], moving=True)
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, moving, LEFT, NO_KEYS)
    for target in (filled, filled.prompt):
        event.ignore()
        target.dragEnterEvent(event)
        assert not event.isAccepted()


def test_an_image_that_is_still_being_read_is_not_copied_and_that_is_said(filled):
    filled.cards.add_copies([picture("r", digest=None), picture("x")])
    assert [image.name for image in filled.draft.images][4:] == ["x.png"]
    notice = filled.findChild(Notice, "composer-notice")
    assert notice.accessibleName() == "Note: 1 image could not be copied yet"
