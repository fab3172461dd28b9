"""Other versions of what was asked: shown, begun with an edit, taken into a session of their own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from vision_studio.core import branch_words
from vision_studio.core.conversation import Session
from vision_studio.core.turn_editing import reopened
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.desk import Desk
from vision_studio.ui.transcript.transcript import Transcript


class Versions(QObject):
    """Stands between the conversation, where versions are chosen, and the composer, where they begin."""

    def __init__(
        self, bridge: EngineBridge, desk: Desk, composer: Composer, transcript: Transcript, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._desk = desk
        self._composer = composer
        self._transcript = transcript
        transcript.edit_asked.connect(self.edit)
        transcript.version_asked.connect(self.show)
        transcript.branch_asked.connect(self.branch_off)
        composer.editing.cancelled.connect(self.cancel)
        composer.draft_changed.connect(self._show_editing)
        desk.session_shown.connect(self._show_editing)

    def show(self, turn_id: str) -> None:
        """Show another version of a turn, with what came after it."""
        if (session := self._desk.session) is None:
            return
        place, edited = session.place_of(turn_id), self._edited(session)
        if self._desk.is_answering:
            self._refuse(branch_words.ANSWER_FIRST)
        elif place is not None and edited is not None and place < edited:
            self._refuse(branch_words.edit_first_words(edited + 1))
        else:
            self._desk.save()
            self._bridge.branches.show(session.id, turn_id)

    def go(self, step: int) -> None:
        self._transcript.go(step)

    def edit(self, turn_id: str) -> None:
        """Bring a sent turn back into the composer; what is there is kept aside."""
        session, draft = self._desk.session, self._composer.draft
        place = None if session is None else session.place_of(turn_id)
        if session is None or place is None:
            return
        if draft.editing is not None and draft.editing.turn_id == turn_id:
            self._composer.prompt.setFocus()
        elif not all(image.is_read for image in draft.images):
            self._refuse(branch_words.unread_words(place + 1))
        else:
            text = branch_words.editing_words(place + 1)
            self._composer.swap(reopened(session.turns[place], draft), text)

    def edit_current(self) -> None:
        """Edit the turn in which the keyboard is, else the last one."""
        if (turn_id := self._current()) is not None:
            self.edit(turn_id)

    def cancel(self) -> bool:
        """Bring back what was being composed before; tell whether a turn was being edited."""
        editing = self._composer.draft.editing
        if editing is None:
            return False
        self._composer.swap(editing.aside, "Cancel editing")
        return True

    def branch_off(self, turn_id: str) -> None:
        """Open a session that begins with the turns up to this one."""
        if (session := self._desk.session) is not None:
            self._desk.save()
            self._bridge.branches.branch_off(session.id, turn_id)

    def branch_off_current(self) -> None:
        if (turn_id := self._current()) is not None:
            self.branch_off(turn_id)

    def _current(self) -> str | None:
        if (view := self._transcript.focused) is not None:
            return view.turn.id
        session = self._desk.session
        return session.turns[-1].id if session is not None and session.turns else None

    def _edited(self, session: Session) -> int | None:
        """Return the place of the turn that is edited, from 0."""
        editing = self._composer.draft.editing
        return None if editing is None else session.place_of(editing.turn_id)

    def _show_editing(self) -> None:
        session, bar = self._desk.session, self._composer.editing
        if session is None or self._composer.draft.editing is None:
            bar.hide()
        else:
            place = self._edited(session)
            bar.show_turn(None if place is None else place + 1)

    def _refuse(self, why: str) -> None:
        self._composer.show_notice(Severity.NOTE, why)
