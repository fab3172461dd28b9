"""What is done to sessions as they stand in the library, to one or to several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from vision_studio.core.events import Event
from vision_studio.core.library_events import (
    Place,
    SessionsArchived,
    SessionsDeleted,
    SessionsListed,
    TagsListed,
)

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class ShelfCommands:
    """For the engine's thread, once the data folder is open. Methods raise ``Failed``.

    ``stop`` ends what is under way in a session that goes.
    """

    def __init__(
        self, parts: Callable[[], Parts], report: Callable[[Event], None], stop: Callable[[str], None]
    ) -> None:
        self._parts = parts
        self._report = report
        self._stop = stop

    def list(self, after: Place | None = None, archived: bool = False) -> None:  # posted by position
        """Tell a page of the library. ``SessionsListed`` comes of it."""
        page = self._parts().home.shelf.page(after, archived=archived)
        self._report(
            SessionsListed(page.summaries, page.after, continued=after is not None, archived=archived)
        )

    def list_tags(self) -> None:
        self._report(TagsListed(self._parts().home.shelf.tags()))

    def pin(self, session_ids: Sequence[str], pinned: bool) -> None:  # posted by position
        self._parts().home.shelf.pin(session_ids, pinned=pinned)
        self._tell(session_ids)

    def archive(self, session_ids: Sequence[str], archived: bool) -> None:  # posted by position
        """Put sessions into the archive, or take them out. The one on the screen stays there."""
        self._parts().home.shelf.archive(session_ids, archived=archived)
        self._tell(session_ids)
        self._report(SessionsArchived(tuple(session_ids), archived))

    def tag(self, session_ids: Sequence[str], tag: str) -> None:
        self._parts().home.shelf.tag(session_ids, tag)
        self._tell(session_ids)
        self.list_tags()

    def untag(self, session_ids: Sequence[str], tag: str) -> None:
        self._parts().home.shelf.untag(session_ids, tag)
        self._tell(session_ids)
        self.list_tags()

    def duplicate(self, session_id: str) -> None:
        """Copy a conversation with its draft, and open the copy."""
        parts = self._parts()
        parts.turns.catch_up(session_id)
        title = parts.home.sessions.summary(session_id).title
        made = parts.home.shelf.duplicate(
            session_id, f"{title} (copy)" if title else "Copy", datetime.now(UTC)
        )
        parts.library.tell(made)
        parts.library.open(made)

    def delete(self, session_ids: Sequence[str]) -> None:
        """Take sessions away, and open another if one of them was on the screen."""
        for session_id in session_ids:
            self._stop(session_id)
        parts = self._parts()
        parts.home.shelf.delete(session_ids)
        self._report(SessionsDeleted(tuple(session_ids)))
        parts.library.leave(session_ids)

    def restore(self, session_ids: Sequence[str]) -> None:
        for session_id in session_ids:
            self._parts().library.restore(session_id)

    def _tell(self, session_ids: Sequence[str]) -> None:
        for session_id in session_ids:
            self._parts().library.tell(session_id)
