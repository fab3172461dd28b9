"""A plot of how far bills lay from their estimates, newest at the right; a table says the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from vision_studio.core import words
from vision_studio.core.accuracy import Comparison
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.usage.walked import WalkedPlot

MOST_POINTS = 60
_LEAST_REACH = 0.05
"""The scale shows at least ± 5 %: noise must not look like an error."""
_REACHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_POINT = Space.XS  # px, half the edge of a mark


class AccuracyPlot(WalkedPlot):
    """One mark for each answer: a disc where the bill was estimated, a square where it had been counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("accuracy-plot", "Bills against estimates", parent)
        self._shown: tuple[Comparison, ...] = ()

    def show_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """Show the newest of these, oldest first."""
        self._shown = tuple(comparisons[-MOST_POINTS:])
        self._show_marks(len(self._shown), summary(self._shown))

    @property
    def chosen(self) -> Comparison | None:
        return None if self.row is None else self._shown[self.row]

    def _reach(self) -> float:
        largest = max((abs(one.off_by) for one in self._shown), default=0.0)
        return next((reach for reach in _REACHES if reach >= largest), _REACHES[-1])

    def _place(self, row: int) -> QPointF:
        area = self._area()
        across = 0.5 if len(self._shown) == 1 else row / (len(self._shown) - 1)
        reach = self._reach()
        off = min(max(self._shown[row].off_by, -reach), reach)
        return QPointF(
            area.left() + _POINT + across * (area.width() - 2 * _POINT),
            area.center().y() - off / reach * area.height() / 2,
        )

    def _said_of(self, row: int) -> str:
        return said_of(self._shown[row])

    def _mark_at(self, place: QPointF) -> int | None:
        near = [
            row
            for row in range(len(self._shown))
            if (self._place(row) - place).manhattanLength() <= Size.TARGET / 2
        ]
        return near[-1] if near else None

    def _paint(self, painter: QPainter) -> None:
        area, reach = self._area(), self._reach()
        for share in (reach, 0.0, -reach):
            y = area.center().y() - share / reach * area.height() / 2
            label = words.percent(share).replace(" ", "\N{NARROW NO-BREAK SPACE}")
            self._paint_line(painter, y, label, zero=share == 0)
        for row in range(len(self._shown)):
            self._paint_mark(painter, row)

    def _paint_mark(self, painter: QPainter, row: int) -> None:
        scheme, at = colours(), self._place(row)
        one = self._shown[row]
        counted = one.estimate.counted_tokens is not None
        ink = colour(scheme.segment_answer if counted else scheme.accent)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        shape = QRectF(at.x() - _POINT, at.y() - _POINT, 2 * _POINT, 2 * _POINT)
        if counted:
            painter.drawRect(shape)
        else:
            painter.drawEllipse(shape)
        if row == self.row:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(scheme.text), Size.FOCUS))
            painter.drawEllipse(shape.adjusted(-Space.XS, -Space.XS, Space.XS, Space.XS))


def said_of(one: Comparison) -> str:
    """Return one answer in words: "✓ 4,788 billed, ≈ 4,752 estimated (+0.8 %)"."""
    counted = one.estimate.counted_tokens
    count = f", = {words.count(counted)} counted" if counted is not None else ""
    server = " by the practice server" if one.practice else ""
    return (
        f"✓ {words.count(one.billed_tokens)} billed{server}, ≈ {words.count(one.estimate.total)} estimated"
        f"{count} ({words.percent(one.off_by)})"
    )


def summary(comparisons: Sequence[Comparison]) -> str:
    """Return what the whole plot shows."""
    if not comparisons:
        return "No answers yet."
    sizes = sorted(abs(one.off_by) for one in comparisons)
    middle = words.percent(sizes[len(sizes) // 2]).lstrip("+")
    most = words.percent(sizes[-1]).lstrip("+")
    answers = words.counted(len(comparisons), "answer")
    return f"{answers}: half are off by at most {middle}, all by at most {most}."
