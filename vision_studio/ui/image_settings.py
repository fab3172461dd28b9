"""Settings: how much is sent of the images that come from now on."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.fidelity_picker import FidelityPicker


class ImageSettings(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "image-settings", "Images")
        self.picker = FidelityPicker(
            object_name="usual-fidelity", accessible_name="How much of a new image is sent"
        )
        self.chosen = self.picker.chosen
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("New images are sent", object_name="images-heading"))
        column.addWidget(self.picker)
        column.addWidget(
            Label(
                "Fit to model: as large as the model is shown, nothing more. Economy: at most a third of the "
                "tokens. Keep original: unchanged where the API takes it. Each image can be changed apart.",
                style=Type.SMALL,
                tone=Tone.MUTED,
                wrap=True,
            )
        )
