"""Four fields for the exact place of a box: left, top, width and height."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from vision_studio.core.size import Size as ImageSize
from vision_studio.core.tiling import Box
from vision_studio.ui.design.fields import NumberField
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.tokens import Space, Type

_MOST_PX = 99_999


class BoxFields(QWidget):
    changed = Signal(object)  # Box, as it was typed

    def __init__(self, object_name: str, whose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        for place, (short, words) in enumerate(
            (("X", "left edge"), ("Y", "top edge"), ("W", "width"), ("H", "height"))
        ):
            field = NumberField(
                object_name=f"{object_name}-{short.lower()}",
                accessible_name=f"{whose}: {words} in pixels",
                least=0 if place < 2 else 1,
                most=_MOST_PX,
            )
            field.setKeyboardTracking(False)  # not after every digit
            field.valueChanged.connect(self._tell)
            self._fields.append(field)
            row, column = divmod(place, 2)
            grid.addWidget(Label(short, style=Type.SMALL, tone=Tone.MUTED), row, 2 * column)
            grid.addWidget(field, row, 2 * column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)

    def show_box(self, box: Box, whole: ImageSize) -> None:
        """Show a box of a picture of a size."""
        values = (box.left, box.top, *box.size)
        mosts = (whole.width - 1, whole.height - 1, whole.width, whole.height)
        for field, value, most in zip(self._fields, values, mosts, strict=True):
            blocked = field.blockSignals(True)
            field.setMaximum(max(1, most))
            field.setValue(value)
            field.blockSignals(blocked)

    def _tell(self) -> None:
        left, top, width, height = (field.value() for field in self._fields)
        self.changed.emit(Box(left, top, left + width, top + height))
