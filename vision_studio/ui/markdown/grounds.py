"""Draws what a text document cannot: rounded grounds behind code, bars beside quotes, thin rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QTextBlock, QTextDocument

from vision_studio.ui.design import Radius, Size, Space, colour
from vision_studio.ui.markdown.look import CODE_NUMBER, CODE_PADDING, QUOTE_INDENT, RULE, quote_level
from vision_studio.ui.markdown.page import ground_of, line_at
from vision_studio.ui.markdown.style import MarkdownStyle

_BAR = Space.HAIR + Size.STROKE


class _Marks(NamedTuple):
    """What is painted below one line."""

    line: QTextBlock
    code: int | None
    quotes: int
    is_rule: bool

    @property
    def padding(self) -> int:
        return 0 if self.code is None else CODE_PADDING


def paint_grounds(painter: QPainter, document: QTextDocument, area: QRectF, style: MarkdownStyle) -> None:
    """Paint what belongs below the words in `area`; painter and area are in document coordinates."""
    marks = [_marks_of(line) for line in _lines_in(document, area)]
    if not any(mark.code is not None or mark.quotes or mark.is_rule for mark in marks):
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(style.code_ground))
    for code, run in groupby(marks, attrgetter("code")):
        if code is not None:
            lines = [mark.line for mark in run]
            painter.drawRoundedRect(ground_of(document, lines[0], lines[-1]), Radius.M, Radius.M)
    painter.setBrush(colour(style.border))
    layout = document.documentLayout()
    for depth in range(max(mark.quotes for mark in marks)):
        for is_quoted, run in groupby(marks, partial(_is_quoted, depth)):
            if is_quoted:
                quoted = list(run)
                top = layout.blockBoundingRect(quoted[0].line).top() - quoted[0].padding
                bottom = layout.blockBoundingRect(quoted[-1].line).bottom() + quoted[-1].padding
                bar = QRectF(depth * QUOTE_INDENT, top, _BAR, bottom - top)
                painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
    for mark in marks:
        if mark.is_rule:
            middle = round(layout.blockBoundingRect(mark.line).center().y())
            painter.drawRect(QRectF(0, middle, document.textWidth(), Size.STROKE))
    painter.restore()


def _marks_of(line: QTextBlock) -> _Marks:
    look = line.blockFormat()
    code = look.intProperty(CODE_NUMBER) if look.hasProperty(CODE_NUMBER) else None
    return _Marks(line, code, quote_level(look), look.hasProperty(RULE))


def _is_quoted(depth: int, mark: _Marks) -> bool:
    return mark.quotes > depth


def _lines_in(document: QTextDocument, area: QRectF) -> Iterator[QTextBlock]:
    """Yield the lines that show in the area, and a few around it: grounds reach beyond their words."""
    line = line_at(document, area.top())
    for _ in range(2):  # a corner of the ground must not come to lie inside the area
        line = line.previous() if line.previous().isValid() else line
    end = line_at(document, area.bottom()).next().next()
    while line.isValid() and line != end:
        yield line
        line = line.next()
