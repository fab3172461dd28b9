"""The bar over the conversation in which words of it are looked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from vision_studio.core.amounts import count
from vision_studio.core.finding_text import anywhere, at_word_starts
from vision_studio.core.search import Query
from vision_studio.ui.design.buttons import IconButton
from vision_studio.ui.design.fields import SearchField
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.surfaces import Bar
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.transcript.finding import MOST, Finding


class FindBar(Bar):
    """Hidden until it is opened. Enter and F3 go on, with Shift back; Esc closes it."""

    closed = Signal()

    def __init__(self, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__("bottom", parent)
        name(self, "find-bar", "Find in this session")
        self._finding = finding
        self.field = _FindField()
        self.field.textChanged.connect(self._look)
        self.field.step_asked.connect(lambda forward: self.step(forward=forward))
        self.field.left.connect(self.close_bar)
        self._count = Label(style=Type.SMALL, tone=Tone.MUTED, figures=True)
        self._count.setObjectName("find-count")
        before = IconButton(
            "chevron-up", object_name="find-previous", accessible_name="Previous", hint="Shift+F3"
        )
        after = IconButton("chevron-down", object_name="find-next", accessible_name="Next", hint="F3")
        close = IconButton("close", object_name="find-close", accessible_name="Close", hint="Esc")
        before.clicked.connect(lambda: self.step(forward=False))
        after.clicked.connect(lambda: self.step(forward=True))
        close.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.XL, Space.S, Space.XL, Space.S)
        row.setSpacing(Space.XS)
        row.addWidget(self.field, 1)
        row.addSpacing(Space.XS)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(before)
        row.addWidget(after)
        row.addWidget(close)
        finding.changed.connect(self._show_count)
        self.hide()

    def open_bar(self) -> None:
        """Show the bar with what was looked for last ready to be typed over, and look for it again."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._look()

    def close_bar(self) -> None:
        """Take the bar and the marks away."""
        self._finding.look_for("")
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def mark(self, turn_id: str, query: Query) -> None:
        """Mark what a search of all sessions has looked for, beginning at the turn it was found in."""
        words = at_word_starts([*query.phrases, *query.words])
        if len(query.words) + len(query.phrases) == 1:
            self.field.blockSignals(True)  # the marks are those of the search, at the beginnings of words
            self.field.setText(next(iter((*query.phrases, *query.words))))
            self.field.blockSignals(False)
        self._finding.look_for(words, from_turn=turn_id)

    def step(self, *, forward: bool) -> None:
        if self._finding.is_active:
            self._finding.step(forward=forward)
        else:
            self.open_bar()

    def _look(self) -> None:
        self._finding.look_for(anywhere(self.field.text()))

    def _show_count(self, place: int, places: int) -> None:
        most = "+" if places >= MOST else ""
        said = f"{count(place)} of {count(places)}{most}" if places else "Not found"
        shown = said if self._finding.is_active else ""
        if shown != self._count.text():
            self._count.setText(shown)
            if self.isVisible() and shown:
                announce(self, shown)


class _FindField(SearchField):
    step_asked = Signal(bool)  # forward
    left = Signal()

    def __init__(self) -> None:
        super().__init__(object_name="find-field", accessible_name="Find in this session")
        self.setPlaceholderText("Find in this session…")
        self.setMaximumWidth(Size.INSPECTOR)

    # Qt's overrides

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()  # it closes the bar, whatever Esc does in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step_asked.emit(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        else:
            super().keyPressEvent(event)
