"""Finds words in the conversation on the screen, marks them, and goes from one to the next."""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import QObject, QPoint, QRegularExpression, QTimer, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.transcript.turn_view import TurnView

MOST = 2000
"""Places that are marked; who has more must look for more."""

_AGAIN_MS = 150
"""While an answer streams, what is found in it is brought up to date this often."""


class _Place(NamedTuple):
    view: TurnView
    in_answer: bool
    start: int
    end: int


class Finding(QObject):
    changed = Signal(int, int)  # the place of the one that was gone to, from 1, of so many; 0 of 0

    def __init__(self, transcript: Transcript, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._transcript = transcript
        self._pattern = ""
        self._places: list[_Place] = []
        self._now = -1
        self._wanted: str | None = None
        """The turn to begin in: its words may still be on their way to the page."""
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.refresh)
        transcript.turns_changed.connect(self._refresh_soon)

    @property
    def is_active(self) -> bool:
        return bool(self._pattern)

    def look_for(self, pattern: str, *, from_turn: str | None = None) -> None:
        """Mark every place of a pattern (``core.finding_text``), and go to the first in view; "" ends it."""
        self._pattern, self._now, self._wanted = pattern, -1, from_turn
        self._collect()
        self._go_to_first()
        self._show()

    def step(self, *, forward: bool) -> None:
        """Go to the next place, or the one before, round from the last to the first."""
        self._wanted = None
        if self._places:
            self._now = (self._now + (1 if forward else -1)) % len(self._places)
            self._go()
            self._show()

    def refresh(self) -> None:
        """Look again: the conversation has changed, or its colours have."""
        if self._pattern:
            before = self._places[self._now] if 0 <= self._now < len(self._places) else None
            self._collect()
            if before in self._places and self._wanted in (None, before.view.turn.id):
                self._now = self._places.index(before)
            else:
                self._go_to_first()
            self._show()

    def _refresh_soon(self) -> None:
        if self._pattern and not self._again.isActive():
            self._again.start()

    def _collect(self) -> None:
        self._places = []
        if not self._pattern:
            return
        asked = re.compile(self._pattern, re.IGNORECASE)
        answered = QRegularExpression(
            self._pattern,
            QRegularExpression.PatternOption.CaseInsensitiveOption
            | QRegularExpression.PatternOption.UseUnicodePropertiesOption,
        )
        for view in self._transcript.views:
            self._places += [
                _Place(view, False, *found.span()) for found in asked.finditer(view.turn.prompt) if found[0]
            ]
            document, at = view.answer.document(), 0
            while len(self._places) < MOST:
                cursor = document.find(answered, at)
                if cursor.isNull() or not cursor.hasSelection():
                    break
                self._places.append(_Place(view, True, cursor.selectionStart(), cursor.selectionEnd()))
                at = cursor.selectionEnd()
            if len(self._places) >= MOST:
                break

    def _go_to_first(self) -> None:
        """Go to the first place in the turn that is wanted, or at or below the top of what is in view."""
        self._now = self._first(self._wanted) if self._places else -1
        if self._places:
            self._go()

    def _first(self, from_turn: str | None) -> int:
        for number, place in enumerate(self._places):
            if place.view.turn.id == from_turn or (
                from_turn is None and self._transcript.is_in_view(place.view)
            ):
                return number
        return 0

    def _go(self) -> None:
        place = self._places[self._now]
        if place.in_answer:
            answer = place.view.answer
            cursor = QTextCursor(answer.document())
            cursor.setPosition(place.start)
            self._transcript.show_place(answer, lambda: answer.cursorRect(cursor).center())
        elif (question := place.view.question) is not None:
            # A label does not tell where its words are: this is the line they would be on.
            share = place.start / max(len(place.view.turn.prompt), 1)
            self._transcript.show_place(question, lambda: QPoint(0, round(question.height() * share)))

    def _show(self) -> None:
        """Draw the marks, the one that was gone to in another colour."""
        now = self._places[self._now] if 0 <= self._now < len(self._places) else None
        found: dict[TurnView, list[_Place]] = {}
        for place in self._places:
            found.setdefault(place.view, []).append(place)
        for view in self._transcript.views:
            places = found.get(view, [])
            if view.question is not None:
                asked = [place for place in places if not place.in_answer]
                view.question.show_marks([(one.start, one.end) for one in asked], _span(now, asked))
            view.answer.setExtraSelections(
                [_marked(view.answer, place, is_now=place is now) for place in places if place.in_answer]
            )
        self.changed.emit(self._now + 1 if self._places else 0, len(self._places))


def _span(now: _Place | None, asked: list[_Place]) -> tuple[int, int] | None:
    return (now.start, now.end) if now is not None and any(one is now for one in asked) else None


def _marked(text: QTextEdit, place: _Place, *, is_now: bool) -> QTextEdit.ExtraSelection:
    scheme = colours()
    drawn = QTextCharFormat()
    drawn.setBackground(colour(scheme.accent if is_now else scheme.selection))
    drawn.setForeground(colour(scheme.on_accent if is_now else scheme.on_selection))
    cursor = QTextCursor(text.document())
    cursor.setPosition(place.start)
    cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
    selection = QTextEdit.ExtraSelection()
    selection.cursor = cursor
    selection.format = drawn
    return selection
