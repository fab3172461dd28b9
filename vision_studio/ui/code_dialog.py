"""Shows the next request as code, to be copied or saved with its images."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.code import code
from vision_studio.core.code_request import CodeRequest, Flavour, Language
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import Select, TextArea
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Size, Space, Type

_LANGUAGES = (("Python", Language.PYTHON), ("TypeScript", Language.TYPESCRIPT), ("curl", Language.CURL))
_FLAVOURS = (
    ("Inside the request", Flavour.INLINE),
    ("At an address", Flavour.URL),
    ("Uploaded first", Flavour.FILES),
)
_HINTS = {
    Flavour.INLINE: "The code reads {files} next to it. Save it with them, or copy it into their folder.",
    Flavour.URL: "Put {files} on the web, and their address into the code. Earlier thoughts are left out.",
    Flavour.FILES: "The code uploads {files} next to it through the Files API, anew each time it runs.",
}
_NO_FILES = "The code needs no files."


class CodeDialog(Dialog):
    save_asked = Signal(object, object, object)  # Language, Flavour, Path of the folder

    def __init__(self, request: CodeRequest, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "code", "Code of the next request")
        self.setWindowTitle("Get code")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._request = request
        self._folder = folder
        self._language = Select(_LANGUAGES, object_name="code-language", accessible_name="Language")
        self._flavour = Select(_FLAVOURS, object_name="code-flavour", accessible_name="How images travel")
        self._flavour.setEnabled(bool(request.images))
        self._text = TextArea(object_name="code-text", accessible_name="Code")
        self._text.setReadOnly(True)
        self._text.setFont(font(Type.CODE))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._hint = Label("", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        key = Label(
            "No key is in it: the code reads ANTHROPIC_API_KEY, and ANTHROPIC_BASE_URL for another server.",
            style=Type.SMALL,
            tone=Tone.MUTED,
            wrap=True,
        )
        self._copy = Button("Copy", object_name="copy-all-code", icon="copy", kind=Kind.PRIMARY)
        save = Button("Save with images…" if request.images else "Save…", object_name="save-code")
        close = Button("Close", object_name="close-code", hint="Esc")
        choices = QHBoxLayout()
        choices.setSpacing(Space.S)
        for label, select in (("Language", self._language), ("Images", self._flavour)):
            choices.addWidget(Label(label, style=Type.SMALL_MEDIUM, tone=Tone.MUTED))
            choices.addWidget(select)
            choices.addSpacing(Space.S)
        choices.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        for button in (close, save, self._copy):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addLayout(choices)
        column.addWidget(self._text, 1)
        column.addWidget(self._hint)
        column.addWidget(key)
        column.addSpacing(Space.S)
        column.addLayout(buttons)
        self._language.currentIndexChanged.connect(self._show)
        self._flavour.currentIndexChanged.connect(self._show)
        self._copy.clicked.connect(self._copy_all)
        save.clicked.connect(self._choose_folder)
        close.clicked.connect(self.reject)
        self._show()

    @property
    def language(self) -> Language:
        return Language(self._language.currentData())

    @property
    def flavour(self) -> Flavour:
        return Flavour(self._flavour.currentData())

    def _show(self) -> None:
        self._text.setPlainText(code(self._request, self.language, self.flavour))
        files = words.counted(len(self._request.images), "image file")
        self._hint.setText(_HINTS[self.flavour].format(files=files) if self._request.images else _NO_FILES)
        self._copy.setText("Copy")

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._copy.setText("Copied")
        announce(self._copy, "The code was copied.")

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Save the code in", self._folder)
        dialog.setObjectName("save-code-in")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._save)
        dialog.open()

    def _save(self, folder: str) -> None:
        self.save_asked.emit(self.language, self.flavour, Path(folder))
        self.accept()

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Size.READING, Size.READING * 3 // 4)
