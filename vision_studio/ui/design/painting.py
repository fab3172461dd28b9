"""The few strokes every self-painted control shares: a rounded box, a focus ring, a line of text."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size


def painter_for(widget: QWidget) -> QPainter:
    """A painter with smooth edges; end it, or use it as the only painter of one paintEvent."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    return painter


def rounded_box(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: str | None = None,
    border: str | None = None,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A box in token values; the border lies inside `rect`."""
    painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
        return
    inset = Size.STROKE / 2
    painter.setPen(QPen(colour(border), Size.STROKE, style))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, *, on_accent: bool = False) -> None:
    """The ring of the focused control, inside `rect`, with a gap so that it shows on any fill."""
    scheme = colours()
    ring = scheme.text if on_accent else scheme.focus
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for inset, width, value in (
        (Size.FOCUS + Size.STROKE / 2, Size.STROKE, scheme.surface),
        (Size.FOCUS / 2, Size.FOCUS, ring),
    ):
        painter.setPen(QPen(colour(value), width))
        corner = max(radius - inset, 0.0)
        painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), corner, corner)


def line_of_text(
    painter: QPainter,
    area: QRectF,
    text: str,
    font: QFont,
    ink: QColor,
    *,
    right: bool = False,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """Draw one line, elided to `area` and centred in its height; answers the width it took."""
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(text, elide, int(area.width()))
    width = metrics.horizontalAdvance(shown)
    left = area.right() - width if right else area.left()
    baseline = area.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(QPointF(left, baseline), shown)
    return width


def shows_focus(widget: QWidget) -> bool:
    return widget.hasFocus() and widget.isEnabled()
