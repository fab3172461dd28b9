"""Help: what Claude is known to be weak at with pictures, as published, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vision_studio.core.cautions import ADVICE, CAUTIONS
from vision_studio.core.findings import Topic
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space, Type

_SOURCE = (
    "Source: Anthropic's vision guides and the Claude platform documentation, “Vision”, 20 September 2026."
)


class HelpDialog(Dialog):
    """Every published caution; the one that was asked about comes into view."""

    def __init__(self, topic: Topic | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "help", "Help")
        self.setWindowTitle("Help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(Size.READING * 3 // 4, Size.READING * 5 // 8)
        self._area = QScrollArea()
        name(self._area, "help-text", "What Claude is known to be weak at")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._chosen: Label | None = None
        self._area.setWidget(self._text(topic))
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("What Claude is known to be weak at", style=Type.TITLE))
        column.addWidget(self._area, 1)
        close = Button("Close", object_name="close-help", hint="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self._area.setFocus()

    def _text(self, topic: Topic | None) -> QWidget:
        panel = Panel()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, Space.M, 0)
        column.setSpacing(Space.XS)
        for one, said in CAUTIONS.items():
            title = Label(said.title, style=Type.STRONG)
            title.setObjectName(f"caution-{one.value}")
            column.addWidget(title)
            column.addWidget(Label(said.advice, wrap=True, selectable=True))
            column.addSpacing(Space.S)
            if one is topic:
                self._chosen = title
                title.set_tone(Tone.ACCENT)
        column.addWidget(Label(ADVICE, wrap=True, selectable=True))
        column.addWidget(Label(_SOURCE, style=Type.SMALL, tone=Tone.MUTED, wrap=True))
        column.addStretch(1)
        return panel

    # Qt's overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._chosen is not None:
            self._area.ensureWidgetVisible(self._chosen)
