"""Between the panel of sessions and the engine: pages, searches, what is done to sessions, and its undo."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from vision_studio.core import words
from vision_studio.core.conversation import Session, SessionSummary
from vision_studio.core.events import CatalogueChanged, SessionChanged, SessionDeleted
from vision_studio.core.library_events import SessionsArchived, SessionsDeleted, TagsListed
from vision_studio.core.search import Query
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.desk import Desk
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.library.tags_dialog import TagsDialog
from vision_studio.ui.notices import NoticeStack


class Shelving(QObject):
    open_asked = Signal(str)  # session id
    turn_shown = Signal(str, object)  # turn id, Query: it was asked for, and is on the screen now

    def __init__(
        self,
        bridge: EngineBridge,
        library: LibraryPanel,
        desk: Desk,
        notices: NoticeStack,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._library = library
        self._desk = desk
        self._notices = notices
        self._tags: tuple[str, ...] = ()
        self._tagging: TagsDialog | None = None
        self._awaited: tuple[str, str, Query] | None = None
        """A turn that is to be shown once its session, and its branch, is on the screen."""
        self._branch_asked = False
        self._connect()

    def rename(self, session_id: str, title: str) -> None:
        """Name a session; without words it is named after its first question again."""
        self._bridge.rename_session(session_id, title)

    def delete(self, session_ids: Sequence[str]) -> None:
        self._desk.save()
        if len(session_ids) == 1:
            self._bridge.delete_session(session_ids[0])
        else:
            self._bridge.shelf.delete(session_ids)

    def show_turn(self, session_id: str, turn_id: str, query: Query) -> None:
        """Open a session at one of its turns, whichever branch that is on."""
        self._awaited, self._branch_asked = (session_id, turn_id, query), False
        if self._desk.session is not None and self._desk.session.id == session_id:
            self._look_for_turn(self._desk.session)
        else:
            self.open_asked.emit(session_id)

    def _connect(self) -> None:
        bridge, library, shelf = self._bridge, self._library, self._bridge.shelf
        library.page_asked.connect(lambda after, archived: shelf.list(after, archived=archived))
        library.search_asked.connect(bridge.search.look_for)
        library.search_ended.connect(bridge.search.cancel)
        library.rename_asked.connect(self.rename)
        library.pin_asked.connect(lambda ids, pinned: shelf.pin(ids, pinned=pinned))
        library.archive_asked.connect(lambda ids, archived: shelf.archive(ids, archived=archived))
        library.duplicate_asked.connect(self._duplicate)
        library.tags_asked.connect(self._edit_tags)
        library.delete_asked.connect(self.delete)
        library.turn_asked.connect(self.show_turn)
        bridge.sessions_listed.connect(library.show_sessions)
        bridge.session_changed.connect(self._show_session)
        bridge.session_deleted.connect(self._forget)
        bridge.sessions_deleted.connect(self._forget_several)
        bridge.sessions_archived.connect(self._say_archived)
        bridge.sessions_found.connect(library.show_found)
        bridge.tags_listed.connect(self._take_tags)
        bridge.catalogue_changed.connect(self._take_models)
        self._desk.session_shown.connect(self._look_for_turn)

    def _duplicate(self, session_id: str) -> None:
        self._desk.save()
        self._bridge.shelf.duplicate(session_id)

    def _edit_tags(self, summaries: Sequence[SessionSummary]) -> None:
        dialog = TagsDialog(summaries, self._tags, self._library.window())
        dialog.added.connect(self._bridge.shelf.tag)
        dialog.removed.connect(self._bridge.shelf.untag)
        dialog.finished.connect(self._end_tagging)
        self._tagging = dialog
        dialog.open()

    def _end_tagging(self) -> None:
        self._tagging = None
        self._library.list.setFocus()

    def _show_session(self, event: SessionChanged) -> None:
        self._library.show_session(event.summary)
        if self._tagging is not None:
            self._tagging.show_session(event.summary)

    def _take_tags(self, event: TagsListed) -> None:
        self._tags = event.tags
        self._library.set_tags(event.tags)
        if self._tagging is not None:
            self._tagging.show_known(event.tags)

    def _take_models(self, event: CatalogueChanged) -> None:
        self._library.set_models([(model.id, model.name) for model in event.catalogue.models])

    def _forget(self, event: SessionDeleted) -> None:
        called = self._called([event.session_id])
        self._library.forget(event.session_id)
        self._notices.tell(
            Severity.NOTE,
            f"{called} was deleted.",
            action="Undo",
            do=lambda: self._bridge.restore_session(event.session_id),
        )

    def _forget_several(self, event: SessionsDeleted) -> None:
        for session_id in event.session_ids:
            self._library.forget(session_id)
        self._notices.tell(
            Severity.NOTE,
            f"{self._called(event.session_ids)} were deleted.",
            action="Undo",
            do=lambda: self._bridge.shelf.restore(event.session_ids),
        )

    def _say_archived(self, event: SessionsArchived) -> None:
        called = self._called(event.session_ids)
        were = "was" if len(event.session_ids) == 1 else "were"
        self._notices.tell(
            Severity.NOTE,
            f"{called} {were} archived." if event.archived else f"{called} {were} taken out of the archive.",
            action="Undo",
            do=lambda: self._bridge.shelf.archive(event.session_ids, archived=not event.archived),
        )

    def _called(self, session_ids: Sequence[str]) -> str:
        if len(session_ids) != 1:
            return words.counted(len(session_ids), "session")
        title = self._library.title(session_ids[0])
        return f"“{title}”" if title else "The session"

    def _look_for_turn(self, session: Session) -> None:
        """Tell that an awaited turn is here; one of another branch is asked for, once."""
        if self._awaited is None or self._awaited[0] != session.id:
            return
        _, turn_id, query = self._awaited
        if any(turn.id == turn_id for turn in session.turns):
            self._awaited = None
            self.turn_shown.emit(turn_id, query)
        elif not self._branch_asked:
            self._branch_asked = True
            self._bridge.branches.show(session.id, turn_id)
