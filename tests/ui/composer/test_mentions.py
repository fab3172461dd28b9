"""Chips in the prompt: typed with "@", followed wherever their images go, copied, undone, mended."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeySequence,
    QTextCursor,
)
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QListView

from tests.core.builders import picture as earlier_picture
from tests.core.builders import session, turn
from tests.ui.composer.pictures import picture, pictures
from vision_studio.core.conversation import SentImage
from vision_studio.core.draft import Draft
from vision_studio.core.image_names import Named, sent_text
from vision_studio.core.mentions import GONE, MARK, Mention, Passage, mended
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.history import utf16_length
from vision_studio.ui.composer.mention_list import MentionListModel, MentionPopup
from vision_studio.ui.composer.passage_mime import PASSAGE, brought, carry
from vision_studio.ui.composer.prompt_edit import PromptEdit

LEFT = Qt.MouseButton.LeftButton
KEY, NO_KEYS = Qt.Key, Qt.KeyboardModifier.NoModifier
EARLIER = turn(images=[SentImage(replace(earlier_picture("roof.jpg"), label="before"), 1)])


@pytest.fixture
def filled(composer: Composer, qtbot) -> Composer:
    composer.cards.insert(0, pictures("abc"))
    composer.prompt.setFocus()
    qtbot.waitUntil(composer.prompt.hasFocus)
    return composer


def shown(composer: Composer) -> str:
    """Return the text as it reads on the screen."""
    prompt = composer.prompt
    pieces = prompt.text.split(MARK)
    words = [prompt.called(mention).words for mention in prompt.passage.mentions]
    return "".join(text + word for text, word in zip(pieces, [*words, ""], strict=True))


def offered(composer: Composer) -> list[str]:
    (popup,) = composer.window().findChildren(MentionPopup)
    model = popup.findChild(QListView).model()
    return [model.index(row).data() for row in range(model.rowCount())] if popup.isVisible() else []


def chip_point(composer: Composer, position: int) -> QPoint:
    return composer.prompt.chip_box(position).center().toPoint()


def test_at_offers_the_images_and_enter_mentions_one(filled, qtbot):
    qtbot.keyClicks(filled.prompt, "Is @")
    assert offered(filled) == ["Image 1", "Image 2", "Image 3"]
    qtbot.keyClick(filled.prompt, KEY.Key_Down)
    qtbot.keyClick(filled.prompt, KEY.Key_Return)
    qtbot.keyClicks(filled.prompt, " red?")
    assert offered(filled) == []
    assert shown(filled) == "Is Image 2 red?"
    assert filled.draft.mentions == (Mention("b", "b.png"),)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("@3", ["Image 3"], id="by number"),
        pytest.param("@c.p", ["Image 3"], id="by name"),
        pytest.param("@aft", ["Image 2"], id="by label"),
        pytest.param("@image 1", ["Image 1"], id="by its words"),
        pytest.param("(@2", ["Image 2"], id="behind a bracket"),
        pytest.param("me@2", [], id="not in an address"),
        pytest.param("@zebra", [], id="nothing found"),
        pytest.param("@ 2", [], id="an @ that stands alone"),
    ],
)
def test_what_is_typed_narrows_the_list(filled, qtbot, typed, expected):
    filled.history.change([replace(filled.images.image(1), label="after repair")], "Label")
    qtbot.keyClicks(filled.prompt, "@")
    qtbot.keyClick(filled.prompt, KEY.Key_Backspace)
    qtbot.keyClicks(filled.prompt, typed)
    assert offered(filled) == expected


def test_tab_chooses_and_escape_leaves_the_text_alone(filled, qtbot):
    qtbot.keyClicks(filled.prompt, "@")
    qtbot.keyClick(filled.prompt, KEY.Key_Escape)
    qtbot.keyClicks(filled.prompt, "1")
    assert (shown(filled), offered(filled)) == ("@1", []), "what was closed stays closed"
    qtbot.keyClicks(filled.prompt, "2")
    qtbot.keyClicks(filled.prompt, " @2")
    qtbot.keyClick(filled.prompt, KEY.Key_Tab)
    assert shown(filled) == "@12 Image 2"
    assert filled.prompt.hasFocus()


def test_a_click_in_the_list_chooses(filled, qtbot):
    qtbot.keyClicks(filled.prompt, "@")
    (popup,) = filled.window().findChildren(MentionPopup)
    view = popup.findChild(QListView)
    qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(2)).center())
    assert shown(filled) == "Image 3"


def test_images_that_were_sent_are_offered_behind_those_of_the_draft(filled, qtbot):
    filled.images.set_first_number(2)
    filled.mentions.use_turns([EARLIER])
    qtbot.keyClicks(filled.prompt, "@")
    assert offered(filled) == ["Image 2", "Image 3", "Image 4", "Image 1"]
    qtbot.keyClicks(filled.prompt, "roof")
    qtbot.keyClick(filled.prompt, KEY.Key_Return)
    assert shown(filled) == "Image 1"
    filled.images.set_first_number(1)
    assert shown(filled) == "Image 1 of turn 1"


def test_a_chip_follows_its_image_and_says_when_it_is_gone(filled, qtbot):
    filled.mentions.insert(["c", "a"])
    assert shown(filled) == "Image 3, Image 1"
    filled.cards.move(["c"], 0)
    assert shown(filled) == "Image 1, Image 2"
    filled.cards.remove(["a"])
    assert shown(filled) == f"Image 1, {GONE}"
    assert filled.prompt.accessibleDescription() == f"Image 1, {GONE}"
    filled.history.stack.undo()
    assert shown(filled) == "Image 1, Image 2"


def test_a_chip_is_as_wide_as_its_words_and_no_higher_than_a_line(theme, qtbot):
    prompt = PromptEdit()
    qtbot.addWidget(prompt)
    prompt.resize(160, 60)
    prompt.show()
    prompt.show_passage(Passage(f"{MARK} this is it", (Mention("a"),)))
    prompt.show_names({"a": Named(picture("a"), 1, "Image 1")}, lambda mention: True)
    usual = prompt.chip_box(0)
    assert prompt.document().size().height() == 1
    prompt.show_names({"a": Named(picture("a"), 1, "Image 1 of turn 12")}, lambda mention: True)
    assert prompt.document().size().height() == 2, "there is no room for both in one line"
    assert prompt.chip_box(0).width() > 1.5 * usual.width()
    assert prompt.chip_box(0).height() <= prompt.fontMetrics().height() + 1


def test_backspace_takes_a_chip_whole_and_undo_brings_it_back(filled, qtbot):
    filled.mentions.insert(["a"])
    qtbot.keyClicks(filled.prompt, "!")
    for _ in range(2):
        qtbot.keyClick(filled.prompt, KEY.Key_Backspace)
    assert (shown(filled), filled.draft.mentions) == ("", ())
    filled.history.stack.undo()
    assert shown(filled) == "Image 1!"
    assert filled.draft.mentions == (Mention("a", "a.png"),)


def test_text_typed_behind_a_chip_is_text(filled, qtbot):
    filled.mentions.insert(["a"])
    filled.prompt.insertPlainText(f"x{MARK}y")
    assert filled.prompt.passage == Passage(f"{MARK}xy", (Mention("a", "a.png"),))


def test_an_input_method_writes_behind_a_chip_as_anywhere(filled):
    filled.mentions.insert(["a"])
    hints = filled.prompt.inputMethodQuery(Qt.InputMethodQuery.ImHints)
    assert Qt.InputMethodHint.ImhNoPredictiveText not in Qt.InputMethodHint(hints)
    for text, committed in (("ね", ""), ("ねこ", ""), ("", "猫")):
        event = QInputMethodEvent(text, [])
        event.setCommitString(committed)
        QCoreApplication.sendEvent(filled.prompt, event)
    assert filled.prompt.passage == Passage(f"{MARK}猫", (Mention("a", "a.png"),))
    assert shown(filled) == "Image 1猫"


def test_a_chip_that_is_dragged_to_another_place_is_the_same_chip(filled, qtbot):
    filled.mentions.insert(["a"])
    qtbot.keyClicks(filled.prompt, " or ")
    cursor = filled.prompt.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(1, QTextCursor.MoveMode.KeepAnchor)
    filled.prompt.setTextCursor(cursor)
    mime = filled.prompt.createMimeDataFromSelection()
    at = filled.prompt.cursorRect(filled.prompt.document().rootFrame().lastCursorPosition()).center()
    place = QPointF(at)
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QCoreApplication.sendEvent(
            filled.prompt.viewport(), kind(at, Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS)
        )
    QCoreApplication.sendEvent(
        filled.prompt.viewport(), QDropEvent(place, Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS)
    )
    assert filled.prompt.passage == Passage(f"{MARK} or {MARK}", (Mention("a", "a.png"),) * 2)


@pytest.mark.parametrize("others", ["b", "a"], ids=["another image", "the same image"])
def test_chips_survive_copy_and_paste(filled, qtbot, others):
    filled.mentions.insert(["a"])
    qtbot.keyClicks(filled.prompt, " and ")
    filled.mentions.insert([others])
    before = filled.prompt.passage
    filled.prompt.selectAll()
    qtbot.keySequence(filled.prompt, QKeySequence(QKeySequence.StandardKey.Cut))
    assert filled.prompt.text == ""
    number = "2" if others == "b" else "1"
    assert QGuiApplication.clipboard().text() == f"Image 1 and Image {number}"
    qtbot.keySequence(filled.prompt, QKeySequence(QKeySequence.StandardKey.Paste))
    assert filled.prompt.passage == before
    filled.history.stack.undo()
    filled.history.stack.undo()
    assert filled.prompt.passage == before


def test_a_part_of_the_text_is_copied_with_the_chips_in_it(filled, qtbot):
    filled.prompt.insertPlainText("😀")
    filled.mentions.insert(["a", "b"])
    cursor = filled.prompt.textCursor()
    cursor.setPosition(3)
    cursor.setPosition(6, QTextCursor.MoveMode.KeepAnchor)
    filled.prompt.setTextCursor(cursor)
    filled.prompt.copy()
    assert QGuiApplication.clipboard().text() == ", Image 2"


_COPIED_THEN_ENDED = """
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from vision_studio.ui.composer.prompt_edit import PromptEdit
qt = QApplication([])
prompt = PromptEdit()
prompt.insertPlainText("What is this?")
prompt.selectAll()
prompt.copy()
assert QGuiApplication.clipboard().text() == "What is this?"
"""


def test_copied_text_does_not_bring_the_end_of_the_process_down():
    """Qt empties the clipboard after Python has ended: nothing on it may be of Python's making."""
    ended = subprocess.run([sys.executable, "-c", _COPIED_THEN_ENDED], check=False)
    assert ended.returncode == 0


