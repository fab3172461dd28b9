"""What each model takes, sees and costs: parsed from a dated table, with an honest fallback."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from vision_studio.core.tokens import HIGH, TIERS, ResolutionTier

ANSWER_TOKENS = 16_000
"""Room for a long answer about many pictures and the thinking before it, short of a runaway bill."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens; None where no price is published."""

    input: Decimal | None
    output: Decimal | None
    cache_write_5m: Decimal | None = None
    cache_write_1h: Decimal | None = None
    cache_read: Decimal | None = None


UNKNOWN_PRICE = Price(None, None)


@dataclass(frozen=True, slots=True)
class PriceBand:
    """The price of a whole request whose prompt holds at most ``prompt_tokens``; None: any number."""

    prompt_tokens: int | None
    price: Price


@dataclass(frozen=True, slots=True)
class Limits:
    """What the API rejects, whatever the model. Sizes of an image are those of its base64 text."""

    side_px: int = 8000
    crowded_side_px: int = 2000
    crowd: int = 20
    """A request with more images than this holds each of them to ``crowded_side_px``."""
    image_base64_bytes: int = 10_485_760
    request_bytes: int = 32_000_000
    file_bytes: int = 500_000_000

    def side_limit_px(self, images: int) -> int:
        """Return the longest side allowed in a request with so many images."""
        return self.crowded_side_px if images > self.crowd else self.side_px


@dataclass(frozen=True, slots=True)
class Model:
    """One model, as far as it is known; ``assumed`` names the fields that are guesses."""

    id: str
    name: str
    context_tokens: int
    max_output_tokens: int
    tier: ResolutionTier
    max_images: int
    prices: tuple[PriceBand, ...]
    thinking: tuple[str, ...] = ()
    """The ``thinking.type`` values it accepts."""
    thinking_always: bool = False
    thinking_by_default: bool = False
    """It thinks unless it is told not to."""
    unthinking_effort: str | None = None
    """The most effort it takes with its thinking off; None: any."""
    efforts: tuple[str, ...] = ()
    default_effort: str | None = None
    min_cache_tokens: int | None = None
    """A shorter prefix is silently not cached."""
    lifecycle: str = "active"
    """active, legacy, deprecated or retired."""
    retires_on: date | None = None
    """The announced day."""
    kept_until: date | None = None
    """Promised to live at least until this day; no retirement is announced."""
    assumed: frozenset[str] = frozenset()
    source: str = ""
    listed: bool = False
    """The server's own list has it: ``lifecycle`` is today's, not that of the table's date."""
    yours: bool = False
    """The user has changed or added it."""

    @property
    def answer_tokens(self) -> int:
        """The most tokens we let an answer have, thinking included."""
        return min(ANSWER_TOKENS, self.max_output_tokens)

    def is_retired(self, today: date) -> bool:
        """Tell whether requests that name it fail. A list says so; the dated table can only tell the day."""
        if self.listed:
            return self.lifecycle == "retired"
        return self.lifecycle == "retired" or (self.retires_on is not None and self.retires_on <= today)

    def price(self, prompt_tokens: int) -> Price:
        """Return the price of a request with so many tokens in its prompt, cached ones included."""
        for band in self.prices:
            if band.prompt_tokens is None or prompt_tokens <= band.prompt_tokens:
                return band.price
        return UNKNOWN_PRICE


class ModelTable(Protocol):
    """What can be asked of a catalogue, be it one value or whichever holds at the moment."""

    @property
    def limits(self) -> Limits: ...

    @property
    def default_id(self) -> str: ...

    def model(self, model_id: str) -> Model: ...


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every known model, in the order to offer them, and the limits they share."""

    dated: date
    models: tuple[Model, ...]
    limits: Limits
    default_id: str

    def model(self, model_id: str) -> Model:
        """Return a model; one that is not listed gets assumptions, and says so."""
        known = next((model for model in self.models if model.id == model_id), None)
        return known or unknown_model(model_id)


def unknown_model(model_id: str) -> Model:
    """Assume the larger tier, so that an estimate is never too low, and the smaller context window."""
    return Model(
        id=model_id,
        name=model_id,
        context_tokens=200_000,
        max_output_tokens=8192,
        tier=HIGH,
        max_images=100,
        prices=(),
        assumed=frozenset({"context_tokens", "max_output_tokens", "tier", "max_images"}),
    )


def parse_catalogue(text: str) -> Catalogue:
    """Read the table's TOML.

    Raises ``ValueError`` (``tomllib.TOMLDecodeError`` is one) saying which entry is incomplete.
    """
    table = tomllib.loads(text, parse_float=Decimal)
    entries = table.get("models", {})
    models = []
    for model_id, entry in entries.items():
        try:
            twin = entries[entry["same_as"]] if "same_as" in entry else {}
            models.append(_model(model_id, {**twin, **entry}))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{model_id}: {error!r}") from error
    try:
        limits = Limits(**table.get("limits", {}))
        dated, default_id = table["dated"], table["default"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"The table of models: {error!r}") from error
    if default_id not in entries:
        raise ValueError(f"The table of models: {default_id!r} is the default, but not in it")
    return Catalogue(dated, tuple(models), limits, default_id)


def _model(model_id: str, entry: Mapping[str, Any]) -> Model:
    return Model(
        id=model_id,
        name=entry["name"],
        context_tokens=entry["context_tokens"],
        max_output_tokens=entry["max_output_tokens"],
        tier=TIERS[entry["tier"]],
        max_images=entry["max_images"],
        prices=tuple(_band(band) for band in entry.get("prices", ())),
        thinking=tuple(entry.get("thinking", ())),
        thinking_always=entry.get("thinking_always", False),
        thinking_by_default=entry.get("thinking_by_default", False),
        unthinking_effort=entry.get("unthinking_effort"),
        efforts=tuple(entry.get("efforts", ())),
        default_effort=entry.get("default_effort"),
        min_cache_tokens=entry.get("min_cache_tokens"),
        lifecycle=entry.get("lifecycle", "active"),
        retires_on=entry.get("retires_on"),
        kept_until=entry.get("kept_until"),
        assumed=frozenset(entry.get("assumed", ())),
        source=entry.get("source", ""),
    )


def _band(entry: Mapping[str, Any]) -> PriceBand:
    def usd(key: str) -> Decimal | None:
        value = entry.get(key)
        return None if value is None else Decimal(value)

    price = Price(
        usd("input"), usd("output"), usd("cache_write_5m"), usd("cache_write_1h"), usd("cache_read")
    )
    return PriceBand(entry.get("prompt_tokens"), price)
