"""Asks as what a session is to be exported, and which of its turns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Session, Turn
from vision_studio.core.edit_words import UNREDACTED
from vision_studio.core.edits import redactions
from vision_studio.core.exported import ExportFormat
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import CheckBox, RadioButton
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space, Type

_FORMATS = (
    (
        ExportFormat.BUNDLE,
        "Vision Studio bundle",
        "Everything, originals too, to be imported elsewhere as it is; no key.",
    ),
    (ExportFormat.HTML, "Web page", "One file with its images, to read, print or mail. It loads nothing."),
    (ExportFormat.PDF, "PDF", "Set on A4, for printing and filing."),
    (ExportFormat.MARKDOWN, "Markdown", "An archive of the text and a folder of images."),
    (ExportFormat.JSON, "JSON", "Questions, answers and requests for other programs, without the images."),
)
_TITLE_CHARS = 56
_IN_SIGHT = 5


class ExportDialog(Dialog):
    chosen = Signal(object, object)  # ExportFormat; ids of turns, or None for all

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "export", "Export session")
        self.setWindowTitle("Export session")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(Size.READING * 3 // 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.XS)
        self._formats: dict[ExportFormat, RadioButton] = {}
        for kind, title, hint in _FORMATS:
            if kind is ExportFormat.BUNDLE and _has_redactions(session):
                hint = f"{hint} {UNREDACTED}"
            button = RadioButton(title, object_name=f"export-{kind}")
            button.setAccessibleDescription(hint)
            button.toggled.connect(self._show)
            self._formats[kind] = button
            line = Label(hint, style=Type.SMALL, tone=Tone.MUTED, wrap=True)
            line.setContentsMargins(Space.XL, 0, 0, Space.XS)
            column.addWidget(button)
            column.addWidget(line)
        self._some = CheckBox("Only some turns", object_name="export-some")
        self._some.toggled.connect(self._show)
        self._turns = {turn.id: _turn_box(number, turn) for number, turn in enumerate(session.turns, start=1)}
        for box in self._turns.values():
            box.toggled.connect(self._show)
        self._list = _scrolling(list(self._turns.values()))
        self._export = Button("Export…", object_name="export-now", kind=Kind.PRIMARY)
        self._export.clicked.connect(self._choose)
        cancel = Button("Cancel", object_name="export-cancel", hint="Esc")
        cancel.clicked.connect(self.reject)
        column.addSpacing(Space.S)
        column.addWidget(self._some)
        column.addWidget(self._list)
        column.addSpacing(Space.M)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._export)
        column.addLayout(buttons)
        self._formats[ExportFormat.BUNDLE].setChecked(True)
        self._show()

    @property
    def kind(self) -> ExportFormat:
        return next(kind for kind, button in self._formats.items() if button.isChecked())

    @property
    def turn_ids(self) -> frozenset[str] | None:
        """The turns that were chosen; None: all there are."""
        if not self._some.isEnabled() or not self._some.isChecked():
            return None
        return frozenset(turn_id for turn_id, box in self._turns.items() if box.isChecked())

    def _show(self) -> None:
        if not any(button.isChecked() for button in self._formats.values()):
            return
        whole = self.kind is ExportFormat.BUNDLE  # what is sent rests on every turn
        self._some.setEnabled(not whole and len(self._turns) > 1)
        self._list.setVisible(self._some.isEnabled() and self._some.isChecked())
        self._export.setEnabled(self.turn_ids is None or bool(self.turn_ids))

    def _choose(self) -> None:
        self.chosen.emit(self.kind, self.turn_ids)
        self.accept()

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Size.READING * 3 // 4, super().sizeHint().height())


def _turn_box(number: int, turn: Turn) -> CheckBox:
    said = " ".join(turn.prompt.split()) or words.counted(len(turn.images), "image")
    shown = said if len(said) <= _TITLE_CHARS else f"{said[:_TITLE_CHARS].rstrip()}…"
    box = CheckBox(f"{number}. {shown}".replace("&", "&&"), object_name=f"export-turn-{number}")
    box.setChecked(True)
    return box


def _scrolling(boxes: Sequence[CheckBox]) -> QScrollArea:
    """Return the boxes below each other, a few of them in sight."""
    panel = Panel()
    inside = QVBoxLayout(panel)
    inside.setContentsMargins(Space.XL, 0, Space.M, 0)
    inside.setSpacing(0)
    for box in boxes:
        inside.addWidget(box)
    area = QScrollArea()
    name(area, "export-turns", "Turns to export")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keyboard, and comes into view
    area.setWidget(panel)
    area.setFixedHeight(min(len(boxes), _IN_SIGHT) * Size.TARGET + Space.XS)
    return area


def _has_redactions(session: Session) -> bool:
    images = (*(sent.image for sent in session.sent_images), *session.draft.images)
    return any(redactions(image.edits) for image in images)
