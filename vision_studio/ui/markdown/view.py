"""Shows one answer of a conversation, while it streams in and after.

A delta never renders by itself: deltas are gathered for a frame, and a frame works off blocks only as long as
its share of time lasts. A text of any length that arrives at once fills the page over several frames.
"""

from __future__ import annotations

import math
from time import perf_counter

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from vision_studio.ui.design import colour, font, name
from vision_studio.ui.markdown.copy_button import CopyCodeButton
from vision_studio.ui.markdown.grounds import paint_grounds
from vision_studio.ui.markdown.links import Ask, Open, ask_in_dialog, open_in_browser, web_link
from vision_studio.ui.markdown.look import LIST_INDENT
from vision_studio.ui.markdown.page import code_ground, code_line_at
from vision_studio.ui.markdown.parser_text import LEAD
from vision_studio.ui.markdown.sealed import SealedDocument, blank_image
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.writer import AnswerWriter

FRAME_MS = 33  # words that grow thirty times a second look steady, at half the work of sixty
PAUSE_MS = 8  # between two frames' worth of a backlog, so that input and painting get their turn
TAB_COLUMNS = 4
SHARE_S = 0.008  # of a frame, after which rendering waits for the next one


class AnswerView(QTextBrowser):
    """Read-only Markdown, as high as its content at the width it is given.

    It loads nothing, local or remote. Links to web pages open after `ask` agrees; all others are plain words.
    """

    settled = Signal()  # everything received is on the page
    link_failed = Signal(str)  # the address of a link that was agreed to, which nothing here could open

    def __init__(
        self,
        style: MarkdownStyle,
        *,
        ask: Ask = ask_in_dialog,
        open_link: Open = open_in_browser,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, "answer", "Answer")
        self._style = style
        self._ask = ask
        self._open_link = open_link
        self._text: list[str] = []
        self._kept_height = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render)
        self._set_up_page()
        self._apply_style()
        self._writer = AnswerWriter(self.document(), style)
        self._copy_code = CopyCodeButton(self.viewport())
        self._offered_at: QPointF | None = None
        self.anchorClicked.connect(self._follow)
        self.cursorPositionChanged.connect(self._offer_copy_at_caret)
        self._fit()

    @property
    def text(self) -> str:
        """The Markdown received so far, unchanged."""
        if len(self._text) > 1:
            self._text = ["".join(self._text)]
        return self._text[0] if self._text else ""

    def append(self, text: str) -> None:
        """Take the next piece of a streaming answer; it shows with the next frame."""
        if not text:
            return
        self._text.append(text)
        self._writer.feed(text)
        if not self._timer.isActive():
            self._timer.start(FRAME_MS)

    def finish(self) -> None:
        """The answer is complete: settle what only its end could decide."""
        self._kept_height = self.height()  # a page that shrinks for a moment would lose its place
        self._writer.finish()
        self._render()

    def set_text(self, text: str) -> None:
        """Show a complete answer instead of the present one."""
        self._text = [text] if text else []
        self._writer.restart()
        self._writer.feed(text)
        self.finish()

    def set_style(self, style: MarkdownStyle) -> None:
        """Show the answer in another style, as colours are part of a rendered document."""
        if style == self._style:
            return
        self._style = style
        self._kept_height = self.height()
        self._apply_style()
        self._writer.set_style(style)
        self._render()

    def settle(self) -> None:
        """Render all that was received now, however long it takes."""
        while self._writer.is_behind:
            self._render()

    def _set_up_page(self) -> None:
        page = SealedDocument(self)
        page.setUndoRedoEnabled(False)
        page.setDocumentMargin(0)
        page.setIndentWidth(LIST_INDENT)
        self.setDocument(page)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # What is dropped on an answer is meant for the window.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setMouseTracking(True)

    def _apply_style(self) -> None:
        shades = self.palette()
        shades.setColor(QPalette.ColorRole.Text, colour(self._style.text))
        shades.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(shades)
        self.setTabStopDistance(TAB_COLUMNS * QFontMetricsF(font(self._style.code)).horizontalAdvance(" "))
        self.setFont(font(self._style.body))
        self.document().setDefaultFont(font(self._style.body))

    @Slot()
    def _render(self) -> None:
        """Work off what arrived, for this frame's share of time."""
        self._timer.stop()
        if self._writer.is_behind:
            self._write()
        if self._writer.is_behind:
            self._timer.start(PAUSE_MS)
            self._fit()
            return
        self._kept_height = 0
        self._fit()
        self.settled.emit()

    def _write(self) -> None:
        caret = self.textCursor()
        anchor, position = caret.anchor(), caret.position()
        enough = perf_counter() + SHARE_S
        more = self._writer.write()
        while more and perf_counter() < enough:
            more = self._writer.write()
        self._restore_selection(anchor, position)
        if self._offered_at is not None:
            self._offer_copy(self._offered_at)

    def _restore_selection(self, anchor: int, position: int) -> None:
        """A selection that reaches into the open end would follow the words that are written anew."""
        caret = self.textCursor()
        if (caret.anchor(), caret.position()) == (anchor, position):
            return
        end = self.document().characterCount() - 1
        caret.setPosition(min(anchor, end))
        caret.setPosition(min(position, end), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(caret)

    def _fit(self) -> None:
        height = 0
        if self._text:
            height = math.ceil(self.document().size().height())
            if self.horizontalScrollBar().maximum() > 0:
                height += self.horizontalScrollBar().sizeHint().height()
        height = max(height, self._kept_height)
        if height != self.height() or height != self.maximumHeight():
            self.setFixedHeight(height)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        link = web_link(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        if link and self._ask(link, self) and not self._open_link(link):
            self.link_failed.emit(link.address)

    def _offer_copy(self, point: QPointF) -> None:
        """Offer to copy the code under the point, if there is any."""
        line = code_line_at(self.document(), point)
        if line is None:
            self._withdraw_copy()
        else:
            self._offered_at = point
            ground = code_ground(self.document(), line)
            self._copy_code.offer(line, ground.translated(-self.horizontalScrollBar().value(), 0))

    def _withdraw_copy(self) -> None:
        self._offered_at = None
        self._copy_code.withdraw()

    @Slot()
    def _offer_copy_at_caret(self) -> None:
        if self.hasFocus():
            self._offer_copy(self._on_page(self.cursorRect().center().toPointF()))

    def _on_page(self, point: QPointF) -> QPointF:
        return point + QPointF(self.horizontalScrollBar().value(), 0)

    # Qt's own names from here on

    def loadResource(self, kind: int, url: QUrl | str) -> QImage:
        return blank_image()

    def createMimeDataFromSelection(self) -> QMimeData:
        copied = super().createMimeDataFromSelection()
        copied.setText(copied.text().replace(LEAD, ""))
        return copied

    def paintEvent(self, event: QPaintEvent) -> None:
        shift = self.horizontalScrollBar().value()
        painter = QPainter(self.viewport())
        painter.translate(-shift, 0)
        paint_grounds(painter, self.document(), QRectF(event.rect()).translated(shift, 0), self._style)
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() == event.oldSize().width():
            # Qt would lay all lines out again for a height that follows from them. It only has to know that
            # nothing is left to scroll.
            self.verticalScrollBar().setRange(0, 0)
            return
        super().resizeEvent(event)
        self._withdraw_copy()
        self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._offer_copy(self._on_page(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._withdraw_copy()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if abs(event.angleDelta().x()) > abs(event.angleDelta().y()):
            super().wheelEvent(event)
        else:
            event.ignore()  # what scrolls is around the answer

    def keyPressEvent(self, event: QKeyEvent) -> None:
        scrolls = event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space)
        if scrolls or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()  # Qt would page through itself, or go "back"
        else:
            super().keyPressEvent(event)
