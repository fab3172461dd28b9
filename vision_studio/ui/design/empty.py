"""The friendly centre panel of a place where nothing is yet."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import (
    focus_ring,
    line_of_text,
    painter_for,
    rounded_box,
    shows_focus,
)
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type


class SampleCard(QAbstractButton):
    """A picture with a title and a line below it, that does something when pressed."""

    def __init__(
        self,
        title: str,
        subtitle: str = "",
        *,
        object_name: str,
        picture: QPixmap | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self.setText(title)
        self.setAccessibleDescription(subtitle)
        self._subtitle = subtitle
        self._picture = picture
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_picture(self, picture: QPixmap) -> None:
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(Size.SAMPLE, Size.SAMPLE_PICTURE + Size.CONTROL + Space.L)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        area = QRectF(self.rect())
        lit = self.underMouse() or self.isDown()
        rounded_box(
            painter,
            area,
            Radius.L,
            fill=scheme.sunken if self.isDown() else scheme.surface,
            border=scheme.control_border if lit else scheme.border,
        )
        frame = QRectF(Space.XS, Space.XS, area.width() - 2 * Space.XS, Size.SAMPLE_PICTURE)
        self._paint_picture(painter, frame)
        line = QRectF(
            Space.S + Space.HAIR,
            frame.bottom() + Space.XS,
            area.width() - 2 * Space.S - Space.XS,
            Space.L + Space.HAIR,
        )
        line_of_text(painter, line, self.text(), font(Type.SMALL_STRONG), colour(scheme.text))
        line.translate(0, line.height() - Space.HAIR / 2)
        line_of_text(painter, line, self._subtitle, font(Type.SMALL), colour(scheme.muted))
        if shows_focus(self):
            focus_ring(painter, area, Radius.L)
        painter.end()

    def _paint_picture(self, painter: QPainter, frame: QRectF) -> None:
        scheme = colours()
        shape = QPainterPath()
        shape.addRoundedRect(frame, Radius.S, Radius.S)
        painter.fillPath(shape, colour(scheme.sunken))
        if self._picture is None or self._picture.isNull():
            spot = QRectF(0, 0, Size.ICON_LARGE, Size.ICON_LARGE)
            spot.moveCenter(frame.center())
            paint_icon(painter, "image", spot, colour(scheme.muted))
        else:
            painter.setClipPath(shape)
            ratio = self._picture.devicePixelRatio()
            size = QSize(round(self._picture.width() / ratio), round(self._picture.height() / ratio))
            covering = size.scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
            target = QRectF(QPointF(0, 0), covering)
            target.moveCenter(frame.center())
            painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
            painter.setClipping(False)


class EmptyState(QWidget):
    """A drawing, a title, a sentence, cards to try, and what to do first; centred in the room there is."""

    def __init__(
        self,
        title: str,
        text: str,
        *,
        object_name: str,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, object_name, title)
        self._cards = FlowLayout(centred=True, gap=Space.M)
        self._actions = FlowLayout(centred=True)
        heading = Label(title, style=Type.DISPLAY, wrap=True)
        words = Label(text, style=Type.BODY, tone=Tone.MUTED, wrap=True)
        content = QWidget()
        self._column = column = QVBoxLayout(content)
        column.setSpacing(Space.M)
        column.addStretch(1)
        self._emblem = _Emblem(icon) if icon is not None else None
        if self._emblem is not None:
            column.addWidget(self._emblem, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (heading, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addSpacing(Space.S)
        column.addLayout(self._cards)
        column.addSpacing(Space.S)
        column.addLayout(self._actions)
        column.addStretch(2)
        scroll = QScrollArea()
        scroll.setObjectName(f"{object_name}.scroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab scrolls to whatever it reaches
        scroll.setWidget(content)
        content.setAutoFillBackground(False)  # setWidget has just turned it on
        scroll.viewport().setAutoFillBackground(False)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(scroll)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = max((self.width() - Size.READING) // 2 + Space.XXL, Space.XL)
        self._column.setContentsMargins(side, Space.L, side, Space.L)
        if self._emblem is not None:  # in a low window the words and the cards matter more
            self._emblem.setVisible(self.height() >= Size.SAMPLE * 3)

    def add_card(self, card: SampleCard) -> None:
        self._cards.addWidget(card)

    def add_action(self, button: QAbstractButton) -> None:
        self._actions.addWidget(button)


class _Emblem(QWidget):
    """The drawing above the title, on a tinted disc."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(Space.XXL + Space.L, Space.XXL + Space.L)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme = colours()
        painter = painter_for(self)
        area = QRectF(self.rect())
        rounded_box(painter, area, area.width() / 2, fill=scheme.chip_ground)
        margin = Space.L
        paint_icon(painter, self._icon, area.adjusted(margin, margin, -margin, -margin), colour(scheme.chip))
        painter.end()
