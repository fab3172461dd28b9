"""The question's editor: grows with its text, hands images on, and leaves undo to the whole composer."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.cards import holds_cards
from vision_studio.ui.composer.history import TextChange, text_change, utf16_length
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Type

_LEAST_LINES = 2
_MOST_LINES = 10


class PromptEdit(QPlainTextEdit):
    """Plain text; every change is told as a ``TextChange``."""

    edited = Signal(object)  # TextChange
    images_pasted = Signal(object)  # Incoming
    images_hovered = Signal(bool)
    send_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "prompt", "Prompt")
        self.setPlaceholderText("Ask about these images…")
        self.setFont(font(Type.BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)  # one history holds pictures and text
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self._text = ""
        self._silent = False
        self.textChanged.connect(self._notice_change)
        self._fit_height()

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Show another text without telling of an edit."""
        self._silent = True
        self.setPlainText(text)
        self._text = self.toPlainText()
        self._silent = False
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._fit_height()

    def apply(self, change: TextChange) -> None:
        """Make a change, as undo and redo do, and put the caret behind it."""
        self._silent = True
        cursor = self.textCursor()
        cursor.setPosition(change.position)
        end = change.position + utf16_length(change.removed)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(change.added)
        self.setTextCursor(cursor)
        self._text = self.toPlainText()
        self._silent = False
        self._fit_height()

    def _take_over(self, event: QDropEvent) -> bool:
        """Copy what holds images; tell whether it does."""
        mime = event.mimeData()
        if not incoming.is_welcome(mime):
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _notice_change(self) -> None:
        if self._silent:
            return
        now = self.toPlainText()
        change = text_change(self._text, now)
        self._text = now
        self._fit_height()
        if change is not None:
            self.edited.emit(change)

    def _fit_height(self) -> None:
        line = self.fontMetrics().lineSpacing()
        # A QPlainTextDocumentLayout measures its height in lines.
        lines = round(self.document().size().height())
        shown = min(max(lines, _LEAST_LINES), _MOST_LINES)
        margin = round(2 * self.document().documentMargin())
        self.setFixedHeight(shown * line + margin)
        wanted = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines > _MOST_LINES
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        self.setVerticalScrollBarPolicy(wanted)

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.height())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        # Cards offer themselves to other programs as files, whose addresses are text as well.
        return incoming.pastes_images(source) or (source.hasText() and not holds_cards(source))

    def insertFromMimeData(self, source: QMimeData) -> None:
        if incoming.pastes_images(source):
            self.images_pasted.emit(incoming.read(source))
        elif source.hasText() and not holds_cards(source):
            self.insertPlainText(source.text())

    # Qt's editor agrees to whatever action the source proposes, and a file manager that proposed a move
    # deletes its file when we agree.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._take_over(event):
            self.images_hovered.emit(True)
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not self._take_over(event):
            super().dragMoveEvent(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self.images_hovered.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.images_hovered.emit(False)
        if self._take_over(event):
            self.images_pasted.emit(incoming.read(event.mimeData()))
        else:
            super().dropEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_asked.emit()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