def test_a_chip_of_another_session_arrives_as_its_words(filled):
    mime = QMimeData()
    carry(mime, Passage(f"see {MARK}", (Mention("elsewhere"),)), lambda mention: f"Image{MARK} 9")
    filled.prompt.insertFromMimeData(mime)
    assert filled.prompt.passage == Passage("see Image 9")


def test_what_looks_like_a_chip_in_a_text_from_elsewhere_is_dropped(filled):
    mime = QMimeData()
    mime.setText(f"from a letter{MARK}: hello")
    filled.prompt.insertFromMimeData(mime)
    assert filled.prompt.passage == Passage("from a letter: hello")


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b'{"text": 1, "chips": []}', id="no text"),
        pytest.param(b'{"text": "x", "chips": [[1, 2, 3]]}', id="no chip"),
        pytest.param(b'{"text": "x", "chips": [["a"]]}', id="half a chip"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"text": "' + b"x" * 1_000_001 + b'", "chips": []}', id="too much"),
    ],
)
def test_what_another_program_writes_in_our_name_is_passed_over(written):
    mime = QMimeData()
    mime.setText("words")
    mime.setData(PASSAGE, written)
    assert brought(mime, lambda mention: True) is None


def test_more_marks_than_chips_bring_no_chips_from_nowhere(filled):
    mime = QMimeData()
    mime.setData(PASSAGE, '{"text": "￼￼", "chips": [["a", "a.png", "Image\ufffc 1"]]}'.encode())
    filled.prompt.insertFromMimeData(mime)
    assert filled.prompt.passage == Passage(MARK, (Mention("a", "a.png"),))


