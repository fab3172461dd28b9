"""Paints one image pixel by pixel, and the original in the same place: by a held key, or beside a divider."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type
from vision_studio.ui.zooming.camera import Camera
from vision_studio.ui.zooming.canvas import ARROWS, ZoomedCanvas

_PAN_PX = 64
_WHOLE = 0.9
"""How much of the room a step with Shift goes: a tenth stays to go by."""


class Canvas(ZoomedCanvas):
    """Shows what it is given; the keyboard does all that the pointer does."""

    divided = Signal(float)  # where the divider is, from 0 at the left to 1
    original_shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(fitting=False, parent=parent)
        name(self, "sight", "What Claude sees")
        self._seen: QImage | None = None
        self._exact = False
        self._original: QImage | None = None
        self._held = False
        self._divider: float | None = None
        self._dividing = False
        self._scaled: dict[tuple[int, QSize], QImage] = {}
        self._words = ("", "")

    @property
    def zoom(self) -> float:
        return self._camera.zoom

    @property
    def shows_original(self) -> bool:
        return self._held and self._original is not None

    @property
    def is_empty(self) -> bool:
        return self._seen is None and self._original is None

    def show_size(self, size: QSize) -> None:
        """Begin with another image: its size as it is seen, and nothing else of it yet."""
        fitting = self._camera.fitting
        self._seen = self._original = None
        self._exact = False
        self._scaled.clear()
        self._use(Camera.on(QSizeF(size), self._room(), fitting=fitting))

    def change_size(self, size: QSize) -> None:
        """The same image is seen at another size: look at the same part of it."""
        before, after = self._camera, QSizeF(size)
        if before.picture == after:
            return
        across = before.centre.x() / before.picture.width()
        down = before.centre.y() / before.picture.height()
        camera = Camera.on(after, self._room(), fitting=before.fitting)
        if not before.fitting:
            camera = camera.zoomed(before.zoom)
            at = QPointF(across * after.width(), down * after.height())
            camera = camera.moved(
                (at.x() - camera.centre.x()) * camera.zoom, (at.y() - camera.centre.y()) * camera.zoom
            )
        self._use(camera)

    def show_seen(self, pixels: QImage | None, *, exact: bool) -> None:
        """Show what is seen: its very pixels, or a small look at it for the time being."""
        self._seen, self._exact = pixels, exact
        self._scaled.clear()
        self.update()

    def show_original(self, pixels: QImage | None) -> None:
        self._original = pixels
        self._scaled.clear()
        self.update()

    def say(self, seen: str, original: str) -> None:
        """Name the two sides."""
        self._words = (seen, original)
        self.update()

    def hold_original(self, held: bool) -> None:
        """Show the original for as long as this holds."""
        if held != self._held:
            self._held = held
            self.original_shown.emit(held)
            self.update()

    def divide(self, divider: float | None) -> None:
        """Show the original left of a divider, from 0 to 1; None: no divider."""
        if divider != self._divider:
            self._divider = divider if divider is None else min(1.0, max(0.0, divider))
            if self._divider is not None:
                self.divided.emit(self._divider)
            self.update()

    def _divider_x(self) -> float | None:
        return None if self._divider is None else self._divider * self.width()

    def _is_at_divider(self, point: QPointF) -> bool:
        x = self._divider_x()
        return x is not None and abs(point.x() - x) <= Size.TARGET / 2

    # Painting

    def _paint_picture(self, painter: QPainter, scale: float) -> None:
        room = QRectF(QPointF(), self._room())
        divider = self._divider_x()
        if self.shows_original:
            self._paint_side(painter, self._original, room, smooth=False)
        elif divider is not None and self._original is not None:
            x = round(divider * scale)
            self._paint_side(painter, self._original, QRectF(0, 0, x, room.height()), smooth=False)
            self._paint_side(
                painter,
                self._seen,
                QRectF(x, 0, room.width() - x, room.height()),
                smooth=not self._exact,
            )
        else:
            self._paint_side(painter, self._seen, room, smooth=not self._exact)

    def _paint_over(self, painter: QPainter) -> None:
        divider = self._divider_x()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if divider is not None and self._original is not None and not self._held:
            self._paint_divider(painter, divider)
        self._paint_words(painter)

    def _paint_side(self, painter: QPainter, pixels: QImage | None, area: QRectF, *, smooth: bool) -> None:
        """Paint one of the two within an area of the screen's own pixels."""
        place = self._camera.place
        painter.save()
        painter.setClipRect(area)
        painter.fillRect(place, colour(colours().surface))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(place, _chequered())
        if pixels is not None and not pixels.isNull():
            across = place.width() / pixels.width()
            if across == 1.0 and place.height() == pixels.height():
                painter.drawImage(place.topLeft(), pixels)
            elif across < 1.0:
                painter.drawImage(place.topLeft(), self._small(pixels, place.size().toSize()))
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
                painter.drawImage(place, pixels)
        painter.restore()

    def _small(self, pixels: QImage, size: QSize) -> QImage:
        """Return an image made smaller with care; painting alone would skip pixels."""
        key = (pixels.cacheKey(), size)
        if key not in self._scaled:
            kept = {one: image for one, image in self._scaled.items() if one[0] != key[0]}
            made = pixels.scaled(
                size.expandedTo(QSize(1, 1)),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._scaled = {**kept, key: made}
        return self._scaled[key]

    def _paint_words(self, painter: QPainter) -> None:
        seen, original = self._words
        if self._divider is not None and self._original is not None and not self._held:
            _pill(painter, original, self.rect().toRectF(), right=False)
            _pill(painter, seen, self.rect().toRectF(), right=True)
        elif self.shows_original:
            _pill(painter, original, self.rect().toRectF(), right=False)
        elif seen:
            _pill(painter, seen, self.rect().toRectF(), right=False)

    def _paint_divider(self, painter: QPainter, x: float) -> None:
        scheme = colours()
        painter.setPen(QPen(colour(scheme.overlay), Size.FOCUS * 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(colour(scheme.on_overlay), Size.FOCUS))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        grip = QRectF(0, 0, Size.TARGET, Size.TARGET)
        grip.moveCenter(QPointF(x, self.height() / 2))
        painter.setBrush(colour(scheme.overlay))
        painter.drawEllipse(grip)
        painter.setFont(font(Type.STRONG))
        painter.drawText(grip, Qt.AlignmentFlag.AlignCenter, "↔")

    # Qt's overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._is_at_divider(event.position()):
            self._dividing = True
        else:
            self._panned = self._device(event.position())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dividing:
            self.divide(event.position().x() / max(1, self.width()))
        elif self._panned is not None:
            self._pan_to(self._device(event.position()))
        else:
            over = self._is_at_divider(event.position())
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.OpenHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned, self._dividing = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS:
            across, down = ARROWS[key]
            room = self._room()
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            step = _PAN_PX * self.devicePixelRatioF()
            self._use(
                self._camera.moved(
                    across * (room.width() * _WHOLE if far else step),
                    down * (room.height() * _WHOLE if far else step),
                )
            )
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.hold_original(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hold_original(False)
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hold_original(False)  # the key may be let go of elsewhere
        super().focusOutEvent(event)


def _chequered() -> QBrush:
    """What shows through where an image is transparent."""
    return QBrush(colour(colours().border), Qt.BrushStyle.Dense6Pattern)


def _pill(painter: QPainter, text: str, area: QRectF, *, right: bool) -> None:
    if not text:
        return
    painter.setFont(font(Type.SMALL_STRONG, figures=True))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width() / 2 - 2 * Space.M))
    pill = QRectF(0, 0, metrics.horizontalAdvance(shown) + 2 * Space.S, metrics.height() + Space.XS)
    pill.moveTop(area.top() + Space.S)
    if right:
        pill.moveRight(area.right() - Space.S)
    else:
        pill.moveLeft(area.left() + Space.S)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(colours().overlay))
    painter.drawRoundedRect(pill, Radius.S, Radius.S)
    painter.setPen(colour(colours().on_overlay))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
