"""Where an original and its turned, straightened frame lie on a screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF, QTransform

from vision_studio.core.affine import Affine, Point, moved, scaled
from vision_studio.core.framing import Framing, corners
from vision_studio.core.tiling import Box
from vision_studio.ui.bench.handles import Ends
from vision_studio.ui.zooming.camera import Camera


@dataclass(frozen=True, slots=True)
class View:
    """All of it in the screen's own pixels."""

    framing: Framing
    camera: Camera
    shown: Box
    """The part of the frame that the camera looks at."""

    @property
    def from_frame(self) -> Affine:
        """From the turned and straightened picture to the screen."""
        place, zoom = self.camera.place, self.camera.zoom
        return (
            moved(-self.shown.left, -self.shown.top)
            .then(scaled(zoom, zoom))
            .then(moved(place.x(), place.y()))
        )

    @property
    def from_original(self) -> Affine:
        return self.framing.to_frame.then(self.from_frame)

    def original_at(self, point: QPointF) -> tuple[int, int]:
        """Return which point of the original is at one of the screen."""
        x, y = self.from_original.inverse.at(point.x(), point.y())
        return round(x), round(y)

    def frame_at(self, point: QPointF) -> Point:
        return self.from_frame.inverse.at(point.x(), point.y())

    def rect(self, box: Box) -> QRectF:
        """Return where a box of the frame is."""
        left, top = self.from_frame.at(box.left, box.top)
        right, bottom = self.from_frame.at(box.right, box.bottom)
        return QRectF(left, top, right - left, bottom - top)

    def polygon(self, box: Box) -> QPolygonF:
        """Return where a box of the original is, which may lie askew."""
        return QPolygonF([QPointF(*self.from_original.at(*corner)) for corner in corners(box)])

    def handles(self, held: Ends | Box) -> dict[int, QPointF]:
        """Return where the handles are of a crop, or of something that lies on the original."""
        if isinstance(held, Box):
            ends, place = Ends(*held, boxed=True), self.from_frame
        else:
            ends, place = held, self.from_original
        return {handle: QPointF(*place.at(*at)) for handle, at in ends.handles().items()}

    def outline(self, ends: Ends, reach: float) -> QPolygonF:
        """Return what is hit of something on the original: a stroke by so far aside of it."""
        if ends.boxed:
            return self.polygon(Box(ends.x, ends.y, ends.to_x, ends.to_y))
        start = QPointF(*self.from_original.at(ends.x, ends.y))
        end = QPointF(*self.from_original.at(ends.to_x, ends.to_y))
        way = end - start
        length = max(1.0, (way.x() ** 2 + way.y() ** 2) ** 0.5)
        aside = QPointF(-way.y(), way.x()) * (reach / length)
        return QPolygonF([start + aside, end + aside, end - aside, start - aside])


def transform(affine: Affine) -> QTransform:
    return QTransform(affine.a, affine.d, affine.b, affine.e, affine.c, affine.f)
