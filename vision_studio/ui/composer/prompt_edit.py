"""The question's editor: grows with its text, holds chips, and leaves images and undo to the composer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import cast

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
    QTextCursor,
    QTextLine,
)
from PySide6.QtWidgets import QFrame, QMenu, QPlainTextEdit, QSizePolicy, QToolTip, QWidget

from vision_studio.core.image_names import Named
from vision_studio.core.mentions import Mention, Passage, plain, said
from vision_studio.ui.composer import chips, incoming
from vision_studio.ui.composer.cards import holds_cards
from vision_studio.ui.composer.history import TextChange, text_change, utf16_length
from vision_studio.ui.composer.passage_mime import brought, carry
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Type

_LEAST_LINES = 2
_MOST_LINES = 10


class PromptEdit(QPlainTextEdit):
    """Plain text with chips; every change is told as a ``TextChange``."""

    edited = Signal(object)  # TextChange
    chip_pressed = Signal(int)  # where it stands
    images_pasted = Signal(object)  # Incoming
    images_hovered = Signal(bool)
    send_asked = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "prompt", "Prompt")
        self.setPlaceholderText("Ask about these images… (@ mentions one)")
        self.setFont(font(Type.BODY))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)  # one history holds pictures and text
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self._passage = Passage()
        self._silent = False
        self._names: Mapping[str, Named] = {}
        self._knows: Callable[[Mention], bool] = lambda mention: False
        self._pressed: int | None = None
        """Where the chip stands that a button went down on."""
        self.add_to_menu: Callable[[QMenu, int], object] = lambda menu, position: None
        """Puts before the editor's own menu what can be done with the chip at a place."""
        self._painter = chips.ChipPainter(self.document(), self.called, self)
        self.textChanged.connect(self._notice_change)
        self.cursorPositionChanged.connect(self._say_chip)
        self._fit_height()

    @property
    def passage(self) -> Passage:
        return self._passage

    @property
    def text(self) -> str:
        return self._passage.text

    def show_passage(self, passage: Passage) -> None:
        """Show another text without telling of an edit."""
        self._silent = True
        self.clear()
        chips.insert_passage(self.textCursor(), passage)
        self._take_in()
        self._silent = False
        self.moveCursor(QTextCursor.MoveOperation.End)

    def show_names(self, names: Mapping[str, Named], knows: Callable[[Mention], bool]) -> None:
        """Take in what images are called now; ``knows`` tells whether one was ever seen here."""
        before, self._names, self._knows = self._names, names, knows
        if not self._passage.mentions:
            return
        document = self.document()
        for position, mention in chips.marks(document):
            if mention is not None and _called(before, mention) != self.called(mention):
                document.markContentsDirty(position, 1)
        self._describe()
        self._fit_height()

    def called(self, mention: Mention) -> chips.Called:
        """Return what stands on a chip."""
        return _called(self._names, mention)

    def mention_at(self, position: int) -> Mention | None:
        """Return the chip that begins at a place, counted in UTF-16 units."""
        return chips.mention_at(self.document(), position)

    def replace(self, start: int, end: int, passage: Passage) -> None:
        """Put something in the place of a stretch, as if it were typed there; the caret goes behind it."""
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        chips.insert_passage(cursor, passage)
        self.setTextCursor(cursor)

    def insert(self, passage: Passage) -> None:
        """Put text with chips in the place of what is selected, or where the caret is."""
        cursor = self.textCursor()
        self.replace(cursor.selectionStart(), cursor.selectionEnd(), passage)

    def without(self, image_ids: Collection[str]) -> None:
        """Take every chip of some images out, as one step."""
        change = text_change(self._passage, self._passage.without(image_ids))
        if change is not None:
            self.replace(change.position, change.position + utf16_length(change.removed.text), change.added)

    def chip_box(self, position: int) -> QRectF:
        """Return where a chip lies on the viewport."""
        block = self.document().findBlock(position)
        line = block.layout().lineForTextPosition(position - block.position())
        if not line.isValid():
            return QRectF()
        within = position - block.position()
        left, right = _x(line, within), _x(line, within + 1)
        corner = self.blockBoundingGeometry(block).translated(self.contentOffset()).topLeft()
        return QRectF(corner.x() + left, corner.y() + line.y(), right - left, line.height())

    def chip_under(self, point: QPoint) -> int | None:
        """Return where the chip stands that lies under a point of the viewport."""
        if not self._passage.mentions:
            return None
        near = self.cursorForPosition(point).position()
        for position in (near - 1, near):
            if self.mention_at(position) is not None and self.chip_box(position).contains(point):
                return position
        return None

    def chip_beside(self) -> int | None:
        """Return where the chip stands that the caret is behind, or before."""
        at = self.textCursor().position()
        return next((place for place in (at - 1, at) if self.mention_at(place) is not None), None)

    def apply(self, change: TextChange) -> None:
        """Make a change, as undo and redo do, and put the caret behind it."""
        self._silent = True
        self.replace(change.position, change.position + utf16_length(change.removed.text), change.added)
        self._take_in()
        self._silent = False

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
        before = self._passage
        self._silent = True  # what only looks like a chip is taken out
        self._take_in()
        self._silent = False
        change = text_change(before, self._passage)
        if change is not None:
            self.edited.emit(change)

    def _take_in(self) -> None:
        self._passage = chips.read_passage(self.document())
        self._describe()
        self._fit_height()

    def _describe(self) -> None:
        """Tell assistive technology, to which a chip is a character without a name, how the text reads."""
        words = said(self._passage, lambda one: self.called(one).words)[0] if self._passage.mentions else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def _say_chip(self) -> None:
        """Say what chip the caret has come to stand behind."""
        if self._silent or not self._passage.mentions or not self.hasFocus():
            return
        mention = self.mention_at(self.textCursor().position() - 1)
        if mention is not None:
            announce(self, self.about(mention))

    def about(self, mention: Mention) -> str:
        """Return what there is to say of a chip's image."""
        named = self._names.get(mention.image_id)
        if named is None:
            which = mention.name or "Its image"
            return f"Image gone: {which} is not in the next request"
        return ", ".join(filter(None, (named.words, named.image.label, named.image.name)))

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
        if (passage := brought(source, self._knows)) is not None:
            self.insert(passage)
        elif incoming.pastes_images(source):
            self.images_pasted.emit(incoming.read(source))
        elif source.hasText() and not holds_cards(source):
            self.insert(plain(source.text()))

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        text = self.document().toPlainText()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        units = text.encode("utf-16-le", "surrogatepass")
        before, chosen = (
            units[slice(*part)].decode("utf-16-le", "surrogatepass")
            for part in ((0, 2 * start), (2 * start, 2 * end))
        )
        passage = self._passage.part(len(before), len(before) + len(chosen))
        # One that Python makes must not be on the clipboard when Python has ended: Qt clears that away later.
        mime = super().createMimeDataFromSelection()
        carry(mime, passage, lambda mention: self.called(mention).words)
        return mime

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

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = self.chip_under(event.pos())
            mention = None if position is None else self.mention_at(position)
            if position is not None and mention is not None:
                box = self.chip_box(position).toAlignedRect()
                QToolTip.showText(event.globalPos(), plain_tooltip(self.about(mention)), self.viewport(), box)
                return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self.chip_under(event.position().toPoint()) if left else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = not event.buttons() and self.chip_under(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        clicked = pressed is not None and pressed == self.chip_under(event.position().toPoint())
        if clicked and not self.textCursor().hasSelection():
            self.chip_pressed.emit(pressed)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        position = self.chip_under(event.pos()) if by_mouse else self.chip_beside()
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("prompt-menu")
        if position is not None:
            self.add_to_menu(menu, position)
        menu.popup(event.globalPos())

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


def _x(line: QTextLine, position: int) -> float:
    """Return how far from a line's start a character begins."""
    place, _ = cast("tuple[float, int]", line.cursorToX(position))  # PySide's stubs say "object"
    return place


def _called(names: Mapping[str, Named], mention: Mention) -> chips.Called:
    named = names.get(mention.image_id)
    return chips.Called() if named is None else chips.Called(named.words, gone=False)
