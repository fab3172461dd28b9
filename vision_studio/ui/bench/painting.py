"""What the bench paints over an image: marks as they will be sent, the crop's frame, handles."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from vision_studio.core.affine import Affine
from vision_studio.core.edits import Edits
from vision_studio.core.marks import Drawn, drawn_marks
from vision_studio.core.size import Size as ImageSize
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size, Space, Type

_HANDLE = Space.M - Space.HAIR
_THIRDS = (1 / 3, 2 / 3)


def paint_marks(painter: QPainter, size: ImageSize, edits: Edits, place: Affine) -> None:
    """Paint the marks of a picture of ``size``; ``place`` takes what is left to the painter's pixels."""
    zoom = (place.a**2 + place.d**2) ** 0.5
    for mark in drawn_marks(size, edits):
        _paint_mark(painter, mark, place, zoom)


def _paint_mark(painter: QPainter, mark: Drawn, place: Affine, zoom: float) -> None:
    lines = [QPolygonF([QPointF(*place.at(*point)) for point in line]) for line in mark.lines]
    filled = [QPolygonF([QPointF(*place.at(*point)) for point in shape]) for shape in mark.filled]
    disc = QPointF(*place.at(*mark.disc))
    for value, beyond in ((mark.outline, mark.outline_width * zoom), (mark.ink, 0.0)):
        pen = QPen(colour(value), mark.stroke * zoom + 2 * beyond)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        for line in lines:
            painter.drawPolyline(line)
        edge = QPen(colour(value), 2 * beyond)
        edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(edge if beyond else Qt.PenStyle.NoPen)
        painter.setBrush(colour(value))
        for shape in filled:
            painter.drawPolygon(shape)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = mark.radius * zoom + beyond
        painter.drawEllipse(disc, radius, radius)
    _paint_digits(painter, mark, disc, zoom)


def _paint_digits(painter: QPainter, mark: Drawn, disc: QPointF, zoom: float) -> None:
    letters = QFont(font(Type.STRONG))
    letters.setWeight(QFont.Weight.Bold)
    letters.setPixelSize(max(1, round(mark.digits_height * zoom)))
    path = QPainterPath()
    path.addText(QPointF(), letters, mark.digits)
    around = path.boundingRect()
    path.translate(disc - around.center())
    painter.fillPath(path, colour(mark.outline))


def paint_frame(painter: QPainter, whole: QRectF, kept: QRectF, scale: float) -> None:
    """Cover what is cut away, and draw a frame with thirds around what is kept."""
    scheme = colours()
    outside = QPainterPath()
    outside.addRect(whole)
    inside = QPainterPath()
    inside.addRect(kept)
    painter.fillPath(outside.subtracted(inside), colour(scheme.overlay))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for value, width in ((scheme.overlay, Size.FOCUS * 2), (scheme.on_overlay, Size.FOCUS)):
        painter.setPen(QPen(colour(value), width * scale))
        painter.drawRect(kept)
    thin = QColor(colour(scheme.on_overlay))
    thin.setAlphaF(0.5)
    painter.setPen(QPen(thin, Size.STROKE * scale))
    for share in _THIRDS:
        x, y = kept.left() + kept.width() * share, kept.top() + kept.height() * share
        painter.drawLine(QPointF(x, kept.top()), QPointF(x, kept.bottom()))
        painter.drawLine(QPointF(kept.left(), y), QPointF(kept.right(), y))


def paint_handle(painter: QPainter, point: QPointF, scale: float, *, hollow: bool) -> None:
    """Draw what can be taken hold of; the pointer hits it from further away than it is large.

    ``hollow``: around something that is to be seen.
    """
    scheme = colours()
    edge = (Size.TARGET if hollow else _HANDLE) * scale
    square = QRectF(point.x() - edge / 2, point.y() - edge / 2, edge, edge)
    painter.setPen(QPen(colour(scheme.overlay), Size.FOCUS * 2 * scale))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour(scheme.on_overlay))
    painter.drawRect(square)
    painter.setPen(QPen(colour(scheme.accent), Size.FOCUS * scale))
    painter.drawRect(square)
