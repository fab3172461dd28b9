"""Closing the window while answers come: asks, then waits for them or stops them, and only then closes."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.events import TurnEnded, TurnStarted
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

STOPS_WITHIN_MS = 1500
"""Answers that have not ended by then are ended with the engine; what arrived of them is saved by then."""


class Leaving(QObject):
    """Knows which sessions have an answer coming, and whether the window may close."""

    answering_changed = Signal(str, bool)  # session id
    finishing = Signal()  # the window closes by itself later
    left = Signal()  # nothing is in the way any more

    def __init__(self, bridge: EngineBridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._answering: set[str] = set()
        self._free_to_go = False
        self._waits_for_the_end = False
        self._dialog: AskBeforeLeaving | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(STOPS_WITHIN_MS)
        self._patience.timeout.connect(self._go)
        bridge.turn_started.connect(self._start)
        bridge.turn_ended.connect(self._end)

    def may_leave(self) -> bool:
        """Tell whether the window may close now; if not, the user is asked. A session's end asks nothing."""
        if self._free_to_go or not self._answering or _desktop_ends():
            return True
        if self._dialog is None:
            self._dialog = AskBeforeLeaving(len(self._answering), self._window)
            self._dialog.stop_asked.connect(self._stop)
            self._dialog.finish_asked.connect(self._finish)
            self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()
        return False

    def stay(self) -> None:
        """Do not close when the answers are complete after all."""
        self._waits_for_the_end = False

    def _start(self, event: TurnStarted) -> None:
        self._answering.add(event.session_id)
        self.answering_changed.emit(event.session_id, True)

    def _end(self, event: TurnEnded) -> None:
        self._answering.discard(event.session_id)
        self.answering_changed.emit(event.session_id, False)
        if self._answering:
            return
        if self._dialog is not None:
            self._dialog.all_ended()
        if self._waits_for_the_end or self._patience.isActive():
            self._go()

    def _stop(self) -> None:
        self._patience.start()
        for session_id in self._answering:
            self._bridge.stop_answer(session_id)

    def _finish(self) -> None:
        self._waits_for_the_end = True
        self.finishing.emit()

    def _go(self) -> None:
        self._patience.stop()
        self._free_to_go = True
        self.left.emit()

    def _forget_dialog(self) -> None:
        self._dialog = None


def _desktop_ends() -> bool:
    """Tell whether the user logs out: a question would hold that up, and what has arrived is saved anyway."""
    application = QGuiApplication.instance()
    return isinstance(application, QGuiApplication) and application.isSavingSession()


class AskBeforeLeaving(Dialog):
    stop_asked = Signal()
    finish_asked = Signal()

    def __init__(self, answers: int, parent: QWidget) -> None:
        super().__init__(parent)
        name(self, "ask-before-leaving", "Answers are still coming")
        self.setWindowTitle("Vision Studio")
        self.setMinimumWidth(Size.READING * 2 // 3)
        many = answers > 1
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(
            Label(
                f"{words.counted(answers, 'answer')} {'are' if many else 'is'} still coming.",
                style=Type.TITLE,
                wrap=True,
            )
        )
        column.addWidget(
            Label(
                f"Stop {'them' if many else 'it'}: what arrived is kept, with its cost, and can be continued "
                f"later. Or let {'them' if many else 'it'} finish: the window then closes by itself.",
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch(1)
        for text, object_name, kind, chosen in (
            ("Stay", "stay", Kind.PLAIN, None),
            ("Finish, then close", "finish-then-close", Kind.PLAIN, self.finish_asked),
            ("Stop and close", "stop-and-close", Kind.PRIMARY, self.stop_asked),
        ):
            button = Button(text, object_name=object_name, kind=kind)
            if chosen is not None:
                button.clicked.connect(chosen)
            button.clicked.connect(self.accept)
            buttons.addWidget(button)
        column.addSpacing(Space.S)
        column.addLayout(buttons)

    def all_ended(self) -> None:
        """There is nothing to ask any more."""
        self.reject()
