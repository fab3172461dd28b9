"""Sessions on their way to files and from them: asks where, shows how far, says what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QObject, QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from vision_studio.core import bundle_words, words
from vision_studio.core.bundles import ENDING
from vision_studio.core.code_request import Flavour, Language
from vision_studio.core.conversation import Session
from vision_studio.core.export_names import safe_name
from vision_studio.core.exported import FORMAT_ENDINGS, ExportFormat, format_of
from vision_studio.core.portable_events import (
    CodeReady,
    CodeSaved,
    PortableFailed,
    PortableProgressed,
    SessionsExported,
    SessionsImported,
)
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.code_dialog import CodeDialog
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.progress import ProgressBar
from vision_studio.ui.desk import Desk
from vision_studio.ui.details import FailureDetails
from vision_studio.ui.export_dialog import ExportDialog
from vision_studio.ui.header import Header
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.notices import NoticeStack

_BUNDLES = f"Vision Studio bundles (*{ENDING})"
_FILTERS = {
    ExportFormat.BUNDLE: "Vision Studio bundle",
    ExportFormat.HTML: "Web page",
    ExportFormat.MARKDOWN: "Markdown with images",
    ExportFormat.JSON: "JSON",
    ExportFormat.PDF: "PDF",
}
_SHOW_AFTER_MS = 300
"""What is done sooner need not be told of: the notice would only flash."""


class Portable(QObject):
    """Exports the open session, and imports whatever bundles are brought."""

    def __init__(self, bridge: EngineBridge, desk: Desk, notices: NoticeStack, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._desk = desk
        self._notices = notices
        self._window = window
        self._folder = _usual_folder()
        self._works: dict[str, _Work] = {}
        self._export_next: str | None = None
        """A session that is being opened to be exported."""
        desk.session_shown.connect(self._export_opened)
        desk.bundles_brought.connect(self.import_files)
        bridge.portable_progressed.connect(self._show_progress)
        bridge.sessions_exported.connect(self._tell_exported)
        bridge.sessions_imported.connect(self._tell_imported)
        bridge.code_ready.connect(self._show_code)
        bridge.code_saved.connect(self._tell_code_saved)
        bridge.portable_failed.connect(self._tell_failed)

    def export(self) -> None:
        """Ask as what the open session is to be exported, and where to."""
        if (session := self._desk.session) is not None:
            self._desk.save()
            dialog = ExportDialog(session, self._window)
            dialog.chosen.connect(lambda kind, turn_ids: self._ask_where(session, kind, turn_ids))
            dialog.open()

    def get_code(self) -> None:
        """Have the next request written as code; a dialog shows it."""
        session = self._desk.session
        if session is not None:
            ticket = self._begin("Preparing the code", "")
            self._bridge.portable.write_code(
                ticket, session.id, self._desk.draft, session.model_id, session.system
            )

    def choose_files(self) -> None:
        """Ask for bundles to be imported."""
        dialog = self._dialog("import-sessions", "Import sessions")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.import_files([Path(name) for name in names]))
        dialog.open()

    def import_files(self, paths: Sequence[Path]) -> None:
        """Have the sessions of bundles come in, each as a new one."""
        self._desk.save()
        for path in paths:
            self._bridge.portable.import_bundle(self._begin("Importing", path.name), path)

    def wire(self, header: Header, library: LibraryPanel) -> None:
        """Follow the menus of the header and of the library."""
        header.export_asked.connect(self.export)
        header.code_asked.connect(self.get_code)
        header.import_asked.connect(self.choose_files)
        library.export_asked.connect(self.export_sessions)

    def export_sessions(self, session_ids: Sequence[str]) -> None:
        """Export sessions of the library: one as whatever is chosen, several as one bundle."""
        opened = self._desk.session
        if len(session_ids) > 1:
            dialog = self._dialog("export-session", "Export sessions")
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setDefaultSuffix(ENDING.removeprefix("."))
            dialog.selectFile(f"{words.counted(len(session_ids), 'session')}{ENDING}")
            dialog.fileSelected.connect(lambda name: self._export_all(session_ids, Path(name)))
            dialog.open()
        elif opened is not None and session_ids[0] == opened.id:
            self.export()
        else:
            self._export_next = session_ids[0]
            self._desk.save()
            self._bridge.open_session(session_ids[0])

    def _export_opened(self, session: Session) -> None:
        """Export a session of the library once it is open: what is in it is known then."""
        if session.id == self._export_next:
            self._export_next = None
            self.export()

    def _export_all(self, session_ids: Sequence[str], path: Path) -> None:
        self._folder = str(path.parent)
        self._bridge.portable.export_bundle(self._begin("Exporting", path.name), session_ids, path)

    def _ask_where(self, session: Session, kind: ExportFormat, turn_ids: Collection[str] | None) -> None:
        """Ask for a place. The dialog does not block: the window goes on."""
        endings = FORMAT_ENDINGS[kind]
        dialog = self._dialog("export-session", "Export session")
        dialog.setNameFilters([f"{_FILTERS[kind]} (*{ending})" for ending in endings])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(endings[0].removeprefix("."))
        dialog.selectFile(suggested_name(session, endings[0]))
        dialog.fileSelected.connect(lambda name: self._export(session, kind, turn_ids, Path(name)))
        dialog.open()

    def _export(
        self, session: Session, kind: ExportFormat, turn_ids: Collection[str] | None, path: Path
    ) -> None:
        if format_of(path.name) is not kind:
            path = path.with_name(path.name + FORMAT_ENDINGS[kind][0])
        self._folder = str(path.parent)
        ticket = self._begin("Exporting", path.name)
        self._bridge.portable.export_session(ticket, session.id, turn_ids, path)

    def _dialog(self, object_name: str, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder, _BUNDLES)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setObjectName(object_name)
        return dialog

    def _begin(self, doing: str, name: str) -> str:
        ticket = uuid.uuid4().hex
        said = f"{doing} “{name}”…" if name else f"{doing}…"
        self._works[ticket] = _Work(said, lambda: self._bridge.portable.cancel(ticket), self._notices, self)
        return ticket

    def _end(self, ticket: str) -> bool:
        """Put away what told of work; tell whether it was ours."""
        work = self._works.pop(ticket, None)
        if work is not None:
            work.end()
        return work is not None

    def _show_progress(self, event: PortableProgressed) -> None:
        if (work := self._works.get(event.ticket)) is not None:
            work.show_progress(event.done_bytes, event.total_bytes)

    def _tell_exported(self, event: SessionsExported) -> None:
        if self._end(event.ticket):
            said = bundle_words.exported_sentence(event.name, event.folder, event.size_bytes)
            self._notices.tell(Severity.NOTE, said)

    def _tell_imported(self, event: SessionsImported) -> None:
        if self._end(event.ticket):
            self._notices.tell(Severity.NOTE, bundle_words.imported_sentence(event.packed))

    def _show_code(self, event: CodeReady) -> None:
        if self._end(event.ticket):
            session = self._desk.session
            named = suggested_name(session, " code") if session is not None else "Vision Studio code"
            dialog = CodeDialog(event.request, self._folder, self._window)
            dialog.save_asked.connect(
                lambda language, flavour, folder: self._save_code(event, language, flavour, folder, named)
            )
            dialog.open()

    def _save_code(
        self, event: CodeReady, language: Language, flavour: Flavour, folder: Path, named: str
    ) -> None:
        self._folder = str(folder)
        ticket = self._begin("Saving the code", "")
        self._bridge.portable.save_code(ticket, event.request, language, flavour, folder, named)

    def _tell_code_saved(self, event: CodeSaved) -> None:
        if self._end(event.ticket):
            self._notices.tell(Severity.NOTE, bundle_words.code_saved_sentence(event.name, event.folder))

    def _tell_failed(self, event: PortableFailed) -> None:
        failure = event.failure
        if self._end(event.ticket) and failure is not None:
            self._notices.tell_failure(failure, lambda: FailureDetails(failure, self._window).open())


class _Work(QObject):
    """One piece of work, and the notice that tells of it once it takes long."""

    def __init__(
        self, said: str, cancel: Callable[[], object], notices: NoticeStack, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._notices = notices
        self._notice = Notice(Severity.NOTE, said, object_name="work", dismissible=False)
        self._bar = ProgressBar(object_name="work-progress", accessible_name=said)
        self._notice.add_row(self._bar)
        self._notice.add_action("Cancel", cancel, object_name="cancel-work")
        self._said = said
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: notices.hold(self._notice))
        self._timer.start(_SHOW_AFTER_MS)

    def show_progress(self, done_bytes: int, total_bytes: int) -> None:
        self._bar.show_progress(done_bytes * 1000 // max(1, total_bytes), 1000)
        amounts = f"{words.bytes_text(done_bytes)} of {words.bytes_text(total_bytes)}"
        self._notice.set_text(f"{self._said} {amounts}" if total_bytes else self._said)

    def end(self) -> None:
        self._timer.stop()
        self._notices.release(self._notice)
        self.deleteLater()


def suggested_name(session: Session, ending: str) -> str:
    """Return what a file of a session may be called everywhere."""
    return safe_name(session.title or "Session", ending, "Session")


def _usual_folder() -> str:
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return documents if QDir(documents).exists() else QDir.homePath()
