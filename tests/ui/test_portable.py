"""Sessions to files and back, as the window asks for it and tells of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from tests.core.builders import session, turn
from vision_studio.core.bundles import Packed
from vision_studio.core.events import SessionOpened
from vision_studio.core.exported import FORMAT_ENDINGS, ExportFormat
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.portable_events import (
    PortableFailed,
    PortableProgressed,
    SessionsExported,
    SessionsImported,
)
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import CheckBox, RadioButton
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.design.progress import ProgressBar
from vision_studio.ui.export_dialog import ExportDialog


@pytest.fixture
def opened(window, engine):
    engine.tell(SessionOpened(replace(session(turn("What is 1/2?")), title="What is 1/2?")))
    return window


def said(window) -> list[str]:
    return [notice.accessibleName() for notice in window.notices.findChildren(Notice) if notice.isVisible()]


def exporting(window, engine, path: Path, kind: ExportFormat = ExportFormat.BUNDLE) -> str:
    """Export the session as somebody would; return the ticket."""
    where = asked_where(window, kind)
    where.fileSelected.emit(str(path))
    where.reject()
    return engine.asked("portable.export_session")[-1][0]


def asked_where(window, kind: ExportFormat) -> QFileDialog:
    window.portable.export()
    dialog = window.findChild(ExportDialog)
    dialog.findChild(RadioButton, f"export-{kind}").setChecked(True)
    dialog.findChild(Button, "export-now").click()
    return window.findChildren(QFileDialog, "export-session")[-1]


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_session_is_exported_under_a_name_that_every_system_takes(opened, engine, tmp_path, kind):
    dialog = asked_where(opened, kind)
    ending = FORMAT_ENDINGS[kind][0]
    assert Path(dialog.selectedFiles()[0]).name == f"What is 1_2_{ending}"
    dialog.fileSelected.emit(str(tmp_path / "talk"))  # typed without an ending
    dialog.reject()
    ((ticket, *given),) = engine.asked("portable.export_session")
    assert given == ["session", None, tmp_path / f"talk{ending}"]
    engine.tell(SessionsExported(ticket, f"talk{ending}", "Documents", 3_100_000))
    assert said(opened) == [f"Note: “talk{ending}” (3.1 MB) was saved in “Documents”."]


def test_only_some_turns_are_exported_but_a_bundle_holds_all(window, engine, tmp_path):
    engine.tell(SessionOpened(session(turn("One", turn_id="1"), turn("Two", turn_id="2"))))
    window.portable.export()
    dialog = window.findChild(ExportDialog)
    some = dialog.findChild(CheckBox, "export-some")
    turns = [dialog.findChild(CheckBox, f"export-turn-{number}") for number in (1, 2)]
    assert not some.isEnabled()
    dialog.findChild(RadioButton, "export-html").setChecked(True)
    some.setChecked(True)
    assert [box.text() for box in turns] == ["1. One", "2. Two"]
    turns[0].setChecked(False)
    assert dialog.turn_ids == {"2"}
    turns[1].setChecked(False)
    assert not dialog.findChild(Button, "export-now").isEnabled()
    dialog.findChild(RadioButton, "export-bundle").setChecked(True)
    assert dialog.turn_ids is None
    dialog.reject()


def test_the_header_offers_the_ways_out_and_in(opened, engine):
    menu = opened.header.menu()
    assert [action.text() for action in menu.actions()] == [
        "Export session…",
        "Get code…",
        "Import sessions…",
    ]
    menu.actions()[1].trigger()
    assert len(engine.asked("portable.write_code")) == 1
    menu.actions()[0].trigger()
    opened.findChild(ExportDialog).reject()
    menu.actions()[2].trigger()
    opened.findChild(QFileDialog, "import-sessions").reject()
    menu.deleteLater()


def test_another_session_of_the_library_is_opened_to_be_exported(opened, engine):
    opened.library.export_asked.emit(("session",))
    opened.findChild(ExportDialog).reject()
    assert engine.asked("open_session") == []
    opened.library.export_asked.emit(("other",))
    assert engine.asked("open_session") == [("other",)]
    engine.tell(SessionOpened(replace(session(turn()), id="other")))
    assert opened.findChildren(ExportDialog)[-1].isVisible()
    opened.findChildren(ExportDialog)[-1].reject()


def test_several_sessions_of_the_library_become_one_bundle(opened, engine, tmp_path):
    opened.library.export_asked.emit(("a", "b"))
    dialog = opened.findChild(QFileDialog, "export-session")
    assert Path(dialog.selectedFiles()[0]).name == "2 sessions.vstudio"
    dialog.fileSelected.emit(str(tmp_path / "both.vstudio"))
    dialog.reject()
    ((_, session_ids, path),) = engine.asked("portable.export_bundle")
    assert (session_ids, path) == (("a", "b"), tmp_path / "both.vstudio")


def test_a_long_export_shows_how_far_it_is_and_can_be_cancelled(opened, engine, tmp_path, qtbot):
    ticket = exporting(opened, engine, tmp_path / "talk.vstudio")
    assert said(opened) == []
    engine.tell(PortableProgressed(ticket, "talk.vstudio", 50_000_000, 200_000_000))
    qtbot.waitUntil(lambda: said(opened) != [])
    assert said(opened) == ["Note: Exporting “talk.vstudio”… 50 MB of 200 MB"]
    bar = opened.notices.findChild(ProgressBar, "work-progress")
    assert (bar.value(), bar.maximum()) == (250, 1000)
    opened.notices.findChild(Button, "cancel-work").click()
    assert engine.asked("portable.cancel") == [(ticket,)]
    engine.tell(PortableFailed(ticket, None))
    assert said(opened) == []
    assert not opened.notices.isVisible()


def test_why_it_failed_is_told_with_what_to_do(opened, engine, tmp_path):
    ticket = exporting(opened, engine, tmp_path / "talk.vstudio")
    engine.tell(PortableFailed(ticket, Failure(FailureKind.DISK_FULL)))
    assert said(opened) == ["Warning: The disk is full."]


def test_a_bundle_that_is_dropped_on_the_window_comes_in_and_its_pictures_do_not(opened, engine, tmp_path):
    bundle, picture = tmp_path / "talk.VStudio", tmp_path / "cat.png"
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (picture, bundle)])
    plain = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    entering = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, mime, *plain)
    opened.dragEnterEvent(entering)
    assert entering.isAccepted()
    opened.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, *plain))
    assert [paths for _, _, paths in engine.asked("add_files")] == [(picture,)]
    ((ticket, path),) = engine.asked("portable.import_bundle")
    assert path == bundle
    engine.tell(SessionsImported(ticket, ("new",), Packed(("Ridges",), 3, 5)))
    assert said(opened) == ["Note: “Ridges” was imported: 3 turns, 5 images."]


def test_a_bundle_that_is_opened_with_the_application_comes_in(opened, engine, tmp_path):
    opened.desk.bring(Incoming(paths=(tmp_path / "talk.vstudio",)), 0)
    assert [path for _, path in engine.asked("portable.import_bundle")] == [tmp_path / "talk.vstudio"]
    assert engine.asked("add_files") == []


def test_bundles_are_chosen_in_a_dialog(opened, engine, tmp_path):
    opened.portable.choose_files()
    dialog = opened.findChild(QFileDialog, "import-sessions")
    dialog.filesSelected.emit([str(tmp_path / "a.vstudio"), str(tmp_path / "b.vstudio")])
    dialog.reject()
    assert [path.name for _, path in engine.asked("portable.import_bundle")] == ["a.vstudio", "b.vstudio"]
