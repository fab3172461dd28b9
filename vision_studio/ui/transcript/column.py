"""What the turns of a conversation stand on; it draws a bar beside the one that was looked for."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design.painting import painter_for, rounded_box
from vision_studio.ui.design.palette import colours
from vision_studio.ui.design.surfaces import Ground
from vision_studio.ui.design.tokens import Radius, Space


class Column(Ground):
    def __init__(self) -> None:
        super().__init__()
        self._marked: QWidget | None = None

    def mark(self, turn: QWidget | None) -> None:
        self._marked = turn
        self.update()

    # Qt's overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked is not None:
            turn = self._marked.geometry()
            bar = QRectF(turn.x() - Space.M, turn.y(), Radius.XS, turn.height())
            painter = painter_for(self)
            rounded_box(painter, bar, Radius.XS / 2, fill=colours().accent)
            painter.end()
