"""Draws one picture of the strip: its number, thumbnail, state, price and worst finding."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from vision_studio.core import words
from vision_studio.core.appraisal import ImageAppraisal
from vision_studio.core.draft import Image
from vision_studio.core.findings import Severity
from vision_studio.core.links import host_of
from vision_studio.ui.composer.card_words import price_line
from vision_studio.ui.composer.image_list import Index, Progress, Role, Stage
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import LIGHT, Radius, Size, Space, Type

_SEVERITY = {
    Severity.REJECT: ("reject", "danger"),
    Severity.WARN: ("warning", "warning"),
    Severity.NOTE: ("note", "note"),
}
_LEFT_OUT_OPACITY = 0.4
_ODD_SHAPE = 2.2
"""Past this ratio of the sides, filling the card would hide most of the picture."""


ZOOMS = (0.7, 1.0, 1.4, 1.9)
"""How large cards can be; the last shows thumbnails at their full size on most screens."""
USUAL_ZOOM = 1.0


def zoom_from(text: str) -> float:
    """Read a zoom as a preference keeps it; anything else is the usual one."""
    return next((zoom for zoom in ZOOMS if str(zoom) == text), USUAL_ZOOM)


@dataclass(frozen=True, slots=True)
class CardShape:
    """How large a card is."""

    lines: int = 3
    """Of words below the picture."""
    zoom: float = USUAL_ZOOM
    """Of the picture; words keep their size."""

    @property
    def picture(self) -> QSize:
        return QSize(round(Size.CARD * self.zoom), round(Size.CARD_PICTURE * self.zoom))

    @property
    def card(self) -> QSize:
        line = QFontMetrics(font(Type.SMALL)).height()
        return self.picture + QSize(0, Space.XS + self.lines * line + Space.XS)

    @property
    def cell(self) -> QSize:
        """The grid's cell a card stands in, at its top left."""
        return self.card + QSize(Space.M, Space.S)


class CardDelegate(QStyledItemDelegate):
    """Paints cards of one shape, which may change."""

    def __init__(self, parent: QObject | None = None, shape: CardShape = CardShape()) -> None:
        super().__init__(parent)
        self.shape = shape

    # Qt's overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.shape.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        image = index.data(Role.IMAGE)
        if not isinstance(image, Image):
            return
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        area = QRect(option.rect.topLeft(), self.shape.card)
        picture = QRectF(area.x() + 1, area.y() + 1, area.width() - 2, self.shape.picture.height() - 2)
        if not image.included:
            painter.setOpacity(_LEFT_OUT_OPACITY)
        placeholder = "image" if image.url is None else "link"
        self._paint_picture(painter, picture, index.data(Role.THUMBNAIL), placeholder)
        painter.setOpacity(1.0)  # the words that it is left out are to be read
        self._paint_frame(painter, picture, option.state)
        number = index.data(Role.NUMBER)
        _paint_pill(painter, picture, f"Image {number}" if number else "Left out", left=True)
        self._paint_progress(painter, picture, index.data(Role.PROGRESS), index.data(Role.APPRAISAL))
        self._paint_words(painter, area, image, index.data(Role.APPRAISAL), index.data(Role.PROGRESS))
        painter.restore()

    # Parts of a card

    def _paint_picture(
        self, painter: QPainter, area: QRectF, thumbnail: QImage | None, placeholder: str
    ) -> None:
        path = QPainterPath()
        path.addRoundedRect(area, Radius.M, Radius.M)
        painter.fillPath(path, colour(colours().sunken))
        if thumbnail is None or thumbnail.isNull():
            middle = QRectF(0, 0, Size.ICON_LARGE, Size.ICON_LARGE)
            middle.moveCenter(area.center())
            paint_icon(painter, placeholder, middle, colour(colours().disabled))
            return
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.drawImage(_place(thumbnail.size(), area), thumbnail)
        painter.restore()

    def _paint_frame(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
        scheme = colours()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        width = Size.FOCUS if selected or focused else Size.STROKE
        ink = scheme.accent if selected else scheme.focus if focused else scheme.border
        pen = QPen(colour(ink), width)
        if focused and not selected:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, Radius.M, Radius.M)
        if focused and selected:  # told apart from a selection that the keys do not go to
            inset = Size.FOCUS
            painter.setPen(QPen(colour(scheme.text), Size.FOCUS))
            painter.drawRoundedRect(area.adjusted(inset, inset, -inset, -inset), Radius.S, Radius.S)

    def _paint_progress(
        self, painter: QPainter, area: QRectF, progress: Progress, appraisal: ImageAppraisal | None
    ) -> None:
        match progress.stage:
            case Stage.READING:
                _paint_pill(painter, area, "Reading…", left=False)
            case Stage.UPLOADING:
                _paint_pill(painter, area, f"{progress.fraction:.0%}", left=False)
                _paint_bar(painter, area, progress.fraction)
            case Stage.FINISHING:
                _paint_pill(painter, area, "Finishing…", left=False)
                _paint_bar(painter, area, 1.0)
            case Stage.UPLOADED:
                _paint_pill(painter, area, "Uploaded", left=False)
            case Stage.FAILED:
                _paint_pill(painter, area, "Failed", left=False, ground=colour(LIGHT.danger))  # white on it
            case Stage.READY:
                if appraisal and any(finding.severity is not Severity.NOTE for finding in appraisal.findings):
                    _paint_alarm(painter, area)

    def _paint_words(
        self,
        painter: QPainter,
        area: QRect,
        image: Image,
        appraisal: ImageAppraisal | None,
        progress: Progress,
    ) -> None:
        scheme = colours()
        style = font(Type.SMALL, figures=True)
        metrics = QFontMetrics(style)
        painter.setFont(style)
        top = area.y() + self.shape.picture.height() + Space.XS
        line = QRect(area.x() + 1, top, area.width() - 2, metrics.height())

        def write(
            text: str, ink: QColor, indent: int = 0, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
        ) -> None:
            painter.setPen(ink)
            room = line.adjusted(indent, 0, 0, 0)
            elided = metrics.elidedText(text, mode, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)

        named = colour(scheme.text if image.included else scheme.muted)
        write(image.label or image.name, named, mode=Qt.TextElideMode.ElideMiddle)
        line.translate(0, metrics.height())
        if progress.stage is Stage.UPLOADING and progress.words:
            write(progress.words, colour(scheme.muted))
        elif image.url is not None and image.size is None:
            write(f"from {host_of(image.url)}", colour(scheme.muted))
        elif appraisal is not None:
            write(price_line(appraisal), colour(scheme.muted))
        else:
            write(str(image.size or ""), colour(scheme.muted))
        if self.shape.lines < 3:
            return
        line.translate(0, metrics.height())
        if progress.stage is Stage.FAILED:
            icon, tone, said = "reject", "danger", progress.words
        elif appraisal is not None and appraisal.findings:
            worst = appraisal.findings[0]
            (icon, tone), said = _SEVERITY[worst.severity], words.brief(worst)
        else:
            return
        ink = colour(getattr(scheme, tone))
        edge = metrics.height() - Space.HAIR
        paint_icon(painter, icon, QRectF(line.x(), line.y() + 1, edge, edge), ink)
        write(said, ink, indent=edge + Space.XS)


