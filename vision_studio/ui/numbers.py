"""The numbers of the open session's next request: everything they rest on, gathered in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer, Signal

from vision_studio.core import words
from vision_studio.core.accuracy import Correction
from vision_studio.core.appraisal import Appraisal, Appraiser
from vision_studio.core.catalogue import Catalogue, Model
from vision_studio.core.cautions import caution_in
from vision_studio.core.conversation import Session
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import (
    CatalogueChanged,
    ConnectionChanged,
    ConnectionKind,
    Counted,
    EstimatesCompared,
    SpendChanged,
    TokensCounted,
)
from vision_studio.core.findings import Finding, Topic
from vision_studio.core.fixes import Fix, Situation, fix_for
from vision_studio.core.image_names import gone
from vision_studio.core.legibility import Text, about_texts
from vision_studio.core.sight_events import TextMeasured
from vision_studio.core.spend import Amounts, about_caps
from vision_studio.core.turn_numbers import TurnNumbers, turn_numbers
from vision_studio.ui.bridge import EngineBridge

_COUNT_MS = 1200
"""While composing, the API is asked to count this long after the last change."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The next request, looked at."""

    appraisal: Appraisal
    model: Model
    fixes: Mapping[Finding, Fix]
    remarks: Mapping[Finding, str]
    """What else is to be said of a finding: what another model would cost."""
    turns: tuple[TurnNumbers, ...]


