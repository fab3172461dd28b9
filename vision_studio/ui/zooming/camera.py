"""Where a picture lies on a screen: zoom and place, counted in the screen's own pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

STEPS = (1 / 16, 1 / 12, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
"""Zooms that are stepped through: pixels of the screen for one of the picture. Above 1 they are whole."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at a picture of ``picture`` pixels through an opening of ``room`` pixels of the screen."""

    picture: QSizeF
    room: QSizeF
    centre: QPointF
    """The picture's own point in the middle of the opening."""
    zoom: float = 1.0
    fitting: bool = False
    """The whole picture is to be seen, whatever the room; but never enlarged."""

    @classmethod
    def on(cls, picture: QSizeF, room: QSizeF, *, fitting: bool) -> Camera:
        """Look at the middle: at all of it, or pixel by pixel."""
        middle = QPointF(picture.width() / 2, picture.height() / 2)
        return cls(picture, room, middle, 1.0, fitting)._settled()

    @property
    def fit(self) -> float:
        """The zoom at which all of the picture is seen, 1 at most."""
        across = self.room.width() / max(1.0, self.picture.width())
        down = self.room.height() / max(1.0, self.picture.height())
        return min(1.0, across, down)

    @property
    def place(self) -> QRectF:
        """Where the picture lies in the opening; its corner is on a whole pixel of the screen."""
        left = round(self.room.width() / 2 - self.centre.x() * self.zoom)
        top = round(self.room.height() / 2 - self.centre.y() * self.zoom)
        return QRectF(left, top, self.picture.width() * self.zoom, self.picture.height() * self.zoom)

    def at(self, point: QPointF) -> QPointF:
        """Return what of the picture is at a point of the opening."""
        place = self.place
        return QPointF((point.x() - place.x()) / self.zoom, (point.y() - place.y()) / self.zoom)

    def with_room(self, room: QSizeF) -> Camera:
        return replace(self, room=room)._settled()

    def fitted(self) -> Camera:
        return replace(self, fitting=True)._settled()

    def zoomed(self, zoom: float, about: QPointF | None = None) -> Camera:
        """Zoom, keeping what is at a point of the opening (its middle, if None) where it is."""
        about = about or QPointF(self.room.width() / 2, self.room.height() / 2)
        kept = self.at(about)
        centre = QPointF(
            kept.x() + (self.room.width() / 2 - about.x()) / zoom,
            kept.y() + (self.room.height() / 2 - about.y()) / zoom,
        )
        return replace(self, zoom=zoom, centre=centre, fitting=False)._settled()

    def stepped(self, steps: int, about: QPointF | None = None) -> Camera:
        """Zoom in (or out, below 0) to the next steps."""
        zoom = self.zoom
        for _ in range(abs(steps)):
            beyond = [one for one in STEPS if (one > zoom * 1.001 if steps > 0 else one < zoom * 0.999)]
            if not beyond:
                break
            zoom = beyond[0] if steps > 0 else beyond[-1]
        return self.zoomed(zoom, about)

    def moved(self, across: float, down: float) -> Camera:
        """Look further right and down, by so many pixels of the screen."""
        centre = QPointF(self.centre.x() + across / self.zoom, self.centre.y() + down / self.zoom)
        return replace(self, centre=centre)._settled()

    def _settled(self) -> Camera:
        """Keep the picture within reach: in the middle where there is room, else with no gap at its edges."""
        zoom = self.fit if self.fitting else self.zoom
        centre = QPointF(
            _within(self.centre.x(), self.picture.width(), self.room.width() / zoom),
            _within(self.centre.y(), self.picture.height(), self.room.height() / zoom),
        )
        return replace(self, zoom=zoom, centre=centre)


def _within(centre: float, length: float, seen: float) -> float:
    if seen >= length:
        return length / 2
    return min(max(centre, seen / 2), length - seen / 2)
