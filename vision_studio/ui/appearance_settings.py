"""Settings: light and dark."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.ui.design.fields import RadioButton
from vision_studio.ui.design.labels import SectionHeading
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.theme import Mode
from vision_studio.ui.design.tokens import Space


class AppearanceSettings(QWidget):
    mode_chosen = Signal(object)  # Mode

    def __init__(self, mode: Mode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "appearance-settings", "Appearance")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("Appearance", object_name="appearance-heading"))
        row = QHBoxLayout()
        row.setSpacing(Space.XL)
        group = QButtonGroup(self)
        for choice, text in ((Mode.SYSTEM, "Like the system"), (Mode.LIGHT, "Light"), (Mode.DARK, "Dark")):
            button = RadioButton(text, object_name=f"mode-{choice.value}")
            button.setChecked(choice is mode)
            button.clicked.connect(lambda _=False, choice=choice: self.mode_chosen.emit(choice))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
