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
    """Nothing, while a question was asked once."""

    chosen = Signal(str)  # turn id

    def __init__(self) -> None:
        super().__init__()
        self._ids: tuple[str, ...] = ()
        self._turn_id = ""
        self._words = Label(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._words.setObjectName("version")
        self._steps = {
            BACK: IconButton(
                "chevron-left",
                object_name="previous-version",
                accessible_name="Previous version",
                hint="Alt+PgUp",
                edge=Size.TARGET,
            ),
            FORTH: IconButton(
                "chevron-right",
                object_name="next-version",
                accessible_name="Next version",
                hint="Alt+PgDown",
                edge=Size.TARGET,
            ),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HAIR)
        row.addWidget(self._steps[BACK])
        row.addWidget(self._words)
        row.addWidget(self._steps[FORTH])
        for step, button in self._steps.items():
            button.clicked.connect(lambda _=False, step=step: self.go(step))
        self.show_versions((), "")

    def show_versions(self, ids: Sequence[str], turn_id: str) -> None:
        """Show which of the turns of one place this is."""
        self._ids, self._turn_id = tuple(ids), turn_id
        self.setVisible(self.are_several)
        place = self._ids.index(turn_id) + 1 if self.are_several else 1
        said = version_words(place, len(self._ids))
        name(self, "versions", said)
        self._words.setText(f"{place}/{len(self._ids)}")
        self._words.setAccessibleName(said)
        for step, button in self._steps.items():
            button.setEnabled(self._other(step) is not None)

    @property
    def are_several(self) -> bool:
        return len(self._ids) > 1

    def go(self, step: int) -> None:
        """Ask for the version before or after this one."""
        if (other := self._other(step)) is not None:
            self.chosen.emit(other)
        elif self.are_several:
            announce(self, self.accessibleName())

    def take_focus(self, step: int) -> None:
        """Have the keyboard where it was on another version's buttons; at an end, on the way back."""
        self._steps[step if self._other(step) is not None else -step].setFocus()
        announce(self, self.accessibleName())

    def step_in_focus(self) -> int | None:
        return next((step for step, button in self._steps.items() if button.hasFocus()), None)

    def _other(self, step: int) -> str | None:
        place = self._ids.index(self._turn_id) + step if self.are_several else -1
        return self._ids[place] if 0 <= place < len(self._ids) else None
