"""Chips: pictures that the prompt mentions, each one object of its text that is edited as one character."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from vision_studio.core.mentions import GONE, MARK, Mention, Passage
from vision_studio.ui.composer.history import utf16_length
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.painting import rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Space, Type

_CHIP = QTextFormat.ObjectTypes.UserObject.value + 1
_IMAGE_ID = QTextFormat.Property.UserProperty.value + 1
_NAME = _IMAGE_ID + 1


class Called(NamedTuple):
    """What stands on a chip."""

    words: str = GONE
    gone: bool = True
    """Its picture is not in the request."""


class ChipPainter(QPyTextObject):
    """Measures and draws the chips of one document; ``called`` says what is on them."""

    def __init__(
        self, document: QTextDocument, called: Callable[[Mention], Called], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._called = called
        self._sizes: dict[Called, QSizeF] = {}
        """Qt asks twenty times a keystroke."""
        document.documentLayout().registerHandler(_CHIP, self)

    # Qt's overrides. An object stands on the line's base, so what hangs below is drawn outside of it.

    def intrinsicSize(self, document: QTextDocument, position: int, form: QTextFormat) -> QSizeF:
        called = self._called(_mention(form))
        if called not in self._sizes:
            metrics = QFontMetricsF(font(Type.CONTROL))
            icon = metrics.ascent() if called.gone else 0.0
            width = metrics.horizontalAdvance(called.words) + icon + 2 * (Space.XS + Space.HAIR)
            self._sizes[called] = QSizeF(width, QFontMetricsF(document.defaultFont()).ascent())
        return self._sizes[called]

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        document: QTextDocument,
        position: int,
        form: QTextFormat,
    ) -> None:
        metrics, scheme = QFontMetricsF(font(Type.CONTROL)), colours()
        called = self._called(_mention(form))
        descent = QFontMetricsF(document.defaultFont()).descent()
        rect = QRectF(rect)
        box = rect.adjusted(Space.HAIR / 2, 0, -Space.HAIR / 2, descent)
        ink = scheme.danger if called.gone else scheme.chip
        ground = scheme.danger_ground if called.gone else scheme.chip_ground
        chosen = form.hasProperty(QTextFormat.Property.BackgroundBrush.value)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What is not there has a border besides its colour and its sign, and what is selected a stronger one.
        border = scheme.text if chosen else scheme.danger if called.gone else None
        rounded_box(painter, box, Radius.S, fill=ground, border=border)
        left = box.left() + Space.XS
        if called.gone:
            edge = metrics.ascent() - Space.HAIR
            sign = QRectF(left, box.center().y() - edge / 2, edge, edge)
            paint_icon(painter, "warning", sign, colour(ink))
            left += metrics.ascent()
        painter.setFont(font(Type.CONTROL))
        painter.setPen(colour(ink))
        painter.drawText(QPointF(left + Space.HAIR / 2, rect.bottom()), called.words)
        painter.restore()


def insert_passage(cursor: QTextCursor, passage: Passage) -> None:
    """Put text and chips in the place of what is selected, as one change of the document."""
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    first, *pieces = passage.text.split(MARK)
    usual = QTextCharFormat()
    cursor.insertText(first, usual)
    for mention, piece in zip(passage.mentions, pieces, strict=True):
        cursor.insertText(MARK, _chip_format(mention))
        cursor.insertText(piece, usual)
    cursor.endEditBlock()


def read_passage(document: QTextDocument) -> Passage:
    """Return a document's text with its chips; what only looks like one is taken out of the document."""
    text = document.toPlainText()
    if MARK not in text:
        return Passage(text)
    found = list(marks(document))
    for position, mention in reversed(found):
        if mention is None:
            _at(document, position).deletePreviousChar()
    return Passage(document.toPlainText(), tuple(mention for _, mention in found if mention is not None))


def marks(document: QTextDocument) -> Iterator[tuple[int, Mention | None]]:
    """Yield where the document has a mark, counted in UTF-16 units as Qt does, and the chip that it is.

    Pieces of the text are looked at, as a cursor would have every line it comes to laid out.
    """
    block = document.begin()
    while block.isValid():
        if MARK in block.text():
            pieces = block.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                form = piece.charFormat()
                mention = _mention(form) if is_chip(form) else None
                text = piece.text()
                at = text.find(MARK)
                while at >= 0:
                    yield piece.position() + utf16_length(text[:at]), mention
                    at = text.find(MARK, at + 1)
                pieces += 1
        block = block.next()


def mention_at(document: QTextDocument, position: int) -> Mention | None:
    """Return the chip that begins at a place, if one does."""
    if document.characterAt(position) != MARK:
        return None
    form = _at(document, position).charFormat()
    return _mention(form) if is_chip(form) else None


def is_chip(form: QTextCharFormat) -> bool:
    # Text typed behind a chip inherits its properties, but never that it is an object.
    return form.objectType() == _CHIP


def _at(document: QTextDocument, position: int) -> QTextCursor:
    """Return a cursor whose format is that of the character at a place."""
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    return cursor


def _chip_format(mention: Mention) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setObjectType(_CHIP)
    form.setProperty(_IMAGE_ID, mention.image_id)
    form.setProperty(_NAME, mention.name)
    return form


def _mention(form: QTextFormat) -> Mention:
    return Mention(form.stringProperty(_IMAGE_ID), form.stringProperty(_NAME))
