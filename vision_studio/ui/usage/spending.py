"""What was spent: over time, by model and by session, as a plot with a table behind it, and as a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.spending import Grouping, Spending, Spent
from vision_studio.core.spending_events import SpendingSaved, SpendingTold
from vision_studio.core.spending_words import TABLE_TITLES, row, summary
from vision_studio.core.words import counted
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import Select
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.usage.spend_plots import BarPlot, ColumnPlot

_EVER = 0
"""Stands for no first day in the list of times: an entry without a value cannot be found by it."""
_TIMES = (("Last 7 days", 7), ("Last 30 days", 30), ("Last 12 months", 365), ("All time", _EVER))
_GROUPINGS = (("Over time", Grouping.TIME), ("By model", Grouping.MODEL), ("By session", Grouping.SESSION))
_LEAST_COLUMN = Size.TARGET * 2
_LEGEND = (
    "✓ is what the API billed. A dashed outline is what it would have been without the prompt cache. "
    "Cached tokens are among those read; saved is what caching took off the bill, and off by is how far the "
    "bills lay from their estimates."
)


class SpendingView(QWidget):
    asked = Signal(object)  # days, None: ever
    save_asked = Signal(object, Path)  # days, file

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "spending", "Spending")
        self._told = Spending(Spent(""))
        self._time = Select(_TIMES, object_name="spending-time", accessible_name="Time")
        self._time.setCurrentIndex(1)
        self._grouping = Select(_GROUPINGS, object_name="spending-by", accessible_name="Added up")
        self._save = Button("Save as CSV…", object_name="spending-save", icon="download")
        self._summary = Label("", style=Type.BODY, wrap=True)
        self._summary.setObjectName("spending-summary")
        self._saved = Label("", style=Type.SMALL, tone=Tone.SUCCESS, wrap=True)
        self._saved.setObjectName("spending-saved")
        self._saved.hide()
        self._columns = ColumnPlot("spending-columns", "Spending over time")
        self._bars = BarPlot("spending-bars", "Where the money went")
        self._table = TextTable(TABLE_TITLES, object_name="spending-table", accessible_name="Spending")
        self._table.horizontalHeader().setMinimumSectionSize(_LEAST_COLUMN)
        self._table.setMinimumHeight(Size.TARGET * 5)
        self._lay_out()
        self._time.activated.connect(self.ask)
        self._grouping.activated.connect(self._show)
        self._save.clicked.connect(self._choose_file)
        self._show()

    @property
    def days(self) -> int | None:
        """The time that is chosen; None: ever."""
        return self._time.currentData() or None

    def ask(self) -> None:
        """Have the bills of the chosen time added up."""
        self._saved.hide()
        self.asked.emit(self.days)

    def show_spending(self, event: SpendingTold) -> None:
        """Show what was asked for last; an answer to an earlier question is passed over."""
        if event.days == self.days and event.spending != self._told:
            self._told = event.spending
            self._show()

    def show_saved(self, event: SpendingSaved) -> None:
        said = f"{counted(event.bills, 'bill')} saved in {event.name}."
        self._saved.setText(said)
        self._saved.show()
        announce(self, said)

    def _show(self) -> None:
        told, grouping = self._told, Grouping(self._grouping.currentData())
        parts, any_answer = told.by(grouping), bool(told.total.answers)
        self._summary.setText(summary(told))
        over_time = grouping is Grouping.TIME
        self._columns.setVisible(any_answer and over_time)
        self._bars.setVisible(any_answer and not over_time)
        (self._columns if over_time else self._bars).show_spent(parts, told.practice)
        rows = [part for part in parts if part.answers]
        self._table.show_rows([row(part, told.practice) for part in (rows[::-1] if over_time else rows)])
        self._table.setVisible(any_answer)
        self._save.setEnabled(any_answer)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, "Save as CSV", "spending.csv", "CSV (*.csv)")
        dialog.setObjectName("save-spending")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda file: self.save_asked.emit(self.days, Path(file)))
        dialog.open()

    def _lay_out(self) -> None:
        row_ = QHBoxLayout()
        row_.setSpacing(Space.S)
        row_.addWidget(self._time)
        row_.addWidget(self._grouping)
        row_.addStretch(1)
        row_.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(row_)
        column.addWidget(self._saved)
        column.addWidget(self._summary)
        column.addWidget(self._columns)
        column.addWidget(self._bars)
        column.addWidget(self._table, 1)
        column.addWidget(Label(_LEGEND, style=Type.SMALL, tone=Tone.MUTED, wrap=True))

    # Qt's overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()
