"""The page of uploaded files, on a real server: files deleted, sent anew when needed, and kept for longer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QDialog

from tests.journeys.seen import press, the
from vision_studio.ui.server_files.file_table import FileTable


def listed(event):
    return event.cursor is None and not event.remembered


def test_files_are_seen_deleted_renewed_and_offered_with_their_session(visit, photos, qtbot):
    here = visit()
    bridge = here.application.bridge
    here.drop(*photos)
    here.ask_and_wait("What is this?")
    before = dict(here.uploaded_names())
    with here.waiting(bridge.files_listed, listed):
        here.window.server_files.show()
    page = the(here.window, QDialog, "server-files")
    table = the(page, FileTable, "file-table")
    assert sorted(known.name for known in table.model_.files) == sorted(path.name for path in photos)
    assert {known.sessions for known in table.model_.files} == {("What is this?",)}

    table.selectRow(0)
    (gone,) = table.chosen
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    with here.waiting(bridge.deletions_changed, lambda event: event.waiting == 0):
        press(page, "files-delete-now")
    assert here.uploaded_names().keys() == before.keys() - {gone.file.id}

    table.selectRow(0)
    (old,) = table.chosen
    with here.waiting(bridge.files_renewed) as renewed, here.waiting(bridge.deletions_changed, _done):
        press(page, "files-renew")
    assert renewed.args[0].renewed == 1
    assert old.file.id not in here.uploaded_names()
    page.close()

    here.ask_and_wait("And now?")
    assert len(here.uploaded_names()) == len(photos)  # what was deleted was sent anew, and nothing else
    with here.waiting(bridge.uploads_unneeded) as unneeded:
        here.window.delete_session()
    assert set(unneeded.args[0].file_ids) == here.uploaded_names().keys()
    QCoreApplication.processEvents()
    with here.waiting(bridge.deletions_changed, _done):
        (button,) = [
            one
            for one in here.window.notices.findChildren(QAbstractButton, "notice-action")
            if one.text() == "Delete them"
        ]
        button.click()
    assert here.uploaded_names() == {}


def _done(event):
    return event.waiting == 0
