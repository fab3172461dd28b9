"""The library's list: pinned first, then under its days, page by page, changed without a jump."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester

from vision_studio.core.conversation import SessionSummary
from vision_studio.ui.library.rows import SessionRole
from vision_studio.ui.library.session_list import SessionListModel, day_heading

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
TODAY = date(2026, 11, 18)
COVER = QImage(2, 2, QImage.Format.Format_RGB32)
END = (0, 0, 0)


def summary(session_id: str, days_ago: float = 0, **fields) -> SessionSummary:
    fields = {"title": session_id, "turns": 1, "images": 2, "cost_usd": Decimal(), **fields}
    return SessionSummary(session_id, updated_at=NOON - timedelta(days=days_ago), **fields)


@pytest.fixture
def model(qapp) -> Iterator[SessionListModel]:
    model = SessionListModel({"seen": COVER}.get)
    # Warning mode speaks through Qt's log, and any Qt warning fails the test.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield model
    tester.deleteLater()


def rows(model: SessionListModel) -> list[str]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_pinned_sessions_stand_first_and_the_others_under_their_days(model):
    model.show(
        [
            summary("kept", 90, pinned=True),
            summary("now"),
            summary("before", 1),
            summary("recent", 3),
            summary("old", 400),
        ],
        TODAY,
    )
    assert rows(model) == [
        "Pinned", "kept", "Today", "now", "Yesterday", "before", "Previous 7 days", "recent",
        "October 2025", "old",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days_ago", "heading"),
    [
        (-1, "Today"),
        (0, "Today"),
        (1, "Yesterday"),
        (2, "Previous 7 days"),
        (7, "Previous 7 days"),
        (8, "November 2026"),
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
    with (
        qtbot.waitSignal(model.dataChanged) as changed,
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.assertNotEmitted(model.rowsMoved),
        qtbot.assertNotEmitted(model.rowsRemoved),
    ):
        model.update(replace(summary("a"), title="Renamed"), TODAY)
    assert changed.args[0].row() == 1
    assert rows(model)[1] == "Renamed"


def test_a_session_that_moves_takes_what_the_view_knows_of_it_along(model):
    model.show([summary("a"), summary("b", 1), summary("c", 2)], TODAY)
    known = QPersistentModelIndex(model.index(model.row_of("c")))
    model.update(summary("c", -0.01), TODAY)
    assert known.data() == "c"
    assert rows(model) == ["Today", "c", "a", "Yesterday", "b"]


def test_another_day_brings_other_headings(model):
    model.show([summary("a"), summary("b", 1)], TODAY)
    model.update(summary("a", -1), TODAY + timedelta(days=1))
    assert rows(model) == ["Today", "a", "Previous 7 days", "b"]


def test_archived_sessions_are_in_the_archive_alone(model):
    model.show([summary("a"), summary("b", 1)], TODAY)
    model.update(summary("a", archived=True), TODAY)
    model.update(summary("never there", archived=True), TODAY)
    assert rows(model) == ["Yesterday", "b"]
    model.show([summary("a", archived=True)], TODAY, archived=True)
    model.update(summary("b", archived=True), TODAY)
    assert rows(model) == ["Today", "a", "b"]


def test_a_deleted_session_takes_its_empty_heading_along(model):
    model.show([summary("a"), summary("b", 1)], TODAY)
    model.forget("b")
    model.forget("never there")
    assert rows(model) == ["Today", "a"]


# Pages


def test_the_next_page_is_asked_for_once_and_goes_below(model, qtbot):
    asked = []
    model.more_asked.connect(asked.append)
    model.show([summary("a"), summary("b", 1)], TODAY, END)
    model.fetchMore(QModelIndex())  # the tester has asked already
    assert asked == [END]
    assert not model.canFetchMore(QModelIndex())
    with qtbot.assertNotEmitted(model.modelReset):
        model.add([summary("b2", 1.1), summary("c", 9)], None)
    assert rows(model) == ["Today", "a", "Yesterday", "b", "b2", "November 2026", "c"]
    assert not model.canFetchMore(QModelIndex())


def test_what_belongs_further_down_is_left_to_its_page(model):
    model.show([summary("a"), summary("b", 1)], TODAY, END)
    model.update(summary("far", 50), TODAY)
    assert rows(model) == ["Today", "a", "Yesterday", "b"]
    model.add([summary("far", 50), summary("b", 1)], None)
    assert rows(model) == ["Today", "a", "Yesterday", "b", "September 2026", "far"]


changes = st.tuples(
    st.sampled_from("abcdef"), st.sampled_from([0, 0.1, 1, 1.5, 3, 9, 40]), st.booleans(), st.booleans()
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(changes, max_size=12))
def test_after_any_changes_the_list_is_as_if_it_had_been_made_so(model, steps):
    model.show([], TODAY)
    fresh = SessionListModel({}.get)
    kept: dict[str, SessionSummary] = {}
    for session_id, days_ago, pinned, gone in steps:
        if gone:
            kept.pop(session_id, None)
            model.forget(session_id)
        else:
            kept[session_id] = summary(session_id, days_ago + ord(session_id) / 1e6, pinned=pinned)
            model.update(kept[session_id], TODAY)
    fresh.show(kept.values(), TODAY)
    assert rows(model) == rows(fresh)
    assert {one.id: one for one in model.sessions} == kept


# What is told of a row


def test_a_heading_is_read_but_not_chosen(model):
    model.show([summary("a")], TODAY)
    heading, session = model.index(0), model.index(1)
    assert not heading.flags() & Qt.ItemFlag.ItemIsSelectable
    assert session.flags() & Qt.ItemFlag.ItemIsSelectable


def test_a_session_is_read_out_with_all_that_is_drawn(model):
    told = summary("Roof", cost_usd=Decimal("0.041"), tags=("North", "urgent"), pinned=True)
    model.show([told], TODAY)
    read = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert read == "Roof, 2 images · 1 turn, $0.0410, tagged North and urgent, pinned"
    model.show_answering("Roof", True)
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole).endswith("pinned, answering")
    assert model.index(1).data(SessionRole.DETAILS) == "Answering… · 2 images · 1 turn"


def test_an_edited_title_is_asked_for_and_shown_once_it_is_kept(model, qtbot):
    model.show([summary("a")], TODAY)
    with qtbot.waitSignal(model.title_edited) as asked:
        model.setData(model.index(1), " New name ")
    assert asked.args == ["a", "New name"]
    assert rows(model)[1] == "a"
    with qtbot.assertNotEmitted(model.title_edited):
        model.setData(model.index(1), "a")


def test_covers_are_shown_when_they_come(model, qtbot):
    model.show([summary("a", cover="seen"), summary("b", 1, cover="missing"), summary("c", 2)], TODAY)
    covers = [model.index(row).data(SessionRole.THUMBNAIL) for row in (1, 3, 5)]
    assert [cover is not None for cover in covers] == [True, False, False]
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show_thumbnail("missing")
    assert changed.args[0].row() == 3


def test_tags_make_a_row_higher(theme, model):
    model.show([summary("a", tags=("North",)), summary("b", 0.1)], TODAY)
    heading, tagged, plain = (
        model.index(row).data(Qt.ItemDataRole.SizeHintRole).height() for row in range(3)
    )
    assert heading < plain < tagged


def test_the_open_session_is_marked(model):
    model.show([summary("a"), summary("b", 1)], TODAY)
    model.show_open("b")
    assert [model.index(row).data(SessionRole.OPEN) for row in (1, 3)] == [False, True]
