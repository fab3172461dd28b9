"""Chooses how much of an image is sent, and says what each choice costs in tokens."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.draft import Fidelity, FidelityChoice
from vision_studio.core.tokens import PATCH_PX
from vision_studio.ui.design.fields import NumberField, Select
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space

_NAMES = {
    Fidelity.FIT: "Fit to model",
    Fidelity.ECONOMY: "Economy",
    Fidelity.ORIGINAL: "Keep original",
    Fidelity.CUSTOM: "Custom edge",
}
LEAST_EDGE_PX, MOST_EDGE_PX = PATCH_PX, 8000
"""From one patch to the longest side the API takes."""


def fidelity_name(fidelity: Fidelity) -> str:
    return _NAMES[fidelity]


class FidelityPicker(QWidget):
    chosen = Signal(object)  # FidelityChoice

    def __init__(
        self, *, object_name: str = "fidelity", accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, f"{object_name}-picker", accessible_name)
        self._choices = Select(
            [(text, fidelity) for fidelity, text in _NAMES.items()],
            object_name=object_name,
            accessible_name=accessible_name,
        )
        self._tokens: dict[Fidelity, int] = {}
        self._edge = NumberField(
            object_name=f"{object_name}-edge",
            accessible_name="Longest side in pixels",
            least=LEAST_EDGE_PX,
            most=MOST_EDGE_PX,
            step=PATCH_PX,
            suffix=" px",
        )
        self._edge.setKeyboardTracking(False)  # not after every digit
        self._edge.setToolTip("The longest side to send")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._choices)
        row.addWidget(self._edge)
        row.addStretch(1)
        self.show_choice(FidelityChoice())
        self._choices.activated.connect(self._tell)
        self._edge.valueChanged.connect(self._tell)

    @property
    def choice(self) -> FidelityChoice:
        return FidelityChoice(self._choices.currentData(), self._edge.value())

    def show_choice(self, choice: FidelityChoice) -> None:
        """Show what is chosen; nothing is told of it."""
        blocked = self._edge.blockSignals(True)
        self._edge.setValue(choice.edge_px)
        self._edge.blockSignals(blocked)
        self._choices.setCurrentIndex(self._choices.findData(choice.fidelity))
        self.show_tokens(self._tokens)
        self._edge.setVisible(choice.fidelity is Fidelity.CUSTOM)

    def show_tokens(self, tokens: Mapping[Fidelity, int]) -> None:
        """Say behind each choice what it would cost, and how much more or less that is than the one made.

        Nothing is said behind one that is not in the mapping.
        """
        self._tokens = dict(tokens)
        here = tokens.get(self.choice.fidelity)
        for row, (fidelity, text) in enumerate(_NAMES.items()):
            said = [text]
            if (there := tokens.get(fidelity)) is not None:
                said.append(f"{words.count(there)} tok")
                if here and there != here:
                    said.append(words.percent(there / here - 1))
            self._choices.setItemText(row, " · ".join(said))
        self._choices.updateGeometry()  # Qt does not look at what was written anew

    def _tell(self) -> None:
        self._edge.setVisible(self.choice.fidelity is Fidelity.CUSTOM)
        self.chosen.emit(self.choice)
