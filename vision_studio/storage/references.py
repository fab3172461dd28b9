"""What a database refers to: read at one moment of it, beside whoever goes on writing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from vision_studio.storage.database import Row
from vision_studio.storage.digests import digests_in

# Nothing counts references: a count that went wrong once would delete a picture some day, and a query cannot
# be wrong. What holds none of them is named here, not what does: a table that is added later is safe.
_HOLDING_NONE = frozenset(
    {"answers", "estimates", "file_deletions", "model_edits", "model_lists", "preferences", "usage"}
    | {"workspaces", "upload_attempts"}
)
_CACHES = frozenset({"renditions", "uploads"})
"""They say what was made of pictures and where it went; no picture has to stay for that."""

_ROWS = 500
"""What is read of a table in one step: some milliseconds."""


class Snapshot:
    """A database as it was when this was opened. Raises ``sqlite3.Error`` of what cannot be read whole."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, *, in_use: bool = True) -> Self:
        """Open a database that is there; nothing can be written through this.

        ``in_use``: others may write to it meanwhile. A copy that nobody has open is left without any trace.
        """
        how = "mode=ro" if in_use else "immutable=1"
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # the moment is this one
        except BaseException:
            connection.close()
            raise
        return cls(connection)

    def digests(self) -> Iterator[set[str]]:
        """Yield, step by step, what may be the digest of a picture somewhere in a session or a template."""
        for table in self._tables():
            if table in _HOLDING_NONE | _CACHES:
                continue
            columns = [
                f'"{name}"'
                for _, name, kind, *_ in self._connection.execute(f'PRAGMA table_info("{table}")').fetchall()
                if kind in ("TEXT", "ANY")
            ]
            if columns:
                for rows in self._steps(f'SELECT {", ".join(columns)} FROM "{table}"'):
                    yield {digest for row in rows for digest in digests_in(_joined(row))}

    def renditions(self) -> Iterator[list[Row]]:
        """Yield, step by step, (original's digest, recipe, digest) of what was made of pictures."""
        if "renditions" in self._tables():
            yield from self._steps("SELECT original_digest, recipe, digest FROM renditions")

    def close(self) -> None:
        self._connection.close()

    def _tables(self) -> list[str]:
        # Not the shadows of a search index: they repeat what the sessions say.
        rows = self._connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        return [name for (name,) in rows]

    def _steps(self, sql: str) -> Iterator[list[Row]]:
        cursor = self._connection.execute(sql)
        while rows := cursor.fetchmany(_ROWS):
            yield rows


def _joined(row: Iterable[object]) -> str:
    return " ".join(cell for cell in row if isinstance(cell, str))
