"""The panel of sessions: what a click, a key and a word typed do."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton

from tests.ui.design.pixels import colours_in
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.events import SessionsListed
from vision_studio.ui.design.theme import Theme
from vision_studio.ui.library.panel import LibraryPanel

SUMMARIES = tuple(
    SessionSummary(name, name, datetime.now(UTC), 1, 2, Decimal("0.041"), "cover")
    for name in ("Dusk", "Noon")
)


@pytest.fixture
def panel(theme: Theme, qtbot) -> LibraryPanel:
    cover = QImage(32, 20, QImage.Format.Format_RGB32)
    cover.fill("#12ab34")
    made = LibraryPanel({"cover": cover}.get)
    qtbot.addWidget(made)
    made.resize(248, 600)
    made.show()
    made.show_sessions(SessionsListed(SUMMARIES))
    return made


def test_a_click_opens_a_session_and_a_heading_does_nothing(panel, qtbot):
    view = panel.list.viewport()
    place = panel.list.visualRect(panel.model.index(1)).center()
    with qtbot.waitSignal(panel.open_asked) as asked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [panel.model.sessions[0].id]
    with qtbot.assertNotEmitted(panel.open_asked):
        qtbot.mouseClick(
            view, Qt.MouseButton.LeftButton, pos=panel.list.visualRect(panel.model.index(0)).center()
        )


def test_the_keyboard_opens_and_deletes(panel, qtbot):
    panel.set_current("Dusk")
    with qtbot.waitSignal(panel.open_asked) as asked:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert asked.args == ["Dusk"]
    with qtbot.waitSignal(panel.delete_asked) as asked:
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert asked.args == ["Dusk"]


def test_a_search_that_finds_nothing_says_so_and_escape_ends_it(panel, qtbot):
    said = panel.findChild(QLabel, "nothing-found")
    assert not said.isVisible()
    qtbot.keyClicks(panel.search, "zebra")
    assert said.isVisible()
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert not said.isVisible()
    assert len(panel.model.sessions) == 2


def test_a_row_shows_the_sessions_cover(panel):
    assert colours_in(panel.list.grab())["#12AB34"] > 1000


def test_new_session_is_a_button(panel, qtbot):
    with qtbot.waitSignal(panel.new_asked):
        panel.findChild(QPushButton, "new-session").click()
