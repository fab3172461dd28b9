"""Mends a data folder that nobody has open: its database, what belongs together in it, and its files.

Nothing is deleted that could be read: a damaged database and damaged files are moved aside. The new database
is whole, under a name of its own, before it takes the place of the old one: a kill leaves one of the two.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from vision_studio.core.draft import Draft
from vision_studio.core.health import Repaired
from vision_studio.storage import copies
from vision_studio.storage.backup import is_lost, newest_sound
from vision_studio.storage.blobs import SHARDS, Blobs
from vision_studio.storage.cells import time_cell
from vision_studio.storage.codec import draft_cell
from vision_studio.storage.database import Database, Row, Transaction, put_in_place
from vision_studio.storage.digests import private_directory
from vision_studio.storage.errors import DatabaseDamaged, DatabaseTooNew, StorageFailed, os_failure
from vision_studio.storage.examination import forget_dangling, lost_images
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.salvage import Garbled, Wreck
from vision_studio.storage.search import Search
from vision_studio.storage.sessions import recount

DAMAGED = "damaged"
"""The folder, beside the blobs, for files that are not what their name says."""


def repair(folder: Path, database: Path) -> Repaired:
    """Mend all that can be mended. The folder is ours, and its database not open.

    Raises ``DatabaseTooNew``, in which case nothing was touched, and ``StorageFailed``.
    """
    try:
        return _repair(folder, database, datetime.now(UTC))
    except OSError as error:
        failure = os_failure(error)
        raise StorageFailed(failure.message, failure.kind) from error


def _repair(folder: Path, path: Path, now: datetime) -> Repaired:
    done = Repaired(unfinished=_clear_unfinished(path))
    if not _is_sound(path):
        done = _rebuild(path, done, now)
    blobs = Blobs(folder / "blobs")
    damaged = _set_damaged_aside(folder, blobs)
    with closing(Database.open(path)) as database:
        with database.writing() as transaction:
            rows = complete(transaction)
        if rows or Search(database).problems():
            Search(database).rebuild()
        dangling = forget_dangling(database, blobs)
        return replace(
            done,
            rows=done.rows + rows,
            damaged_blobs=damaged,
            dangling=dangling,
            lost=lost_images(database, blobs),
        )


def _is_sound(path: Path) -> bool:
    """Tell whether SQLite can read every page; rows that belong to none are another matter."""
    if is_lost(path):
        return False
    try:
        with closing(Database.open(path)) as database:
            return database.read("PRAGMA integrity_check") == [("ok",)]
    except DatabaseDamaged:
        return False


def _rebuild(path: Path, done: Repaired, now: datetime) -> Repaired:
    """Make a new database of what can be read of the old one, and of the newest backup for the rest."""
    new = path.with_name(f"{path.stem}.salvaged{path.suffix}.part")
    for ending in ("", "-wal", "-shm"):
        new.with_name(new.name + ending).unlink(missing_ok=True)
    backup = newest_sound(path)
    with closing(Database.open(new)) as database, database.writing() as transaction:
        triggers = transaction.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        for name, _ in triggers:
            transaction.execute(f'DROP TRIGGER "{name}"')
        transaction.execute("PRAGMA defer_foreign_keys = ON")
        gaps, garbled = _fill(transaction, path, None)
        if gaps and backup is not None:
            _fill(transaction, backup, gaps)
        for table, columns, row in garbled:
            _insert(transaction, table, columns, [row])
        rows = complete(transaction)
        for (session_id,) in transaction.execute("SELECT id FROM sessions"):
            recount(transaction, session_id)
        for _, sql in triggers:
            transaction.execute(sql)
        kept = transaction.execute("SELECT count(*) FROM sessions WHERE deleted_at IS NULL")[0][0]
    with closing(Database.open(new)) as database:
        Search(database).rebuild()
        if problems := database.problems():
            raise StorageFailed(f"The sessions could not be mended ({problems[0]}). Nothing was changed.")
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    aside = put_in_place(new, path, now)
    return replace(
        done,
        aside="" if aside is None else aside.name,
        sessions=kept,
        unreadable=tuple(sorted(gaps)),
        backup=backup.name if gaps and backup is not None else "",
        rows=rows,
    )


def _fill(
    transaction: Transaction, path: Path, only: set[str] | None
) -> tuple[set[str], list[tuple[str, list[str], Row]]]:
    """Copy rows that are not there yet from another database.

    Return the tables that could not be read whole, and rows that are only better than none: (table, columns,
    row). ``only``: the tables to copy; None: all. Raises ``DatabaseTooNew``.
    """
    garbled: list[tuple[str, list[str], Row]] = []
    tables = _tables(transaction)
    try:
        wreck = Wreck(path)
    except sqlite3.Error:
        return set(tables), garbled
    with closing(wreck):
        if wreck.version > len(MIGRATIONS):
            raise DatabaseTooNew(wreck.version, len(MIGRATIONS))
        there = wreck.tables
        if "sessions" not in there:
            return set(tables), garbled
        for table in tables:
            if table not in there or not (only is None or table in only):
                continue
            columns = [name for name in wreck.columns(table) if name in _columns(transaction, table)]
            parents = [
                row[0]
                for row in transaction.execute("SELECT id FROM turns UNION ALL SELECT id FROM sessions")
            ]
            for rows in wreck.rows(table, columns, parents):
                whole = [row for row in rows if not any(type(cell) is Garbled for cell in row)]
                _insert(transaction, table, columns, whole)
                if len(whole) < len(rows):
                    wreck.unreadable.add(table)
                    garbled += [(table, columns, row) for row in rows if row not in whole]
        return wreck.unreadable, garbled


def _insert(transaction: Transaction, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    listed, marks = ", ".join(f'"{column}"' for column in columns), ", ".join("?" * len(columns))
    for row in rows:
        with suppress(sqlite3.IntegrityError):  # a cell that was damaged is of another type
            transaction.execute(f'INSERT OR IGNORE INTO "{table}" ({listed}) VALUES ({marks})', row)


def complete(transaction: Transaction) -> int:
    """Make every row belong to one that is there, and every session and turn complete; count the changes."""
    change = transaction.change
    changed = change(
        "INSERT INTO sessions (id, title, titled_by_user, model_id, created_at, updated_at) "
        "SELECT session_id, 'Recovered', 1, coalesce(max(model_id), ''), min(created_at), max(created_at) "
        "FROM turns LEFT JOIN answers ON turn_id = id "
        "WHERE session_id NOT IN (SELECT id FROM sessions) GROUP BY session_id"
    )
    changed += change(
        "INSERT INTO sessions (id, title, titled_by_user, model_id, created_at, updated_at) "
        "SELECT session_id, 'Recovered', 1, '', ?1, ?1 FROM drafts "
        "WHERE session_id NOT IN (SELECT id FROM sessions)",
        (time_cell(datetime.now(UTC)),),
    )
    changed += change(
        "UPDATE turns SET parent_id = (SELECT earlier.id FROM turns AS earlier WHERE "
        "earlier.session_id = turns.session_id AND earlier.position < turns.position "
        "ORDER BY earlier.position DESC LIMIT 1) "
        "WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM turns)"
    )
    changed += change(
        "UPDATE sessions SET head_id = NULL "
        "WHERE head_id IS NOT NULL AND head_id NOT IN (SELECT id FROM turns)"
    )
    changed += change(
        "UPDATE turns SET followed_by = NULL "
        "WHERE followed_by IS NOT NULL AND followed_by NOT IN (SELECT id FROM turns)"
    )
    for table in _tables(transaction):
        for _, _, parent, column, key, *_ in transaction.execute(f'PRAGMA foreign_key_list("{table}")'):
            changed += change(
                f'DELETE FROM "{table}" WHERE "{column}" IS NOT NULL '
                f'AND "{column}" NOT IN (SELECT "{key}" FROM "{parent}")'
            )
    changed += change(
        "INSERT INTO answers (turn_id, model_id, outcome, text, content_json, stop_detail, practice) "
        "SELECT turns.id, sessions.model_id, 'interrupted', '', '', '', 0 "
        "FROM turns JOIN sessions ON sessions.id = session_id "
        "WHERE turns.id NOT IN (SELECT turn_id FROM answers)"
    )
    changed += change(
        "INSERT INTO drafts (session_id, content) SELECT id, ? FROM sessions "
        "WHERE id NOT IN (SELECT session_id FROM drafts)",
        (draft_cell(Draft()),),
    )
    return changed


def _set_damaged_aside(folder: Path, blobs: Blobs) -> int:
    """Read every blob, and move those that are not what their name says out of the way."""
    found = 0
    for shard in range(SHARDS):
        for digest, _ in list(blobs.on_disk(shard)):
            path = blobs.path(digest)
            with path.open("rb") as file:
                is_sound = hashlib.file_digest(file, "sha256").hexdigest() == digest
            if not is_sound:
                private_directory(folder / DAMAGED)
                path.replace(folder / DAMAGED / digest)
                found += 1
    return found


def _clear_unfinished(path: Path) -> int:
    unfinished = copies.unfinished(path)
    for part in unfinished:
        part.unlink(missing_ok=True)
    return len(unfinished)


def _tables(transaction: Transaction) -> list[str]:
    """Return our tables, those that others refer to first."""
    names = [
        name
        for (name,) in transaction.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
            "AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    return sorted(names, key=lambda name: {"sessions": 0, "turns": 1}.get(name, 2))


def _columns(transaction: Transaction, table: str) -> set[str]:
    return {row[1] for row in transaction.execute(f'PRAGMA table_info("{table}")')}
