"""A labelled bar that shows how much of a limit is used, and by what."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import line_of_text, painter_for
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import LIGHT, Radius, Size, Space, Type

_STEPS = 1000  # QProgressBar counts in int, token and byte counts may exceed it
_LEAST_VISIBLE = 4.0  # px: something must never look like nothing
_GAP = 1.0  # px


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a meter: how much, what it is, and the colour token it is drawn in."""

    amount: float
    label: str = ""
    ink: str = "accent"

    def __post_init__(self) -> None:
        getattr(LIGHT, self.ink)


class Meter(QProgressBar):
    """Label left, value right, a thin segmented bar below; turns to the danger colour past its limit."""

    def __init__(self, label: str, *, object_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, label)
        self._label = label
        self._value = ""
        self._segments: tuple[Segment, ...] = ()
        self._limit = 1.0
        self.setRange(0, _STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_use(self, segments: Sequence[Segment] | float, limit: float, value: str) -> None:
        """Show `segments` (or one amount) of `limit`, in words `value` ("≈ 11,121 / 1,000,000").

        Raises ValueError unless `limit` is above zero.
        """
        if limit <= 0:
            raise ValueError("A meter needs a limit above zero")
        parts = (Segment(segments),) if isinstance(segments, int | float) else tuple(segments)
        self._segments = tuple(part for part in parts if part.amount > 0)
        self._limit = limit
        self._value = value
        used = sum(part.amount for part in self._segments)
        self.setUpdatesEnabled(False)  # QProgressBar paints each new value at once, and waits for it
        self.setValue(min(round(used / limit * _STEPS), _STEPS))
        self.setUpdatesEnabled(True)
        named = ", ".join(f"{part.label} {part.amount:,.0f}" for part in self._segments if part.label)
        over = "over the limit" if self.is_over else ""
        self.setAccessibleDescription("; ".join(words for words in (value, over, named) if words))
        self.setToolTip(named)
        self.update()

    @property
    def is_over(self) -> bool:
        return sum(part.amount for part in self._segments) > self._limit

    def text(self) -> str:
        return self._value

    def sizeHint(self) -> QSize:
        line = QFontMetrics(font(Type.SMALL)).height()
        return QSize(Space.XXL * 5, line + Space.XS + Size.METER)

    def minimumSizeHint(self) -> QSize:
        return QSize(Space.XXL * 2, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        words = QRectF(0, 0, self.width(), self.height() - Size.METER - Space.XS)
        label_ink = scheme.danger if self.is_over else scheme.text
        taken = line_of_text(painter, words, self._label, font(Type.SMALL), colour(label_ink))
        words.setLeft(taken + Space.S)
        value_ink = scheme.danger if self.is_over else scheme.muted
        line_of_text(
            painter, words, self._value, font(Type.SMALL, figures=True), colour(value_ink), right=True
        )
        self._paint_bar(painter, QRectF(0, self.height() - Size.METER, self.width(), Size.METER))
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        scheme = colours()
        shape = QPainterPath()
        shape.addRoundedRect(bar, Radius.XS, Radius.XS)
        painter.fillPath(shape, colour(scheme.track))
        painter.setClipPath(shape)
        scale = bar.width() / max(self._limit, sum(part.amount for part in self._segments))
        left = bar.left()
        for part in self._segments:
            width = max(part.amount * scale, _LEAST_VISIBLE)
            ink = scheme.danger if self.is_over else getattr(scheme, part.ink)
            # the gap tells neighbours apart without their colours
            painter.fillRect(QRectF(left, bar.top(), width - _GAP, bar.height()), colour(ink))
            left += width
        painter.setClipping(False)
