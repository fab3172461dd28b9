"""A damaged data folder: what the window offers, and what it says afterwards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from tests.journeys.seen import lines, press, shown
from vision_studio.core.events import Noticed
from vision_studio.core.health import Repaired
from vision_studio.core.health_events import FolderMended
from vision_studio.storage.errors import DatabaseDamaged
from vision_studio.ui.design.findings import Notice

DAMAGED = Noticed(DatabaseDamaged(Path("studio.db"), "malformed").failure)


def offers(window):
    buttons = window.notices.findChildren(QPushButton)
    return [button.text() for button in buttons if button.objectName().startswith("notice-")]


def test_it_is_repaired_and_said_how(window, engine):
    window.show()
    engine.tell(DAMAGED)
    assert offers(window) == ["Repair", "Use the backup", "Details"]
    press(window, "notice-action")
    assert engine.asked("rescue.repair") == [()]
    assert lines(window.notices, "app-notice") == [
        "Your sessions are being repaired. This may take a minute."
    ]
    engine.tell(FolderMended(Repaired("studio.damaged-1.db", 3, ("turns",), "studio.backup-1.db")))
    assert lines(window.notices, "app-notice") == [
        "The database was made anew, with 3 sessions. What could not be read was taken from the backup "
        "studio.backup-1.db. The damaged one is kept as studio.damaged-1.db."
    ]


def test_a_repair_that_fails_says_why_and_can_be_tried_again(window, engine):
    window.show()
    engine.tell(DAMAGED)
    press(window, "notice-action")
    engine.tell(DAMAGED)
    assert [notice.isVisible() for notice in window.notices.findChildren(Notice)] == [False, False, True]
    press(window, "notice-action-2")
    assert engine.asked("rescue.use_backup") == [()]
    assert not shown(window, "notice-action")
