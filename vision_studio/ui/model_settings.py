"""Settings: what is known of each model, prices of one's own, and models of one's own server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import model_words, words
from vision_studio.core.amounts import day
from vision_studio.core.catalogue import Catalogue, Model, Price
from vision_studio.core.events import CatalogueChanged
from vision_studio.core.listing import ModelEdit
from vision_studio.core.spend import usd_from
from vision_studio.core.tokens import HIGH, STANDARD, TIERS
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField, Select
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

_NEW = ""
_PRICES = (
    ("input", "Input"),
    ("output", "Output"),
    ("cache_write_5m", "Cache write, 5 min"),
    ("cache_write_1h", "Cache write, 1 h"),
    ("cache_read", "Cache read"),
)
_FACTS = (
    ("name", "Name"),
    ("context_tokens", "Context window, tokens"),
    ("max_output_tokens", "Longest answer, tokens"),
    ("max_images", "Images a request"),
)
_ADDED_CONTEXT, _ADDED_OUTPUT, _ADDED_IMAGES = 200_000, 8192, 100
"""What a model of one's own has where nothing is typed: the smaller of the published ones."""


class ModelsDialog(Dialog):
    edited = Signal(object)  # ModelEdit
    edit_forgotten = Signal(str)
    list_asked = Signal()

    def __init__(
        self, catalogue: Catalogue, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name(self, "models", "Models and prices")
        self.setWindowTitle("Models and prices")
        self.setMinimumWidth(Size.READING * 3 // 4)
        self._catalogue = catalogue
        self._today = today
        self._listed = Label("", style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._listed.setObjectName("models-listed")
        self._model = Select((), object_name="models-model", accessible_name="Model to look at or edit")
        self._model.activated.connect(self._show_chosen)
        self._id = LineField(
            object_name="model-id", accessible_name="Id of the model", placeholder="as your server names it"
        )
        self._facts = {
            key: LineField(object_name=f"model-{key}", accessible_name=title) for key, title in _FACTS
        }
        self._tier = Select(
            ((f"High, {HIGH.edge_px} px", HIGH.name), (f"Standard, {STANDARD.edge_px} px", STANDARD.name)),
            object_name="model-tier",
            accessible_name="How large it sees images",
        )
        self._prices = {
            key: LineField(
                object_name=f"price-{key}", accessible_name=f"{title}, US dollars per million tokens"
            )
            for key, title in _PRICES
        }
        self._shown_price: Price | None = None
        self._about = Label("", style=Type.SMALL, tone=Tone.MUTED, wrap=True, figures=True)
        self._about.setObjectName("models-about")
        self._wrong = Label("", style=Type.SMALL, tone=Tone.DANGER, wrap=True)
        self._wrong.setObjectName("models-wrong")
        self._save = Button("Save", object_name="save-model", kind=Kind.PRIMARY)
        self._save.clicked.connect(self._take)
        self._forget = Button("Back to published", object_name="forget-model")
        self._forget.clicked.connect(lambda: self.edit_forgotten.emit(self._chosen_id()))
        self._lay_out()
        self.show_catalogue(CatalogueChanged(catalogue))

    def show_catalogue(self, changed: CatalogueChanged) -> None:
        """Show these models, and keep the chosen one in view."""
        self._catalogue = changed.catalogue
        chosen = self._model.currentData()
        self._model.clear()
        for model in self._catalogue.models:
            self._model.addItem(model_words.picked(model, self._today()), model.id)
        self._model.addItem("Add a model of your own server…", _NEW)
        self._model.setCurrentIndex(max(0, self._model.findData(chosen)) if chosen is not None else 0)
        self._listed.setText(_listed_words(changed))
        self._show_chosen()

    def _chosen_id(self) -> str:
        return str(self._model.currentData())

    def _show_chosen(self) -> None:
        model_id = self._chosen_id()
        new = model_id == _NEW
        model = None if new else self._catalogue.model(model_id)
        for field in (self._id, self._tier, *self._facts.values()):
            field.setVisible(new)
        for label in self._fact_labels:
            label.setVisible(new)
        self._id.setText("")
        for field in self._facts.values():
            field.setText("")
        self._facts["context_tokens"].setPlaceholderText(words.count(_ADDED_CONTEXT))
        self._facts["max_output_tokens"].setPlaceholderText(words.count(_ADDED_OUTPUT))
        self._facts["max_images"].setPlaceholderText(str(_ADDED_IMAGES))
        self._show_prices(model)
        self._about.setText("" if model is None else _about(model, self._today()))
        self._about.setVisible(model is not None)
        self._forget.setVisible(model is not None and model.yours)
        self._say_wrong("")

    def _show_prices(self, model: Model | None) -> None:
        price = self._shown_price = model.prices[0].price if model is not None and model.prices else None
        for key, field in self._prices.items():
            usd = None if price is None else getattr(price, key)
            field.setText("" if usd is None else f"{usd:f}")
            field.setPlaceholderText("unknown")
            field.set_invalid(False)

    def _take(self) -> None:
        """Check what was typed, and hand it on."""
        prices = {key: usd_from(field.text()) for key, field in self._prices.items()}
        wrong = [key for key, usd in prices.items() if usd is None and self._prices[key].text().strip()]
        for key, field in self._prices.items():
            field.set_invalid(key in wrong)
        if wrong:
            self._say_wrong("A price is a number of US dollars per million tokens, such as 2.50.")
            return
        price = None if all(usd is None for usd in prices.values()) else Price(**prices)
        if self._chosen_id() == _NEW:
            self._take_new(price)
            return
        self._say_wrong("")
        if price != self._shown_price:  # saved unchanged, a price with steps would lose them
            self.edited.emit(ModelEdit(self._chosen_id(), price=price))

    def _take_new(self, price: Price | None) -> None:
        model_id = self._id.text().strip()
        self._id.set_invalid(not model_id)
        numbers = {key: _number(self._facts[key].text()) for key, _ in _FACTS if key != "name"}
        bad = [key for key, number in numbers.items() if number == 0]
        for key in numbers:
            self._facts[key].set_invalid(key in bad)
        if not model_id or bad:
            self._say_wrong(
                "A model needs the id your server knows it by; what is counted is a whole number."
            )
            return
        self._say_wrong("")
        self.edited.emit(
            ModelEdit(
                model_id,
                name=self._facts["name"].text().strip() or model_id,
                context_tokens=numbers["context_tokens"] or _ADDED_CONTEXT,
                max_output_tokens=numbers["max_output_tokens"] or _ADDED_OUTPUT,
                tier=TIERS[self._tier.currentData()].name,
                max_images=numbers["max_images"] or _ADDED_IMAGES,
                price=price,
            )
        )

    def _say_wrong(self, text: str) -> None:
        self._wrong.setText(text)
        self._wrong.setVisible(bool(text))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("Models and prices", object_name="models-heading"))
        again = Button("Ask the server", object_name="list-models", small=True)
        again.clicked.connect(self.list_asked)
        top = QHBoxLayout()
        top.addWidget(self._listed, 1)
        top.addWidget(again)
        column.addLayout(top)
        column.addWidget(self._model)
        column.addWidget(self._about)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS)
        self._fact_labels: list[Label] = []
        self._add_row("Id", self._id, self._fact_labels)
        for key, title in _FACTS:
            self._add_row(title, self._facts[key], self._fact_labels)
        self._add_row("Sees images at", self._tier, self._fact_labels)
        column.addLayout(self._grid)
        column.addWidget(Label("US dollars per million tokens", style=Type.SMALL_STRONG))
        column.addWidget(
            Label(
                "A price of your own holds for prompts of any length.",
                style=Type.SMALL,
                tone=Tone.MUTED,
                wrap=True,
            )
        )
        prices = QGridLayout()
        prices.setHorizontalSpacing(Space.S)
        prices.setVerticalSpacing(Space.XS)
        for place, (key, title) in enumerate(_PRICES):
            prices.addWidget(Label(title, style=Type.SMALL, tone=Tone.MUTED), 2 * (place // 3), place % 3)
            prices.addWidget(self._prices[key], 2 * (place // 3) + 1, place % 3)
        column.addLayout(prices)
        column.addWidget(self._wrong)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(self._save)
        row.addWidget(self._forget)
        row.addStretch(1)
        close = Button("Done", object_name="close-models", hint="Esc")
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)

    def _add_row(self, title: str, field: QWidget, labels: list[Label]) -> None:
        label = Label(title, style=Type.SMALL, tone=Tone.MUTED)
        labels.append(label)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)


def _number(text: str) -> int | None:
    """Return a whole number, None for nothing typed, and 0 for what is no number above zero."""
    plain = text.replace(",", "").replace(" ", "").strip()
    if not plain:
        return None
    return int(plain) if plain.isdecimal() else 0


def _about(model: Model, today: date) -> str:
    return f"{model_words.about(model, today)}\nSource: {model.source or 'none'}."


def _listed_words(changed: CatalogueChanged) -> str:
    """Say how fresh what is known is."""
    table = f"The table that came with Vision Studio is of {day(changed.catalogue.dated)}."
    if changed.listed_at is not None:
        when = day(changed.listed_at.astimezone().date())
        table = f"Listed by the server on {when}; prices and image sizes from the table of "
        table += f"{day(changed.catalogue.dated)}."
    if changed.failure is not None:
        table += f" It could not be asked today: {words.failure_words(changed.failure).title}"
    return table
