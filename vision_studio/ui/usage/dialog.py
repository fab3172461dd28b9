"""The place for usage: what was spent, and how exact the numbers were."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.usage.accuracy import AccuracyView
from vision_studio.ui.usage.spending import SpendingView

SPENDING, ACCURACY = 0, 1


class UsageDialog(Dialog):
    """Its two views are attributes, and tell by their own signals what is asked for."""

    def __init__(self, model_name: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(Size.READING * 5 // 4, Size.READING * 9 // 8))
        name(self, "usage", "Usage")
        self.setWindowTitle("Usage")
        self.setMinimumSize(Size.READING, Size.READING * 3 // 4)
        self.spending = SpendingView()
        self.accuracy = AccuracyView(model_name)
        self._views = QStackedWidget()
        self._titles = QButtonGroup(self)
        self._titles.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        titles = QHBoxLayout()
        titles.setSpacing(Space.XS)
        for number, (title, view) in enumerate((("Spending", self.spending), ("Estimates", self.accuracy))):
            button = Button(title, object_name=f"usage-{title.lower()}", kind=Kind.QUIET)
            button.setCheckable(True)
            self._titles.addButton(button, number)
            titles.addWidget(button)
            self._views.addWidget(_scrolled(view, title))
        titles.addStretch(1)
        self._titles.idClicked.connect(self.show_view)
        column.addLayout(titles)
        column.addWidget(self._views, 1)
        close = Button("Close", object_name="close-usage", hint="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.show_view(SPENDING)

    def show_view(self, number: int) -> None:
        """Turn to ``SPENDING`` or ``ACCURACY``."""
        self._titles.button(number).setChecked(True)
        self._titles.button(number).setFocus()
        self._views.setCurrentIndex(number)


def _scrolled(view: QWidget, title: str) -> QScrollArea:
    area = QScrollArea()
    name(area, "usage-area", title)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keyboard, and comes into view
    panel = Panel()
    inside = QVBoxLayout(panel)
    inside.setContentsMargins(0, 0, Space.M, 0)
    inside.addWidget(view)
    area.setWidget(panel)
    return area
