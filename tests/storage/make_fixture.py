"""Writes a database as a version of the layout leaves it: `python -m tests.storage.make_fixture 7`.

It is made from the fixture of the version before. Rows for what is new are then put in by hand. The tables of
a full-text index are left to SQLite, which makes them with the index; its content is built anew.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from vision_studio.storage.database import Database
from vision_studio.storage.migrations import APPLICATION_ID, MIGRATIONS

FIXTURES = Path(__file__).parent / "fixtures"

_ORDER = "CASE type WHEN 'view' THEN 1 WHEN 'table' THEN 2 WHEN 'index' THEN 0 ELSE 3 END, rowid"


def statements(database: sqlite3.Connection) -> Iterator[str]:
    """Yield what makes the database again: tables with their rows, then what reads or watches them."""
    indexes = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
        )
    ]
    later = set(indexes)
    for name, sql in database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT NULL ORDER BY rowid"
    ).fetchall():
        if any(name == index or name.startswith(f"{index}_") for index in indexes):
            continue
        yield f"{sql};"
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
        quoted = " || ', ' || ".join(f"quote({column})" for column in columns)
        for (values,) in database.execute(f"SELECT {quoted} FROM {name}"):
            yield f"INSERT INTO {name} VALUES ({values});"
    for kind, name, sql in database.execute(
        f"SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY {_ORDER}"
    ).fetchall():
        if kind != "table" or name in later:
            yield f"{sql};"
        if name in later:
            yield f"INSERT INTO {name} ({name}) VALUES ('rebuild');"


def main(version: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "studio.db"
        with closing(sqlite3.connect(path)) as database:
            before = FIXTURES / f"version_{version - 1}.sql"
            database.executescript(before.read_text(encoding="utf-8"))
        Database.open(path, MIGRATIONS[:version]).close()
        with closing(sqlite3.connect(path)) as database:
            text = "\n".join(
                [
                    f"PRAGMA application_id = {APPLICATION_ID};",
                    f"PRAGMA user_version = {version};",
                    "BEGIN TRANSACTION;",
                    *statements(database),
                    "COMMIT;",
                    "",
                ]
            )
    (FIXTURES / f"version_{version}.sql").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]))