class Numbers(QObject):
    """Looks at drafts. Tells ``changed`` when the same draft would look different."""

    changed = Signal()
    count_changed = Signal(bool, str)  # it can be asked for; why not, or what came of it

    def __init__(
        self,
        bridge: EngineBridge,
        catalogue: Catalogue,
        today: Callable[[], date],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._today = today
        self._catalogue = catalogue
        self._corrections: dict[tuple[str, str], Correction] = {}
        self._appraiser = Appraiser(catalogue)
        self._without_files = False
        self._never_uploads = False
        """The server keeps no files: images travel in the request."""
        self._practises = True
        """Nothing is billed."""
        self._reachable = False
        self._caps = Amounts()
        self._spent = SpendChanged(Decimal())
        self._offered: frozenset[Topic] = frozenset()
        self._counted: TokensCounted | None = None
        self._counts_by_itself = False
        self._texts: dict[str, Text] = {}
        """What was measured of the text in pictures, by their pixels."""
        self._about_texts: tuple[object, object, tuple[Finding, ...]] = (None, None, ())
        self._last: tuple[Session, Draft] | None = None
        self._fixes: tuple[object, Mapping[Finding, Fix]] = (None, {})
        self._turns: tuple[object, tuple[TurnNumbers, ...]] = (None, ())
        self._counting = QTimer(self)
        self._counting.setSingleShot(True)
        self._counting.setInterval(_COUNT_MS)
        self._counting.timeout.connect(self.count)
        bridge.connection_changed.connect(self._learn_of_server)
        bridge.spend_changed.connect(self._learn_of_spending)
        bridge.catalogue_changed.connect(self._learn_of_models)
        bridge.estimates_compared.connect(self._learn_from_bills)
        bridge.tokens_counted.connect(self._take_count)
        bridge.text_measured.connect(self._learn_of_text)

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def use_caps(self, caps: Amounts) -> None:
        self._caps = caps
        self.changed.emit()

    def use_offered(self, topics: frozenset[Topic]) -> None:
        """Take in the cautions that need not be offered again."""
        self._offered = topics
        self.changed.emit()

    def count_by_itself(self, wanted: bool) -> None:
        """Have the API count while the draft is composed."""
        self._counts_by_itself = wanted
        self._count_soon()

    def count(self) -> None:
        """Have the API count the draft that was looked at last."""
        self._counting.stop()
        if self._last is None or not self._reachable:
            return
        session, draft = self._last
        if not draft.is_empty and self._count_of(session, draft) is None:
            self._bridge.count_tokens(session.id, draft, session.model_id, session.system)

    def look(self, draft: Draft, session: Session) -> Seen:
        """Return the numbers of sending ``draft`` as the next turn, and what can be done about them."""
        model = self._catalogue.model(session.model_id)
        appraisal = self._appraise(draft, session, model)
        if self._last is None or self._last[1] is not draft or self._last[0] is not session:
            self._last = (session, draft)
            self._count_soon()
        appraisal = appraisal.with_count(self._count_of(session, draft))
        appraisal = appraisal.with_findings(self._about(appraisal, draft, session))
        fixes = self._fixes_for(appraisal, draft, session, model)
        return Seen(
            appraisal,
            model,
            fixes,
            {finding: self._remark(fix, appraisal, draft, session) for finding, fix in fixes.items()},
            self._turns_of(session, model),
        )

    def _appraise(self, draft: Draft, session: Session, model: Model) -> Appraisal:
        return self._appraiser.appraise(
            draft,
            session,
            model,
            self._today(),
            inline=self._without_files or self._never_uploads,
            usual_answer_tokens=self._spent.usual_answer_tokens,
        )

    def _about(self, appraisal: Appraisal, draft: Draft, session: Session) -> Iterator[Finding]:
        """Yield what is to be said besides the rules of the API: the user's caps, a published caution."""
        if not (self._practises or draft.is_empty):  # practice costs nothing
            spent = Amounts(session.cost_usd, self._spent.day_usd, self._spent.month_usd)
            yield from about_caps(self._caps, spent, appraisal.costs.expected_usd)
        if (lost := gone(draft, session)) is not None:
            yield lost
        if appraisal.images_in_request:
            caution = caution_in(draft.text, self._offered)
            if caution is not None:
                yield caution
        yield from self._about_text(appraisal, draft)

    def _about_text(self, appraisal: Appraisal, draft: Draft) -> tuple[Finding, ...]:
        """Return what is to be said of text; words typed change nothing of it."""
        images, appraised, findings = self._about_texts
        if images is not draft.images or appraised is not appraisal.images:
            findings = about_texts(draft.images, appraisal.images, self._texts) if self._texts else ()
            self._about_texts = (draft.images, appraisal.images, findings)
        return findings

    def _fixes_for(
        self, appraisal: Appraisal, draft: Draft, session: Session, model: Model
    ) -> Mapping[Finding, Fix]:
        rests_on = (draft.images, session.turns, session.numbering, model, appraisal.findings)
        if self._fixes[0] != rests_on:
            at = Situation(
                draft,
                session.first_number,
                model,
                self._catalogue,
                self._today(),
                session.next_number - 1,
            )
            found = ((finding, fix_for(finding, at)) for finding in appraisal.findings)
            self._fixes = (rests_on, {finding: fix for finding, fix in found if fix is not None})
        return self._fixes[1]

    def _remark(self, fix: Fix, here: Appraisal, draft: Draft, session: Session) -> str:
        """Say what another model would cost for the same request."""
        if fix.model is None:
            return ""
        there = self._appraise(draft, session, fix.model)
        return words.cost_difference(fix.model.name, here.cost_usd, there.cost_usd)

    def _turns_of(self, session: Session, model: Model) -> tuple[TurnNumbers, ...]:
        rests_on = (session.turns, model)
        if self._turns[0] != rests_on:
            self._turns = (rests_on, turn_numbers(session.turns, model))
        return self._turns[1]

    # The API's own count

    def _count_of(self, session: Session, draft: Draft) -> int | None:
        counted = self._counted
        if counted is None or counted.asked.draft.text != draft.text:
            return None
        return counted.tokens if counted.asked == Counted.of(session, draft) else None

    def _count_soon(self) -> None:
        draft = None if self._last is None else self._last[1]
        self.count_changed.emit(self._reachable and draft is not None and not draft.is_empty, "")
        if self._counts_by_itself and self._reachable and not self._practises:
            self._counting.start()

    def _take_count(self, counted: TokensCounted) -> None:
        self._counted = counted
        why = ""
        if counted.failure is not None:
            why = f"Not counted: {words.failure_words(counted.failure).title}"
        elif not counted.with_images:
            why = "The server counted the text; the images are calculated here."
        self.count_changed.emit(self._reachable, why)
        self.changed.emit()

    def set_inline(self, inline: bool) -> None:
        """Take in whether the user wants images inside requests wherever they go."""
        if inline != self._never_uploads:
            self._never_uploads = inline
            self.changed.emit()

    # What the engine tells

    def _learn_of_server(self, changed: ConnectionChanged) -> None:
        known = (changed.files_supported is False, changed.kind is ConnectionKind.PRACTICE)
        self._reachable = changed.failure is None
        if known != (self._without_files, self._practises):
            self._without_files, self._practises = known
            self.changed.emit()
        self._count_soon()

    def _learn_of_spending(self, spent: SpendChanged) -> None:
        self._spent = spent
        self.changed.emit()

    def _learn_of_models(self, event: CatalogueChanged) -> None:
        self._catalogue = event.catalogue
        self._renew()

    def _learn_from_bills(self, event: EstimatesCompared) -> None:
        corrections = dict(event.corrections)
        if corrections != self._corrections:
            self._corrections = corrections
            self._renew()

    def _learn_of_text(self, measured: TextMeasured) -> None:
        if measured.text is not None and self._texts.get(measured.key) != measured.text:
            self._texts[measured.key] = measured.text
            self._about_texts = (None, None, ())
            self.changed.emit()

    def text(self, image: Image) -> Text | None:
        """Return what was measured of the text in a picture; None where none is known."""
        return self._texts.get(image.pixels or "")

    def _renew(self) -> None:
        self._appraiser = Appraiser(self._catalogue, self._corrections)
        self.changed.emit()
