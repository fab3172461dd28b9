"""The library's list: newest first, under its days, narrowed by what is typed, changed without a jump."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester

from vision_studio.core.conversation import SessionSummary
from vision_studio.ui.library.session_list import SessionListModel, SessionRole, day_heading

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = date(2026, 11, 18)
COVER = QImage(2, 2, QImage.Format.Format_RGB32)


def summary(session_id: str, days_ago: int = 0, title: str = "", cover: str | None = None) -> SessionSummary:
    return SessionSummary(
        session_id, title or session_id, NOON - timedelta(days=days_ago), 1, 2, Decimal(), cover
    )


@pytest.fixture
def model(qapp) -> Iterator[SessionListModel]:
    model = SessionListModel({"seen": COVER}.get)
    # Warning mode speaks through Qt's log, and any Qt warning fails the test.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    tester.deleteLater()


def rows(model: SessionListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_sessions_stand_newest_first_under_their_days(model):
    model.show([summary("old", 400), summary("now"), summary("before", 1), summary("recent", 3)], TODAY)
    assert rows(model) == [
        "Today",
        "now",
        "Yesterday",
        "before",
        "This week",
        "recent",
        "October 2025",
        "old",
    ]


@pytest.mark.parametrize(
    ("days_ago", "heading"),
    [
        (-1, "Today"),
        (0, "Today"),
        (1, "Yesterday"),
        (6, "This week"),
        (7, "This month"),
        (20, "October 2026"),
    ],
)
def test_day_headings(days_ago: int, heading: str):
    assert day_heading(TODAY - timedelta(days=days_ago), TODAY) == heading


def test_a_session_that_is_used_comes_to_the_top(model):
    model.show([summary("a", 1), summary("b", 2)], TODAY)
    model.update(summary("b", 0), TODAY)
    assert rows(model) == ["Today", "b", "Yesterday", "a"]


def test_a_session_that_keeps_its_place_is_repainted_and_nothing_moves(model, qtbot):
    model.show([summary("a"), summary("b", 1)], TODAY)
    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.modelReset):
        model.update(replace(summary("a"), title="Renamed"), TODAY)
    assert changed.args[0].row() == 1
    assert rows(model)[1] == "Renamed"


def test_every_word_typed_must_be_in_the_title(model):
    model.show([summary("a", title="Ridge at dusk"), summary("b", title="DUSK photos")], TODAY)
    model.narrow("dusk")
    assert len(model.sessions) == 2
    model.narrow("dusk ri")
    assert [one.id for one in model.sessions] == ["a"]
    model.narrow("noon")
    assert rows(model) == []


def test_a_deleted_session_takes_its_empty_heading_along(model):
    model.show([summary("a"), summary("b", 1)], TODAY)
    model.forget("b")
    model.forget("never there")
    assert rows(model) == ["Today", "a"]


def test_a_heading_is_read_but_not_chosen(model):
    model.show([summary("a")], TODAY)
    heading, session = model.index(0), model.index(1)
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable
    assert session.flags() & Qt.ItemFlag.ItemIsSelectable
    assert session.data(Qt.ItemDataRole.AccessibleTextRole) == "a, 2 images · 1 turn"


def test_covers_are_shown_when_they_come(model, qtbot):
    model.show([summary("a", cover="seen"), summary("b", 1, cover="missing"), summary("c", 2)], TODAY)
    covers = [model.index(row).data(SessionRole.THUMBNAIL) for row in (1, 3, 5)]
    assert [cover is not None for cover in covers] == [True, False, False]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show_thumbnail("missing")
    assert changed.args[0].row() == 3
