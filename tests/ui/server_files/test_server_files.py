"""The page of uploaded files: pages come by themselves, and nothing is deleted without a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from tests.core.builders import session
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    DeletionsChanged,
    KeySource,
    SessionOpened,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.server_file_events import FilesListed, FilesRenewed, UploadsUnneeded
from vision_studio.core.server_files import KnownFile, ServerFile, Standing
from vision_studio.ui.design.fields import SearchField, Select
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.server_files.file_table import KEPT, NAME, SIZE, UPLOADED

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def file(number, *, sessions=("Roof",), standing=Standing.USED, days=30, renewable=True, size=None):
    server_file = ServerFile(
        f"file_{number}",
        f"{number}.png-0a",
        "image/png",
        size or 1000 * number,
        NOW - timedelta(hours=number),
        None if days is None else NOW + timedelta(days=days),
    )
    return KnownFile(server_file, standing, f"{number}.png", None, sessions, renewable)


FOREIGN = KnownFile(ServerFile("file_9", "theirs.pdf", "application/pdf", 9000, NOW - timedelta(days=9)))
UNUSED = file(3, sessions=(), standing=Standing.UNUSED, days=None)
ALL = (
    file(1),
    file(2, sessions=("Roof", "Shingles", "Gutter", "Door"), renewable=False, days=20),
    UNUSED,
    FOREIGN,
)


@pytest.fixture
def page(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    window.server_files.show()
    shown = next(one for one in window.findChildren(QDialog, "server-files") if one.isVisible())
    tester = QAbstractItemModelTester(
        shown.table.model_, QAbstractItemModelTester.FailureReportingMode.Warning
    )
    engine.tell(FilesListed(ALL, None))
    yield shown
    tester.deleteLater()
    shown.close()


def names(page):
    rows = range(page.table.filtered.rowCount())
    return [page.table.filtered.index(row, NAME).data() for row in rows]


def choose(page, *wanted):
    model = page.table.filtered
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    page.table.clearSelection()
    for row in range(model.rowCount()):
        if model.index(row, NAME).data() in wanted:
            page.table.selectionModel().select(model.index(row, NAME), flags)


def text(page, name):
    return page.findChild(QLabel, name).text().replace("\N{NO-BREAK SPACE}", " ")


def notice(page):
    QCoreApplication.processEvents()  # what was just added to a layout is shown by it
    found = [one for one in page.findChildren(Notice) if one.isVisible()]
    return found[-1].accessibleName() if found else None


def test_what_should_be_there_is_shown_until_the_server_has_told(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    window.server_files.show()
    page = next(one for one in window.findChildren(QDialog, "server-files") if one.isVisible())
    assert engine.asked("files.list") == [(None,)]
    engine.tell(FilesListed((ALL[0],), None, remembered=True))
    assert names(page) == ["1.png"]
    assert "Asking the server" in text(page, "files-state")
    engine.tell(FilesListed(ALL[:2], None, "next"))
    assert engine.asked("files.list")[-1] == ("next",)
    assert text(page, "files-totals").startswith("at least 2 files, 3 KB")
    engine.tell(FilesListed(ALL[1:], "next"))  # the list has moved on by one meanwhile
    assert names(page) == ["1.png", "2.png", "3.png", "theirs.pdf"]
    said = "4 files, 15 KB · 1 not needed here, 3 KB · 1 not from here, 9 KB"
    assert text(page, "files-totals") == said
    assert not page.findChild(QLabel, "files-state").isVisible()
    page.close()


def test_it_is_sorted_by_what_the_columns_mean(page):
    for column, first in ((SIZE, "1.png"), (UPLOADED, "theirs.pdf"), (KEPT, "2.png"), (NAME, "1.png")):
        page.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert names(page)[0] == first
    page.table.sortByColumn(SIZE, Qt.SortOrder.DescendingOrder)
    assert names(page)[0] == "theirs.pdf"


def test_it_is_filtered_by_standing_name_and_session(page, qtbot):
    select = page.findChild(Select, "files-shown")
    select.setCurrentIndex(2)
    select.activated.emit(2)
    assert names(page) == ["3.png"]
    select.setCurrentIndex(0)
    select.activated.emit(0)
    search = page.findChild(SearchField, "files-search")
    qtbot.keyClicks(search, "SHINGLES 2")
    assert names(page) == ["2.png"]
    assert page.table.filtered.index(0, 4).data() == "Roof, Shingles and 2 others"


def test_nothing_is_deleted_before_a_question_that_says_what_for(page, engine, qtbot):
    assert not page.findChild(QPushButton, "files-delete").isEnabled()
    choose(page, "1.png", "theirs.pdf")
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    assert notice(page) == "Warning: Delete 2 files, 10 KB from the server? This cannot be undone."
    assert engine.asked("files.delete") == []
    lines = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
    assert "1 file of sessions here: the images stay" in lines
    assert "1 file not uploaded from here" in lines
    button = page.findChild(QPushButton, "files-delete-now")
    assert button.hasFocus()
    button.click()
    assert engine.asked("files.delete") == [(("file_1", "file_9"),)]
    assert names(page) == ["2.png", "3.png"]
    engine.tell(DeletionsChanged(2, Failure(FailureKind.OFFLINE)))
    assert "2 files could not be deleted from the server yet." in notice(page)


def test_files_whose_bytes_are_here_are_kept_for_longer(page, engine):
    choose(page, "2.png")
    renew = page.findChild(QPushButton, "files-renew")
    assert not renew.isEnabled()
    choose(page, "1.png", "2.png")
    renew.click()
    assert engine.asked("files.renew") == [(("file_1",),)]
    engine.tell(FilesRenewed(1))
    assert notice(page) == "Note: 1 file is kept for as long again."
    assert engine.asked("files.list")[-1] == (None,)
    engine.tell(FilesRenewed(0, Failure(FailureKind.OFFLINE)))
    assert notice(page).startswith("Warning: Not every file")


def test_a_server_that_cannot_be_asked_leaves_what_was_shown(page, engine):
    engine.tell(FilesListed((), None, failure=Failure(FailureKind.OFFLINE)))
    assert len(names(page)) == 4
    assert text(page, "files-state") == "What is shown may be out of date."
    page.findChild(QPushButton, "files-again").click()
    assert engine.asked("files.list")[-1] == (None,)
    assert notice(page) is None


def test_another_key_shows_nothing_of_the_first(page, engine):
    practice = ConnectionChanged(ConnectionKind.PRACTICE, ConnectionState.CONNECTED, "", KeySource.NONE)
    engine.tell(practice)
    engine.tell(FilesListed(ALL, None))
    engine.tell(practice)  # the same, still
    assert len(names(page)) == 4
    engine.tell(ConnectionChanged(ConnectionKind.API, ConnectionState.UNTRIED, "", KeySource.KEYRING))
    assert names(page) == []


def test_a_deleted_session_offers_to_delete_its_uploads(window, engine):
    engine.tell(UploadsUnneeded("Roof <3", ("file_1", "file_2"), 3000))
    (told,) = [one for one in window.notices.findChildren(Notice) if one.isVisible()]
    assert told.accessibleName() == "Note: 2 files (3 KB) on the server were uploaded for “Roof <3” alone."
    told.findChild(QPushButton, "notice-action").click()
    assert engine.asked("files.delete") == [(("file_1", "file_2"),)]
