"""Which model to go to from one that is retired or retiring."""

from __future__ import annotations

from datetime import date

from vision_studio.core.catalogue import Catalogue, Model

LINES = ("haiku", "sonnet", "opus", "fable", "mythos")


def line(model: Model) -> str | None:
    """Return the line a model belongs to by its name; None for one of its own."""
    return next((line for line in LINES if line in model.id), None)


def successor(model: Model, catalogue: Catalogue, today: date, context_tokens: int = 0) -> Model | None:
    """Return the model to offer in the place of another: the first of its line that stays, else the default.

    ``context_tokens``: how much it must hold at least. Models whose facts are assumed are not recommended.
    """
    staying = [
        one
        for one in catalogue.models
        if one.id != model.id
        and not one.is_retired(today)
        and one.retires_on is None
        and one.lifecycle in ("active", "legacy")
        and "tier" not in one.assumed
        and one.context_tokens >= context_tokens
    ]
    alike = [one for one in staying if line(one) is not None and line(one) == line(model)]
    usual = [one for one in staying if one.id == catalogue.default_id]
    return next(iter([*alike, *usual]), None)
