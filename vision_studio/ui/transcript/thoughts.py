"""What the model thought before it answered: one line, until somebody wants to read it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type


class Thoughts(QWidget):
    """Hidden while there are none, collapsed at first."""

    def __init__(self) -> None:
        super().__init__()
        name(self, "thoughts", "Claude's thoughts")
        self._pieces: list[str] = []
        self._toggle = Button(
            "Thinking…", object_name="toggle-thoughts", kind=Kind.QUIET, icon="chevron-right", small=True
        )
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(self._open)
        self._body = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True, selectable=True)
        self._body.setObjectName("thoughts-text")
        self._body.setContentsMargins(Space.L, 0, 0, Space.XS)
        self._body.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(self._toggle)
        column.addWidget(self._body)
        self.hide()

    def append(self, text: str) -> None:
        """Add what was just thought. It is only laid out while it can be read."""
        self._pieces.append(text)
        self.show()
        if self._toggle.isChecked():
            self._write()

    def show_answer(self, answer: Answer) -> None:
        self._pieces = [answer.thinking] if answer.thinking else []
        self.setVisible(bool(answer.thinking))
        thinking = answer.outcome is Outcome.WAITING
        tokens = answer.usage.thinking_tokens if answer.usage is not None else 0
        of = f" · {words.counted(tokens, 'token')}" if tokens else ""
        self.say("Thinking…" if thinking else f"Thoughts{of}")
        if self._toggle.isChecked():
            self._write()

    def say(self, title: str) -> None:
        self._toggle.setText(title)
        self._toggle.updateGeometry()

    def _open(self, opened: bool) -> None:
        self._toggle.set_icon("chevron-down" if opened else "chevron-right")
        self._toggle.setAccessibleDescription("shown" if opened else "hidden")
        if opened:
            self._write()
        self._body.setVisible(opened)

    def _write(self) -> None:
        text = "".join(self._pieces)
        self._pieces = [text]
        self._body.setText(text)
