"""Pictures of a draft that are still being read: the draft on disk learns what is found out about them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from vision_studio.core.conversation import Session
from vision_studio.core.draft import Image
from vision_studio.core.events import Event, ImagesFound, ImagesRefused, ImagesStored, Refusal, RefusalKind
from vision_studio.storage.errors import SessionMissing
from vision_studio.storage.sessions import Sessions

KEEP_AFTER_S = 0.3


class Reading:
    """Watches the importer's events.

    The window keeps its draft itself; this is for the pictures of a session that is no longer on the screen,
    and for a process that ends between a picture's arrival and the window's next save.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._under_way: set[str] = set()
        self._learnt: dict[str, dict[str, Image]] = {}
        self._keeping: asyncio.TimerHandle | None = None

    def watch(self, event: Event) -> None:
        match event:
            case ImagesFound(_, _, images):
                self._under_way |= {image.id for image in images if not image.is_read}
            case ImagesStored(session_id, images):
                self._under_way -= {image.id for image in images}
                self._learnt.setdefault(session_id, {}).update({image.id: image for image in images})
                if self._keeping is None:
                    self._keeping = asyncio.get_running_loop().call_later(KEEP_AFTER_S, self.keep)
            case ImagesRefused(_, refusals):
                self._under_way -= {refusal.image_id for refusal in refusals if refusal.image_id}

    def keep(self) -> None:
        """Write what was learnt into the drafts. Raises ``Failed``."""
        if self._keeping is not None:
            self._keeping.cancel()
            self._keeping = None
        learnt, self._learnt = self._learnt, {}
        for session_id, images in learnt.items():
            try:
                draft = self._sessions.load(session_id).draft
            except SessionMissing:
                self._learnt[session_id] = images  # deleted meanwhile; it may be brought back
                continue
            known = [
                mine.found_out(found)
                for mine in draft.images
                if not mine.is_read and (found := images.get(mine.id)) is not None
            ]
            if known:
                self._sessions.save_draft(session_id, draft.with_replaced(known), datetime.now(UTC))

    def mend(self, session_id: str) -> ImagesRefused | None:
        """Take pictures out of a draft whose reading was cut short by the end of the application.

        Returns what to tell of it once the session is on the screen. Raises ``Failed``.
        """
        self.keep()
        session = self._sessions.load(session_id)
        stray = self._stray(session)
        if not stray:
            return None
        draft = session.draft.without(image.id for image in stray)
        self._sessions.save_draft(session_id, draft, datetime.now(UTC))
        refusals = tuple(
            Refusal(image.name, RefusalKind.UNREADABLE, image.id, "the application ended while it was read")
            for image in stray
        )
        return ImagesRefused(session_id, refusals)

    def _stray(self, session: Session) -> list[Image]:
        return [
            image for image in session.draft.images if not image.is_read and image.id not in self._under_way
        ]
