"""What the window does about numbers: fixes, counts, caps, cautions, models, and how exact it all was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vision_studio.core import words
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.events import CatalogueChanged, CountChecked, EstimatesCompared, PreferencesRead
from vision_studio.core.findings import Caution, Finding, Period, SmallText, Topic
from vision_studio.core.spend import Amounts, preference, usd_from
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.desk import Desk
from vision_studio.ui.fixing import Fixing
from vision_studio.ui.header import Header
from vision_studio.ui.help import HelpDialog
from vision_studio.ui.inspector.panel import InspectorPanel
from vision_studio.ui.inspector.turns import TurnsDialog
from vision_studio.ui.model_settings import ModelsDialog
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.numbers import Seen
from vision_studio.ui.settings import SettingsDialog
from vision_studio.ui.usage.dialog import ACCURACY, SPENDING, UsageDialog

_COUNTING, _OFFERED = "count.composing", "cautions.offered"
"""Preferences: "yes", and the topics of cautions that were read."""


class Figures(QObject):
    """Stands between the parts that show numbers and those that make them."""

    look_asked = Signal(int)  # the number of an image

    def __init__(
        self,
        bridge: EngineBridge,
        desk: Desk,
        composer: Composer,
        inspector: InspectorPanel,
        header: Header,
        notices: NoticeStack,
        today: Callable[[], date],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._desk = desk
        self._inspector = inspector
        self._header = header
        self._notices = notices
        self._today = today
        self._window = window
        self._known = CatalogueChanged(desk.numbers.catalogue)
        self._compared = EstimatesCompared((), ())
        self._caps = Amounts()
        self._counting = False
        self._offered: frozenset[Topic] = frozenset()
        self._models: ModelsDialog | None = None
        self._usage: UsageDialog | None = None
        self._settings: SettingsDialog | None = None
        self._fixing = Fixing(
            composer.history, self._look, desk.choose_model, desk.split, composer.mentions.take_out
        )
        inspector.use_catalogue(desk.numbers.catalogue, today())
        inspector.use_texts(desk.numbers.text)
        inspector.fix_asked.connect(self.fix)
        inspector.checks.all_asked.connect(self._fixing.apply_all)
        inspector.meters.count_asked.connect(desk.numbers.count)
        inspector.meters.turns_asked.connect(self.show_turns)
        inspector.meters.accuracy_asked.connect(self.show_accuracy)
        desk.numbers.count_changed.connect(inspector.meters.show_count)
        bridge.catalogue_changed.connect(self._take_catalogue)
        bridge.spend_changed.connect(self._refresh_spending)
        bridge.estimates_compared.connect(self._take_comparisons)
        bridge.count_checked.connect(self._tell_count_was_off)
        bridge.preferences_read.connect(self._restore)

    @property
    def catalogue(self) -> Catalogue:
        return self._known.catalogue

    def wire_settings(self, settings: SettingsDialog) -> None:
        """Have the settings' groups about numbers show what is set, and listen to them."""
        self._settings = settings
        settings.spend.cap_chosen.connect(self._choose_cap)
        settings.spend.show_caps(self._caps)
        settings.counts.counting_chosen.connect(self._choose_counting)
        settings.counts.show_counting(self._counting)
        settings.counts.models_asked.connect(self.show_models)
        settings.counts.usage_asked.connect(self.show_accuracy)

    # What people do

    def fix(self, finding: Finding) -> None:
        """Do what the button beside a finding says."""
        if isinstance(finding, Caution):
            self.show_help(finding.topic)
            return
        seen = self._look()
        fix = None if seen is None else seen.fixes.get(finding)
        if fix is not None:
            self._fixing.apply(fix)
        elif isinstance(finding, SmallText):
            self.look_asked.emit(finding.images[0])

    def show_help(self, topic: Topic | None = None) -> None:
        HelpDialog(topic, self._window).open()
        if topic is not None and topic not in self._offered:
            offered = self._offered | {topic}
            self._bridge.set_preference(_OFFERED, " ".join(sorted(offered)))
            self._use_offered(offered)

    def show_turns(self) -> None:
        seen = self._look()
        if seen is not None:
            TurnsDialog(seen.turns, seen.appraisal, self._window).open()

    def show_usage(self) -> None:
        self._open_usage(SPENDING)

    def show_accuracy(self) -> None:
        self._open_usage(ACCURACY)

    def show_models(self) -> None:
        if self._models is None:
            self._models = ModelsDialog(self.catalogue, self._today, self._window)
            self._models.edited.connect(self._bridge.edit_model)
            self._models.edit_forgotten.connect(self._bridge.forget_model_edit)
            self._models.list_asked.connect(self._bridge.list_models)
        self._models.show_catalogue(self._known)
        self._models.open()

    def _open_usage(self, view: int) -> None:
        if self._usage is None:
            usage = UsageDialog(lambda model_id: self.catalogue.model(model_id).name, self._window)
            usage.accuracy.forget_asked.connect(self._bridge.forget_estimates)
            usage.spending.asked.connect(self._bridge.usage.tell)
            usage.spending.save_asked.connect(self._bridge.usage.save)
            self._bridge.spending_told.connect(usage.spending.show_spending)
            self._bridge.spending_saved.connect(usage.spending.show_saved)
            self._usage = usage
        self._usage.accuracy.show_comparisons(self._compared)
        self._usage.show_view(view)
        self._usage.resize(self._usage.sizeHint())
        self._usage.open()

    def _refresh_spending(self) -> None:
        if self._usage is not None and self._usage.spending.isVisible():
            self._usage.spending.ask()

    def _look(self) -> Seen | None:
        self._desk.appraise()
        return self._desk.seen

    def _choose_cap(self, period: Period, text: str) -> None:
        self._bridge.set_preference(preference(period), text)
        self._use_caps(replace(self._caps, **{period.value: usd_from(text)}))

    def _use_caps(self, caps: Amounts) -> None:
        self._caps = caps
        self._desk.numbers.use_caps(caps)

    def _choose_counting(self, counting: bool) -> None:
        self._counting = counting
        self._bridge.set_preference(_COUNTING, "yes" if counting else "")
        self._desk.numbers.count_by_itself(counting)

    def _use_offered(self, topics: frozenset[Topic]) -> None:
        self._offered = topics
        self._desk.numbers.use_offered(topics)

    # What the engine tells

    def _take_catalogue(self, event: CatalogueChanged) -> None:
        self._known = event
        self._header.show_models(event.catalogue)
        self._inspector.use_catalogue(event.catalogue, self._today())
        if self._models is not None:
            self._models.show_catalogue(event)

    def _take_comparisons(self, event: EstimatesCompared) -> None:
        self._compared = event
        if self._usage is not None:
            self._usage.accuracy.show_comparisons(event)

    def _tell_count_was_off(self, event: CountChecked) -> None:
        off_by = event.billed_tokens / max(1, event.counted_tokens) - 1
        self._notices.tell(
            Severity.NOTE,
            f"The API had counted {words.count(event.counted_tokens)} tokens for this request, and billed "
            f"{words.count(event.billed_tokens)} ({words.percent(off_by)}). Counts with blank images may not "
            f"hold for {self.catalogue.model(event.model_id).name}.",
            action="How exact?",
            do=self.show_accuracy,
        )

    def _restore(self, preferences: PreferencesRead) -> None:
        self._use_caps(Amounts(**{one.value: usd_from(preferences.get(preference(one))) for one in Period}))
        self._counting = preferences.get(_COUNTING) == "yes"
        self._desk.numbers.count_by_itself(self._counting)
        known = {topic.value: topic for topic in Topic}
        offered = preferences.get(_OFFERED).split()
        self._use_offered(frozenset(known[one] for one in offered if one in known))
