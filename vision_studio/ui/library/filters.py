"""Narrows a search by what conversations are like: a menu to choose from, and a chip for each choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from vision_studio.core.search import Filters, filter_words
from vision_studio.ui.design.buttons import Button, IconButton
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space

_COSTS = (Decimal("0.10"), Decimal(1), Decimal(10))
_MOST_TAGS = 30
"""A menu with more would not fit; the others are typed."""


class FilterButton(IconButton):
    """Opens the menu of filters; ``in_force`` returns those there are."""

    chosen = Signal(object)  # Filters

    def __init__(
        self, today: Callable[[], date], in_force: Callable[[], Filters], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "filter",
            object_name="search-filters",
            accessible_name="Filter sessions",
            hint="by model, date, images, cost, tag, archive",
            parent=parent,
        )
        self._today = today
        self._in_force = in_force
        self._models: tuple[tuple[str, str], ...] = ()
        self._tags: tuple[str, ...] = ()
        self._menu = QMenu(self)
        self._menu.setObjectName("filter-menu")
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)

    def set_models(self, models: Sequence[tuple[str, str]]) -> None:
        """Know the models to choose from, by (id, name)."""
        self._models = tuple(models)

    def set_tags(self, tags: Sequence[str]) -> None:
        self._tags = tuple(tags)

    def _fill(self) -> None:
        menu, filters, today = self._menu, self._in_force(), self._today()
        menu.clear()
        self._offer(menu, "With images", filters.has_image, replace(filters, has_image=not filters.has_image))
        self._offer(menu, "Archived", filters.archived, replace(filters, archived=not filters.archived))
        menu.addSeparator()
        asked = menu.addMenu("Asked")
        for text, days in (("Today", 0), ("In the last 7 days", 6), ("In the last 30 days", 29)):
            first = today - timedelta(days)
            self._offer(asked, text, filters.after == first, replace(filters, after=first, before=None))
        year = date(today.year, 1, 1)
        self._offer(asked, "This year", filters.after == year, replace(filters, after=year, before=None))
        cost = menu.addMenu("Cost")
        for usd in _COSTS:
            dearer = replace(filters, cost_over_usd=usd)
            self._offer(cost, f"More than ${usd}", filters.cost_over_usd == usd, dearer)
        model = menu.addMenu("Model")
        for model_id, called in self._models:
            self._offer(model, called, model_id in filters.models, replace(filters, models=(model_id,)))
        tags = menu.addMenu("Tag")
        for tag in self._tags[:_MOST_TAGS]:
            has = tag in filters.tags
            others = tuple(one for one in filters.tags if one != tag)
            self._offer(tags, tag, has, replace(filters, tags=others if has else (*others, tag)))
        tags.setEnabled(bool(self._tags))
        model.setEnabled(bool(self._models))

    def _offer(self, menu: QMenu, text: str, on: bool, wanted: Filters) -> None:  # private
        action = menu.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _=False: self.chosen.emit(wanted))


class FilterChips(QWidget):
    """The filters in force; a click takes one away."""

    chosen = Signal(object)  # Filters

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "filter-chips", "Filters in force")
        self._row = FlowLayout(gap=Space.XS)
        self.setLayout(self._row)
        self.hide()

    def show_filters(self, filters: Filters) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for number, (text, rest) in enumerate(filter_words(filters)):
            chip = Button(
                text.replace("&", "&&"),
                object_name=f"filter-{number}",
                accessible_name=f"Remove the filter “{text}”",
                icon="close",
                small=True,
            )
            chip.clicked.connect(lambda _=False, rest=rest: self.chosen.emit(rest))
            self._row.addWidget(chip)
            chip.show()
        self.setVisible(filters != Filters())
        self.updateGeometry()
