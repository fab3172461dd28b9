"""The open session: listens to people and to the engine, and tells every part of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, QTimer, Signal

from vision_studio.core import branch_words, words
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.branch_events import BranchShown
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Session, Turn
from vision_studio.core.cost import input_cost_usd
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import (
    AnswerSilent,
    DraftSaved,
    ImagesStored,
    Noticed,
    RetryDelayed,
    SessionChanged,
    SessionOpened,
    TextArrived,
    ThoughtArrived,
    TurnEnded,
    TurnRemoved,
    TurnStarted,
)
from vision_studio.core.fitting import added_tokens
from vision_studio.core.mending import Choice
from vision_studio.core.mentions import Passage, joined
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import RequestSettings
from vision_studio.core.tiling import Box
from vision_studio.core.turn_editing import left_over
from vision_studio.ui.arrivals import Arrivals
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.image_list import ImageListModel
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.inspector.panel import InspectorPanel
from vision_studio.ui.numbers import Numbers, Seen
from vision_studio.ui.reading import Reading
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.transcript.turn_view import TurnView
from vision_studio.ui.uploads import Uploads

_AUTOSAVE_MS = 400
_AGAIN_MS = 5000
"""After a draft could not be saved."""
"""A draft is saved this long after its first unsaved edit, and at once when the window loses it."""

_REAPPRAISE_MS = 100
"""While pictures are being read, or hundreds change, the numbers follow this far behind."""

_RELEARN_MS = 1000
"""What reading tells of hundreds of pictures changes few of the numbers, which take a tenth of a second."""

_MANY = 60
"""Up to so many images, the numbers of a change are there with it."""


class Desk(QObject):
    """The open session. Its parts know nothing of each other."""

    session_shown = Signal(object)  # Session
    saved_changed = Signal(bool)
    appraised = Signal(object)  # Appraisal
    bundles_brought = Signal(object)  # tuple[Path, ...]

    def __init__(
        self,
        bridge: EngineBridge,
        catalogue: Catalogue,
        composer: Composer,
        transcript: Transcript,
        inspector: InspectorPanel,
        today: Callable[[], date],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._composer = composer
        self._transcript = transcript
        self._inspector = inspector
        self._session: Session | None = None
        self._running: Turn | None = None
        self._unsaved = False
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(_AUTOSAVE_MS)
        self._saving.timeout.connect(self.save)
        self._saving_again = QTimer(self)
        self._saving_again.setSingleShot(True)
        self._saving_again.setInterval(_AGAIN_MS)
        self._saving_again.timeout.connect(self.save)
        self.numbers = Numbers(bridge, catalogue, today, self)
        self.seen: Seen | None = None
        """What the numbers were when they were last worked out."""
        self._learning = False
        self._reappraising = QTimer(self)
        self._reappraising.setSingleShot(True)
        self._reappraising.timeout.connect(self.appraise)
        self.uploads = Uploads(bridge, self._waiting_in, self._composed_in, self)
        self._arrivals = Arrivals(bridge, composer, self._open_id, self._estimate, self)
        self._arrivals.bundles_brought.connect(self.bundles_brought)
        Reading(bridge, composer, self._open_id, self)
        self._connect()

    @property
    def session(self) -> Session | None:
        return self._session

    @property
    def draft(self) -> Draft:
        """What is being composed."""
        return self._composer.draft

    @property
    def is_answering(self) -> bool:
        """An answer comes, or will when the images have been read."""
        return self._composer.is_answering

    # What people do

    def save(self) -> None:
        """Hand an unsaved draft to the engine."""
        self._saving.stop()
        if self._unsaved and self._session is not None:
            self._unsaved = False
            self._bridge.save_draft(self._session.id, self._composer.draft)

    def choose_model(self, model_id: str) -> None:
        if self._session is not None and model_id != self._session.model_id:
            self._session = replace(self._session, model_id=model_id)
            self._bridge.set_model(self._session.id, model_id)
            self.session_shown.emit(self._session)
            self.appraise()

    def set_system(self, text: str) -> None:
        if self._session is not None and text != self._session.system:
            self._session = replace(self._session, system=text)
            self._bridge.set_system(self._session.id, text)
            self.appraise()

    def set_settings(self, settings: RequestSettings) -> None:
        if self._session is not None and settings != self._session.settings:
            self._session = replace(self._session, settings=settings)
            self._bridge.set_request_settings(self._session.id, settings)
            self.appraise()

    def set_numbering(self, numbering: Numbering) -> None:
        if self._session is not None and numbering != self._session.numbering:
            self._session = replace(self._session, numbering=numbering)
            self._bridge.set_numbering(self._session.id, numbering)
            self._follow_before()
            self.appraise()

    def _composed_in(self, session_id: str) -> ImageListModel | None:
        return self._composer.images if self._is_ours(session_id) else None

    def bring(self, brought: Incoming, row: int) -> None:
        """Have files and bytes read into the strip."""
        self._arrivals.bring(brought, row)

    def split(self, image: Image, boxes: Sequence[Box]) -> None:
        """Have an image cut into parts that take its place."""
        self._arrivals.split(image, boxes)

    def add_samples(self) -> None:
        self._arrivals.add_samples()

    def stop(self) -> None:
        if self._session is not None and self.is_answering:
            self._bridge.stop_answer(self._session.id)

    def _cancel_upload(self, image_ids: list[str]) -> None:
        if self._session is not None:
            self._bridge.cancel_uploads(self._session.id, tuple(image_ids))

    def appraise(self) -> Appraisal | None:
        """Work the numbers out anew and show them everywhere."""
        if self._session is None:
            return None
        self._reappraising.stop()
        draft = self._composer.draft
        seen = self.seen = self.numbers.look(draft, self._session.before(draft))
        self._composer.show_appraisal(seen.appraisal)
        self._inspector.show_appraisal(seen.appraisal, seen.model, seen.fixes, seen.remarks, seen.turns)
        self.appraised.emit(seen.appraisal)
        return seen.appraisal

    def _appraise_within(self, interval_ms: int) -> None:
        # A timer that is put off by every picture would end with the last of them.
        if not self._reappraising.isActive() or self._reappraising.remainingTime() > interval_ms:
            self._reappraising.start(interval_ms)

    def _appraise_now(self) -> None:
        if self._reappraising.isActive():
            self.appraise()

    def inspect(self) -> Appraisal | None:
        """Show the numbers of the image that was chosen; new ones may be on their way already."""
        if self.seen is None:
            return self.appraise()
        self._inspector.show_chosen(self.seen.appraisal, self.seen.model)
        return self.seen.appraisal

    def _connect(self) -> None:
        self.uploads.settings_changed.connect(lambda settings: self.numbers.set_inline(settings.inline))
        self.uploads.settings_changed.connect(lambda settings: self._transcript.set_inline(settings.inline))
        self.uploads.known.connect(self._inspector.show_upload)
        self.uploads.told.connect(self._inspector.details.show_transfer)
        self._inspector.details.made_known.connect(self.inspect)
        self._transcript.upload_cancelled.connect(self._cancel_upload)
        composer, transcript, bridge = self._composer, self._transcript, self._bridge
        composer.draft_changed.connect(self._draft_changed)
        composer.images.uploads_dropped.connect(self._cancel_upload)
        composer.sending.connect(self._appraise_now)
        composer.send_asked.connect(self._send)
        composer.stop_asked.connect(self.stop)
        composer.mentions.earlier_shown.connect(transcript.show_image)
        transcript.retry_asked.connect(self._retry)
        transcript.take_back_asked.connect(self._take_back)
        transcript.continue_asked.connect(self._go_on)
        transcript.resume_asked.connect(self._resume)
        transcript.stop_asked.connect(self.stop)
        transcript.mend_asked.connect(self._mend)
        transcript.elsewhere_asked.connect(self._ask_elsewhere)
        transcript.upload_asked.connect(self._upload_and_retry)
        self.numbers.changed.connect(self.appraise)
        bridge.session_opened.connect(self._open)
        bridge.session_changed.connect(self._rename)
        bridge.draft_saved.connect(self._draft_saved)
        bridge.noticed.connect(self._draft_not_saved)
        bridge.images_stored.connect(self._take_stored)
        bridge.branch_shown.connect(self._show_branch)
        bridge.turn_started.connect(self._turn_started)
        bridge.text_arrived.connect(self._text_arrived)
        bridge.thought_arrived.connect(self._thought_arrived)
        bridge.retry_delayed.connect(self._retry_delayed)
        bridge.answer_silent.connect(self._answer_silent)
        bridge.turn_ended.connect(self._turn_ended)
        bridge.turn_removed.connect(self._turn_removed)

    def _open_id(self) -> str | None:
        return None if self._session is None else self._session.id

    def _estimate(self, images: Sequence[Image]) -> str:
        """Say what images would cost on top of the next request."""
        if self._session is None:
            return ""
        catalogue = self.numbers.catalogue
        model, limits = catalogue.model(self._session.model_id), catalogue.limits
        draft = self._composer.draft
        before = self._session.before(draft).turns
        here = len(draft.included) + sum(len(turn.images) for turn in before)
        tokens = added_tokens(images, model.tier, limits, here + len(images))
        cost = input_cost_usd(tokens, model.price(tokens).input)
        return " · ".join([f"≈ {words.count(tokens)} tok", *([f"≈ {words.usd(cost)}"] if cost else [])])

    def _is_ours(self, session_id: str) -> bool:
        return self._session is not None and self._session.id == session_id

    def _waiting_in(self, session_id: str) -> TurnView | None:
        if self._running is None or not self._is_ours(session_id):
            return None
        return self._transcript.turn(self._running.id)

    def _draft_changed(self, draft: Draft) -> None:
        if self._session is not None:
            many = len(draft.images) > _MANY
            many_changed = many and draft.images is not self._session.draft.images
            begins_or_ends_edit = draft.editing != self._session.draft.editing
            self._session = replace(self._session, draft=draft)
            if begins_or_ends_edit:
                self._follow_before()
            self._unsaved = True
            self._save_soon()
            self.saved_changed.emit(False)
            if not (self._learning or many_changed):
                self.appraise()
            else:
                self._appraise_within(_RELEARN_MS if many and self._learning else _REAPPRAISE_MS)

    def _save_soon(self) -> None:
        # A timer that is put off by every edit would never end while somebody types on.
        if not self._saving.isActive():
            self._saving.start()

    def _draft_saved(self, event: DraftSaved) -> None:
        if self._is_ours(event.session_id) and not self._unsaved:
            self.saved_changed.emit(True)

    def _draft_not_saved(self, event: Noticed) -> None:
        """Try again soon, with the next edit, and when it is left: the disk may have room by then."""
        if event.session_id is not None and self._is_ours(event.session_id):
            self._unsaved = True
            self._saving_again.start()
            self.saved_changed.emit(False)

    def _send(self, draft: Draft) -> None:
        if self._session is None:
            self._composer.show_notice(Severity.WARNING, "This can be sent once a session is open.")
            return
        if self._running is not None:
            return
        self._saving.stop()
        self._unsaved = False  # sending saves it
        self._composer.dismiss_notice()
        self._composer.show_answering(True)
        self._bridge.send(self._session.id, draft, self._session.model_id, self._session.system)

    def _retry(self, turn_id: str) -> None:
        """Ask again; an answer that fell silent is stopped for it."""
        if self._session is not None and (self._running is None or self._running.id == turn_id):
            self._bridge.retry(self._session.id, turn_id)
        elif self._session is not None:
            self._composer.show_notice(Severity.NOTE, branch_words.ASK_LATER)

    def _resume(self, turn_id: str) -> None:
        if self._session is not None and self._running is None:
            self._bridge.resume(self._session.id, turn_id)

    def _mend(self, turn_id: str, choices: Sequence[Choice], limit_px: int | None) -> None:
        if self._session is not None and self._running is None:
            self.save()
            self._bridge.mend(self._session.id, turn_id, choices, limit_px)

    def _upload_and_retry(self, turn_id: str) -> None:
        self.uploads.allow()
        self._retry(turn_id)

    def _ask_elsewhere(self, turn_id: str) -> None:
        if self._session is not None and self._running is None and self._is_free_of_edits():
            self.save()
            self._bridge.ask_elsewhere(self._session.id, turn_id)

    def _take_back(self, turn_id: str) -> None:
        """Put the last question back into the draft; of several versions, edit it in its place."""
        if self._session is not None and len(self._session.versions_of(turn_id)) > 1:
            self._transcript.edit_asked.emit(turn_id)
            return
        if self._session is not None and self._running is None and self._is_free_of_edits():
            self.save()
            self._bridge.take_back(self._session.id, turn_id)
            self._composer.prompt.setFocus()

    def _is_free_of_edits(self) -> bool:
        """Tell whether no sent turn is edited, and say so if one is: it might be the one to go."""
        editing, session = self._composer.draft.editing, self._session
        if editing is None or session is None:
            return True
        place = session.place_of(editing.turn_id)
        self._composer.show_notice(Severity.NOTE, branch_words.edit_first_words((place or 0) + 1))
        return False

    def _go_on(self) -> None:
        if self._session is not None and self._running is None:
            self._send(Draft(text="Continue where you stopped."))

    # What the engine tells

    def _open(self, event: SessionOpened) -> None:
        session, is_first = event.session, self._session is None
        if self._unsaved and self._is_given_back(session):
            session = replace(session, draft=self._composer.draft)
        self.save()
        early = self._composer.draft.passage if is_first else Passage()
        if early.text.strip():
            both = joined((session.draft.passage, early), "\n\n")
            session = replace(session, draft=session.draft.with_passage(both))
        self._unsaved = bool(early.text.strip())
        self._session = None  # what the parts tell while they change is not an edit
        last = session.turns[-1] if session.turns else None
        self._running = last if last is not None and not last.answer.outcome.is_over else None
        self._transcript.open(session)
        before = session.before(session.draft)
        self._composer.mentions.use_turns(before.turns)
        self._composer.open(session.draft, before.first_number)
        self._composer.show_answering(self._running is not None)
        self._inspector.show_image(None)
        self._session = session
        self.session_shown.emit(session)
        self.saved_changed.emit(not self._unsaved)
        self.appraise()
        if self._unsaved:
            self._save_soon()
        self._arrivals.bring_early()

    def _is_given_back(self, session: Session) -> bool:
        """Tell whether this is the session on the screen, come back because its draft was not sent."""
        shown = self._session
        return shown is not None and shown.id == session.id and len(shown.turns) == len(session.turns)

    def _rename(self, event: SessionChanged) -> None:
        if self._session is not None and self._is_ours(event.summary.id):
            if event.summary.title != self._session.title:
                self._session = replace(self._session, title=event.summary.title)
            self.session_shown.emit(self._session)

    def _take_stored(self, event: ImagesStored) -> None:
        if self._is_ours(event.session_id):
            self._learning = True
            self._composer.learn(event.images)
            self._learning = False

    def _show_branch(self, event: BranchShown) -> None:
        """Show other turns of the session, and leave what is being composed as it is."""
        if self._session is None or not self._is_ours(event.session.id):
            return
        session = replace(event.session, draft=self._session.draft)
        last = session.turns[-1] if session.turns else None
        self._running = last if last is not None and not last.answer.outcome.is_over else None
        self._session = session
        self._transcript.show_turns(session)
        self._follow_before()
        self._composer.show_answering(self._running is not None)
        self.session_shown.emit(session)
        self.appraise()

    def _follow_before(self) -> None:
        """Number and name images by the turns that the draft follows."""
        if self._session is not None:
            before = self._session.before(self._composer.draft)
            self._composer.mentions.use_turns(before.turns)
            self._composer.images.set_first_number(before.first_number)

    def _turn_started(self, event: TurnStarted) -> None:
        if self._session is None or not self._is_ours(event.session_id):
            return
        self._running = event.turn
        before = self._session
        known = [turn.id for turn in before.turns]
        if event.turn.id in known:
            turns = tuple(event.turn if turn.id == event.turn.id else turn for turn in before.turns)
        else:
            turns = (*before.turns, event.turn)
        self._session = replace(before, turns=turns)
        draft = self._composer.draft
        if event.again or (left := left_over(draft, before, event.turn)) is draft:
            self._follow_before()
        else:
            session = replace(self._session, draft=left)
            self._session = None  # the composer is emptied, not edited
            self._composer.mentions.use_turns(turns)
            self._composer.open(left, session.first_number)
            self._session = session
            self._unsaved = not left.is_empty
            if self._unsaved:
                self._save_soon()
            self.saved_changed.emit(not self._unsaved)
            self._inspector.show_image(None)
        self._transcript.start(event.turn)
        self._composer.show_answering(True)
        self._composer.prompt.setFocus()
        self.session_shown.emit(self._session)
        self.appraise()

    def _text_arrived(self, event: TextArrived) -> None:
        if self._is_ours(event.session_id):
            self._transcript.append(event.turn_id, event.text)

    def _thought_arrived(self, event: ThoughtArrived) -> None:
        if (view := self._waiting_in(event.session_id)) is not None:
            view.append_thought(event.text)

    def _retry_delayed(self, event: RetryDelayed) -> None:
        if (view := self._waiting_in(event.session_id)) is not None:
            view.show_delay(event.failure, event.wait_s)

    def _answer_silent(self, event: AnswerSilent) -> None:
        if (view := self._waiting_in(event.session_id)) is not None:
            view.show_silence(event.silent_s)

    def _turn_ended(self, event: TurnEnded) -> None:
        if self._session is None or not self._is_ours(event.session_id):
            return
        turns = tuple(event.turn if turn.id == event.turn.id else turn for turn in self._session.turns)
        self._session = replace(self._session, turns=turns)
        if self._running is not None and self._running.id == event.turn.id:
            self._running = None
        self._transcript.end(event.turn)
        self._composer.show_answering(self._running is not None)
        self.session_shown.emit(self._session)
        self.appraise()

    def _turn_removed(self, event: TurnRemoved) -> None:
        if self._is_ours(event.session_id):
            self._transcript.remove(event.turn_id)
