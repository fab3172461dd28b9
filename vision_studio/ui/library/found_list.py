"""The model of what a search found: sessions by their titles and tags, then turns by their words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal
from PySide6.QtGui import QImage

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.library_events import SessionsFound
from vision_studio.core.search import Hit, Part
from vision_studio.ui.library.row_sizes import RowSizes
from vision_studio.ui.library.rows import ROOT, Heading, Index, SessionRole, session_data

Row = Heading | SessionSummary | Hit

_PARTS = {Part.QUESTION: "in a question", Part.ANSWER: "in an answer", Part.IMAGES: "in the name of an image"}


class FoundModel(QAbstractListModel):
    """Another search replaces everything; further pages of the same one are added below."""

    more_asked = Signal(int)  # where the next page begins

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._rows: list[Row] = []
        self._after: int | None = None
        self._open: str | None = None
        self._sizes = RowSizes()

    def show(self, found: SessionsFound) -> None:
        rows: list[Row] = []
        if found.sessions:
            rows += [Heading("Sessions"), *found.sessions]
        if found.hits:
            rows += [Heading("Messages, newest first"), *found.hits]
        self.beginResetModel()
        self._rows, self._after, self._sizes = rows, found.after, RowSizes()
        self.endResetModel()

    def add(self, found: SessionsFound) -> None:
        """Show the next page below the others."""
        self._after = found.after
        if found.hits:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(found.hits) - 1)
            self._rows += found.hits
            self.endInsertRows()

    def clear(self) -> None:
        self.beginResetModel()
        self._rows, self._after = [], None
        self.endResetModel()

    def update(self, summary: SessionSummary) -> None:
        """Show a session anew where it was found."""
        for place, row in enumerate(self._rows):
            if isinstance(row, SessionSummary) and row.id == summary.id:
                self._rows[place] = summary
                self.dataChanged.emit(self.index(place), self.index(place))

    def forget(self, session_id: str) -> None:
        """Take away what was found of a session that is gone."""
        for place in reversed(range(len(self._rows))):
            if _session_of(self._rows[place]) == session_id:
                self.beginRemoveRows(ROOT, place, place)
                del self._rows[place]
                self.endRemoveRows()

    def show_open(self, session_id: str | None) -> None:
        self._open = session_id
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [SessionRole.OPEN])

    def show_thumbnail(self, key: str) -> None:
        for place, row in enumerate(self._rows):
            if isinstance(row, SessionSummary) and row.cover == key:
                self.dataChanged.emit(self.index(place), self.index(place), [SessionRole.THUMBNAIL])

    def first(self) -> Index:
        """Return the first thing that was found."""
        row = next((at for at, row in enumerate(self._rows) if not isinstance(row, Heading)), -1)
        return self.index(row)

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._after is not None

    def fetchMore(self, parent: Index) -> None:
        if self._after is not None and not parent.isValid():
            after, self._after = self._after, None
            self.more_asked.emit(after)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._sizes.of(row)
        match row:
            case Heading():
                return row.data(role)
            case SessionSummary():
                if role == SessionRole.THUMBNAIL:
                    return self._thumbnail(row.cover) if row.cover else None
                return row.id == self._open if role == SessionRole.OPEN else session_data(row, role)
        return _hit_data(row, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or index.row() >= len(self._rows):
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.ItemNeverHasChildren
        return super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren


def snippet_text(hit: Hit) -> str:
    """Return the words around what was found, on one line."""
    return "".join(span.text for span in hit.snippet)


def _hit_data(hit: Hit, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return hit.title or "New session"
        case Qt.ItemDataRole.AccessibleTextRole:
            return f"{hit.title or 'New session'}, {_PARTS[hit.part]}: {snippet_text(hit)}"
        case SessionRole.HIT:
            return hit
    return None


def _session_of(row: Row) -> str | None:
    match row:
        case SessionSummary():
            return row.id
        case Hit():
            return row.session_id
    return None
