"""Versions in the window: ‹ 2/3 ›, the edit of a sent turn, and what is handed to the engine."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.core.builders import SONNET, picture, sent, session, turn
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.draft import Draft, Editing
from vision_studio.core.events import ImagesStored, SessionOpened, TurnStarted
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.turn_editing import left_over, reopened
from vision_studio.ui.design.findings import Notice

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
FIRST = turn("One?", [sent(picture("a.jpg"), 1)], turn_id="1")
SECOND = turn("Two?", [sent(picture("b.jpg"), 2), sent(picture("c.jpg"), 3)], turn_id="2b")
THIRD = turn("Three?", turn_id="3")
TALK = replace(session(FIRST, SECOND, THIRD), versions=(("2a", "2b", "2c"),))


def part(window, kind, name):
    QCoreApplication.processEvents()
    (found,) = (one for one in window.findChildren(kind, name) if one.isVisible())
    return found


def shown(window, name):
    QCoreApplication.processEvents()
    return any(one.isVisible() for one in window.findChildren(QLabel, name))


def told(window) -> str:
    return part(window, Notice, "composer-notice").accessibleName()


def composed(draft: Draft) -> tuple[str, list[str]]:
    return draft.text, [image.name for image in draft.images]


@pytest.fixture
def talk(window, engine):
    """A session with three turns; the second is one of three versions."""
    engine.tell(SessionOpened(TALK))
    return window


def test_a_turn_says_which_of_its_versions_it_is(talk):
    assert part(talk, QLabel, "version").text() == "2/3"
    assert part(talk, QLabel, "version").accessibleName() == "Version 2 of 3"


@pytest.mark.parametrize(
    ("key", "turn_id"), [pytest.param(Qt.Key.Key_PageUp, "2a"), pytest.param(Qt.Key.Key_PageDown, "2c")]
)
def test_keys_show_the_version_before_and_after(talk, engine, qtbot, key, turn_id):
    qtbot.keyClick(talk.composer.prompt, key, ALT)
    assert engine.asked("branches.show") == [("session", turn_id)]


def test_what_stays_is_left_alone_and_the_keyboard_is_where_it_was(talk, engine):
    first = talk.transcript.turn("1")
    part(talk, QAbstractButton, "next-version").setFocus()
    part(talk, QAbstractButton, "next-version").click()
    assert engine.asked("branches.show") == [("session", "2c")]
    other = replace(SECOND, id="2c")
    engine.tell(BranchShown(replace(TALK, turns=(FIRST, other))))
    assert talk.transcript.turn("1") is first
    assert talk.transcript.turn("2b") is None
    assert talk.transcript.turn("3") is None
    assert part(talk, QLabel, "version").text() == "3/3"
    assert not part(talk, QAbstractButton, "next-version").isEnabled()
    assert talk.focusWidget() is part(talk, QAbstractButton, "previous-version")


def test_another_branch_leaves_the_draft_and_its_undo(talk, engine, qtbot):
    qtbot.keyClicks(talk.composer.prompt, "half a tho")
    engine.tell(BranchShown(replace(TALK, turns=(FIRST,))))
    assert talk.composer.draft.text == "half a tho"
    talk.composer.history.stack.undo()
    assert talk.composer.draft.text != "half a tho"


def test_while_an_answer_comes_it_is_said_why_no_other_version_is_shown(talk, engine, qtbot):
    engine.tell(TurnStarted("session", turn("Four?", answer=Answer(SONNET), turn_id="4")))
    qtbot.keyClick(talk.composer.prompt, Qt.Key.Key_PageUp, ALT)
    assert not engine.asked("branches.show")
    assert "Wait for the answer" in told(talk)


def test_an_edit_brings_the_turn_into_the_composer_numbered_in_its_place(talk, qtbot):
    part(talk.transcript.turn("2b"), QAbstractButton, "edit-question").click()
    assert composed(talk.composer.draft) == ("Two?", ["b.jpg", "c.jpg"])
    assert talk.composer.images.numbers == (2, 3)
    assert part(talk, QLabel, "editing-words").text() == "Editing turn 2"
    assert talk.desk.seen.appraisal.images_in_request == 3


def test_escape_gives_back_what_was_there_and_undo_brings_the_edit_again(talk, qtbot):
    prompt = talk.composer.prompt
    qtbot.keyClicks(prompt, "half a tho")
    qtbot.keyClick(prompt, Qt.Key.Key_Up, ALT)
    assert talk.composer.draft.text == "Three?"
    qtbot.keyClicks(prompt, " Please.")
    qtbot.keyClick(prompt, Qt.Key.Key_Escape)
    assert talk.composer.draft == Draft(text="half a tho")
    assert talk.composer.images.numbers == ()
    assert not shown(talk, "editing-words")
    qtbot.keyClick(prompt, Qt.Key.Key_Z, CTRL)
    assert talk.composer.draft.text == "Three? Please."
    assert shown(talk, "editing-words")
    while talk.composer.history.stack.canUndo():
        talk.composer.history.stack.undo()
    assert talk.composer.draft == Draft()


def test_an_edit_is_kept_with_the_draft_and_resumed(window, engine):
    aside = Draft((picture("later.jpg"),), "later")
    editing = reopened(SECOND, aside)
    engine.tell(SessionOpened(replace(TALK, draft=editing)))
    assert part(window, QLabel, "editing-words").text() == "Editing turn 2"
    assert window.composer.images.numbers == (2, 3)
    part(window, QAbstractButton, "cancel-editing").click()
    assert composed(window.composer.draft) == ("later", ["later.jpg"])
    assert window.composer.images.numbers == (4,)
    window.desk.save()
    assert engine.asked("save_draft")[-1] == ("session", aside)


def test_an_edit_of_a_turn_that_is_not_shown_says_so(talk, engine):
    talk.versions.edit("3")
    engine.tell(BranchShown(replace(TALK, turns=(FIRST, replace(SECOND, id="2a")))))
    assert "another version" in part(talk, QLabel, "editing-words").text()


def test_sending_an_edit_shows_its_branch_and_gives_the_draft_back(talk, engine, qtbot):
    qtbot.keyClicks(talk.composer.prompt, "later")
    talk.versions.edit("2b")
    qtbot.keyClicks(talk.composer.prompt, " Please.")
    talk.composer.send()
    ((_, draft, *_),) = engine.asked("send")
    assert draft.text == "Two? Please."
    assert draft.editing == Editing("2b", Draft(text="later"))
    new = replace(SECOND, id="2d", prompt="Two? Please.", answer=Answer(SONNET))
    branch = replace(TALK, turns=(FIRST, new), versions=(("2a", "2b", "2c", "2d"),))
    engine.tell(BranchShown(branch), TurnStarted("session", new))
    assert talk.composer.draft == Draft(text="later")
    assert not shown(talk, "editing-words")
    assert part(talk, QLabel, "version").text() == "4/4"
    assert talk.desk.is_answering


def test_another_answer_leaves_the_draft(talk, engine, qtbot):
    qtbot.keyClicks(talk.composer.prompt, "Two?")
    part(talk.transcript.turn("2b"), QAbstractButton, "retry-answer").click()
    assert engine.asked("retry") == [("session", "2b")]
    new = replace(SECOND, id="2d", answer=Answer(SONNET))
    branch = replace(TALK, turns=(FIRST, new), versions=(("2a", "2b", "2c", "2d"),))
    engine.tell(BranchShown(branch), TurnStarted("session", new, again=True))
    assert talk.composer.draft.text == "Two?"


def test_a_version_that_failed_is_edited_in_its_place(window, engine):
    answer = Answer(SONNET, Outcome.FAILED, failure=Failure(FailureKind.OVERLOADED))
    failed = replace(THIRD, id="3b", answer=answer)
    engine.tell(SessionOpened(replace(TALK, turns=(FIRST, SECOND, failed), versions=(("3", "3b"),))))
    part(window, QAbstractButton, "take-back").click()
    assert not engine.asked("take_back")
    assert window.composer.draft.editing == Editing("3b", Draft())


def test_no_edit_begins_while_images_of_the_draft_are_read(window, engine):
    unread = replace(picture("new.jpg"), digest=None)
    engine.tell(SessionOpened(replace(TALK, draft=Draft((unread,)))))
    window.versions.edit("2b")
    assert window.composer.draft.editing is None
    assert "have been read" in told(window)


def test_an_edit_comes_back_with_what_was_read_meanwhile(talk, engine):
    talk.versions.edit("3")
    unread = replace(picture("new.jpg"), digest=None)
    talk.composer.history.insert(0, [unread])
    talk.versions.cancel()
    engine.tell(ImagesStored("session", (replace(unread, digest="d" * 64),)))
    talk.composer.history.stack.undo()
    assert [image.digest for image in talk.composer.draft.images] == ["d" * 64]


def test_what_comes_before_an_edit_is_not_exchanged(talk, engine):
    engine.tell(SessionOpened(replace(TALK, versions=(("1", "1b"), ("2a", "2b")))))
    talk.versions.edit("2b")
    talk.versions.show("1b")
    assert not engine.asked("branches.show")
    assert "edit of turn 2" in told(talk)
    talk.versions.show("2a")
    assert engine.asked("branches.show") == [("session", "2a")]


def test_an_answer_is_taken_into_a_session_of_its_own(talk, engine, qtbot):
    menu = talk.transcript.turn("2b").foot.menu()
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Branch from here into a new session"]
    menu.actions()[0].trigger()
    qtbot.keyClick(talk.composer.prompt, Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert engine.asked("branches.branch_off") == [("session", "2b"), ("session", "3")]


def test_the_last_answer_can_be_continued(talk):
    menu = talk.transcript.turn("3").foot.menu()
    assert menu.actions()[0].text() == "Continue"


def test_everything_to_do_with_an_answer_is_reached_by_the_keyboard(talk):
    view = talk.transcript.turn("2b")
    names = ["copy-answer", "retry-answer", "edit-question", "answer-usage", "answer-more"]
    for name in names:
        button = part(view, QAbstractButton, name)
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.accessibleName() or button.text()


def test_the_cost_of_versions_that_are_not_shown_is_said(window, engine):
    engine.tell(SessionOpened(replace(TALK, hidden_usd=Decimal("0.02"))))
    spend = part(window, QLabel, "spend")
    assert "Session $0.02" in spend.text()
    assert "all versions" in spend.text()
    assert "not shown" in spend.toolTip()


def test_what_was_left_out_or_came_late_joins_what_was_aside():
    out, late = replace(picture("out.jpg"), included=False), picture("late.jpg")
    draft = reopened(SECOND, Draft(text="later"))
    draft = replace(draft, images=(*draft.images, out, late), text="Changed since.")
    new = replace(SECOND, id="2d")
    branch = replace(TALK, turns=(FIRST, new), versions=(("2b", "2d"),))
    left = left_over(draft, branch, new)
    assert composed(left) == ("later\n\nChanged since.", ["out.jpg", "late.jpg"])
    assert left_over(draft, TALK, THIRD) is draft
