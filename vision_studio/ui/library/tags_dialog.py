"""Gives sessions tags and takes them away; what was used before is offered while one is typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.tags import tidy
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type


class TagsDialog(Dialog):
    added = Signal(object, str)  # ids of sessions, tag
    removed = Signal(object, str)

    def __init__(
        self, summaries: Sequence[SessionSummary], known: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, "tags", "Tags")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._summaries = {summary.id: summary for summary in summaries}
        one = summaries[0].title or "New session"
        about = f"“{one}”" if len(summaries) == 1 else f"{len(summaries)} sessions"
        self.setWindowTitle(f"Tags of {about}")
        self._chips = QWidget()
        self._row = FlowLayout(gap=Space.XS)
        self._chips.setLayout(self._row)
        self._none = Label("No tags yet.", style=Type.SMALL, tone=Tone.MUTED)
        self.field = LineField(
            object_name="new-tag", accessible_name="New tag", placeholder="A tag, then Enter"
        )
        self._known = QStringListModel(list(known), self)
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self.field.returnPressed.connect(self._add)
        close = Button("Done", object_name="close-tags")
        close.setAutoDefault(False)  # Enter adds a tag
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        heading = Label(f"Tags of {about}", style=Type.TITLE, wrap=True)
        column.addWidget(heading)
        column.addWidget(self._chips)
        column.addWidget(self._none)
        column.addWidget(self.field)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column.addLayout(foot)
        self.setMinimumWidth(Size.INSPECTOR)
        self._show()
        self.field.setFocus()

    def show_session(self, summary: SessionSummary) -> None:
        """Follow a change."""
        if summary.id in self._summaries:
            self._summaries[summary.id] = summary
            self._show()

    def show_known(self, known: Iterable[str]) -> None:
        self._known.setStringList(list(known))

    def _add(self) -> None:
        if tag := tidy(self.field.text()):
            self.added.emit(tuple(self._summaries), tag)
        self.field.clear()

    def _show(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        tags = sorted({tag for one in self._summaries.values() for tag in one.tags}, key=str.casefold)
        for number, tag in enumerate(tags):
            count = sum(tag in one.tags for one in self._summaries.values())
            some = f" ({count} of {len(self._summaries)})" if count < len(self._summaries) else ""
            chip = Button(
                f"{tag}{some}".replace("&", "&&"),
                object_name=f"tag-{number}",
                accessible_name=f"Remove the tag “{tag}”",
                icon="close",
                small=True,
            )
            chip.setAutoDefault(False)
            chip.clicked.connect(lambda _=False, tag=tag: self.removed.emit(tuple(self._summaries), tag))
            self._row.addWidget(chip)
            chip.show()
        self._chips.setVisible(bool(tags))
        self._none.setVisible(not tags)
