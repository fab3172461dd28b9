"""Small signs of state: a pill, a dot with a word, and something that turns while one waits."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import Tone, plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import line_of_text, painter_for, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

_TURN_MS = 80  # twelve steps make one turn a second
_STEPS = 12
_DEGREE = 16  # QPainter counts arcs in sixteenths


class Badge(QLabel):
    """A pill with a word: an image's label, "uploaded", "practice"."""

    def __init__(
        self, text: str, *, object_name: str, tone: Tone = Tone.NOTE, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, object_name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(Type.SMALL_STRONG))
        self.setText(text)
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * Space.S, metrics.height() + Space.XS)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        ink, ground = {
            Tone.TEXT: (scheme.text, scheme.note_ground),
            Tone.MUTED: (scheme.note, scheme.note_ground),
            Tone.NOTE: (scheme.note, scheme.note_ground),
            Tone.ACCENT: (scheme.chip, scheme.chip_ground),
            Tone.SUCCESS: (scheme.success, scheme.success_ground),
            Tone.WARNING: (scheme.warning, scheme.warning_ground),
            Tone.DANGER: (scheme.danger, scheme.danger_ground),
        }[self._tone]
        painter = painter_for(self)
        area = QRectF(self.rect())
        rounded_box(painter, area, Radius.S, fill=ground)
        line_of_text(painter, area.adjusted(Space.S, 0, 0, 0), self.text(), self.font(), colour(ink))
        painter.end()


class Sign(StrEnum):
    """The shapes of a StatusDot; each is told from the others without colour."""

    ON = "on"  # a filled disc
    BUSY = "busy"  # a disc half filled
    OFF = "off"  # an empty ring
    FAULT = "fault"  # a cross


class StatusDot(QLabel):
    """A sign and a word: "● Connected"."""

    def __init__(self, text: str, sign: Sign, *, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(Type.SMALL))
        self._sign = sign
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_state(text, sign)

    def show_state(self, text: str, sign: Sign) -> None:
        self._sign = sign
        self.setText(text)
        self.setToolTip(plain_tooltip(text))  # a narrow window shortens the words
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(Space.L + metrics.horizontalAdvance(self.text()) + 1, metrics.height() + Space.HAIR)

    def minimumSizeHint(self) -> QSize:
        return QSize(Space.L, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        area = QRectF(self.rect())
        line_of_text(painter, area.adjusted(Space.L, 0, 0, 0), self.text(), self.font(), colour(scheme.muted))
        self._paint_sign(painter, QPointF(Space.S - Space.HAIR, area.center().y()))
        painter.end()

    def _paint_sign(self, painter: QPainter, centre: QPointF) -> None:
        scheme = colours()
        value = {
            Sign.ON: scheme.success,
            Sign.BUSY: scheme.accent,
            Sign.OFF: scheme.muted,
            Sign.FAULT: scheme.danger,
        }[self._sign]
        painter.setPen(QPen(colour(value), Size.FOCUS * 0.75, c=Qt.PenCapStyle.RoundCap))
        painter.setBrush(colour(value) if self._sign is Sign.ON else Qt.BrushStyle.NoBrush)
        reach = Space.XS - Space.HAIR / 4
        if self._sign is Sign.FAULT:
            painter.drawLine(centre + QPointF(-reach, -reach), centre + QPointF(reach, reach))
            painter.drawLine(centre + QPointF(-reach, reach), centre + QPointF(reach, -reach))
            return
        disc = QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
        painter.drawEllipse(disc)
        if self._sign is Sign.BUSY:
            painter.setBrush(colour(value))
            painter.drawPie(disc, -90 * _DEGREE, 180 * _DEGREE)


class Spinner(QProgressBar):
    """Turns while something of unknown length goes on; its clock runs only while it can be seen."""

    def __init__(
        self, *, object_name: str, accessible_name: str, edge: int = Size.ICON, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self.setRange(0, 0)
        self.setFixedSize(edge, edge)
        self._step = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_TURN_MS)
        self._clock.timeout.connect(self._turn)

    @property
    def is_turning(self) -> bool:
        return self._clock.isActive()

    def _turn(self) -> None:
        self._step = (self._step + 1) % _STEPS
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        ring = QRectF(self.rect()).adjusted(Space.HAIR, Space.HAIR, -Space.HAIR, -Space.HAIR)
        painter.setPen(QPen(colour(scheme.track), Size.FOCUS))
        painter.drawEllipse(ring)
        painter.setPen(QPen(colour(scheme.accent), Size.FOCUS, c=Qt.PenCapStyle.RoundCap))
        painter.drawArc(ring, (90 - self._step * 360 // _STEPS) * _DEGREE, -100 * _DEGREE)
        painter.end()
