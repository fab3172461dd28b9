"""A plot whose marks can be walked through and heard: what every plot here has in common."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, line_of_text, painter_for, rounded_box, shows_focus
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Radius, Size, Space, Type


class WalkedPlot(QWidget):
    """The arrow keys walk from mark to mark and say each; the chosen one stands in words above the plot."""

    def __init__(self, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._marks = 0
        self._row: int | None = None

    @property
    def row(self) -> int | None:
        """The chosen mark; None while there is none."""
        return self._row

    def words(self) -> str:
        """Return what is said of the chosen mark."""
        return "Nothing yet." if self._row is None else self._said_of(self._row)

    def _show_marks(self, count: int, description: str) -> None:
        """Show so many marks, the last of them chosen."""
        self._marks = count
        self._row = count - 1 if count else None
        self.setAccessibleDescription(description)
        self.update()

    def _choose(self, row: int) -> None:
        if not self._marks:
            return
        self._row = min(max(row, 0), self._marks - 1)
        self.setAccessibleDescription(self.words())
        announce(self, self.words())
        self.update()

    def _area(self) -> QRectF:
        """Return where the marks are: under the words, beside the scale."""
        line = QFontMetrics(font(Type.SMALL)).height()
        return QRectF(self.rect()).adjusted(
            Space.XXL + Space.XL, line + Space.XL, -Space.M, -(Space.S + Space.XS)
        )

    def _paint_line(self, painter: QPainter, y: float, label: str, *, zero: bool) -> None:
        """A line of the scale across the area, with its value beside it."""
        scheme, area = colours(), self._area()
        painter.setPen(QPen(colour(scheme.control_border if zero else scheme.border), Size.STROKE))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        style = font(Type.SMALL, figures=True)
        height = QFontMetrics(style).height()
        place = QRectF(Space.S, y - height / 2, area.left() - Space.M, height)
        line_of_text(painter, place, label, style, colour(scheme.muted), right=True)

    # What each plot has of its own

    def _said_of(self, row: int) -> str:
        raise NotImplementedError

    def _mark_at(self, place: QPointF) -> int | None:
        raise NotImplementedError

    def _paint(self, painter: QPainter) -> None:
        raise NotImplementedError

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Size.READING, Size.READING // 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._row or 0
        steps = {
            Qt.Key.Key_Left: here - 1,
            Qt.Key.Key_Up: here - 1,
            Qt.Key.Key_Right: here + 1,
            Qt.Key.Key_Down: here + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._marks - 1,
        }
        following = steps.get(Qt.Key(event.key()))
        if following is None:
            super().keyPressEvent(event)
            return
        self._choose(following)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (row := self._mark_at(event.position())) is not None:
            self._choose(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._mark_at(event.position())
        text = "" if row is None else self._said_of(row)
        QToolTip.showText(event.globalPosition().toPoint(), plain_tooltip(text), self)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        box = QRectF(self.rect())
        rounded_box(painter, box, Radius.M, fill=scheme.surface, border=scheme.border)
        self._paint(painter)
        head = box.adjusted(Space.M, Space.S, -Space.M, 0)
        head.setHeight(QFontMetrics(font(Type.SMALL)).height())
        line_of_text(painter, head, self.words(), font(Type.SMALL, figures=True), colour(scheme.text))
        if shows_focus(self):
            focus_ring(painter, box, Radius.M)
        painter.end()
