"""The panel of sessions: what a click, a key and a word typed do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from tests.ui.design.pixels import colours_in
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.library_events import SessionsFound, SessionsListed
from vision_studio.core.search import Filters, Hit, Part, Query, Span
from vision_studio.ui.design.theme import Theme
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.library.rows import SessionRole

NOW = datetime.now(UTC)
SUMMARIES = tuple(
    SessionSummary(name, name, NOW, 1, 2, Decimal("0.041"), "cover") for name in ("Dusk", "Noon", "Rain")
)
HIT = Hit(
    "Noon", "turn-3", "Noon", NOW, Part.ANSWER, (Span("two <b>"), Span("tiles", marked=True), Span("</b>"))
)
NO_KEYS, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def panel(theme: Theme, qtbot) -> LibraryPanel:
    cover = QImage(32, 20, QImage.Format.Format_RGB32)
    cover.fill("#12ab34")
    made = LibraryPanel({"cover": cover}.get, date.today)
    qtbot.addWidget(made)
    made.resize(248, 600)
    made.show()
    made.show_sessions(SessionsListed(SUMMARIES))
    return made


def place(panel: LibraryPanel, row: int) -> QPoint:
    return panel.list.visualRect(panel.model.index(row)).center()


def click(panel, qtbot, row: int, keys=NO_KEYS) -> None:
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, keys, place(panel, row))


def asked(panel, qtbot, text: str) -> tuple[int, Query]:
    """Type a search; return what is asked of the engine, once the keys rest for a frame."""
    with qtbot.waitSignal(panel.search_asked) as signal:
        qtbot.keyClicks(panel.search, text)
    ticket, query, after = signal.args
    assert after is None
    return ticket, query


# The list


def test_a_click_opens_a_session_and_a_heading_does_nothing(panel, qtbot):
    with qtbot.waitSignal(panel.open_asked) as opened:
        click(panel, qtbot, 1)
    assert opened.args == ["Dusk"]
    with qtbot.assertNotEmitted(panel.open_asked):
        click(panel, qtbot, 0)


def test_several_are_chosen_without_being_opened(panel, qtbot):
    with qtbot.assertNotEmitted(panel.open_asked):
        click(panel, qtbot, 1, CONTROL)
        click(panel, qtbot, 3, SHIFT)
    with qtbot.waitSignal(panel.delete_asked) as deleted:
        qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert deleted.args == [("Dusk", "Noon", "Rain")]


@pytest.mark.parametrize(
    ("key", "modifier", "signal", "args"),
    [
        pytest.param(Qt.Key.Key_Return, NO_KEYS, "open_asked", ["Noon"], id="open"),
        pytest.param(Qt.Key.Key_P, CONTROL, "pin_asked", [("Noon",), True], id="pin"),
        pytest.param(Qt.Key.Key_D, CONTROL, "duplicate_asked", ["Noon"], id="duplicate"),
        pytest.param(Qt.Key.Key_E, CONTROL, "archive_asked", [("Noon",), True], id="archive"),
        pytest.param(Qt.Key.Key_T, CONTROL | SHIFT, "tags_asked", [(SUMMARIES[1],)], id="tags"),
        pytest.param(Qt.Key.Key_Delete, NO_KEYS, "delete_asked", [("Noon",)], id="delete"),
    ],
)
def test_keys_act_on_the_session_that_is_chosen(panel, qtbot, key, modifier, signal, args):
    panel.set_current("Noon")
    with qtbot.waitSignal(getattr(panel, signal)) as told:
        qtbot.keyClick(panel.list, key, modifier)
    assert told.args == args


def test_a_title_is_edited_where_it_stands(panel, qtbot):
    panel.set_current("Noon")
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    field = panel.list.findChild(QLineEdit, "session-title")
    assert (field.text(), field.selectedText()) == ("Noon", "Noon")
    qtbot.keyClicks(field, "High noon")
    with qtbot.waitSignal(panel.rename_asked) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["Noon", "High noon"]


def test_escape_leaves_the_title_as_it_was(panel, qtbot):
    panel.set_current("Noon")
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    with qtbot.assertNotEmitted(panel.rename_asked):
        field = panel.list.findChild(QLineEdit, "session-title")
        qtbot.keyClicks(field, "x")
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_the_menu_tells_what_can_be_done_to_one_and_to_several(panel, qtbot):
    def menu(row: int) -> list[str]:
        opened = panel.menu_at(panel.list, place(panel, row))
        return [action.text() for action in opened.actions() if action.text()]

    assert menu(2) == ["Open", "Pin", "Rename", "Tags…", "Duplicate", "Export…", "Archive", "Delete"]
    click(panel, qtbot, 1, CONTROL)
    click(panel, qtbot, 2, CONTROL)
    assert menu(2) == [
        "Pin 2 sessions",
        "Tags of 2 sessions…",
        "Export 2 sessions…",
        "Archive 2 sessions",
        "Delete 2 sessions",
    ]
    assert menu(3)[0] == "Open"


def test_what_is_told_of_other_sessions_leaves_the_choice_alone(panel, qtbot):
    panel.set_current("Dusk")
    click(panel, qtbot, 2, CONTROL)
    panel.show_session(SUMMARIES[2])
    assert [one.id for one in panel.list.summaries()] == ["Dusk", "Noon"]


def test_a_row_shows_the_sessions_cover(panel):
    assert colours_in(panel.list.grab())["#12AB34"] > 1000


def test_new_session_is_a_button(panel, qtbot):
    with qtbot.waitSignal(panel.new_asked):
        panel.findChild(QPushButton, "new-session").click()


# The search


def test_words_are_looked_for_once_a_frame_and_what_is_found_is_shown(panel, qtbot):
    tester = QAbstractItemModelTester(panel.found, QAbstractItemModelTester.FailureReportingMode.Warning)
    ticket, query = asked(panel, qtbot, "tiles has:image")
    assert query == Query(("tiles",), (), Filters(has_image=True))
    panel.show_found(SessionsFound(ticket, query, SUMMARIES[:1], (HIT,)))
    assert panel.results.isVisible()
    assert not panel.list.isVisible()
    rows = [panel.found.index(row).data() for row in range(panel.found.rowCount())]
    assert rows == ["Sessions", "Dusk", "Messages, newest first", "Noon"]
    read = panel.found.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read == "Noon, in an answer: two <b>tiles</b>"
    tester.deleteLater()


def test_a_late_answer_to_an_earlier_search_is_dropped(panel, qtbot):
    old, query = asked(panel, qtbot, "ti")
    new, _ = asked(panel, qtbot, "les")
    assert new != old
    panel.show_found(SessionsFound(old, query, (), (HIT,)))
    assert panel.found.rowCount() == 0


def test_the_keyboard_goes_from_the_field_to_a_turn(panel, qtbot):
    ticket, query = asked(panel, qtbot, "tiles")
    panel.show_found(SessionsFound(ticket, query, (), (HIT,)))
    panel.search.setFocus()
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.results.hasFocus()
    assert panel.results.currentIndex().data(SessionRole.HIT) == HIT
    with qtbot.waitSignal(panel.turn_asked) as told:
        qtbot.keyClick(panel.results, Qt.Key.Key_Return)
    assert told.args == ["Noon", "turn-3", query]
    with qtbot.waitSignal(panel.turn_asked):
        qtbot.keyClick(panel.search, Qt.Key.Key_Return)


def test_further_pages_are_asked_for_and_added(panel, qtbot):
    ticket, query = asked(panel, qtbot, "tiles")
    pages = []
    panel.search_asked.connect(lambda *page: pages.append(page))
    panel.show_found(SessionsFound(ticket, query, (), (HIT,) * 30, 70))
    panel.results.scrollToBottom()
    assert pages == [(ticket, query, 70)]
    panel.show_found(SessionsFound(ticket, query, (), (HIT,), None, continued=True))
    assert panel.found.rowCount() == 32


def test_a_search_that_finds_nothing_says_so_and_escape_ends_it(panel, qtbot):
    said = panel.findChild(QLabel, "nothing-found")
    ticket, query = asked(panel, qtbot, "zebra")
    assert not said.isVisible()
    panel.show_found(SessionsFound(ticket, query, (), ()))
    assert said.isVisible()
    with qtbot.waitSignal(panel.search_ended):
        qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert not said.isVisible()
    assert panel.list.isVisible()
    assert len(panel.model.sessions) == 3


def test_what_goes_and_changes_does_so_among_what_was_found(panel, qtbot):
    ticket, query = asked(panel, qtbot, "noon")
    panel.show_found(SessionsFound(ticket, query, SUMMARIES[1:2], (HIT,)))
    panel.forget("Noon")
    rows = [panel.found.index(row).data() for row in range(panel.found.rowCount())]
    assert rows == ["Sessions", "Messages, newest first"]


# Filters


def choose(panel, *texts: str) -> None:
    """Choose from the menu of filters, as the pointer would."""
    menu = panel.filter.menu()
    menu.aboutToShow.emit()
    for text in texts:
        action = next(action for action in menu.actions() if action.text() == text)
        if action.menu() is not None:
            menu = action.menu()
        else:
            action.trigger()


def chips(panel) -> list[QPushButton]:
    return [chip for chip in panel.chips.findChildren(QPushButton) if not chip.isHidden()]


def said(panel) -> list[str]:
    return [chip.text() for chip in chips(panel)]


def test_filters_are_chosen_typed_shown_and_taken_away(panel, qtbot):
    panel.set_tags(["Roofs & walls"])
    panel.set_models([("claude-opus-test", "Opus")])
    qtbot.keyClicks(panel.search, "tiles cost>1")
    with qtbot.waitSignal(panel.search_asked):
        choose(panel, "Tag", "Roofs && walls")
    with qtbot.waitSignal(panel.search_asked) as told:
        choose(panel, "Model", "Opus")
    filters = Filters(("claude-opus-test",), ("Roofs & walls",), cost_over_usd=Decimal(1))
    assert told.args[1] == Query(("tiles",), (), filters)
    assert panel.search.text() == "tiles"
    assert said(panel) == ["Model: claude-opus-test", "Tag: Roofs && walls", "Over $1"]
    with qtbot.waitSignal(panel.search_asked) as told:
        chips(panel)[0].click()
    assert told.args[1].filters == Filters((), ("Roofs & walls",), cost_over_usd=Decimal(1))
    assert said(panel) == ["Tag: Roofs && walls", "Over $1"]


def test_the_archive_is_a_list_of_its_own(panel, qtbot):
    with qtbot.waitSignal(panel.page_asked) as told:
        choose(panel, "Archived")
    assert told.args == [None, True]
    panel.show_sessions(SessionsListed((), archived=True))
    assert panel.findChild(QLabel, "nothing-found").text() == "The archive is empty."
    assert panel.list.isVisible()
    with qtbot.waitSignal(panel.page_asked) as told:
        chips(panel)[0].click()
    assert told.args == [None, False]
