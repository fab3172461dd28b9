"""Offers to copy the block of code under the pointer or at the caret."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QTextBlock
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design import Button, Space
from vision_studio.ui.markdown.page import code_number, code_text


class CopyCodeButton(Button):
    """One button that goes to where it is wanted: an answer may hold hundreds of blocks of code."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            "Copy",
            object_name="copy_code",
            accessible_name="Copy code",
            icon="copy",
            small=True,
            parent=parent,
        )
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        self._line: QTextBlock | None = None
        self.clicked.connect(self._copy)

    def offer(self, line: QTextBlock, ground: QRectF) -> None:
        """Stand in the upper right corner of the ground of the code that the line belongs to."""
        if self._line is None or code_number(line) != code_number(self._line):
            self._say("Copy", "Copy code")
        self._line = line
        self.adjustSize()
        self.move(round(ground.right()) - self.width() - Space.XS, round(ground.top()) + Space.XS)
        self.show()

    def withdraw(self) -> None:
        if not self.hasFocus():
            self._line = None
            self.hide()

    @Slot()
    def _copy(self) -> None:
        if self._line is not None:
            QGuiApplication.clipboard().setText(code_text(self._line))
            self._say("Copied", "Code copied")

    def _say(self, text: str, accessible_name: str) -> None:
        self.setText(text)
        self.setAccessibleName(accessible_name)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.withdraw()