def test_a_click_on_a_chip_shows_its_image(filled, qtbot):
    filled.images.set_first_number(2)
    filled.mentions.use_turns([EARLIER])
    filled.mentions.insert(["b", "card-roof.jpg"])
    qtbot.mouseClick(filled.prompt.viewport(), LEFT, pos=chip_point(filled, 0))
    assert filled.strip.selected_ids() == ["b"]
    with qtbot.waitSignal(filled.mentions.earlier_shown) as asked:
        qtbot.mouseClick(filled.prompt.viewport(), LEFT, pos=chip_point(filled, 3))
    assert asked.args == ["card-roof.jpg"]


def ways_out(composer: Composer) -> dict[str, QAction]:
    """Mention an image, remove it, and return what the chip's menu offers."""
    composer.mentions.insert(["a"])
    composer.cards.remove(["a"])
    return {action.text(): action for action in composer.mentions.menu_of(0).actions()}


def test_a_lost_chip_can_be_removed(filled):
    ways_out(filled)["Remove the mention"].trigger()
    assert filled.prompt.text == ""
    filled.history.stack.undo()
    assert shown(filled) == GONE


def test_a_lost_chips_image_can_be_brought_back(filled):
    ways_out(filled)["Bring the image back"].trigger()
    assert shown(filled) == "Image 3"
    assert [image.id for image in filled.draft.images] == ["b", "c", "a"]


