"""The place for usage: a dialog that grows with what there is to tell."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vision_studio.core.events import EstimatesCompared
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.usage.accuracy import AccuracyView


class UsageDialog(Dialog):
    forget_asked = Signal(str, str)  # model id, tier

    def __init__(self, model_name: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "usage", "Usage")
        self.setWindowTitle("Usage")
        self.setMinimumSize(Size.READING, Size.READING * 3 // 4)
        self.accuracy = AccuracyView(model_name)
        self.accuracy.forget_asked.connect(self.forget_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        area = QScrollArea()
        name(area, "usage-area", "Usage")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keyboard, and comes into view
        panel = Panel()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(0, 0, Space.M, 0)
        inside.addWidget(self.accuracy)
        area.setWidget(panel)
        column.addWidget(area, 1)
        close = Button("Close", object_name="close-usage", hint="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def show_comparisons(self, compared: EstimatesCompared) -> None:
        self.accuracy.show_comparisons(compared)
