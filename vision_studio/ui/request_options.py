"""How the session asks: effort, thinking, the longest answer, the cache; only what the chosen model has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from vision_studio.core import settings_words
from vision_studio.core.catalogue import Model
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking, thinking_can_be_chosen
from vision_studio.ui.design.fields import NumberField, Select
from vision_studio.ui.design.flow import FlowLayout
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

_LEAST_TOKENS = 256
"""Less is no answer to a question about an image."""
_STEP_TOKENS = 1000


class RequestOptions(QWidget):
    settings_chosen = Signal(object)  # RequestSettings
    numbering_chosen = Signal(object)  # Numbering

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "request-options", "Request options")
        self._settings = RequestSettings()
        self._model: Model | None = None
        self.effort = Select(object_name="effort", accessible_name="Effort")
        self.thinking = Select(object_name="thinking", accessible_name="Thinking")
        self.max_tokens = NumberField(
            object_name="max-tokens",
            accessible_name="Longest answer in tokens, thinking included",
            least=_LEAST_TOKENS,
            most=_LEAST_TOKENS,
            step=_STEP_TOKENS,
            suffix=" tokens",
        )
        self.max_tokens.setKeyboardTracking(False)
        self.cache = Select(
            [(settings_words.CACHE[cache], cache) for cache in settings_words.CACHE],
            object_name="cache",
            accessible_name="Prompt cache",
        )
        for cache, hint in settings_words.CACHE_HINTS.items():
            self.cache.setItemData(self.cache.findData(cache), hint, Qt.ItemDataRole.ToolTipRole)
        self.numbering = Select(
            [(settings_words.NUMBERING[way], way) for way in settings_words.NUMBERING],
            object_name="numbering",
            accessible_name="Image numbers",
        )
        for way, hint in settings_words.NUMBERING_HINTS.items():
            self.numbering.setItemData(self.numbering.findData(way), hint, Qt.ItemDataRole.ToolTipRole)
        self._about_numbering = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._about_numbering.setObjectName("about-numbering")
        row = FlowLayout(gap=Space.L)
        self._fields = {
            field: _titled(title, field)
            for title, field in (
                ("Effort", self.effort),
                ("Thinking", self.thinking),
                ("Longest answer", self.max_tokens),
                ("Prompt cache", self.cache),
                ("Image numbers", self.numbering),
            )
        }
        for titled in self._fields.values():
            row.addWidget(titled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(row)
        column.addWidget(self._about_numbering)
        self.show_numbering(Numbering.CONTINUE)
        self.numbering.activated.connect(self._choose_numbering)
        self.effort.activated.connect(lambda: self._choose(effort=self.effort.currentData()))
        self.thinking.activated.connect(lambda: self._choose(thinking=Thinking(self.thinking.currentData())))
        self.cache.activated.connect(lambda: self._choose(cache=Cache(self.cache.currentData())))
        self.max_tokens.valueChanged.connect(self._choose_length)

    def show_settings(self, settings: RequestSettings, model: Model) -> None:
        """Show what is chosen, and offer what the model has."""
        self._settings, self._model = settings, model
        _offer(self.effort, settings_words.effort_choices(model), settings.effort)
        _offer(self.thinking, settings_words.thinking_choices(model), settings.thinking)
        self._fields[self.effort].setVisible(bool(model.efforts))
        self._fields[self.thinking].setVisible(thinking_can_be_chosen(model))
        self.max_tokens.blockSignals(True)
        self.max_tokens.setRange(_LEAST_TOKENS, model.max_output_tokens)
        self.max_tokens.setValue(settings.max_tokens or model.answer_tokens)
        self.max_tokens.blockSignals(False)
        self.cache.setCurrentIndex(self.cache.findData(settings.cache))

    def show_numbering(self, numbering: Numbering) -> None:
        """Show how the session's images are numbered, and why one would want it so."""
        self.numbering.setCurrentIndex(self.numbering.findData(numbering))
        hint = settings_words.NUMBERING_HINTS[numbering]
        self.numbering.setAccessibleDescription(hint)
        self._about_numbering.setText(f"Image numbers: {hint[0].lower()}{hint[1:]}")

    def _choose_numbering(self) -> None:
        numbering = Numbering(self.numbering.currentData())
        self.show_numbering(numbering)
        self.numbering_chosen.emit(numbering)

    def _choose_length(self, tokens: int) -> None:
        usual = self._model is not None and tokens == self._model.answer_tokens
        self._choose(max_tokens=None if usual else tokens)

    def _choose(self, **changes: object) -> None:
        settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # the callers name the fields
        if settings != self._settings:
            self._settings = settings
            self.settings_chosen.emit(settings)


def _offer(select: Select, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    select.clear()
    for text, value in choices:
        select.addItem(text, value)
    select.setCurrentIndex(
        max(0, next((row for row, (_, value) in enumerate(choices) if value == chosen), 0))
    )


def _titled(title: str, field: QWidget) -> QWidget:
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.HAIR)
    column.addWidget(Label(title, style=Type.SMALL, tone=Tone.MUTED))
    column.addWidget(field)
    return both
