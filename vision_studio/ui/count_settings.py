"""Settings: whether the API counts while a question is composed, and where models and prices are edited."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import CheckBox
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type


class CountSettings(QWidget):
    counting_chosen = Signal(bool)
    models_asked = Signal()
    usage_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "count-settings", "Numbers")
        self._counting = CheckBox("Count tokens with the API while composing", object_name="count-composing")
        self._counting.clicked.connect(self.counting_chosen)
        models = Button("Models and prices…", object_name="open-models", small=True)
        models.clicked.connect(self.models_asked)
        usage = Button("Usage…", object_name="open-usage", small=True)
        usage.clicked.connect(self.usage_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("Numbers", object_name="numbers-heading"))
        column.addWidget(self._counting, 0, Qt.AlignmentFlag.AlignLeft)
        said = Label(
            "The text is sent for that before you press Send, and blank images of the same sizes: no pixel "
            "of yours. Off, you can still have one request counted in the inspector.",
            style=Type.SMALL,
            tone=Tone.MUTED,
            wrap=True,
        )
        said.setContentsMargins(Size.ICON + Space.S, 0, 0, Space.XS)
        column.addWidget(said)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(models)
        row.addWidget(usage)
        row.addStretch(1)
        column.addLayout(row)

    def show_counting(self, counting: bool) -> None:
        self._counting.setChecked(counting)
