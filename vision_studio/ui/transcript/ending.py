"""How an answer ended, when not as it should, and every way on from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from vision_studio.core import mending_words, words
from vision_studio.core.conversation import Outcome, SentImage, Turn
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mending import Choice, Mend, WayOn, as_shown, blamed, choices, place, ways, ways_on
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.findings import Notice, Severity
from vision_studio.ui.design.labels import ElidedLabel, Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.image_files import ask_for_image

_CUT, _PAUSED, _FULL = "max_tokens", "pause_turn", "model_context_window_exceeded"
_MENDED_IN_SETTINGS = (
    FailureKind.NO_KEY,
    FailureKind.KEY_REJECTED,
    FailureKind.OFFLINE,
    FailureKind.UNREADABLE_ANSWER,
)
_ROWS = 6
"""Pictures that get a line of their own; the buttons for all are about the others, too."""


class Ending(Notice):
    """A notice below an answer. Its offers are made for the conversation's last turn only."""

    retry_asked = Signal()
    take_back_asked = Signal()
    continue_asked = Signal()
    resume_asked = Signal()
    details_asked = Signal(object)  # Failure
    mend_asked = Signal(object)  # Choices, one for each picture that is to be changed
    elsewhere_asked = Signal()
    upload_asked = Signal()
    new_session_asked = Signal()
    settings_asked = Signal()

    def __init__(self, turns: Sequence[Turn], turn: Turn, *, last: bool, inline: bool = False) -> None:
        answer = turn.answer
        if answer.failure is not None:
            answer = replace(answer, failure=as_shown(answer.failure, turns))
        said = words.ending_words(answer)
        assert said is not None  # who shows it knows
        super().__init__(
            Severity.REJECT if answer.outcome is Outcome.FAILED else Severity.WARNING,
            said.title,
            object_name="ending",
            lines=(said.next_step,) if said.next_step and last else (),
            dismissible=False,
        )
        self._chosen: dict[int, Choice] = {}
        self._picture_rows: dict[int, _PictureRow] = {}
        self._blamed: tuple[SentImage, ...] = ()
        self._inline = inline
        if last:
            if turn.answer.failure is not None:
                self._offer_mending(turn.answer.failure, turns)
                if turn.answer.failure.kind in _MENDED_IN_SETTINGS:
                    self._act("Settings", "to-settings", self.settings_asked.emit)
            self._offer_ways_on(turn)
        if answer.failure is not None:
            self._act("Details", "details", partial(self.details_asked.emit, answer.failure))

    def choose(self, choice: Choice) -> None:
        """Take a choice about one picture; with the last one missing, the question is asked again."""
        self._chosen[choice.number] = choice
        if (row := self._picture_rows.get(choice.number)) is not None:
            row.settle(choice.mend)
        if all(sent.number in self._chosen for sent in self._blamed):
            self.mend_asked.emit(tuple(self._chosen.values()))

    def _offer_mending(self, failure: Failure, turns: Sequence[Turn]) -> None:
        self._blamed = blamed(failure, turns)
        for sent in self._blamed[:_ROWS]:
            row = _PictureRow(place(turns, sent.number), sent, ways(sent, failure))
            row.chosen.connect(partial(self._begin, sent.number))
            self._picture_rows[sent.number] = row
            self.add_row(row)
        if len(self._blamed) > 1:
            for mend in (Mend.FIT, Mend.LEAVE_OUT):
                if all(mend in ways(sent, failure) for sent in self._blamed):
                    text = mending_words.mend_all(mend, len(self._blamed))
                    self._act(text, f"{mend}-all", partial(self._choose_all, mend))
        for way in ways_on(failure, turns, inline=self._inline):
            do: dict[WayOn, Callable[[], object]] = {
                WayOn.ELSEWHERE: self.elsewhere_asked.emit,
                WayOn.UPLOAD: self.upload_asked.emit,
            }
            change = partial(self.mend_asked.emit, choices(way, turns))
            self._act(mending_words.WAY_ON[way], way.value, do.get(way, change))

    def _offer_ways_on(self, turn: Turn) -> None:
        answer = turn.answer
        if answer.outcome is not Outcome.ANSWERED or not answer.text:
            self._act("Retry", "retry", self.retry_asked.emit)
        if not answer.text:
            self._act("Edit", "take-back", self.take_back_asked.emit)
        broke_off = answer.outcome in (Outcome.STOPPED, Outcome.INTERRUPTED, Outcome.FAILED)
        if answer.stop_reason == _FULL:
            self._act("New session", "new-session", self.new_session_asked.emit)
        if answer.stop_reason == _PAUSED:
            self._act("Continue", "resume", self.resume_asked.emit)
        elif answer.text and (broke_off or answer.stop_reason == _CUT):
            self._act("Continue", "continue", self.continue_asked.emit)

    def _begin(self, number: int, mend: Mend) -> None:
        if mend is not Mend.REPLACE:
            self.choose(Choice(number, mend))
            return

        def take(path: Path) -> None:
            self.choose(Choice(number, Mend.REPLACE, path))

        shown = next(sent.shown for sent in self._blamed if sent.number == number)
        ask_for_image(self, object_name="replace-image", title=f"Replace Image {shown}", take=take)

    def _choose_all(self, mend: Mend) -> None:
        for sent in self._blamed:
            if sent.number not in self._chosen:
                self.choose(Choice(sent.number, mend))

    def _act(self, text: str, object_name: str, do: Callable[[], object]) -> None:
        self.add_action(text, do, object_name=object_name)


class _PictureRow(QWidget):
    """One picture at fault: where it stands, and what can be done about it."""

    chosen = Signal(object)  # Mend

    def __init__(self, where: str, sent: SentImage, offered: Sequence[Mend]) -> None:
        super().__init__()
        name(self, f"blamed-{sent.number}", where)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(Label(where, style=Type.SMALL_STRONG, figures=True))
        file = ElidedLabel(sent.image.name, style=Type.SMALL, tone=Tone.MUTED)
        file.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row.addWidget(file, 1)
        self._settled = Label(style=Type.SMALL, tone=Tone.MUTED)
        self._settled.hide()
        row.addWidget(self._settled, 0, Qt.AlignmentFlag.AlignRight)
        self._buttons = []
        for mend in offered:
            text = mending_words.MEND[mend]
            button = Button(
                text,
                object_name=f"{mend}-{sent.number}",
                accessible_name=f"{text}: {where}",
                kind=Kind.PLAIN,
                small=True,
            )
            button.clicked.connect(partial(self.chosen.emit, mend))
            row.addWidget(button)
            self._buttons.append(button)

    def settle(self, mend: Mend) -> None:
        for button in self._buttons:
            button.hide()
        self._settled.setText(mending_words.MENDED[mend])
        self._settled.show()
