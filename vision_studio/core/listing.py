"""The table we ship, with what the Models API says of each model and the user's own entries laid over it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vision_studio.core.catalogue import Catalogue, Model, Price, PriceBand, unknown_model
from vision_studio.core.tokens import TIERS

MANY_IMAGES_CONTEXT_TOKENS = 1_000_000
"""Models with a context window this large take 600 images, others 100 (Claude platform documentation,
"Vision", 2026-09-20)."""

YOURS = "Your own entry in Settings"
"""The source of a model or a price that the user has typed in."""


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of the Models API; None where it says nothing. It tells no prices and no resolution tier."""

    id: str
    name: str
    lifecycle: str
    """active, deprecated or retired: the signal of retirement, whatever the date."""
    retires_on: date | None = None
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    efforts: tuple[str, ...] | None = None
    thinking: tuple[str, ...] | None = None
    takes_images: bool | None = None


@dataclass(frozen=True, slots=True)
class ModelEdit:
    """What the user says of a model, above what is shipped and listed; None leaves it as it is."""

    model_id: str
    name: str | None = None
    context_tokens: int | None = None
    max_output_tokens: int | None = None
    tier: str | None = None
    """A key of ``tokens.TIERS``."""
    max_images: int | None = None
    price: Price | None = None
    """One price for prompts of any length."""


def merged(
    shipped: Catalogue, listed: Sequence[ListedModel] = (), edits: Iterable[ModelEdit] = ()
) -> Catalogue:
    """Return the shipped table, brought up to date by a server's list, with the user's edits on top.

    A model that is shipped but not listed stays: a list may be of one workspace, and old sessions name it.
    One that is listed but not shipped comes last, with its assumptions marked, unless it takes no images.
    """
    news = {one.id: one for one in listed}
    models = [_updated(model, news.get(model.id)) for model in shipped.models]
    known = {model.id for model in models}
    models += [_new(one) for one in listed if one.id not in known and one.takes_images is not False]
    by_id = {model.id: model for model in models}
    for edit in edits:
        by_id[edit.model_id] = _edited(by_id.get(edit.model_id) or unknown_model(edit.model_id), edit)
    return replace(shipped, models=tuple(by_id.values()))


def _updated(model: Model, listed: ListedModel | None) -> Model:
    if listed is None:
        return model
    # "legacy" is a word of the documentation; the API calls such a model active.
    legacy = model.lifecycle == "legacy" and listed.lifecycle == "active"
    told = {
        "context_tokens": listed.context_tokens,
        "max_output_tokens": listed.max_output_tokens,
        "efforts": listed.efforts,
        "thinking": listed.thinking,
    }
    return _with(
        replace(
            model,
            lifecycle=model.lifecycle if legacy else listed.lifecycle,
            retires_on=listed.retires_on,
            kept_until=model.kept_until if listed.lifecycle == "active" else None,
            listed=True,
        ),
        told,
    )


def _new(listed: ListedModel) -> Model:
    told = {
        "context_tokens": listed.context_tokens,
        "max_output_tokens": listed.max_output_tokens,
        "efforts": listed.efforts,
        "thinking": listed.thinking,
    }
    model = _with(
        replace(
            unknown_model(listed.id),
            name=listed.name or listed.id,
            lifecycle=listed.lifecycle,
            retires_on=listed.retires_on,
            listed=True,
            source="The server's list of models; what it does not tell is assumed",
        ),
        told,
    )
    large = model.context_tokens >= MANY_IMAGES_CONTEXT_TOKENS
    return replace(model, max_images=600 if large else 100)


def _edited(model: Model, edit: ModelEdit) -> Model:
    told = {
        "name": edit.name,
        "context_tokens": edit.context_tokens,
        "max_output_tokens": edit.max_output_tokens,
        "tier": None if edit.tier is None else TIERS[edit.tier],
        "max_images": edit.max_images,
        "prices": None if edit.price is None else (PriceBand(None, edit.price),),
    }
    return replace(_with(model, told), source=YOURS, yours=True)


def _with(model: Model, told: Mapping[str, object]) -> Model:
    """Return the model with what is told put in; that is no assumption any more."""
    known = {field: value for field, value in told.items() if value is not None}
    return replace(model, **known, assumed=model.assumed - known.keys())  # type: ignore[arg-type]  # by field name
