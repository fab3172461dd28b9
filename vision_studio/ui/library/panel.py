"""The panel of sessions: the list, the search with its filters, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.library_events import SessionsFound, SessionsListed
from vision_studio.core.search import Filters, Hit, Query, merged, parse, typed
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import SearchField
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.library.deeds import Deed, all_archived, all_pinned, deeds_menu, possible
from vision_studio.ui.library.filters import FilterButton, FilterChips
from vision_studio.ui.library.found_list import FoundModel
from vision_studio.ui.library.rows import Index, SessionRole
from vision_studio.ui.library.session_list import SessionListModel
from vision_studio.ui.library.view import LibraryView

_FRAME_MS = 16
"""What is typed within one frame of the screen is looked for once."""

_SYNTAX = 'Words, "phrases", model: tag: has:image after: before: cost> is:archived'


class LibraryPanel(Panel):
    new_asked = Signal()
    open_asked = Signal(str)  # session id
    turn_asked = Signal(str, str, object)  # session id, turn id, Query
    rename_asked = Signal(str, str)  # session id, title
    pin_asked = Signal(object, bool)  # ids of sessions, pinned
    archive_asked = Signal(object, bool)
    export_asked = Signal(object)  # tuple of session ids
    duplicate_asked = Signal(str)
    tags_asked = Signal(object)  # SessionSummaries
    delete_asked = Signal(object)  # ids
    search_asked = Signal(int, object, object)  # ticket, Query, where the page begins or None
    search_ended = Signal()
    page_asked = Signal(object, bool)  # Place or None, archived

    def __init__(
        self,
        thumbnail: Callable[[str], QImage | None],
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        name(self, "library", "Sessions")
        self._today = today
        self._current: str | None = None
        self._titles: dict[str, str] = {}
        self._filters = Filters()
        self._query = Query()
        self._ticket = 0
        self.model = SessionListModel(thumbnail, self)
        self.found = FoundModel(thumbnail, self)
        new = Button("New session", object_name="new-session", icon="plus", hint="Ctrl+N", spread=True)
        new.clicked.connect(self.new_asked)
        self.search = SearchField(object_name="search-sessions", accessible_name="Search all sessions")
        self.search.setPlaceholderText("Search all sessions…")
        self.search.setToolTip(_SYNTAX)
        self.search.setAccessibleDescription(_SYNTAX)
        self.filter = FilterButton(today, lambda: self._wanted().filters)
        self.chips = FilterChips()
        self.list = LibraryView(self.model, "sessions", "Sessions")
        self.results = LibraryView(self.found, "search-results", "What was found")
        self._none = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._none.setObjectName("nothing-found")
        self._none.setContentsMargins(Space.S, Space.S, Space.S, 0)
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(_FRAME_MS)
        self._lay_out(new)
        self._connect()

    def _lay_out(self, new: Button) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        column.setSpacing(Space.S)
        heading = Label("Vision Studio", style=Type.TITLE)
        heading.setContentsMargins(Space.S - Space.HAIR, 0, 0, Space.XS)
        column.addWidget(heading)
        column.addWidget(new)
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        row.addWidget(self.search, 1)
        row.addWidget(self.filter)
        column.addLayout(row)
        column.addWidget(self.chips)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        column.addWidget(self.results, 1)
        self._none.hide()
        self.results.hide()

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _: self._asking.start())
        self.search.returnPressed.connect(self._open_first)
        self._asking.timeout.connect(self._look)
        for part in (self.filter, self.chips):
            part.chosen.connect(self._choose_filters)
        self.model.more_asked.connect(lambda after: self.page_asked.emit(after, self.model.archived))
        self.model.title_edited.connect(self.rename_asked)
        self.found.more_asked.connect(lambda after: self.search_asked.emit(self._ticket, self._query, after))
        for view in (self.list, self.results):
            view.chosen.connect(self._open)
            view.asked.connect(lambda deed, view=view: self.do(deed, view.summaries()))
            view.customContextMenuRequested.connect(lambda place, view=view: self._open_menu(view, place))

    # What is shown

    def show_sessions(self, listed: SessionsListed) -> None:
        self._titles |= {summary.id: summary.title for summary in listed.summaries}
        if listed.archived != self._query.filters.archived:
            return  # the list was turned to the other one meanwhile
        if listed.continued:
            self.model.add(listed.summaries, listed.after)
        else:
            self.model.show(listed.summaries, self._today(), listed.after, archived=listed.archived)
        self._show_current()
        self._say_nothing_found()

    def show_session(self, summary: SessionSummary) -> None:
        self._titles[summary.id] = summary.title
        known = self.model.row_of(summary.id) is not None
        self.model.update(summary, self._today())
        self.found.update(summary)
        if not known and summary.id == self._current:
            self._show_current()

    def show_found(self, found: SessionsFound) -> None:
        """Show what was found, unless something else is looked for by now."""
        if found.ticket != self._ticket or self._is_list(self._query):
            return
        if found.continued:
            self.found.add(found)
            return
        self.found.show(found)
        self.found.show_open(self._current)
        self._turn_to(self.results)
        self.results.scrollToTop()
        self._say_nothing_found()

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        self.filter.set_models(models)

    def set_tags(self, tags: Sequence[str]) -> None:
        self.filter.set_tags(tags)

    def title(self, session_id: str) -> str:
        """Return what a session is called; "" for one without a title."""
        return self._titles.get(session_id, "")

    def forget(self, session_id: str) -> None:
        self.model.forget(session_id)
        self.found.forget(session_id)
        self._say_nothing_found()

    def show_answering(self, session_id: str, answering: bool) -> None:
        self.model.show_answering(session_id, answering)

    def show_thumbnail(self, key: str) -> None:
        self.model.show_thumbnail(key)
        self.found.show_thumbnail(key)

    def set_current(self, session_id: str) -> None:
        """Mark the session the window shows."""
        if session_id != self._current:
            self._current = session_id
            self._show_current()

    # What people do

    def begin_search(self) -> None:
        """Go to the field, with what was looked for last ready to be typed over."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def rename(self, session_id: str) -> bool:
        """Let a session's title be edited where it stands; False if it does not stand in the list."""
        row = self.model.row_of(session_id)
        if row is None or not self.list.isVisible():
            return False
        self.list.setCurrentIndex(self.model.index(row))
        self.list.scrollTo(self.model.index(row))
        self.list.edit(self.model.index(row))
        return True

    def do(self, deed: Deed, summaries: Sequence[SessionSummary]) -> None:
        """Ask for something to be done to sessions."""
        if not possible(deed, summaries):
            return
        ids = tuple(summary.id for summary in summaries)
        match deed:
            case Deed.OPEN:
                self.open_asked.emit(ids[0])
            case Deed.PIN:
                self.pin_asked.emit(ids, not all_pinned(summaries))
            case Deed.RENAME if not self.rename(ids[0]):
                self.clear_search()
                self.rename(ids[0])
            case Deed.TAG:
                self.tags_asked.emit(tuple(summaries))
            case Deed.DUPLICATE:
                self.duplicate_asked.emit(ids[0])
            case Deed.EXPORT:
                self.export_asked.emit(ids)
            case Deed.ARCHIVE:
                self.archive_asked.emit(ids, not all_archived(summaries))
            case Deed.DELETE:
                self.delete_asked.emit(ids)

    def clear_search(self) -> None:
        self._filters = Filters()
        self.search.clear()
        self._asking.stop()
        self._look()

    def _choose_filters(self, filters: Filters) -> None:
        """Take filters over from the menu or the chips, with those that were typed."""
        self._filters = filters
        self.search.setText(typed(replace(parse(self.search.text()), filters=Filters())))
        self._asking.stop()
        self._look()

    def _look(self) -> None:
        """Look for what is typed and chosen; with nothing of both, show the list."""
        query = self._wanted()
        if query == self._query:
            return
        before, self._query = self._query, query
        self.chips.show_filters(query.filters)
        self._ticket += 1
        if not self._is_list(query):
            self.search_asked.emit(self._ticket, query, None)
            return
        if not self._is_list(before):
            self.search_ended.emit()
            self.found.clear()
            self._turn_to(self.list)
        if query.filters.archived != self.model.archived:
            self.page_asked.emit(None, query.filters.archived)
        self._say_nothing_found()

    def _wanted(self) -> Query:
        """Return what is typed and chosen at the moment."""
        query = parse(self.search.text())
        return replace(query, filters=merged(self._filters, query.filters))

    def _is_list(self, query: Query) -> bool:
        """Tell whether the list itself shows what is asked for: everything, or all of the archive."""
        return not query.has_words and replace(query.filters, archived=False) == Filters()

    def _open(self, index: Index) -> None:
        summary, hit = index.data(SessionRole.SUMMARY), index.data(SessionRole.HIT)
        if isinstance(summary, SessionSummary):
            self.open_asked.emit(summary.id)
        elif isinstance(hit, Hit):
            self.turn_asked.emit(hit.session_id, hit.turn_id, self._query)

    def _open_first(self) -> None:
        if self.results.isVisible() and self.found.first().isValid():
            self._open(self.found.first())

    def menu_at(self, view: LibraryView, place: QPoint) -> QMenu | None:
        """Return a menu about what is chosen, or about what is at a place that is not; None about nothing."""
        summaries = view.summaries()
        at = view.indexAt(place).data(SessionRole.SUMMARY)
        if at not in summaries:
            summaries = [at] if isinstance(at, SessionSummary) else []
        if not summaries:
            return None
        return deeds_menu(self, summaries, lambda deed: self.do(deed, summaries))

    def _open_menu(self, view: LibraryView, place: QPoint) -> None:
        if (menu := self.menu_at(view, place)) is not None:
            menu.popup(view.viewport().mapToGlobal(place))

    def _turn_to(self, view: LibraryView) -> None:
        for one in (self.list, self.results):
            one.setVisible(one is view)

    def _show_current(self) -> None:
        self.model.show_open(self._current)
        self.found.show_open(self._current)
        row = self.model.row_of(self._current) if self._current else None
        self.list.setCurrentIndex(self.model.index(row) if row is not None else QModelIndex())

    def _say_nothing_found(self) -> None:
        if self._is_list(self._query):
            empty = self._query.filters.archived and self.model.archived and not self.model.rowCount()
            said = "The archive is empty." if empty else ""
        else:
            said = "" if self.found.rowCount() else "Nothing was found. Fewer letters find more."
        self._none.setText(said)
        self._none.setVisible(bool(said))

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """From the field, go down to what is listed or was found."""
        view = self.results if self.results.isVisible() else self.list
        if self.search.hasFocus() and event.key() == Qt.Key.Key_Down:
            first = self.found.first() if view is self.results else self.list.currentIndex()
            view.setFocus(Qt.FocusReason.TabFocusReason)
            view.setCurrentIndex(first if first.isValid() else view.model().index(1, 0))
        else:
            super().keyPressEvent(event)
