"""How far the images are that are being read into the strip: one line, with its Cancel."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.progress import ProgressBar
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Space, Type

SHOW_AFTER_MS = 300
"""What is read sooner need not be told of: the line would only flash."""


class ReadingLine(QWidget):
    """Nothing, while nothing is read."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "reading", "Reading images")
        self._words = Label("", style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._words.setObjectName("reading-words")
        self._bar = ProgressBar(object_name="reading-bar", accessible_name="Images read")
        cancel = Button(
            "Cancel",
            object_name="cancel-reading",
            accessible_name="Cancel reading: take away the images that are not read yet",
            kind=Kind.LINK,
            small=True,
        )
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self._words)
        row.addWidget(self._bar, 1)
        row.addWidget(cancel)
        self._showing = QTimer(self)
        self._showing.setSingleShot(True)
        self._showing.setInterval(SHOW_AFTER_MS)
        self._showing.timeout.connect(self._appear)
        self.hide()

    def show_progress(self, done: int, total: int) -> None:
        """Tell how many of all images are read; the last one ends it."""
        if done >= total:
            self.clear()
            return
        self._words.setText(f"Reading {words.count(done)} of {words.counted(total, 'image')}")
        self._bar.show_progress(done, total)
        if self.isHidden() and not self._showing.isActive():
            self._showing.start()

    def clear(self) -> None:
        self._showing.stop()
        self.hide()

    def _appear(self) -> None:
        self.show()
        announce(self, self._words.text())
