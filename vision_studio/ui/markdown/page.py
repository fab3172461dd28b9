"""Finds lines on a rendered page: which stands where, and which make up one block of code."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextBlock, QTextDocument

from vision_studio.ui.markdown.look import CODE_NUMBER, CODE_PADDING, MID_LINE


def line_at(document: QTextDocument, y: float) -> QTextBlock:
    """Return the last line that begins at `y` or above, or the first line of all.

    Qt's own hitTest walks over the whole page for a point that lies between two lines.
    """
    layout = document.documentLayout()
    low, high = 0, document.blockCount() - 1
    while low < high:
        middle = (low + high + 1) // 2
        if layout.blockBoundingRect(document.findBlockByNumber(middle)).top() <= y:
            low = middle
        else:
            high = middle - 1
    return document.findBlockByNumber(low)


def code_number(line: QTextBlock) -> int | None:
    """Return the number of the block of code that the line belongs to, if to any."""
    look = line.blockFormat()
    return look.intProperty(CODE_NUMBER) if look.hasProperty(CODE_NUMBER) else None


def code_line_at(document: QTextDocument, point: QPointF) -> QTextBlock | None:
    """Return the line of code whose ground the point lies on, if any; the point in document coordinates."""
    above = line_at(document, point.y())
    for line in (above, above.next()):
        if code_number(line) is not None and ground_of(document, line, line).contains(point):
            return line
    return None


def code_lines(line: QTextBlock) -> Iterator[QTextBlock]:
    """Yield all lines of the code that the line belongs to."""
    number = code_number(line)
    while code_number(line.previous()) == number:
        line = line.previous()
    while code_number(line) == number:
        yield line
        line = line.next()


def code_text(line: QTextBlock) -> str:
    """Return the code that the line belongs to as it was written, however it is cut for display."""
    pieces: list[str] = []
    for each in code_lines(line):
        if pieces and not each.blockFormat().hasProperty(MID_LINE):
            pieces.append("\n")
        pieces.append(each.text())
    return "".join(pieces)


def code_ground(document: QTextDocument, line: QTextBlock) -> QRectF:
    """Return the whole ground of the code that the line belongs to."""
    lines = list(code_lines(line))
    return ground_of(document, lines[0], lines[-1])


def ground_of(document: QTextDocument, first: QTextBlock, last: QTextBlock) -> QRectF:
    """Return the area behind lines of one block of code, its padding included."""
    layout = document.documentLayout()
    look = first.blockFormat()
    left = look.leftMargin() + look.indent() * document.indentWidth() - CODE_PADDING
    top = layout.blockBoundingRect(first).top() - CODE_PADDING
    bottom = layout.blockBoundingRect(last).bottom() + CODE_PADDING
    return QRectF(left, top, document.textWidth() - left, bottom - top)
