"""A slim bar that fills up while something goes on."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainterPath, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import painter_for
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space


class ProgressBar(QProgressBar):
    """As wide as there is room for, and without words: those stand beside it."""

    def __init__(self, *, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, object_name, accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, done: int, total: int) -> None:
        self.setUpdatesEnabled(False)  # QProgressBar paints each new value at once, and waits for it
        self.setRange(0, max(1, total))
        self.setValue(done)
        self.setUpdatesEnabled(True)

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return QSize(Space.XXL * 5, Size.METER)

    def minimumSizeHint(self) -> QSize:
        return QSize(Space.XXL, Size.METER)

    def paintEvent(self, event: QPaintEvent) -> None:
        bar = QRectF(self.rect())
        shape = QPainterPath()
        shape.addRoundedRect(bar, Radius.XS, Radius.XS)
        painter = painter_for(self)
        painter.fillPath(shape, colour(colours().track))
        painter.setClipPath(shape)
        bar.setWidth(bar.width() * self.value() / self.maximum())
        painter.fillRect(bar, colour(colours().accent))
        painter.end()
