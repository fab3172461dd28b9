"""A question that was sent; the images it mentions can be shown from there."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from vision_studio.core.conversation import Turn
from vision_studio.core.mentions import GONE, SentMention
from vision_studio.ui.design.labels import Label
from vision_studio.ui.design.palette import colours


class Question(Label):
    """Plain text but for its links, which are ours: what was written is shown letter by letter."""

    image_asked = Signal(str)  # id

    # The label is asked to draw itself before it has any of these.
    _mentions: tuple[SentMention, ...] = ()
    _marks: Sequence[tuple[int, int]] = ()
    _marked_now: tuple[int, int] | None = None

    def __init__(self, turn: Turn, parent: QWidget | None = None) -> None:
        super().__init__("", wrap=True, selectable=True, parent=parent)
        self.setObjectName("question")
        self._mentions = tuple(_shown(turn))
        if self._mentions:
            self.setTextFormat(Qt.TextFormat.RichText)
            self.setTextInteractionFlags(
                self.textInteractionFlags()
                | Qt.TextInteractionFlag.LinksAccessibleByMouse
                | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
            )
            self.linkActivated.connect(
                lambda place: self.image_asked.emit(self._mentions[int(place)].image_id)
            )
            self.setAccessibleName(turn.prompt)
        self.setText(turn.prompt)

    def show_marks(self, marks: Sequence[tuple[int, int]], now: tuple[int, int] | None) -> None:
        """Draw a ground behind parts of the question, the one that was gone to in another colour."""
        if (marks, now) == (self._marks, self._marked_now):
            return
        self._marks, self._marked_now = marks, now
        rich = bool(self._mentions or marks)
        self.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        self.setAccessibleName(self.text() if rich else "")
        self.setText(self.text())

    def _break_long_words(self) -> None:
        if not self._mentions and not self._marks:
            super()._break_long_words()
            return
        shown = f'<span style="white-space: pre-wrap">{"".join(self._pieces(self.text()))}</span>'
        if shown != QLabel.text(self):
            QLabel.setText(self, shown)

    def _pieces(self, text: str) -> Iterator[str]:
        """Yield the text as HTML, cut wherever a link or a mark begins or ends."""
        linked = [(one.start, one.end) for one in self._mentions]
        cuts = sorted({0, len(text), *(cut for span in (*linked, *self._marks) for cut in span)})
        for start, end in pairwise(cuts):
            link = next((at for at, span in enumerate(linked) if span[0] <= start < span[1]), None)
            mark = next((span for span in self._marks if span[0] <= start < span[1]), None)
            piece = html.escape(text[start:end] if link is not None else self.broken(text[start:end]))
            if mark is not None:
                piece = f'<span style="{_mark_style(is_now=mark == self._marked_now)}">{piece}</span>'
            yield piece if link is None else f'<a href="{link}">{piece}</a>'

    # Qt's overrides

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            QLabel.setText(self, "")  # links and marks have the colour of the moment they were made
            self._break_long_words()


def _mark_style(*, is_now: bool) -> str:
    scheme = colours()
    ground, ink = (scheme.accent, scheme.on_accent) if is_now else (scheme.selection, scheme.on_selection)
    return f"background-color: {ground}; color: {ink}"


def _shown(turn: Turn) -> list[SentMention]:
    """Return what can be shown, in order and without overlaps, as a damaged record may have them."""
    found: list[SentMention] = []
    for one in sorted(turn.mentions, key=lambda mention: mention.start):
        done = found[-1].end if found else 0
        if done <= one.start < one.end <= len(turn.prompt) and turn.prompt[one.start : one.end] != GONE:
            found.append(one)
    return found
