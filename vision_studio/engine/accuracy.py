"""Holds what was expected of each question until its bill comes, and learns from the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from vision_studio.core.accuracy import Comparison, Estimate, learnt_by_model
from vision_studio.core.conversation import Turn
from vision_studio.core.events import CountChecked, EstimatesCompared, Event
from vision_studio.storage.estimates import EstimateLedger


class Accuracy:
    """For the engine's thread. Tells ``EstimatesCompared`` whenever there is more to learn from."""

    def __init__(
        self,
        ledger: EstimateLedger,
        report: Callable[[Event], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = ledger
        self._report = report
        self._now = now
        self._expected: dict[str, tuple[str, str, Estimate]] = {}
        self._comparisons = ledger.all()
        self.corrections = learnt_by_model(self._comparisons)
        """By (model id, tier); the same mapping for good, for those who look things up in it."""

    def expect(self, turn_id: str, model_id: str, tier: str, estimate: Estimate) -> None:
        """Remember what a question about to be asked should cost."""
        self._expected[turn_id] = model_id, tier, estimate

    def expect_count(self, turn_id: str, counted_tokens: int) -> None:
        """Remember what the API counted for it."""
        if (expected := self._expected.get(turn_id)) is not None:
            model_id, tier, estimate = expected
            self._expected[turn_id] = model_id, tier, replace(estimate, counted_tokens=counted_tokens)

    def take_bill(self, turn: Turn) -> None:
        """Compare a turn that has ended with what was expected of it; without a bill, forget that."""
        expected = self._expected.pop(turn.id, None)
        usage = turn.answer.usage
        if expected is None or usage is None or not usage.prompt_tokens:
            return
        model_id, tier, estimate = expected
        if turn.answer.model_id != model_id:
            return  # it was asked again, of another model
        practice = turn.answer.practice
        one = Comparison(self._now(), model_id, tier, estimate, usage.prompt_tokens, practice)
        self._ledger.record(one)
        self._comparisons = (*self._comparisons, one)
        if estimate.counted_tokens is not None and one.count_was_off:
            self._report(CountChecked(model_id, estimate.counted_tokens, one.billed_tokens))
        self._tell()

    def forget(self, model_id: str, tier: str) -> None:
        self._ledger.forget(model_id, tier)
        self._comparisons = self._ledger.all()
        self._tell()

    def tell(self) -> None:
        """Tell what is kept from earlier, if there is anything."""
        if self._comparisons:
            self._tell()

    def _tell(self) -> None:
        self.corrections.clear()
        self.corrections.update(learnt_by_model(self._comparisons))
        self._report(EstimatesCompared(self._comparisons, tuple(self.corrections.items())))
