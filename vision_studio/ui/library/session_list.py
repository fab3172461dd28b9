"""The library's model: sessions newest first, under headings by date, narrowed by what is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from vision_studio.core import words
from vision_studio.core.conversation import SessionSummary

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class SessionRole(IntEnum):
    SUMMARY = Qt.ItemDataRole.UserRole + 1
    """None for a heading."""
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2
    DETAILS = Qt.ItemDataRole.UserRole + 3
    """The line below the title; "" for a heading."""
    ANSWERING = Qt.ItemDataRole.UserRole + 4
    """An answer is on its way."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


Row = Heading | SessionSummary


class SessionListModel(QAbstractListModel):
    """Rows are headings and sessions. A changed session moves to where its date puts it."""

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._summaries: dict[str, SessionSummary] = {}
        self._rows: list[Row] = []
        self._answering: set[str] = set()
        self._needle = ""
        self._today = date.min

    def show(self, summaries: Iterable[SessionSummary], today: date) -> None:
        self._summaries = {summary.id: summary for summary in summaries}
        self._today = today
        self._rebuild()

    def update(self, summary: SessionSummary, today: date) -> None:
        """Show a session anew; one that keeps its place only repaints."""
        self._today = today
        self._summaries[summary.id] = summary
        rows = self._arranged()
        if [_identity(row) for row in rows] == [_identity(row) for row in self._rows]:
            self._rows = rows
            if (row := self.row_of(summary.id)) is not None:
                self.dataChanged.emit(self.index(row), self.index(row))
        else:
            self._rebuild()

    def show_answering(self, session_id: str, answering: bool) -> None:
        """Mark a session whose answer is on its way, whether or not it is on the screen."""
        (self._answering.add if answering else self._answering.discard)(session_id)
        if (row := self.row_of(session_id)) is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def forget(self, session_id: str) -> None:
        if self._summaries.pop(session_id, None) is not None:
            self._rebuild()

    def narrow(self, needle: str) -> None:
        """Keep the sessions whose titles contain every word of ``needle``."""
        self._needle = needle.casefold()
        self._rebuild()

    def show_thumbnail(self, key: str) -> None:
        """Repaint the sessions whose cover came."""
        for place, row in enumerate(self._rows):
            if isinstance(row, SessionSummary) and row.cover == key:
                self.dataChanged.emit(self.index(place), self.index(place), [SessionRole.THUMBNAIL])

    def row_of(self, session_id: str) -> int | None:
        for place, row in enumerate(self._rows):
            if isinstance(row, SessionSummary) and row.id == session_id:
                return place
        return None

    def title(self, session_id: str) -> str:
        """Return the title of a session, listed or narrowed away; "" without one."""
        summary = self._summaries.get(session_id)
        return summary.title if summary is not None else ""

    @property
    def sessions(self) -> Sequence[SessionSummary]:
        return [row for row in self._rows if isinstance(row, SessionSummary)]

    def _details(self, summary: SessionSummary) -> str:
        said = details(summary)
        return f"Answering… · {said}" if summary.id in self._answering else said

    def _rebuild(self) -> None:
        self.beginResetModel()
        self._rows = self._arranged()
        self.endResetModel()

    def _arranged(self) -> list[Row]:
        wanted = self._needle.split()
        chosen = [
            summary
            for summary in self._summaries.values()
            if all(word in summary.title.casefold() for word in wanted)
        ]
        chosen.sort(key=lambda summary: summary.updated_at, reverse=True)
        rows: list[Row] = []
        heading = ""
        for summary in chosen:
            if (said := day_heading(summary.updated_at.astimezone().date(), self._today)) != heading:
                heading = said
                rows.append(Heading(heading))
            rows.append(summary)
        return rows

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text if isinstance(row, Heading) else title(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.text if isinstance(row, Heading) else f"{title(row)}, {self._details(row)}"
            case SessionRole.DETAILS:
                return "" if isinstance(row, Heading) else self._details(row)
            case SessionRole.ANSWERING:
                return isinstance(row, SessionSummary) and row.id in self._answering
            case SessionRole.SUMMARY:
                return row if isinstance(row, SessionSummary) else None
            case SessionRole.THUMBNAIL:
                cover = row.cover if isinstance(row, SessionSummary) else None
                return self._thumbnail(cover) if cover else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or index.row() >= len(self._rows):
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren


def title(summary: SessionSummary) -> str:
    return summary.title or "New session"


def details(summary: SessionSummary) -> str:
    """Return "5 images · 3 turns"."""
    said = [(summary.images, "image"), (summary.turns, "turn")]
    return " · ".join(words.counted(number, noun) for number, noun in said if number) or "empty"


def day_heading(day: date, today: date) -> str:
    """Return the heading a session of that day stands under."""
    age = (today - day).days
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if day > today - timedelta(days=7):
        return "This week"
    if (day.year, day.month) == (today.year, today.month):
        return "This month"
    return day.strftime("%B %Y")


def _identity(row: Row) -> str:
    return row.text if isinstance(row, Heading) else row.id
