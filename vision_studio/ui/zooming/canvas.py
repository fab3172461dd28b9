"""A widget that paints a picture through a camera, and has wheel, pointer and keyboard move the camera."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from vision_studio.ui.design.painting import focus_ring, shows_focus
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size
from vision_studio.ui.zooming.camera import Camera

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""How far right and down each goes."""

_NOTCH = 120
"""What one notch of a wheel turns, in eighths of a degree."""


class ZoomedCanvas(QWidget):
    """Knows where the picture lies; what is painted, and what else keys and pointer do, is its heirs'."""

    zoomed = Signal(float)  # pixels of the screen for one of the picture

    def __init__(self, *, fitting: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera = Camera.on(QSizeF(1, 1), QSizeF(1, 1), fitting=fitting)
        self._panned: QPointF | None = None
        """Where the pointer is, in the screen's own pixels, while it moves the picture."""
        self._turned = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(Size.CARD, Size.CARD_PICTURE)

    @property
    def camera(self) -> Camera:
        return self._camera

    def fit(self) -> None:
        self._use(self._camera.fitted())

    def zoom_to(self, zoom: float) -> None:
        self._use(self._camera.zoomed(zoom))

    def step_zoom(self, steps: int, about: QPointF | None = None) -> None:
        self._use(self._camera.stepped(steps, about))

    def _use(self, camera: Camera) -> None:
        self._camera = camera
        self.zoomed.emit(camera.zoom)
        self.update()

    def _pan_to(self, point: QPointF) -> None:
        """Take the picture along to where the pointer went, in the screen's own pixels."""
        if self._panned is not None:
            way = self._panned - point
            self._panned = point
            self._use(self._camera.moved(way.x(), way.y()))

    def _room(self) -> QSizeF:
        """Return the size in the screen's own pixels."""
        return QSizeF(self.size()) * self.devicePixelRatioF()

    def _device(self, point: QPointF) -> QPointF:
        return point * self.devicePixelRatioF()

    def _paint_picture(self, painter: QPainter, scale: float) -> None:
        """Paint in the screen's own pixels, ``scale`` of which are one of the widget's."""
        raise NotImplementedError

    def _paint_over(self, painter: QPainter) -> None:
        """Paint over the picture in the widget's pixels."""

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return self.minimumSize()  # it takes what is left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use(self._camera.with_room(self._room()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._use(self._camera.with_room(self._room()))
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        if steps:
            self._turned -= steps * _NOTCH
            self.step_zoom(steps, self._device(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step_zoom(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.step_zoom(-1)
        elif key == Qt.Key.Key_1:
            self.zoom_to(1.0)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_F):
            self.fit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scale = self.devicePixelRatioF()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(colours().sunken))
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        self._paint_picture(painter, scale)
        painter.restore()
        self._paint_over(painter)
        if shows_focus(self):
            focus_ring(painter, self.rect().toRectF(), 0)
        painter.end()
