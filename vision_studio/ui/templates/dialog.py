"""The templates: looked through, put into the question, written, and taken along in a file."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core.amounts import counted
from vision_studio.core.template_events import TemplatesExported, TemplatesImported, TemplatesTold
from vision_studio.core.templates import ENDING, LONGEST_NAME, Template, acceptable, fields, tidy_name
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField, SearchField, TextArea
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.notice_place import NoticePlace
from vision_studio.ui.design.tokens import Size, Space, Type

_FILTER = f"Templates (*{ENDING} *.json)"
_HELP = (
    "{{word}} is asked for, and {{image}} or {{image: before}} becomes an image of the question. "
    "For two braces write \\{{."
)
_KEY = Qt.ItemDataRole.UserRole


class TemplatesDialog(Dialog):
    insert_asked = Signal(object)  # Template
    save_asked = Signal(object)  # Template
    deletion_asked = Signal(str)  # a template's id
    import_asked = Signal(Path)
    export_asked = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(Size.READING * 5 // 4, Size.READING * 3 // 4))
        name(self, "templates", "Templates")
        self.setWindowTitle("Templates")
        self.setMinimumSize(Size.READING, Size.READING // 2)
        self._templates: dict[str, Template] = {}
        self._shown = Template("", "", "")
        """What the editor began with."""
        self._question = ""
        """The question on the screen, as a template."""
        self._search = SearchField(
            object_name="templates-search", accessible_name="Search templates", placeholder="Search templates"
        )
        self._list = QListWidget()
        name(self._list, "templates-list", "Templates")
        self._name = LineField(
            object_name="template-name", accessible_name="Name of the template", placeholder="Name"
        )
        self._name.setMaxLength(LONGEST_NAME)
        self._text = TextArea(
            object_name="template-text",
            accessible_name="Text of the template",
            placeholder="Compare {{image: before}} with {{image: after}}. Answer in {{language}}.",
        )
        self._asks = Label("", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._asks.setObjectName("template-asks")
        self._new = Button("New", object_name="template-new", icon="plus")
        self._from_question = Button("From the question", object_name="template-from-question", icon="edit")
        self._save = Button("Save", object_name="template-save", hint="Ctrl+S")
        self._delete = Button("Delete", object_name="template-delete", icon="trash")
        self._insert = Button("Insert", object_name="template-insert", kind=Kind.PRIMARY)
        self._import = Button("Import…", object_name="templates-import", icon="folder")
        self._export = Button("Export…", object_name="templates-export", icon="export")
        self._lay_out()
        self._notices = NoticePlace(self._column, 1, "templates-notice", self)
        self._connect()
        self._show(self._shown)

    # What is told

    def show_question(self, text: str) -> None:
        """Offer the question on the screen to be kept as a template; "" where there is none."""
        self._question = text
        self._from_question.setEnabled(bool(text.strip()))

    def show_templates(self, event: TemplatesTold) -> None:
        self._templates = {one.id: one for one in event.templates}
        self._list_again()
        if not self._is_changed and self._shown.id not in self._templates:
            self._show(next(iter(event.templates), Template("", "", "")))
        self._choose_row()
        self._show_buttons()

    def show_imported(self, event: TemplatesImported) -> None:
        if event.refusal:
            self._notices.say(Severity.WARNING, f"{event.file} was not taken in.", [event.refusal])
        else:
            self._notices.say(
                Severity.NOTE, f"{counted(event.count, 'template')} taken in from {event.file}."
            )

    def show_exported(self, event: TemplatesExported) -> None:
        if event.refusal:
            self._notices.say(Severity.WARNING, f"{event.file} was not written.", [event.refusal])
        else:
            self._notices.say(Severity.NOTE, f"{counted(event.count, 'template')} written to {event.file}.")

    # What people do

    def write_new(self, text: str = "") -> None:
        """Begin a template of one's own."""
        self._show(Template(uuid.uuid4().hex, "", text))
        self._list.clearSelection()
        self._name.setFocus()
        self._show_buttons()

    def save(self) -> None:
        if self._save.isEnabled():
            self._shown = self._written
            self.save_asked.emit(self._shown)
            self._show_buttons()

    def insert(self) -> None:
        """Put what the editor holds into the question; it need not be saved for that."""
        if self._insert.isEnabled():
            self.accept()
            self.insert_asked.emit(self._written)

    def _delete_shown(self) -> None:
        gone = self._templates.get(self._shown.id)
        if gone is None:
            return
        self._show(Template("", "", ""))
        self.deletion_asked.emit(gone.id)
        notice = self._notices.say(Severity.NOTE, f"“{gone.name}” was deleted.")

        def undo() -> None:
            self._notices.clear()
            self._show(gone)
            self.save_asked.emit(gone)

        notice.add_action("Undo", undo, object_name="template-undo")

    # Showing

    @property
    def _written(self) -> Template:
        return Template(
            self._shown.id or uuid.uuid4().hex, tidy_name(self._name.text()), self._text.toPlainText()
        )

    @property
    def _is_changed(self) -> bool:
        now = self._name.text(), self._text.toPlainText()
        return now != (self._shown.name, self._shown.text) and any(part.strip() for part in now)

    def _show(self, template: Template) -> None:
        self._shown = template
        self._name.setText(template.name)
        self._text.setPlainText(template.text)

    def _list_again(self) -> None:
        words = self._search.text().casefold().split()
        self._list.blockSignals(True)
        self._list.clear()
        for one in self._templates.values():
            if all(word in f"{one.name} {one.text}".casefold() for word in words):
                item = QListWidgetItem(one.name)
                item.setData(_KEY, one.id)
                self._list.addItem(item)
        self._list.blockSignals(False)
        self._choose_row()

    def _choose_row(self) -> None:
        self._list.blockSignals(True)
        for row in range(self._list.count()):
            if self._list.item(row).data(_KEY) == self._shown.id:
                self._list.setCurrentRow(row)
        self._list.blockSignals(False)

    def _take_choice(self, item: QListWidgetItem | None) -> None:
        chosen = self._templates.get(item.data(_KEY)) if item is not None else None
        if chosen is None or chosen == self._shown:
            return
        if self._is_changed and acceptable(self._name.text(), self._text.toPlainText()):
            self.save_asked.emit(self._written)  # what was written is not lost by looking at another
        self._show(chosen)
        self._show_buttons()

    def _show_buttons(self) -> None:
        name_, text = self._name.text(), self._text.toPlainText()
        asked = fields(text)
        said = f"Asks for {', '.join(field.title for field in asked)}." if asked else _HELP
        self._asks.setText(said)
        self._save.setEnabled(self._is_changed and acceptable(name_, text))
        self._delete.setEnabled(self._shown.id in self._templates)
        self._insert.setEnabled(bool(text.strip()))
        self._export.setEnabled(bool(self._templates))

    def _choose_import(self) -> None:
        dialog = QFileDialog(self, "Import templates", "", _FILTER)
        dialog.setObjectName("import-templates")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.import_asked.emit(Path(file)))
        dialog.open()

    def _choose_export(self) -> None:
        dialog = QFileDialog(self, "Export templates", f"questions{ENDING}", _FILTER)
        dialog.setObjectName("export-templates")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.export_asked.emit(Path(file)))
        dialog.open()

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(Space.S)
        side.addWidget(self._search)
        side.addWidget(self._list, 1)
        making = QHBoxLayout()
        making.setSpacing(Space.S)
        making.addWidget(self._new)
        making.addWidget(self._from_question)
        making.addStretch(1)
        side.addLayout(making)
        editor = QVBoxLayout()
        editor.setSpacing(Space.S)
        editor.addWidget(self._name)
        editor.addWidget(self._text, 1)
        editor.addWidget(self._asks)
        keeping = QHBoxLayout()
        keeping.setSpacing(Space.S)
        keeping.addWidget(self._delete)
        keeping.addStretch(1)
        keeping.addWidget(self._save)
        keeping.addWidget(self._insert)
        editor.addLayout(keeping)
        sides = QHBoxLayout()
        sides.setSpacing(Space.L)
        sides.addLayout(side, 2)
        sides.addLayout(editor, 3)
        close = Button("Close", object_name="close-templates", hint="Esc")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self._import)
        foot.addWidget(self._export)
        foot.addStretch(1)
        foot.addWidget(close)
        for button in [*self.findChildren(Button), close]:
            button.setAutoDefault(False)  # Enter in the list inserts, and in the name saves nothing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        self._column.setSpacing(Space.M)
        self._column.addWidget(SectionHeading("Templates", object_name="templates-heading"))
        self._column.addLayout(sides, 1)
        self._column.addLayout(foot)

    def _connect(self) -> None:
        self._search.textChanged.connect(self._list_again)
        self._search.installEventFilter(self)
        self._list.currentItemChanged.connect(lambda item, before: self._take_choice(item))
        self._list.itemActivated.connect(lambda item: self.insert())
        self._name.textChanged.connect(self._show_buttons)
        self._text.textChanged.connect(self._show_buttons)
        self._new.clicked.connect(lambda: self.write_new())
        self._from_question.clicked.connect(lambda: self.write_new(self._question))
        self._save.clicked.connect(self.save)
        self._delete.clicked.connect(self._delete_shown)
        self._insert.clicked.connect(self.insert)
        self._import.clicked.connect(self._choose_import)
        self._export.clicked.connect(self._choose_export)

    def _press_in_search(self, key: int) -> bool:
        """From the search, arrows go through what was found, and Enter inserts; tell whether it was one."""
        rows, row = self._list.count(), self._list.currentRow()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if rows:
                self._list.setCurrentRow(max(0, row))
                self.insert()
        elif key == Qt.Key.Key_Down:
            self._list.setCurrentRow(min(rows - 1, row + 1))
        elif key == Qt.Key.Key_Up:
            self._list.setCurrentRow(max(0, row - 1) if rows else -1)
        else:
            return False
        return True

    # Qt's overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._press_in_search(event.key())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Save):
            self.save()
        else:
            super().keyPressEvent(event)
