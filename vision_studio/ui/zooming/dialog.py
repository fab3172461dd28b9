"""A dialog around a picture that is zoomed into: as large as the window nearly, with what zooms it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from vision_studio.ui.design.buttons import Button, IconButton
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import Label
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.zooming.canvas import ZoomedCanvas

MARGIN = Space.XL
"""What is left of the window around the dialog when it is opened."""


class ZoomedDialog(Dialog):
    """Gives the canvas the focus. Where the zoom's controls stand is its heirs' to say.

    ``prefix`` begins the names of the controls, for tests and assistive tools.
    """

    def __init__(self, zoomed: ZoomedCanvas, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoomed = zoomed
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._smaller = IconButton(
            "minus", object_name=f"{prefix}-smaller", accessible_name="Zoom out", hint="−"
        )
        self._larger = IconButton("plus", object_name=f"{prefix}-larger", accessible_name="Zoom in", hint="+")
        self._zoom = Label(style=Type.SMALL_MEDIUM, figures=True)
        self._zoom.setObjectName(f"{prefix}-zoom")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setMinimumWidth(Space.XXL)
        self._fit = Button("Fit", object_name=f"{prefix}-fit", small=True, hint="F")
        self._smaller.clicked.connect(lambda: zoomed.step_zoom(-1))
        self._larger.clicked.connect(lambda: zoomed.step_zoom(1))
        self._fit.clicked.connect(zoomed.fit)
        zoomed.zoomed.connect(self._show_zoom)

    def _show_zoom(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom * 100:.0f} %")

    # Qt's overrides

    def sizeHint(self) -> QSize:
        """Nearly as large as the window it belongs to."""
        parent = self.parentWidget()
        if parent is None:
            return QSize(Size.READING, Size.READING * 2 // 3)
        return parent.window().size() - QSize(2 * MARGIN, 2 * MARGIN)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._zoomed.setFocus()
