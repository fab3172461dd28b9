"""A field for tenths of a degree."""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QWidget

from vision_studio.core.edits import MOST_TENTHS
from vision_studio.ui.design.fields import NumberField

_TYPED = re.compile(r"\s*([+\-−]?)(\d{0,2})(?:[.,](\d?))?\s*°?\s*")


class DegreesField(NumberField):
    """Its value is a whole number of tenths."""

    def __init__(self, *, object_name: str, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            object_name=object_name,
            accessible_name=accessible_name,
            least=-MOST_TENTHS,
            most=MOST_TENTHS,
            suffix="°",
            parent=parent,
        )

    # Qt's overrides

    def textFromValue(self, value: int) -> str:
        return f"{value / 10:.1f}"

    def valueFromText(self, text: str) -> int:
        found = _TYPED.fullmatch(text)
        if found is None:
            return self.value()
        tenths = int(found[2] or 0) * 10 + int(found[3] or 0)
        return -tenths if found[1] in ("-", "−") else tenths

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        found = _TYPED.fullmatch(text)
        if found is None:
            state = QValidator.State.Invalid
        elif found[2] and abs(self.valueFromText(text)) <= MOST_TENTHS:
            state = QValidator.State.Acceptable
        else:
            state = QValidator.State.Intermediate
        return state, text, position
