"""Tags are typed, completed, and taken away with a click."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from vision_studio.core.conversation import SessionSummary
from vision_studio.ui.library.tags_dialog import TagsDialog


def summary(session_id: str, *tags: str) -> SessionSummary:
    return SessionSummary(session_id, session_id, datetime.now(UTC), 1, 0, Decimal(), tags=tags)


@pytest.fixture
def dialog(theme, qtbot):
    made = TagsDialog([summary("one", "North"), summary("two")], ["North", "urgent"])
    qtbot.addWidget(made)
    made.show()
    return made


def chips(dialog):
    return [chip for chip in dialog.findChildren(QPushButton) if chip.objectName().startswith("tag-")]


def test_enter_adds_a_tag_to_every_session_and_the_dialog_stays(dialog, qtbot):
    qtbot.keyClicks(dialog.field, '  west "wing" ')
    with qtbot.waitSignal(dialog.added) as told:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert told.args == [("one", "two"), "west wing"]
    assert dialog.isVisible()
    assert dialog.field.text() == ""


def test_known_tags_are_offered(dialog, qtbot):
    completer = dialog.field.completer()
    completer.setCompletionPrefix("RG")
    assert completer.currentCompletion() == "urgent"


def test_a_click_takes_a_tag_away_and_changes_are_followed(dialog, qtbot):
    (chip,) = chips(dialog)
    assert chip.text() == "North (1 of 2)"
    with qtbot.waitSignal(dialog.removed) as told:
        chip.click()
    assert told.args == [("one", "two"), "North"]
    dialog.show_session(summary("two", "North"))
    assert [chip.text() for chip in chips(dialog) if chip.isVisible()] == ["North"]
