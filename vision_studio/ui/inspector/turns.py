"""The next request turn by turn: where its tokens come from and what each turn has cost."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.meter_words import BILLED, ESTIMATED, STATES
from vision_studio.core.turn_numbers import TurnNumbers
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.design.tokens import Size, Space, Type

_TITLES = ("Turn", "Images", "Image tokens", "Words", "Together", "Cost so far")
_PROMPT = 40
"""Characters of a question that are shown."""


class TurnsDialog(Dialog):
    """A table with a row for each turn, for the draft, and for what the API adds."""

    def __init__(
        self, turns: Sequence[TurnNumbers], appraisal: Appraisal, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, "turn-by-turn", "The request turn by turn")
        self.setWindowTitle("Turn by turn")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(Size.READING * 7 // 8, Size.READING // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Where the tokens come from", style=Type.TITLE))
        table = TextTable(_TITLES, object_name="turns-table", accessible_name="The request turn by turn")
        table.show_rows(turn_rows(turns, appraisal))
        column.addWidget(table, 1)
        column.addWidget(Label(STATES, style=Type.SMALL, tone=Tone.MUTED, wrap=True))
        close = Button("Close", object_name="close-turns", hint="Esc")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        table.setFocus()


def turn_rows(turns: Sequence[TurnNumbers], appraisal: Appraisal) -> list[tuple[str, ...]]:
    """Return the rows of the table."""
    rows: list[tuple[str, ...]] = [
        (
            f"{one.number} · {_shortened(one.prompt)}",
            words.count(one.images),
            f"{ESTIMATED} {words.count(one.image_tokens)}",
            f"{BILLED if one.billed else ESTIMATED} {words.count(one.words_tokens)}",
            f"{BILLED if one.billed else ESTIMATED} {words.count(one.tokens)}",
            f"{BILLED} {words.usd(one.cost_usd)}" if one.cost_usd is not None else words.UNKNOWN,
        )
        for one in turns
    ]
    here = appraisal.image_tokens + appraisal.text_tokens
    rows.append(
        (
            "Next · this draft",
            words.count(appraisal.images_here),
            f"{ESTIMATED} {words.count(appraisal.image_tokens)}",
            f"{ESTIMATED} {words.count(appraisal.text_tokens)}",
            f"{ESTIMATED} {words.count(here)}",
            words.UNKNOWN,
        )
    )
    around = appraisal.system_tokens + appraisal.fixed_tokens
    rows.append(
        (
            "System prompt and frame",
            "0",
            "0",
            f"{ESTIMATED} {words.count(around)}",
            f"{ESTIMATED} {words.count(around)}",
            words.UNKNOWN,
        )
    )
    return rows


def summary(turns: Sequence[TurnNumbers]) -> str:
    """Return a line a turn, for the tooltip of a meter."""
    return "\n".join(
        f"Turn {one.number}: {words.counted(one.images, 'image')}, "
        f"{BILLED if one.billed else ESTIMATED} {words.count(one.tokens)} tokens"
        for one in turns[-_TURNS_IN_A_TOOLTIP:]
    )


_TURNS_IN_A_TOOLTIP = 12


def _shortened(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _PROMPT else f"{line[: _PROMPT - 1]}…"
