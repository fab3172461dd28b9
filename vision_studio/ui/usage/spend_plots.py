"""Plots of what was spent: columns for days or months, bars for models and sessions; tables say the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vision_studio.core.spending import Spent
from vision_studio.core.spending_words import said_of, value, value_text
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.painting import line_of_text
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.usage.walked import WalkedPlot

MOST_BARS = 6
"""More models or sessions than these are in the table only."""
_FEWEST_ROWS = 3
_STEPS = (1, 2, 2.5, 5, 10)
_NAMES = 0.3
"""Which share of the width the names of bars have."""


class SpendPlot(WalkedPlot):
    """A filled shape is what was billed; a dashed one goes on to what it would have been without a cache."""

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(object_name, accessible_name, parent)
        self._shown: tuple[Spent, ...] = ()
        self._practice = False

    def show_spent(self, spent: Sequence[Spent], practice: bool) -> None:
        self._shown, self._practice = tuple(spent), practice
        self._show_marks(len(self._shown), "")
        self.setAccessibleDescription(self.words())

    def _full_scale(self) -> float:
        """Return a round number that nothing shown passes."""
        highest = max((value(one, self._practice, whole=True) for one in self._shown), default=0.0)
        return round_up(highest)

    def _values(self, row: int) -> tuple[float, float]:
        """Return what was billed and what it would have been, as shares of the scale."""
        full, one = self._full_scale(), self._shown[row]
        return value(one, self._practice) / full, value(one, self._practice, whole=True) / full

    def _said_of(self, row: int) -> str:
        return said_of(self._shown[row], self._practice)

    def _paint_shapes(self, painter: QPainter, row: int, billed: QRectF, whole: QRectF) -> None:
        scheme = colours()
        if self._values(row)[1] > self._values(row)[0]:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(scheme.control_border), Size.STROKE, Qt.PenStyle.DashLine))
            painter.drawRect(whole)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(scheme.accent))
        painter.drawRect(billed)


class ColumnPlot(SpendPlot):
    """A column for every day or month."""

    def _slot(self, row: int) -> QRectF:
        area = self._area()
        width = area.width() / max(1, len(self._shown))
        return QRectF(area.left() + row * width, area.top(), width, area.height())

    def _mark_at(self, place: QPointF) -> int | None:
        return next((row for row in range(len(self._shown)) if self._slot(row).contains(place)), None)

    def _area(self) -> QRectF:
        line = QFontMetrics(font(Type.SMALL)).height()
        return super()._area().adjusted(0, 0, 0, -line)

    def _paint(self, painter: QPainter) -> None:
        area, full = self._area(), self._full_scale()
        for share in (1.0, 0.5, 0.0):
            label = value_text(full * share, self._practice)
            self._paint_line(painter, area.bottom() - share * area.height(), label, zero=share == 0)
        for row in range(len(self._shown)):
            self._paint_column(painter, row)
        for row, title in self._named():
            self._paint_title(painter, row, title)

    def _paint_column(self, painter: QPainter, row: int) -> None:
        slot = self._slot(row)
        gap = min(Space.XS, slot.width() / 4)
        billed, whole = (
            QRectF(slot.left() + gap, slot.bottom() - share * slot.height(), slot.width() - 2 * gap, 0)
            for share in self._values(row)
        )
        for shape in (billed, whole):
            shape.setBottom(slot.bottom())
        self._paint_shapes(painter, row, billed, whole)
        if row == self.row:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(colours().text), Size.FOCUS))
            painter.drawLine(
                QPointF(slot.left() + gap, slot.bottom() + Size.FOCUS),
                QPointF(slot.right() - gap, slot.bottom() + Size.FOCUS),
            )

    def _named(self) -> Iterator[tuple[int, str]]:
        """Yield as many titles as have room, the last one among them."""
        if not self._shown:
            return
        metrics = QFontMetrics(font(Type.SMALL, figures=True))
        widest = max(metrics.horizontalAdvance(one.title) for one in self._shown) * 3 // 2
        step = max(1, -(-len(self._shown) * widest // max(1, int(self._area().width()))))
        for row in range(len(self._shown) - 1, -1, -step):
            yield row, self._shown[row].title

    def _paint_title(self, painter: QPainter, row: int, title: str) -> None:
        style, slot, area = font(Type.SMALL, figures=True), self._slot(row), self._area()
        metrics = QFontMetrics(style)
        width = metrics.horizontalAdvance(title)
        left = min(max(slot.center().x() - width / 2, Space.S), area.right() - width)
        place = QRectF(left, area.bottom() + Space.XS, width + 1, metrics.height())
        line_of_text(painter, place, title, style, colour(colours().muted))


class BarPlot(SpendPlot):
    """A bar for each of the dearest models or sessions, under one another, with its name before it."""

    def show_spent(self, spent: Sequence[Spent], practice: bool) -> None:
        super().show_spent(spent[:MOST_BARS], practice)
        if self._shown:
            self._choose_quietly(0)

    def _choose_quietly(self, row: int) -> None:
        self._row = row
        self.setAccessibleDescription(self.words())

    def _area(self) -> QRectF:
        area = super()._area()
        area.setLeft(self.rect().left() + Space.M)
        return area

    def _slot(self, row: int) -> QRectF:
        area = self._area()
        height = area.height() / max(len(self._shown), _FEWEST_ROWS)
        return QRectF(area.left(), area.top() + row * height, area.width(), height)

    def _mark_at(self, place: QPointF) -> int | None:
        return next((row for row in range(len(self._shown)) if self._slot(row).contains(place)), None)

    def _paint(self, painter: QPainter) -> None:
        for row in range(len(self._shown)):
            self._paint_bar(painter, row)

    def _paint_bar(self, painter: QPainter, row: int) -> None:
        scheme, slot = colours(), self._slot(row)
        chosen = row == self.row
        style = font(Type.SMALL_STRONG if chosen else Type.SMALL, figures=True)
        names = QRectF(slot.left(), slot.top(), slot.width() * _NAMES, slot.height())
        line_of_text(painter, names, self._shown[row].title, style, colour(scheme.text))
        said = value_text(value(self._shown[row], self._practice), self._practice)
        room = slot.width() * (1 - _NAMES) - QFontMetrics(style).horizontalAdvance(said) - Space.L
        left, height = names.right() + Space.S, min(slot.height() - Space.S, Space.L)
        top = slot.center().y() - height / 2
        billed, whole = (QRectF(left, top, share * room, height) for share in self._values(row))
        self._paint_shapes(painter, row, billed, whole)
        beside = QRectF(whole.right() + Space.S, slot.top(), slot.right() - whole.right(), slot.height())
        line_of_text(painter, beside, said, style, colour(scheme.text))


def round_up(number: float) -> float:
    """Return the least of 1, 2, 2.5, 5 times a power of ten that is no smaller; 1 for nothing."""
    if number <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(number))
    return next(step * power for step in (*_STEPS, 20) if step * power >= number * (1 - 1e-9))
