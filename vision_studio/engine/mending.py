"""Carries out what was chosen about pictures that cannot be sent as they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

from vision_studio.core.conversation import SentImage
from vision_studio.core.draft import Image
from vision_studio.core.mending import Choice, Mend, mended, replaced, smaller
from vision_studio.engine.thinking import forget_beside, without_thinking
from vision_studio.storage.sessions import Sessions


class Mending:
    """Changes what earlier turns send. ``read`` returns a file as a stored picture, or raises ``Refused``."""

    def __init__(self, sessions: Sessions, read: Callable[[Path], Awaitable[Image]]) -> None:
        self._sessions = sessions
        self._read = read

    async def apply(self, session_id: str, choices: Sequence[Choice], limit_px: int | None) -> None:
        """Change the chosen pictures, all or none, and leave out the thoughts that followed them.

        Raises ``Failed`` and ``Refused``.
        """
        session = self._sessions.load(session_id)
        by_number = {choice.number: choice for choice in choices}
        changes = {
            sent.number: await self._changed(sent, by_number[sent.number], limit_px)
            for sent in session.sent_images
            if sent.number in by_number
        }
        # What came in the meantime stands: only the pictures are ours to change.
        session = self._sessions.load(session_id)
        turns, first = mended(session.turns, changes)
        turns = (*turns[:first], *without_thinking(turns[first:]))
        for old, new in zip(session.turns, turns, strict=True):
            if new.images != old.images:
                self._sessions.save_sent_images(new.id, new.images)
            if new.answer != old.answer:
                self._sessions.save_answer(new.id, new.answer)
        if first < len(turns):
            forget_beside(self._sessions, session_id, turns[first].id)

    async def _changed(self, sent: SentImage, choice: Choice, limit_px: int | None) -> SentImage:
        match choice.mend:
            case Mend.FIT:
                return smaller(sent, limit_px)
            case Mend.LEAVE_OUT:
                return replace(sent, left_out=True)
            case Mend.REPLACE:
                assert choice.file is not None
                return replaced(sent, await self._read(choice.file))
