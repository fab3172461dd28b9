"""What servers listed of their models, and what the user says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from vision_studio.core.catalogue import Price
from vision_studio.core.listing import ListedModel, ModelEdit
from vision_studio.core.tokens import TIERS
from vision_studio.storage.cells import time_cell, time_or_epoch
from vision_studio.storage.database import Database

_PRICES = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
_DAMAGE = (KeyError, TypeError, ValueError, InvalidOperation)
"""What an entry can be refused with: a list can be fetched again, so a damaged one is none."""


class Listing(NamedTuple):
    models: tuple[ListedModel, ...]
    at: datetime
    """In UTC."""


class ModelLedger:
    """``server`` is a base URL's origin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listing(self, server: str) -> Listing | None:
        """Return what a server listed last; None if it never did, or the entry is damaged."""
        rows = self._database.read("SELECT listed_at, content FROM model_lists WHERE server = ?", (server,))
        if not rows:
            return None
        listed_at, content = rows[0]
        with suppress(*_DAMAGE):
            models = tuple(_listed_from(fields) for fields in json.loads(content))
            return Listing(models, time_or_epoch(listed_at))
        return None

    def put_listing(self, server: str, models: Sequence[ListedModel], at: datetime) -> None:
        content = json.dumps([_listed_fields(model) for model in models], separators=(",", ":"))
        with self._database.writing(durable=False) as transaction:
            transaction.execute(
                "INSERT OR REPLACE INTO model_lists VALUES (?, ?, ?)", (server, time_cell(at), content)
            )

    def edits(self) -> tuple[ModelEdit, ...]:
        """Return the user's entries by model id; damaged ones are passed over."""
        rows = self._database.read("SELECT model_id, content FROM model_edits ORDER BY model_id")
        found = []
        for model_id, content in rows:
            with suppress(*_DAMAGE):
                found.append(_edit_from(model_id, json.loads(content)))
        return tuple(found)

    def put_edit(self, edit: ModelEdit) -> None:
        content = json.dumps(_edit_fields(edit), separators=(",", ":"))
        with self._database.writing() as transaction:
            transaction.execute("INSERT OR REPLACE INTO model_edits VALUES (?, ?)", (edit.model_id, content))

    def drop_edit(self, model_id: str) -> None:
        with self._database.writing() as transaction:
            transaction.execute("DELETE FROM model_edits WHERE model_id = ?", (model_id,))


def _listed_fields(model: ListedModel) -> dict[str, Any]:
    return {
        "id": model.id,
        "name": model.name,
        "lifecycle": model.lifecycle,
        "retires_on": None if model.retires_on is None else model.retires_on.isoformat(),
        "context_tokens": model.context_tokens,
        "max_output_tokens": model.max_output_tokens,
        "efforts": model.efforts,
        "thinking": model.thinking,
        "takes_images": model.takes_images,
    }


def _listed_from(fields: Any) -> ListedModel:
    retires_on = fields["retires_on"]
    return ListedModel(
        id=str(fields["id"]),
        name=str(fields["name"]),
        lifecycle=str(fields["lifecycle"]),
        retires_on=None if retires_on is None else date.fromisoformat(retires_on),
        context_tokens=_optional(fields["context_tokens"], int),
        max_output_tokens=_optional(fields["max_output_tokens"], int),
        efforts=_optional(fields["efforts"], _texts),
        thinking=_optional(fields["thinking"], _texts),
        takes_images=_optional(fields["takes_images"], bool),
    )


def _edit_fields(edit: ModelEdit) -> dict[str, Any]:
    price = edit.price
    return {
        "name": edit.name,
        "context_tokens": edit.context_tokens,
        "max_output_tokens": edit.max_output_tokens,
        "tier": edit.tier,
        "max_images": edit.max_images,
        "price": None if price is None else {key: _optional(getattr(price, key), str) for key in _PRICES},
    }


def _edit_from(model_id: str, fields: Any) -> ModelEdit:
    price = fields["price"]
    tier = _optional(fields["tier"], str)
    if tier is not None and tier not in TIERS:
        raise ValueError(tier)
    return ModelEdit(
        model_id,
        name=_optional(fields["name"], str),
        context_tokens=_optional(fields["context_tokens"], int),
        max_output_tokens=_optional(fields["max_output_tokens"], int),
        tier=tier,
        max_images=_optional(fields["max_images"], int),
        price=None if price is None else Price(**{key: _optional(price[key], Decimal) for key in _PRICES}),
    )


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _optional(value: Any, kind: Callable[[Any], Any]) -> Any:
    return None if value is None else kind(value)
