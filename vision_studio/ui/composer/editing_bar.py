"""That the composer holds a sent turn, to be asked in another version; and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from vision_studio.core.branch_words import EDITING, editing_words
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Space, Type


class EditingBar(QWidget):
    """Nothing, while the next question is one of its own."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "editing", "Editing a turn")
        self._words = Label("", style=Type.SMALL_STRONG, tone=Tone.ACCENT, figures=True)
        self._words.setObjectName("editing-words")
        what = ElidedLabel(EDITING, style=Type.SMALL, tone=Tone.MUTED)
        what.setObjectName("editing-what")
        what.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        cancel = Button(
            "Cancel",
            object_name="cancel-editing",
            accessible_name="Cancel editing: bring back what was being composed before",
            kind=Kind.QUIET,
            hint="Esc",
            small=True,
        )
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self._words)
        row.addWidget(what, 1)
        row.addWidget(cancel, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def show_turn(self, turn: int | None) -> None:
        """Name the turn that is edited, from 1; None: it is not among those that are shown."""
        said = editing_words(turn)
        if said != self._words.text() or self.isHidden():
            self._words.setText(said)
            self.show()
            announce(self, f"{said}. Escape cancels.")
