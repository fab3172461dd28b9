"""Templates of questions, by name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from vision_studio.core.templates import Template
from vision_studio.storage.cells import time_cell
from vision_studio.storage.database import Database


class Templates:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Template, ...]:
        """Return every template, by name; a damaged one is passed over, and stays."""
        rows = self._database.read("SELECT id, name, content FROM templates")
        found = (Template(row[0], row[1], text) for row in rows if (text := _text_of(row[2])) is not None)
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))

    def save(self, templates: Iterable[Template], now: datetime) -> None:
        """Keep templates, all or none, in the place of those with the same ids."""
        with self._database.writing() as transaction:
            for one in templates:
                transaction.execute(
                    "INSERT OR REPLACE INTO templates (id, name, content, updated_at) VALUES (?, ?, ?, ?)",
                    (one.id, one.name, json.dumps({"text": one.text}), time_cell(now)),
                )

    def delete(self, template_id: str) -> None:
        with self._database.writing() as transaction:
            transaction.execute("DELETE FROM templates WHERE id = ?", (template_id,))


def _text_of(cell: str) -> str | None:
    try:
        text = json.loads(cell)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return text if isinstance(text, str) else None