def test_an_image_that_was_left_out_is_sent_again(filled, qtbot):
    filled.mentions.insert(["b"])
    filled.history.change([replace(filled.images.image(1), included=False)], "Leave out")
    assert shown(filled) == GONE
    filled.mentions.bring_back("b")
    assert shown(filled) == "Image 2"
    filled.history.stack.undo()
    filled.cards.remove(["b"])
    filled.mentions.bring_back("b")
    assert shown(filled) == "Image 3"


def test_a_lost_chip_can_be_given_another_image(filled, qtbot):
    ways_out(filled)["Choose another image…"].trigger()
    assert offered(filled) == ["Image 1", "Image 2"]
    qtbot.keyClick(filled.prompt, KEY.Key_Down)
    qtbot.keyClick(filled.prompt, KEY.Key_Return)
    assert (shown(filled), filled.draft.mentions) == ("Image 2", (Mention("c", "c.png"),))


def test_a_draft_is_read_back_with_its_chips(composer):
    draft = Draft(pictures("ab")).with_passage(Passage(f"x{MARK}", (Mention("b"),)))
    composer.open(draft, 5)
    assert shown(composer) == "xImage 6"
    assert composer.draft == draft


def test_the_list_keeps_qts_contract(qapp):
    model = MentionListModel(lambda key: None)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.offer((Named(picture("a"), 1, "Image 1"),))
    model.offer(())
    tester.deleteLater()


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("mention"), st.integers(0, 5)),
        st.tuples(st.just("type"), st.sampled_from(["x", " ", "😀", "\n", MARK])),
        st.tuples(st.just("delete"), st.integers(0, 30), st.integers(1, 4)),
        st.tuples(st.just("move"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("remove"), st.integers(0, 5)),
        st.tuples(st.just("leave out"), st.integers(0, 5)),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
    ),
    max_size=14,
)


def _edit(composer: Composer, edit: tuple) -> None:
    images = composer.draft.images
    stack, prompt = composer.history.stack, composer.prompt
    image = images[edit[1] % len(images)] if images and len(edit) > 1 and isinstance(edit[1], int) else None
    match edit:
        case ("mention", _) if image is not None:
            composer.mentions.insert([image.id])
        case ("type", text):
            prompt.insertPlainText(text)
        case ("delete", place, count):
            # Whole characters, as every way of deleting has it: one of two UTF-16 units would be none.
            text = prompt.text
            start, end = (utf16_length(text[:at]) for at in (place, place + count))
            prompt.replace(start, end, Passage())
        case ("move", _, row) if image is not None:
            composer.history.move([image.id], min(row, len(images)))
        case ("remove", _) if image is not None:
            composer.history.remove([image.id])
        case ("leave out", _) if image is not None:
            composer.history.change([replace(image, included=not image.included)], "Leave out")
        case ("undo",):
            stack.undo()
        case ("redo",):
            stack.redo()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS)
def test_whatever_is_done_the_text_that_is_sent_is_the_text_that_is_shown(composer, edits):
    composer.open(Draft(pictures("abc")), 1)
    states = {}
    stack = composer.history.stack
    for edit in edits:
        _edit(composer, edit)
        draft = composer.draft
        assert draft.passage == composer.prompt.passage
        assert mended(draft.text, draft.mentions) == Passage(draft.text, draft.mentions)
        assert sent_text(draft, session())[0] == shown(composer)
        states[stack.index()] = draft
    while stack.canUndo():
        stack.undo()
    assert composer.draft == Draft(pictures("abc"))
    while stack.canRedo():
        stack.redo()
    if stack.count():
        assert composer.draft == states[stack.count()]
