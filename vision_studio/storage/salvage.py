"""Reads what can be read of a damaged database, row by row, into a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from vision_studio.storage.database import Row

_ROWS = 2000
"""What is read in one go."""

_MOST_FAILURES = 20_000
"""Of a table so many unreadable ranges are looked into, down to single rows."""

_PARENTS = {"turn_id": "turns", "session_id": "sessions"}


class Garbled(str):
    """A text of which not all bytes were characters: what is left of it."""

    __slots__ = ()


class Wreck:
    """A damaged database, or a copy of a sound one; rows that cannot be read are passed over."""

    def __init__(self, path: Path) -> None:
        """Open it, its log included if that can be read. Raises ``sqlite3.Error`` when nothing can."""
        self.unreadable: set[str] = set()
        """The tables of which something could not be read."""
        try:
            self._connection = _opened(path, "mode=ro")
        except sqlite3.Error:
            self._connection = _opened(path, "immutable=1")
        self.version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        rows = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        self.tables: list[str] = [name for (name,) in rows.fetchall()]

    def columns(self, table: str) -> list[str]:
        return [row[1] for row in self._connection.execute(f'PRAGMA table_info("{table}")').fetchall()]

    def rows(self, table: str, columns: Sequence[str], parents: Iterable[str]) -> Iterator[list[Row]]:
        """Yield the rows that can be read, some more than once; ``parents``: ids that rows may belong to."""
        listed = ", ".join(f'"{column}"' for column in columns)
        key = self._key(table)
        if key is None:
            yield from self._by_rowid(table, listed)
            return
        select = f'SELECT {listed} FROM "{table}"'
        yield from self._until_error(table, f"{select} ORDER BY {', '.join(key)}")
        if table in self.unreadable:
            yield from self._until_error(table, f"{select} ORDER BY {' DESC, '.join(key)} DESC")
            if key[0] in _PARENTS:
                for parent in parents:
                    yield self._some(table, f"{select} WHERE {key[0]} = ?", (parent,)) or []

    def close(self) -> None:
        self._connection.close()

    def _key(self, table: str) -> list[str] | None:
        """Return the primary key of a table without rowids; None for one that has them."""
        sql = self._connection.execute(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)
        ).fetchone()[0]
        if "WITHOUT ROWID" not in sql.upper():
            return None
        rows = self._connection.execute(f'PRAGMA table_info("{table}")').fetchall()
        return [row[1] for row in sorted(rows, key=lambda row: row[5]) if row[5]]

    def _by_rowid(self, table: str, listed: str) -> Iterator[list[Row]]:
        """Read ranges of keys, and halve each that cannot be read until what is wrong is alone."""
        low = self._end(table, "min")
        high = self._end(table, "max")
        if low is None or high is None:
            return
        ranges, failures = [(low, high)], 0
        select = f'SELECT rowid, {listed} FROM "{table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?'
        while ranges and failures < _MOST_FAILURES:
            first, last = ranges.pop()
            rows = self._some(table, select, (first, last, _ROWS))
            if rows is None:
                failures += 1
                if first < last:
                    middle = (first + last) // 2
                    ranges += [(middle + 1, last), (first, middle)]
            elif rows:
                yield [row[1:] for row in rows]
                if len(rows) == _ROWS:
                    ranges.append((rows[-1][0] + 1, last))

    def _end(self, table: str, which: str) -> int | None:
        """Return the lowest or highest rowid; where that cannot be read, one that is low or high enough."""
        rows = self._some(table, f'SELECT {which}(rowid) FROM "{table}"', ())
        if rows is not None:
            end: int | None = rows[0][0]
            return end
        if which == "min":
            return 1
        # Look for a readable row far out, ever nearer; behind the last of them all may be lost.
        for power in range(40, -1, -1):
            rows = self._some(table, f'SELECT rowid FROM "{table}" WHERE rowid > ? LIMIT 1', (1 << power,))
            if rows is None or rows:
                return 2 << power
        return 1

    def _until_error(self, table: str, sql: str) -> Iterator[list[Row]]:
        rows: list[Row] = []
        try:
            for row in self._connection.execute(sql):
                rows.append(row)
                if len(rows) == _ROWS:
                    yield rows
                    rows = []
        except sqlite3.DatabaseError:
            self.unreadable.add(table)
        yield rows

    def _some(self, table: str, sql: str, cells: Sequence[object]) -> list[Row] | None:
        try:
            return self._connection.execute(sql, cells).fetchall()
        except sqlite3.DatabaseError:
            self.unreadable.add(table)
            return None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return Garbled(data.decode("utf-8", "replace"))


def _opened(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
    connection.text_factory = _text
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
