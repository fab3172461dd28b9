"""How exact the estimates were: plotted, in a table, and what was learnt from that about each model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.accuracy import FEWEST_BILLS, Comparison
from vision_studio.core.events import EstimatesCompared
from vision_studio.core.meter_words import STATES, correction_words
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.usage.plot import AccuracyPlot, summary

_TITLES = ("Model", "Day", "Estimated", "Counted", "Billed", "Off by")
_EMPTY = (
    "Nothing has been billed yet. Each answer tells what a request really cost; from then on the estimate "
    "for its model is held against it here."
)


class AccuracyView(QWidget):
    forget_asked = Signal(str, str)  # model id, tier

    def __init__(self, model_name: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "accuracy", "How exact the estimates are")
        self._model_name = model_name
        self._summary = Label("", style=Type.BODY, wrap=True)
        self._summary.setObjectName("accuracy-summary")
        self._plot = AccuracyPlot()
        self._table = TextTable(
            _TITLES, object_name="accuracy-table", accessible_name="Estimates and their bills, newest first"
        )
        self._table.setMinimumHeight(Size.TARGET * 5)
        self._learnt = QGridLayout()
        self._learnt.setColumnStretch(0, 1)
        self._learnt.setHorizontalSpacing(Space.M)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(SectionHeading("How exact the estimates are", object_name="accuracy-heading"))
        column.addWidget(self._summary)
        column.addWidget(self._plot)
        column.addWidget(self._table, 1)
        column.addWidget(
            Label(
                f"{STATES} A disc in the plot was estimated, a square was counted.",
                style=Type.SMALL,
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        column.addWidget(SectionHeading("What was learnt", object_name="learnt-heading"))
        column.addLayout(self._learnt)
        self.show_comparisons(EstimatesCompared((), ()))

    def show_comparisons(self, compared: EstimatesCompared) -> None:
        """Show Claude's bills; before there is one, the practice server's."""
        shown = _worth_showing(compared.comparisons)
        practice = bool(shown) and shown[0].practice
        said = summary(shown) if shown else _EMPTY
        self._summary.setText(f"Practice server, not Claude. {said}" if practice else said)
        self._plot.setVisible(bool(shown))
        self._table.setVisible(bool(shown))
        self._plot.show_comparisons(shown)
        self._table.show_rows([self._row(one) for one in reversed(shown)])
        self._show_learnt(compared)

    def _row(self, one: Comparison) -> tuple[str, ...]:
        counted = one.estimate.counted_tokens
        return (
            self._model_name(one.model_id),
            one.at.astimezone().date().isoformat(),
            f"≈ {words.count(one.estimate.total)}",
            words.UNKNOWN if counted is None else f"= {words.count(counted)}",
            f"✓ {words.count(one.billed_tokens)}",
            words.percent(one.off_by),
        )

    def _show_learnt(self, compared: EstimatesCompared) -> None:
        while (item := self._learnt.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, ((model_id, tier), correction) in enumerate(compared.corrections):
            said = correction_words(correction) or (
                f"nothing to correct, by {words.counted(correction.bills, 'bill')}"
                if correction.bills >= FEWEST_BILLS
                else f"{words.counted(correction.bills, 'bill')} so far, {FEWEST_BILLS} are needed"
            )
            title = f"{self._model_name(model_id)}, {tier} resolution"
            reset = Button(
                "Reset",
                object_name=f"forget-{model_id}-{tier}",
                accessible_name=f"Forget what was learnt about {title}",
                small=True,
            )
            reset.clicked.connect(lambda _=False, key=(model_id, tier): self.forget_asked.emit(*key))
            self._learnt.addWidget(Label(f"{title}: {said}", style=Type.SMALL, wrap=True), row, 0)
            self._learnt.addWidget(reset, row, 1)
        if not compared.corrections:
            none = "Nothing yet. Practice teaches nothing about Claude."
            self._learnt.addWidget(Label(none, style=Type.SMALL, tone=Tone.MUTED, wrap=True), 0, 0)


def _worth_showing(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    real = tuple(one for one in comparisons if not one.practice)
    return real or tuple(comparisons)
