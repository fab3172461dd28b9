"""‹ 2/3 ›: which version of a turn is shown, and the way to the others."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core.branch_words import version_words
from vision_studio.ui.design.buttons import IconButton
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Size, Space, Type

BACK, FORTH = -1, 1


class Versions(QWidget):
    """Nothing, while a question was asked once: then it has no parts either, as most turns need none."""

    chosen = Signal(str)  # turn id

    def __init__(self) -> None:
        super().__init__()
        self._ids: tuple[str, ...] = ()
        self._turn_id = ""
        self._words: Label | None = None
        self._steps: dict[int, IconButton] = {}
        name(self, "versions", "Versions")
        self.hide()

    def show_versions(self, ids: Sequence[str], turn_id: str) -> None:
        """Show which of the turns of one place this is."""
        self._ids, self._turn_id = tuple(ids), turn_id
        if self.are_several:
            words = self._words or self._lay_out()
            said = version_words(self._place + 1, len(self._ids))
            name(self, "versions", said)
            words.setText(f"{self._place + 1}/{len(self._ids)}")
            words.setAccessibleName(said)
            for step, button in self._steps.items():
                button.setEnabled(self._other(step) is not None)
        self.setVisible(self.are_several)

    @property
    def are_several(self) -> bool:
        return len(self._ids) > 1

    def go(self, step: int) -> None:
        """Ask for the version before or after this one; at an end, say that there is none."""
        if (other := self._other(step)) is not None:
            self.chosen.emit(other)
        elif self.are_several:
            announce(self, self.accessibleName())

    def take_focus(self, step: int) -> None:
        """Have the keyboard where it was on another version's buttons; at an end, on the way back."""
        if self.are_several:
            self._steps[step if self._other(step) is not None else -step].setFocus()
            announce(self, self.accessibleName())

    def step_in_focus(self) -> int | None:
        return next((step for step, button in self._steps.items() if button.hasFocus()), None)

    @property
    def _place(self) -> int:
        return self._ids.index(self._turn_id)

    def _other(self, step: int) -> str | None:
        place = self._place + step if self.are_several else -1
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def _lay_out(self) -> Label:
        self._words = Label(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._words.setObjectName("version")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HAIR)
        row.addWidget(self._step(BACK, "chevron-left", "previous-version", "Previous version", "Alt+PgUp"))
        row.addWidget(self._words)
        row.addWidget(self._step(FORTH, "chevron-right", "next-version", "Next version", "Alt+PgDown"))
        return self._words

    def _step(self, step: int, icon: str, object_name: str, accessible_name: str, hint: str) -> IconButton:
        button = IconButton(
            icon, object_name=object_name, accessible_name=accessible_name, hint=hint, edge=Size.TARGET
        )
        button.clicked.connect(lambda: self.go(step))
        self._steps[step] = button
        return button
