"""The library's model: pinned sessions, then the others, newest first, under their days, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from PySide6.QtCore import QAbstractListModel, QObject, Qt, Signal
from PySide6.QtGui import QImage

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.library_events import Place
from vision_studio.ui.library.row_sizes import RowSizes
from vision_studio.ui.library.rows import ROOT, Heading, Index, SessionRole, details, session_data

Row = Heading | SessionSummary


class SessionListModel(QAbstractListModel):
    """Rows are headings and sessions. A changed session moves to where its date puts it.

    It holds the pages that were asked for, and asks for the next one when the view comes to the end. A
    session that belongs further down is left out until then.
    """

    more_asked = Signal(object)  # Place
    title_edited = Signal(str, str)  # session id, title

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._rows: list[Row] = []
        self._answering: set[str] = set()
        self._open: str | None = None
        self._archived = False
        self._today = date.min
        self._after: Place | None = None
        self._asked = False
        self._sizes = RowSizes()

    def show(
        self,
        summaries: Iterable[SessionSummary],
        today: date,
        after: Place | None = None,
        *,
        archived: bool = False,
    ) -> None:
        """Show the first page of the library, or of the archive; ``after`` tells where the next begins."""
        self.beginResetModel()
        self._today, self._archived, self._after, self._asked = today, archived, after, False
        self._sizes = RowSizes()
        self._rows = list(_headed(summaries, self._heading))
        self.endResetModel()

    def add(self, summaries: Sequence[SessionSummary], after: Place | None) -> None:
        """Show the next page below the others."""
        self._after, self._asked = after, False
        known = {summary.id for summary in self.sessions}
        new = [summary for summary in summaries if summary.id not in known]
        last = self._heading(self._rows[-1]) if self._rows else None
        rows = list(_headed(new, self._heading, last))
        if rows:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def update(self, summary: SessionSummary, today: date) -> None:
        """Show a session anew, where it belongs now. The rows keep what the view knows of them."""
        if today != self._today:
            changed = [one for one in self.sessions if one.id != summary.id]
            self.show(changed, today, self._after, archived=self._archived)
        row = self.row_of(summary.id)
        if summary.archived != self._archived or not self._is_within(summary):
            self.forget(summary.id)
        elif row is None:
            self._insert(summary)
        else:
            self._move(row, summary)

    def forget(self, session_id: str) -> None:
        row = self.row_of(session_id)
        if row is None:
            return
        first = row - 1 if self._is_alone(row) else row
        self.beginRemoveRows(ROOT, first, row)
        del self._rows[first : row + 1]
        self.endRemoveRows()

    def show_answering(self, session_id: str, answering: bool) -> None:
        """Mark a session whose answer is on its way, whether or not it is on the screen."""
        (self._answering.add if answering else self._answering.discard)(session_id)
        self._repaint(session_id)

    def show_open(self, session_id: str | None) -> None:
        """Mark the session the window shows."""
        before, self._open = self._open, session_id
        for changed in {before, session_id} - {None}:
            self._repaint(str(changed))

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

    @property
    def archived(self) -> bool:
        """It shows the archive."""
        return self._archived

    @property
    def sessions(self) -> Sequence[SessionSummary]:
        return [row for row in self._rows if isinstance(row, SessionSummary)]

    def _heading(self, row: Row) -> str:
        if isinstance(row, Heading):
            return row.text
        if row.pinned:
            return "Pinned"
        return day_heading(row.updated_at.astimezone().date(), self._today)

    def _is_within(self, summary: SessionSummary) -> bool:
        """Tell whether a session belongs to the pages that are here."""
        last = self._rows[-1] if self._rows else None
        return self._after is None or not isinstance(last, SessionSummary) or _key(summary) >= _key(last)

    def _is_alone(self, row: int) -> bool:
        """Tell whether a session is the only one under its heading."""
        below = self._rows[row + 1] if row + 1 < len(self._rows) else None
        return isinstance(self._rows[row - 1], Heading) and not isinstance(below, SessionSummary)

    def _insert(self, summary: SessionSummary) -> None:
        place, heading = self._place(self._rows, summary)
        new: list[Row] = [summary] if heading is None else [heading, summary]
        self.beginInsertRows(ROOT, place, place + len(new) - 1)
        self._rows[place:place] = new
        self.endInsertRows()

    def _move(self, row: int, summary: SessionSummary) -> None:
        """Take a session to its place, with a heading made for it and its old one taken away, if need be."""
        alone = self._is_alone(row)
        first = row - 1 if alone else row
        place, heading = self._place([*self._rows[:first], *self._rows[row + 1 :]], summary)
        if place == first and heading is not None and alone:
            top = row if heading == self._rows[first] else first
            self._rows[first : row + 1] = [heading, summary]
            self.dataChanged.emit(self.index(top), self.index(row))
            return
        if place == row and heading is None and not alone:
            self._rows[row] = summary
            self.dataChanged.emit(self.index(row), self.index(row))
            return
        target = place if place <= first else place + row + 1 - first
        if heading is not None:
            self.beginInsertRows(ROOT, target, target)
            self._rows.insert(target, heading)
            self.endInsertRows()
            row, target = row + (target <= row), target + 1
        if target not in (row, row + 1):
            self.beginMoveRows(ROOT, row, row, ROOT, target)
            self._rows.insert(target, self._rows[row])
            del self._rows[row + (target < row)]
            self.endMoveRows()
        if alone:
            old = row - 1 + (target < row)
            self.beginRemoveRows(ROOT, old, old)
            del self._rows[old]
            self.endRemoveRows()
        now = self.row_of(summary.id)
        assert now is not None
        self._rows[now] = summary
        self.dataChanged.emit(self.index(now), self.index(now))

    def _place(self, rows: Sequence[Row], summary: SessionSummary) -> tuple[int, Heading | None]:
        """Return where among the rows a session belongs, and the heading that goes in above it."""
        place = next((at for at, row in enumerate(rows) if _comes_after(row, summary)), len(rows))
        wanted = self._heading(summary)
        if 0 < place < len(rows) and isinstance(rows[place - 1], Heading):
            if self._heading(rows[place - 1]) == wanted:
                return place, None
            place -= 1
        above = self._heading(rows[place - 1]) if place else None
        return place, None if above == wanted else Heading(wanted)

    def _repaint(self, session_id: str) -> None:
        if (row := self.row_of(session_id)) is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._after is not None and not self._asked

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.more_asked.emit(self._after)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.SizeHintRole:
            return self._sizes.of(row)
        if isinstance(row, Heading):
            return row.data(role)
        match role:
            case SessionRole.DETAILS:
                return self._details(row)
            case SessionRole.ANSWERING:
                return row.id in self._answering
            case SessionRole.OPEN:
                return row.id == self._open
            case SessionRole.THUMBNAIL:
                return self._thumbnail(row.cover) if row.cover else None
            case Qt.ItemDataRole.AccessibleTextRole if row.id in self._answering:
                return f"{session_data(row, role)}, answering"
        return session_data(row, role)

    def _details(self, summary: SessionSummary) -> str:
        said = details(summary)
        return f"Answering… · {said}" if summary.id in self._answering else said

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Have a session renamed; the row shows it once that is done. No words: its automatic title again."""
        row = self._rows[index.row()] if index.isValid() else None
        if role != Qt.ItemDataRole.EditRole or not isinstance(row, SessionSummary):
            return False
        if (text := str(value).strip()) != row.title:
            self.title_edited.emit(row.id, text)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or index.row() >= len(self._rows):
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.ItemNeverHasChildren
        return (
            super().flags(index) | Qt.ItemFlag.ItemNeverHasChildren | Qt.ItemFlag.ItemIsEditable
        ) & ~Qt.ItemFlag.ItemIsDragEnabled


def day_heading(day: date, today: date) -> str:
    """Return the heading a session of that day stands under."""
    age = (today - day).days
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if age <= 7:
        return "Previous 7 days"
    return f"{day:%B %Y}"


def _headed(
    summaries: Iterable[SessionSummary], heading_of: Callable[[SessionSummary], str], last: str | None = None
) -> Iterator[Row]:
    """Yield sessions, in their order, with a heading before each that stands under another one."""
    for summary in sorted(summaries, key=_key, reverse=True):
        if (heading := heading_of(summary)) != last:
            last = heading
            yield Heading(heading)
        yield summary


def _key(summary: SessionSummary) -> tuple[bool, datetime]:
    return summary.pinned, summary.updated_at


def _comes_after(row: Row, summary: SessionSummary) -> bool:
    return isinstance(row, SessionSummary) and _key(row) < _key(summary)
