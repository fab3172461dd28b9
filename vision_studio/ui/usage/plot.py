"""A plot of how far bills lay from their estimates, newest at the right; a table says the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vision_studio.core import words
from vision_studio.core.accuracy import Comparison
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, line_of_text, painter_for, rounded_box, shows_focus
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

MOST_POINTS = 60
_LEAST_REACH = 0.05
"""The scale shows at least ± 5 %: noise must not look like an error."""
_REACHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_POINT = Space.XS  # px, half the edge of a mark


class AccuracyPlot(QWidget):
    """One mark for each answer: a disc where the bill was estimated, a square where it had been counted.

    Left and right walk from answer to answer and say each; the chosen one stands in words above the plot.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "accuracy-plot", "Bills against estimates")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shown: tuple[Comparison, ...] = ()
        self._chosen: int | None = None

    def show_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """Show the newest of these, oldest first."""
        self._shown = tuple(comparisons[-MOST_POINTS:])
        self._chosen = len(self._shown) - 1 if self._shown else None
        self.setAccessibleDescription(summary(self._shown))
        self.update()

    @property
    def chosen(self) -> Comparison | None:
        return None if self._chosen is None else self._shown[self._chosen]

    def words(self) -> str:
        """Return what is said of the chosen answer."""
        return "No answers yet." if self.chosen is None else said_of(self.chosen)

    def _reach(self) -> float:
        largest = max((abs(one.off_by) for one in self._shown), default=0.0)
        return next((reach for reach in _REACHES if reach >= largest), _REACHES[-1])

    def _area(self) -> QRectF:
        line = QFontMetrics(font(Type.SMALL)).height()
        return QRectF(self.rect()).adjusted(
            Space.XXL + Space.S, line + Space.XL, -Space.M, -(Space.S + Space.XS)
        )

    def _place(self, row: int) -> QPointF:
        area = self._area()
        across = 0.5 if len(self._shown) == 1 else row / (len(self._shown) - 1)
        reach = self._reach()
        off = min(max(self._shown[row].off_by, -reach), reach)
        return QPointF(
            area.left() + _POINT + across * (area.width() - 2 * _POINT),
            area.center().y() - off / reach * area.height() / 2,
        )

    def _choose(self, row: int) -> None:
        if not self._shown:
            return
        self._chosen = min(max(row, 0), len(self._shown) - 1)
        self.setAccessibleDescription(self.words())
        announce(self, self.words())
        self.update()

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Size.READING, Size.READING // 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._chosen or 0
        steps = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._shown) - 1,
        }
        following = steps.get(Qt.Key(event.key()))
        if following is None:
            super().keyPressEvent(event)
            return
        self._choose(following)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = [
            row
            for row in range(len(self._shown))
            if (self._place(row) - event.position()).manhattanLength() <= Size.TARGET / 2
        ]
        text = said_of(self._shown[near[-1]]) if near else ""
        QToolTip.showText(event.globalPosition().toPoint(), plain_tooltip(text), self)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        box = QRectF(self.rect())
        rounded_box(painter, box, Radius.M, fill=scheme.surface, border=scheme.border)
        self._paint_scale(painter)
        for row in range(len(self._shown)):
            self._paint_mark(painter, row)
        head = box.adjusted(Space.M, Space.S, -Space.M, 0)
        head.setHeight(QFontMetrics(font(Type.SMALL)).height())
        line_of_text(painter, head, self.words(), font(Type.SMALL, figures=True), colour(scheme.text))
        if shows_focus(self):
            focus_ring(painter, box, Radius.M)
        painter.end()

    def _paint_scale(self, painter: QPainter) -> None:
        scheme, area, reach = colours(), self._area(), self._reach()
        metrics = QFontMetrics(font(Type.SMALL, figures=True))
        for share in (reach, 0.0, -reach):
            y = area.center().y() - share / reach * area.height() / 2
            ink = scheme.control_border if share == 0 else scheme.border
            painter.setPen(QPen(colour(ink), Size.STROKE))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            label = QRectF(Space.S, y - metrics.height() / 2, area.left() - Space.M, metrics.height())
            line_of_text(
                painter,
                label,
                words.percent(share).replace(" ", "\N{NARROW NO-BREAK SPACE}"),
                font(Type.SMALL, figures=True),
                colour(scheme.muted),
                right=True,
            )

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
        if row == self._chosen:
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
