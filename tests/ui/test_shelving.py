"""The library in the window: what it asks of the engine, what can be undone, and the way to a turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from tests.core.builders import session, turn
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.events import SessionChanged, SessionDeleted, SessionOpened
from vision_studio.core.library_events import (
    SessionsArchived,
    SessionsDeleted,
    SessionsFound,
    SessionsListed,
    TagsListed,
)
from vision_studio.core.search import Hit, Part, Span
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.library.tags_dialog import TagsDialog

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def summary(session_id: str, **fields) -> SessionSummary:
    return SessionSummary(session_id, session_id.title(), datetime.now(UTC), 1, 0, Decimal(), **fields)


@pytest.fixture
def opened(window, engine):
    """The window with three sessions, one of them open."""
    engine.tell(
        SessionsListed((summary("session"), summary("other"), summary("third"))), SessionOpened(session())
    )
    return window


def notices(window) -> list[str]:
    QCoreApplication.processEvents()
    return [notice.accessibleName() for notice in window.notices.findChildren(Notice) if notice.isVisible()]


def undo(window) -> None:
    window.notices.findChild(QPushButton, "notice-action").click()


def test_the_keys_search_every_session_even_behind_a_hidden_panel(opened, qtbot):
    opened._frame.toggle_library()
    qtbot.keyClick(opened, Qt.Key.Key_F, CONTROL | SHIFT)
    assert opened.library.search.hasFocus()


def test_f2_edits_the_title_of_the_open_session_in_the_list(opened, engine, qtbot):
    qtbot.keyClick(opened, Qt.Key.Key_F2)
    field = opened.library.list.findChild(QLineEdit, "session-title")
    qtbot.keyClicks(field, "Receipts")
    with qtbot.waitSignal(opened.library.rename_asked):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert engine.asked("rename_session") == [("session", "Receipts")]
    assert engine.asked("open_session") == []


def test_one_that_is_deleted_comes_back(opened, engine):
    opened.library.delete_asked.emit(("other",))
    assert engine.asked("delete_session") == [("other",)]
    engine.tell(SessionDeleted("other"))
    assert notices(opened) == ["Note: “Other” was deleted."]
    undo(opened)
    assert engine.asked("restore_session") == [("other",)]


def test_several_that_are_deleted_come_back_together(opened, engine):
    opened.library.delete_asked.emit(("other", "third"))
    assert engine.asked("shelf.delete") == [(("other", "third"),)]
    engine.tell(SessionsDeleted(("other", "third")))
    assert [one.id for one in opened.library.model.sessions] == ["session"]
    assert notices(opened) == ["Note: 2 sessions were deleted."]
    undo(opened)
    assert engine.asked("shelf.restore") == [(("other", "third"),)]


def test_what_is_archived_leaves_the_list_and_comes_back(opened, engine):
    opened.library.archive_asked.emit(("other",), True)
    assert engine.asked("shelf.archive") == [(("other",), True)]
    engine.tell(SessionChanged(summary("other", archived=True)), SessionsArchived(("other",), archived=True))
    assert {one.id for one in opened.library.model.sessions} == {"session", "third"}
    assert notices(opened) == ["Note: “Other” was archived."]
    undo(opened)
    assert engine.asked("shelf.archive")[-1] == (("other",), False)


def test_a_duplicate_has_what_was_typed_last(opened, engine, qtbot):
    qtbot.keyClicks(opened.composer.prompt, "And now?")
    opened.library.duplicate_asked.emit("session")
    commands = [name for name, *_ in engine.commands]
    assert commands.index("save_draft") < commands.index("shelf.duplicate")


def test_tags_are_given_and_taken_in_a_dialog_that_follows(opened, engine, qtbot):
    engine.tell(TagsListed(("North", "urgent")))
    opened.library.tags_asked.emit((summary("other", tags=("North",)),))
    dialog = opened.findChild(TagsDialog)
    qtbot.keyClicks(dialog.field, "wing")
    dialog.field.completer().popup().hide()
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert engine.asked("shelf.tag") == [(("other",), "wing")]
    engine.tell(SessionChanged(summary("other", tags=("North", "wing"))))
    chip = dialog.findChild(QPushButton, "tag-1")
    assert chip.text() == "wing"
    chip.click()
    assert engine.asked("shelf.untag") == [(("other",), "wing")]
    dialog.accept()


# The way to a turn


@pytest.fixture
def found(opened, engine, qtbot):
    """A turn of another session was found."""
    with qtbot.waitSignal(opened.library.search_asked) as asked:
        qtbot.keyClicks(opened.library.search, "tiles")
    ticket, query, _ = asked.args
    hit = Hit("other", "second", "Other", datetime.now(UTC), Part.QUESTION, (Span("tiles", marked=True),))
    engine.tell(SessionsFound(ticket, query, (), (hit,)))
    return hit


def talk(*turn_ids: str):
    turns = (replace(turn(), id=turn_id, prompt=f"tiles of {turn_id}") for turn_id in turn_ids)
    return replace(session(*turns), id="other")


def test_a_turn_that_was_found_is_shown_once_its_session_is_open(opened, engine, found, qtbot):
    qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
    assert engine.asked("open_session") == [("other",)]
    with qtbot.waitSignal(opened.shelving.turn_shown) as shown:
        engine.tell(SessionOpened(talk("first", "second", "third")))
    assert shown.args[0] == "second"
    # Once: the session may be told anew at any time.
    with qtbot.assertNotEmitted(opened.shelving.turn_shown):
        engine.tell(SessionOpened(talk("first", "second", "third")))


def test_a_turn_of_another_branch_has_that_branch_shown(opened, engine, found, qtbot):
    qtbot.keyClick(opened.library.search, Qt.Key.Key_Return)
    engine.tell(SessionOpened(talk("first", "version")))
    assert engine.asked("branches.show") == [("other", "second")]
    with qtbot.waitSignal(opened.shelving.turn_shown):
        engine.tell(BranchShown(talk("first", "second")))
    assert len(engine.asked("branches.show")) == 1
