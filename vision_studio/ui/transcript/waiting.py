"""The line that says what an answer waits for, and until when."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core import mending_words
from vision_studio.core.failures import Failure
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.status import Spinner
from vision_studio.ui.design.tokens import Space, Type

_SECOND_MS = 1000


class Waiting(QWidget):
    """A spinner and its reason."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(Spinner(object_name="waiting", accessible_name="Waiting for the answer"))
        self._words = Label("Sending…", style=Type.SMALL, tone=Tone.MUTED, wrap=True, figures=True)
        self._words.setObjectName("waiting-for")
        row.addWidget(self._words, 1)
        self._failure: Failure | None = None
        self._left_s = 0.0
        self._counting = QTimer(self)
        self._counting.setInterval(_SECOND_MS)
        self._counting.timeout.connect(self._count)

    def say(self, text: str) -> None:
        self._counting.stop()
        self._words.setText(text)

    def count_down(self, failure: Failure, wait_s: float) -> None:
        """Say what failed, and in how many seconds it is tried again."""
        self._failure, self._left_s = failure, wait_s
        self._words.setText(mending_words.delay_words(failure, wait_s))
        self._counting.start()

    def _count(self) -> None:
        self._left_s = max(0.0, self._left_s - _SECOND_MS / 1000)
        if self._failure is not None:
            self._words.setText(mending_words.delay_words(self._failure, self._left_s))
        if not self._left_s:
            self._counting.stop()
