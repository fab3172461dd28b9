"""The files on the server in use: looked through, kept for longer, and deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.events import DeletionsChanged
from vision_studio.core.failure_words import failure_words
from vision_studio.core.server_file_events import FilesListed, FilesRenewed
from vision_studio.core.server_file_words import deletion_question, renewed_text, totals
from vision_studio.core.server_files import KnownFile
from vision_studio.core.transfer_words import deletions_text
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import SearchField, Select
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.notice_place import NoticePlace
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.server_files.file_table import FileTable, Shown

_SHOWN = (
    ("All files", Shown.ALL),
    ("Used by sessions here", Shown.USED),
    ("Not needed here", Shown.UNUSED),
    ("Not from here", Shown.FOREIGN),
)
_REMEMBERED = "What should be there, as far as is known here. Asking the server…"
_ASKING = "The server tells more…"
_NONE = "There are no files on the server. Images are uploaded when they are sent."


class ServerFilesDialog(Dialog):
    list_asked = Signal(object)  # the cursor of a page; None: the first
    renewal_asked = Signal(list)  # file ids
    deletion_asked = Signal(list)  # file ids

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(Size.READING * 5 // 4, Size.READING))
        name(self, "server-files", "Uploaded files")
        self.setWindowTitle("Uploaded files")
        self.setMinimumSize(Size.READING, Size.READING * 5 // 8)
        self.table = FileTable(thumbnail)
        self._more = True
        """The server has not told of all files yet."""
        self._shown = Select(_SHOWN, object_name="files-shown", accessible_name="Which files")
        self._search = SearchField(
            object_name="files-search", accessible_name="Search files", placeholder="Name or session"
        )
        self._refresh = Button("Refresh", object_name="files-refresh", icon="retry", hint="F5")
        self._state = Label("", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._state.setObjectName("files-state")
        self._totals = Label("", style=Type.SMALL, tone=Tone.MUTED, figures=True, wrap=True)
        self._totals.setObjectName("files-totals")
        self._renew = Button("Keep for longer", object_name="files-renew", icon="clock")
        self._delete = Button("Delete…", object_name="files-delete", icon="trash", hint="Del")
        self._lay_out()
        self._notices = NoticePlace(self._column, 1, "files-notice", self)
        self._connect()
        self._show_choice()

    # What the engine tells

    def show_page(self, event: FilesListed) -> None:
        model = self.table.model_
        if event.failure is not None:
            self._more = False
            words = failure_words(event.failure)
            self._ask_again(words.title, words.next_step, event.cursor)
        elif event.remembered:
            if not model.files:
                model.show_files(event.files)
            self._state.setText(_REMEMBERED)
        elif event.cursor is None:
            model.show_files(event.files)
        else:
            model.add(event.files)
        if not event.remembered and event.failure is None:
            self._more = event.next_cursor is not None
            self._state.setText(_ASKING if self._more else "" if model.files else _NONE)
            if self._more and self.isVisible():
                self.list_asked.emit(event.next_cursor)
        self._state.setVisible(bool(self._state.text()))
        self._show_totals()
        self._show_choice()

    def show_renewed(self, event: FilesRenewed) -> None:
        if event.failure is not None:
            words = failure_words(event.failure)
            said = (
                renewed_text(event.renewed) if event.renewed else "Not every file could be kept for longer."
            )
            self._notices.say(Severity.WARNING, said, (words.title, words.next_step))
        elif event.renewed:
            self._notices.say(Severity.NOTE, renewed_text(event.renewed))
        self.refresh()

    def show_deletions(self, event: DeletionsChanged) -> None:
        if said := deletions_text(event):
            self._notices.say(Severity.WARNING, said)

    def forget(self) -> None:
        """Show nothing: another server is in use, or another key."""
        self.table.model_.show_files(())
        self._notices.clear()
        if self.isVisible():
            self.refresh()

    # What people do

    def refresh(self) -> None:
        """Ask the server anew; what is shown stays until it answers."""
        self._more = True
        self.list_asked.emit(None)

    def ask_deletion(self) -> None:
        """Ask before the chosen files are deleted: that cannot be undone."""
        chosen = self.table.chosen
        if not chosen:
            return
        question, lines = deletion_question(chosen, datetime.now(UTC))
        notice = self._notices.say(Severity.WARNING, question, lines)
        label = "Delete it" if len(chosen) == 1 else f"Delete {len(chosen)} files"
        button = notice.add_action(
            label, lambda: self._delete_files(chosen), object_name="files-delete-now", kind=Kind.DANGER
        )
        button.setFocus()

    def _delete_files(self, files: Sequence[KnownFile]) -> None:
        self._notices.clear()
        ids = [known.file.id for known in files]
        self.table.model_.remove(frozenset(ids))
        self.deletion_asked.emit(ids)
        self._show_totals()
        self.table.setFocus()

    def _renew_chosen(self) -> None:
        self.renewal_asked.emit([known.file.id for known in self.table.chosen if known.renewable])

    def _filter(self) -> None:
        self.table.filtered.show_only(Shown(self._shown.currentData()), self._search.text())
        self._show_choice()

    # Showing

    def _show_choice(self) -> None:
        chosen = self.table.chosen
        self._delete.setEnabled(bool(chosen))
        self._renew.setEnabled(any(known.renewable for known in chosen))

    def _show_totals(self) -> None:
        self._totals.setText(totals(self.table.model_.files, more=self._more))

    def _ask_again(self, title: str, next_step: str, cursor: str | None) -> None:
        self._state.setText("What is shown may be out of date." if self.table.model_.files else "")
        notice = self._notices.say(Severity.WARNING, title, [next_step])

        def again() -> None:
            self._notices.clear()
            self.list_asked.emit(cursor)

        notice.add_action("Try again", again, object_name="files-again")

    def _lay_out(self) -> None:
        find = QHBoxLayout()
        find.setSpacing(Space.S)
        find.addWidget(self._shown)
        find.addWidget(self._search, 1)
        find.addWidget(self._refresh)
        close = Button("Close", object_name="close-server-files", hint="Esc")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self._renew)
        foot.addWidget(self._delete)
        foot.addWidget(self._totals, 1)
        foot.addWidget(close)
        self._totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._column.setSpacing(Space.M)
        self._column.addWidget(SectionHeading("Files on the server", object_name="files-heading"))
        self._column.addLayout(find)
        self._column.addWidget(self._state)
        self._column.addWidget(self.table, 1)
        self._column.addLayout(foot)

    def _connect(self) -> None:
        self._shown.activated.connect(self._filter)
        self._search.textChanged.connect(self._filter)
        self._refresh.clicked.connect(self.refresh)
        self._renew.clicked.connect(self._renew_chosen)
        self._delete.clicked.connect(self.ask_deletion)
        self.table.selectionModel().selectionChanged.connect(self._show_choice)

    # Qt's overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            self.ask_deletion()
        elif event.matches(QKeySequence.StandardKey.Refresh):
            self.refresh()
        else:
            super().keyPressEvent(event)
