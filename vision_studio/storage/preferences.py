"""Small settings, as text under a name."""

from __future__ import annotations

from vision_studio.storage.database import Database


class Preferences:
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[tuple[str, str], ...]:
        """Return every name and its value, by name."""
        rows = self._database.read("SELECT name, value FROM preferences ORDER BY name")
        return tuple((name, value) for name, value in rows)

    def get(self, name: str, default: str = "") -> str:
        rows = self._database.read("SELECT value FROM preferences WHERE name = ?", (name,))
        return rows[0][0] if rows else default

    def set(self, name: str, value: str) -> None:
        """Keep a setting. The last ones before a loss of power may be lost."""
        with self._database.writing(durable=False) as transaction:
            transaction.execute(
                "INSERT INTO preferences VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