def paint_place(painter: QPainter, area: QRect, text: str) -> None:
    """Draw the dashed outline of a card that is not there yet."""
    scheme = colours()
    pen = QPen(colour(scheme.control_border), Size.STROKE, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), Radius.M, Radius.M)
    painter.setPen(colour(scheme.muted))
    painter.setFont(font(Type.SMALL))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def _place(size: QSize, area: QRectF) -> QRectF:
    """Return where a thumbnail goes: filling the card, or whole when it is very wide or tall."""
    ratio = max(size.width(), size.height()) / max(1, min(size.width(), size.height()))
    mode = (
        Qt.AspectRatioMode.KeepAspectRatio
        if ratio > _ODD_SHAPE
        else Qt.AspectRatioMode.KeepAspectRatioByExpanding
    )
    placed = QRectF(QPointF(), size.toSizeF().scaled(area.size(), mode))
    placed.moveCenter(area.center())
    return placed


def _paint_pill(
    painter: QPainter, area: QRectF, text: str, *, left: bool, ground: QColor | None = None
) -> None:
    style = font(Type.SMALL_STRONG, figures=True)
    metrics = QFontMetrics(style)
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * Space.S - 2, metrics.height() + Space.XS)
    pill.moveTop(area.top() + Space.XS + 1)
    if left:
        pill.moveLeft(area.left() + Space.XS + 1)
    else:
        pill.moveRight(area.right() - Space.XS - 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground or colour(colours().overlay))
    painter.drawRoundedRect(pill, Radius.S - 1, Radius.S - 1)
    painter.setPen(colour(colours().on_overlay))
    painter.setFont(style)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _paint_bar(painter: QPainter, area: QRectF, fraction: float) -> None:
    bar = QRectF(area.left() + 1, area.bottom() - Size.METER + 1, area.width() - 2, Size.METER - 2)
    painter.fillRect(bar, colour(colours().track))
    bar.setWidth(bar.width() * min(1.0, max(0.0, fraction)))
    painter.fillRect(bar, colour(colours().accent))


def _paint_alarm(painter: QPainter, area: QRectF) -> None:
    disc = QRectF(0, 0, Size.ICON_LARGE, Size.ICON_LARGE)
    disc.moveTopRight(area.topRight() + QPointF(-Space.XS - 1, Space.XS + 1))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(colours().alarm))
    painter.drawEllipse(disc)
    painter.setPen(colour(colours().on_alarm))
    painter.setFont(font(Type.STRONG))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, "!")
