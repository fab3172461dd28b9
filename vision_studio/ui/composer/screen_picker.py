"""A frozen screen, on which a part is chosen by dragging, or all of it by a key."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

_LEAST_PX = 4
"""A shorter drag was a click."""

_WORDS = "Drag to choose a part  ·  Enter takes the whole screen  ·  Esc cancels"


class ScreenPicker(QWidget):
    """Covers one screen with a picture of itself."""

    chosen = Signal(QImage)
    cancelled = Signal()

    def __init__(self, screen: QScreen, picture: QPixmap) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        name(self, "screen-picker", "Choose a part of the screen")
        self.setAccessibleDescription(_WORDS)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._picture = picture
        self._start: QPoint | None = None
        self._end = QPoint()
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def part(self, area: QRect) -> QImage:
        """Return a part of the screen, with all the pixels it has there; ``area`` is in the window's."""
        ratio = self._picture.devicePixelRatio()
        exact = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        cut = self._picture.copy(exact.toAlignedRect().intersected(self._picture.rect())).toImage()
        cut.setDevicePixelRatio(1.0)
        return cut

    def _area(self) -> QRect:
        if self._start is None:
            return QRect()
        return QRect(self._start, QSize(1, 1)).united(QRect(self._end, QSize(1, 1))).intersected(self.rect())

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.part(self.rect()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._start = self._end = event.position().toPoint()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is not None:
            self._end = event.position().toPoint()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._start is None:
            return
        area = self._area()
        self._start = None
        self.update()
        if min(area.width(), area.height()) >= _LEAST_PX:
            self.chosen.emit(self.part(area))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._picture)
        shade = QColor(colour(colours().overlay))
        shade.setAlphaF(shade.alphaF() / 2)
        area = self._area()
        if area.isNull():
            painter.fillRect(self.rect(), shade)
            self._write(painter, _WORDS, self.rect().center())
        else:
            for around in _around(self.rect(), area):
                painter.fillRect(around, shade)
            painter.setPen(QPen(colour(colours().accent), Size.FOCUS))
            painter.drawRect(area)
            size = area.size() * self._picture.devicePixelRatio()
            below = QPoint(area.center().x(), min(area.bottom() + Space.XL, self.height() - Space.XL))
            self._write(painter, f"{size.width()} × {size.height()} px", below)
        painter.end()

    def _write(self, painter: QPainter, text: str, middle: QPoint) -> None:
        style = font(Type.STRONG, figures=True)
        metrics = QFontMetrics(style)
        pill = QRect(0, 0, metrics.horizontalAdvance(text) + 2 * Space.L, metrics.height() + 2 * Space.S)
        pill.moveCenter(middle)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(colours().overlay))
        painter.drawRoundedRect(pill, Radius.M, Radius.M)
        painter.setPen(colour(colours().on_overlay))
        painter.setFont(style)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def under_pointer(pickers: list[ScreenPicker], pointer: QPoint) -> ScreenPicker:
    """Return the picker that is to have the keyboard."""
    screen = QGuiApplication.screenAt(pointer)
    return next((picker for picker in pickers if picker.screen() is screen), pickers[0])


def _around(whole: QRect, hole: QRect) -> list[QRect]:
    """Return the four parts of ``whole`` beside ``hole``."""
    return [
        QRect(whole.topLeft(), QSize(whole.width(), hole.top())),
        QRect(0, hole.top(), hole.left(), hole.height()),
        QRect(hole.right() + 1, hole.top(), whole.width() - hole.right() - 1, hole.height()),
        QRect(0, hole.bottom() + 1, whole.width(), whole.height() - hole.bottom() - 1),
    ]
