"""A question that was sent; the images it mentions can be shown from there."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from vision_studio.core.conversation import Turn
from vision_studio.core.mentions import GONE, SentMention
from vision_studio.ui.design.labels import Label


class Question(Label):
    """Plain text but for its links, which are ours: what was written is shown letter by letter."""

    image_asked = Signal(str)  # id

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

    def _break_long_words(self) -> None:
        mentions = getattr(self, "_mentions", ())  # before there are any, there is no text either
        if not mentions:
            super()._break_long_words()
            return
        text = self.text()
        parts, done = [], 0
        for place, one in enumerate(mentions):
            parts.append(html.escape(self.broken(text[done : one.start])))
            parts.append(f'<a href="{place}">{html.escape(text[one.start : one.end])}</a>')
            done = one.end
        parts.append(html.escape(self.broken(text[done:])))
        shown = f'<span style="white-space: pre-wrap">{"".join(parts)}</span>'
        if shown != QLabel.text(self):
            QLabel.setText(self, shown)

    # Qt's overrides

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            QLabel.setText(self, "")  # links have the colour of the moment they were made
            self._break_long_words()


def _shown(turn: Turn) -> list[SentMention]:
    """Return what can be shown, in order and without overlaps, as a damaged record may have them."""
    found: list[SentMention] = []
    for one in sorted(turn.mentions, key=lambda mention: mention.start):
        done = found[-1].end if found else 0
        if done <= one.start < one.end <= len(turn.prompt) and turn.prompt[one.start : one.end] != GONE:
            found.append(one)
    return found
