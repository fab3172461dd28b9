"""The sessions that are kept, and the one on the screen."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from vision_studio.core.appraisal import Appraiser
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.branch_words import branch_title
from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import Answer, Outcome, Session, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    DraftSaved,
    Event,
    SessionChanged,
    SessionDeleted,
    SessionOpened,
    TurnRemoved,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.image_names import numbered, sent_text
from vision_studio.core.mentions import joined
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.turn_editing import reopened
from vision_studio.engine.accuracy import Accuracy
from vision_studio.engine.thinking import forget_beside, without_thinking
from vision_studio.storage.errors import SessionMissing, TurnMissing
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.sessions import Sessions

MODEL = "model"
"""The preference that holds the model chosen last."""


PAUSED = "pause_turn"
"""The stop reason of an answer that is to be sent back as it is."""


class Library:
    """Opens, changes and closes sessions. Methods raise ``Failed`` with the storage's words.

    ``completed`` adds to a session, as it is shown, what is not on the disk yet.
    """

    def __init__(
        self,
        sessions: Sessions,
        preferences: Preferences,
        catalogue: ModelTable,
        report: Callable[[Event], None],
        completed: Callable[[Session], Session],
        accuracy: Accuracy,
    ) -> None:
        self._sessions = sessions
        self._preferences = preferences
        self._catalogue = catalogue
        self._appraiser = Appraiser(catalogue, accuracy.corrections)
        self._report = report
        self._completed = completed
        self._accuracy = accuracy
        self._shown: str | None = None

    def tell(self, session_id: str) -> None:
        """Have a session's row shown anew; one that was deleted meanwhile has none."""
        try:
            summary = self._sessions.summary(session_id)
        except SessionMissing:
            return
        self._report(SessionChanged(summary))

    def open(self, session_id: str) -> None:
        self._show(self._sessions.load(session_id))

    def show_again(self, session_id: str) -> None:
        """Open a session anew if it is the one on the screen."""
        if session_id == self._shown:
            self.open(session_id)

    def open_new(self) -> None:
        """Open an empty session: the newest one if nothing was put in it yet, else one more."""
        newest = self._sessions.newest()
        if newest is not None and not (newest.turns or newest.images or newest.title):
            session = self._sessions.load(newest.id)
            if session.draft.is_empty and not session.system:
                self._show(session)
                return
        model_id = self._preferences.get(MODEL) or self._catalogue.default_id
        session = self._sessions.create(model_id, datetime.now(UTC))
        self.tell(session.id)
        self._show(session)

    def rename(self, session_id: str, title: str) -> None:
        self._sessions.rename(session_id, title)
        self.tell(session_id)

    def delete(self, session_id: str) -> None:
        """Take a session away, and open another in its place if it was on the screen."""
        self._sessions.delete(session_id)
        self._report(SessionDeleted(session_id))
        self.leave([session_id])

    def leave(self, session_ids: Sequence[str]) -> None:
        """Open another session if one of these, which are gone, is on the screen."""
        if self._shown in session_ids:
            newest = self._sessions.newest()
            if newest is None:
                self.open_new()
            else:
                self.open(newest.id)

    def restore(self, session_id: str) -> None:
        self._sessions.restore(session_id)
        self.tell(session_id)

    def save_draft(self, session_id: str, draft: Draft) -> None:
        self._sessions.save_draft(session_id, draft, datetime.now(UTC))
        self._report(DraftSaved(session_id))
        self.tell(session_id)

    def set_model(self, session_id: str, model_id: str) -> None:
        self._sessions.set_model(session_id, model_id)
        self._preferences.set(MODEL, model_id)

    def set_system(self, session_id: str, text: str) -> None:
        """Change the instructions. What was thought under others cannot follow them."""
        session = self._sessions.load(session_id)
        if text == session.system:
            return
        self._sessions.set_system(session_id, text)
        for old, new in zip(session.turns, without_thinking(session.turns), strict=True):
            if new is not old:
                self._sessions.save_answer(new.id, new.answer)
        forget_beside(self._sessions, session_id, None)

    def set_settings(self, session_id: str, settings: RequestSettings) -> None:
        """Change how the session asks, from its next question on."""
        self._sessions.set_settings(session_id, settings)

    def set_numbering(self, session_id: str, numbering: Numbering) -> None:
        """Change how the session's next pictures are numbered; those that were sent keep their numbers."""
        self._sessions.set_numbering(session_id, numbering)

    def ask(self, session_id: str, draft: Draft, model_id: str, system: str) -> Session:
        """Save the draft's included pictures and text as the next turn; return the session with it.

        A draft that edits a turn becomes another version of it, and gives way to what was kept aside.
        """
        loaded = self._with_edited(self._sessions.load(session_id), draft)
        session = loaded.before(draft)
        sent = numbered(draft, session)
        if not sent and not draft.text.strip():
            raise Failed(Failure(FailureKind.BAD_REQUEST, "There is nothing to send yet"))
        if model_id != session.model_id:
            self._sessions.set_model(session_id, model_id)
        self.set_system(session_id, system)
        prompt, mentions = sent_text(draft, session)
        asked = Turn(str(uuid.uuid4()), prompt, sent, Answer(model_id), datetime.now(UTC), mentions=mentions)
        if draft.editing is None:
            # Words like "Continue" are sent while another draft is edited, which stays.
            left = loaded.draft if loaded.draft.editing is not None else None
            return self._add(loaded, asked, draft, session, left=left)
        edited = draft.editing.turn_id if loaded.place_of(draft.editing.turn_id) is not None else None
        return self._add(loaded, asked, draft, session, beside=edited, left=draft.editing.aside)

    def _with_edited(self, session: Session, draft: Draft) -> Session:
        """Return the session as it is when the turn is shown that a draft edits; one that is gone is none."""
        if draft.editing is None or session.place_of(draft.editing.turn_id) is not None:
            return session
        try:
            self._sessions.show_branch(session.id, draft.editing.turn_id)
        except TurnMissing:
            return session
        return self._sessions.load(session.id)

    def ask_again(self, session_id: str, turn_id: str) -> Session:
        """Ask a question of the shown branch once more; return the session with it as its last turn.

        The last one, if nothing was said to it, becomes an open question again, and what it has cost stays
        counted. Any other gets another version beside it, with the same words and pictures.
        Raises ``Failed`` for a turn that is not shown.
        """
        session = self._sessions.load(session_id)
        turn = next((turn for turn in session.turns if turn.id == turn_id), None)
        if turn is None:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This question is not shown"))
        if turn is session.turns[-1] and not turn.answer.text:
            self._sessions.save_answer(turn_id, Answer(session.model_id, cost_usd=turn.answer.cost_usd))
            return self._sessions.load(session_id)
        draft = reopened(turn, session.draft)
        asked = replace(
            turn, id=str(uuid.uuid4()), answer=Answer(session.model_id), created_at=datetime.now(UTC)
        )
        return self._add(session, asked, draft, session.before(draft), beside=turn_id, left=session.draft)

    def _add(
        self,
        session: Session,
        turn: Turn,
        draft: Draft,
        before: Session,
        *,
        beside: str | None = None,
        left: Draft | None = None,
    ) -> Session:
        """Save a question, the draft it was, with what it is expected to cost; ``left`` is the next draft."""
        model = self._catalogue.model(turn.answer.model_id)
        appraisal = self._appraiser.appraise(draft, before, model, _local_day(turn.created_at))
        turn = replace(turn, estimated_tokens=appraisal.total_tokens)
        self._sessions.add_turn(session.id, turn, turn.created_at, beside=beside, draft=left)
        self._accuracy.expect(turn.id, model.id, model.tier.name, appraisal.estimate)
        return self._sessions.load(session.id)

    def show_branch(self, session_id: str, turn_id: str) -> None:
        """Have another version of a turn shown, with what was last shown after it."""
        self._sessions.show_branch(session_id, turn_id)
        self.show_turns(session_id)
        self.tell(session_id)

    def show_turns(self, session_id: str) -> None:
        """Have the turns of the session on the screen shown as they are now; its draft stays."""
        if session_id == self._shown:
            self._report(BranchShown(self._completed(self._sessions.load(session_id))))

    def branch_off(self, session_id: str, turn_id: str) -> None:
        """Open a new session that begins with the shown turns up to this one. Raises ``Failed``."""
        session = self._completed(self._sessions.load(session_id))
        place = next((place for place, turn in enumerate(session.turns) if turn.id == turn_id), None)
        if place is None:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This question is not shown"))
        turns = session.turns[: place + 1]
        if not turns[-1].answer.outcome.is_over:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This answer is still on its way"))
        made = self._sessions.branch_off(session, turns, branch_title(session.title), datetime.now(UTC))
        self.tell(made)
        self.open(made)

    def resume(self, session_id: str, turn_id: str) -> Session:
        """Open the last answer, which paused, again. Raises ``Failed`` for one that did not."""
        session = self._sessions.load(session_id)
        answer = _last(session, turn_id).answer
        if answer.outcome is not Outcome.ANSWERED or answer.stop_reason != PAUSED:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This answer did not pause"))
        self._sessions.save_answer(turn_id, replace(answer, outcome=Outcome.STREAMING, stop_reason=None))
        return self._sessions.load(session_id)

    def take_back(self, session_id: str, turn_id: str) -> None:
        """Put the last question, to which nothing was said, back into the draft, before what is there."""
        session = self._sessions.load(session_id)
        last = _last(session, turn_id)
        if last.answer.text:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This question has been answered"))
        _unless_editing(session)
        draft = session.draft.with_inserted(0, [sent.image for sent in last.images])
        both = joined((last.passage, session.draft.passage), "\n\n")
        self._sessions.remove_turn(turn_id, draft.with_passage(both))
        self._report(TurnRemoved(session_id, turn_id))
        self.open(session_id)
        self.tell(session_id)

    def ask_elsewhere(self, session_id: str, turn_id: str) -> None:
        """Move the last question, to which nothing was said, into a new session's draft, and open that."""
        session = self._sessions.load(session_id)
        last = _last(session, turn_id)
        if last.answer.text:
            raise Failed(Failure(FailureKind.BAD_REQUEST, "This question has been answered"))
        _unless_editing(session)
        draft = Draft(tuple(sent.image for sent in last.images)).with_passage(last.passage)
        now = datetime.now(UTC)
        made = self._sessions.create(session.model_id, now)
        self._sessions.set_system(made.id, session.system)
        self._sessions.set_settings(made.id, session.settings)
        self._sessions.set_numbering(made.id, session.numbering)
        self._sessions.save_draft(made.id, draft, now)
        self._sessions.remove_turn(turn_id)
        self._report(TurnRemoved(session_id, turn_id))
        self.tell(session_id)
        self.tell(made.id)
        self.open(made.id)

    def give_back(self, session_id: str, draft: Draft) -> None:
        """Show a session with a draft that could not be sent."""
        self._show(replace(self._sessions.load(session_id), draft=draft))

    def _show(self, session: Session) -> None:
        if session.id != self._shown:
            self._shown = session.id
            self._sessions.set_last_opened(session.id)
        self._report(SessionOpened(self._completed(session)))


def _last(session: Session, turn_id: str) -> Turn:
    if not session.turns or session.turns[-1].id != turn_id:
        raise Failed(Failure(FailureKind.BAD_REQUEST, "Only the last question can be changed"))
    return session.turns[-1]


def _unless_editing(session: Session) -> None:
    """Raises ``Failed`` while the draft is to be another version of a turn: that might be the one to go."""
    if session.draft.editing is not None:
        raise Failed(Failure(FailureKind.BAD_REQUEST, "A sent question is being edited"))


def _local_day(now: datetime) -> date:
    return now.astimezone().date()
