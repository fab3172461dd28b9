"""The one SQLite file: opened with care, written in transactions, its errors turned into ours."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from vision_studio.core.failures import FailureKind
from vision_studio.storage.digests import sync_directory
from vision_studio.storage.errors import (
    DatabaseDamaged,
    DatabaseTooNew,
    FolderGone,
    StorageFailed,
    os_failure,
)
from vision_studio.storage.migrations import APPLICATION_ID, MIGRATIONS, Migration, migrate

Row = tuple[Any, ...]
Value = str | int | float | bytes | None

NORMAL, FULL = "NORMAL", "FULL"
"""What a commit survives in WAL mode: the end of the process; the loss of power too."""

_BUSY_S = 1.0
"""How long another program's lock is waited for: the engine's thread waits with it, and answers come on."""

_STEPS = 10_000
"""Of SQLite's machine, between two looks at whether a query is still wanted: about a millisecond."""


class Transaction:
    """Statements that take effect together."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        return _fetch(self._connection, sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        self._connection.executemany(sql, map(_storable, rows))

    def change(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.execute(sql, _storable(parameters)).rowcount


class Database:
    """An open database. Used by the thread that opened it, and by no other."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._synchronous = ""
        self._identity = _identity(path)

    @classmethod
    def open(cls, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> Self:
        """Open the file, or make it; bring an older one up to date after copying it aside.

        Raises ``DatabaseTooNew``, ``DatabaseDamaged``, or ``StorageFailed`` when the system says no.
        """
        try:
            # SQLite would let the umask decide who may read it; its -wal and -shm take the file's mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            failure = os_failure(error)
            raise StorageFailed(failure.message, failure.kind) from error
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None)
        database = cls(connection, path)
        try:
            with database._translating():
                database._prepare(migrations)
        except BaseException:
            connection.close()
            raise
        return database

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """Open a file that is there, beside whoever else has it open; nothing can be written through this.

        An older file stays older: ``is_current`` tells. Raises as ``open`` does.
        """
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
            )
        except sqlite3.OperationalError as error:
            raise StorageFailed(f"Your sessions could not be read ({error}).") from error
        database = cls(connection, path)
        try:
            with database._translating():
                database._check(MIGRATIONS)
        except BaseException:
            connection.close()
            raise
        return database

    @classmethod
    def in_memory(cls, steps: Sequence[Migration]) -> Self:
        """Make a database of the layout that these steps lead to; it goes when it is closed."""
        database = cls(sqlite3.connect(":memory:", isolation_level=None), Path("memory"))
        database.upgrade(steps)
        return database

    def upgrade(self, steps: Sequence[Migration]) -> None:
        """Take further steps with a database in memory."""
        with self._translating():
            self._connection.executescript("\n".join(["PRAGMA foreign_keys = OFF;", *steps]))
            self._connection.execute("PRAGMA foreign_keys = ON")

    @property
    def path(self) -> Path:
        return self._path

    @property
    def version(self) -> int:
        """The layout of the file, counted from 1; 0: nothing in it yet."""
        return _pragma(self._connection, "user_version")

    @property
    def is_current(self) -> bool:
        return self.version == len(MIGRATIONS)

    def _prepare(self, migrations: Sequence[Migration]) -> None:
        self._check(migrations)
        self._connection.execute("PRAGMA journal_mode = WAL")
        migrate(self._connection, self._path, migrations)
        self._connection.execute("PRAGMA foreign_keys = ON")

    def _check(self, migrations: Sequence[Migration]) -> None:
        """Until the file is known to be ours and not newer, nothing may be written to it."""
        version, owner = self.version, _pragma(self._connection, "application_id")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if owner != APPLICATION_ID and (owner or version or tables):
            raise DatabaseDamaged(self._path, "it is not a Vision Studio file")
        if version > len(migrations):
            raise DatabaseTooNew(version, len(migrations))

    def read(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        """Run a query and return all its rows."""
        with self._translating():
            return _fetch(self._connection, sql, parameters)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Transaction]:
        """Run the block's statements as one transaction: all of them take effect, or none.

        Every commit survives the process being killed. A ``durable`` one is on the disk when this returns,
        together with all commits before it; another may be undone, whole, by a loss of power.

        Raises ``FolderGone`` when the file is not in its place any more: the system would go on writing to
        one that was deleted, and nobody would find there what was said to be saved.
        """
        if self._identity != _identity(self._path):
            raise FolderGone
        with self._translating():
            self._set_synchronous(FULL if durable else NORMAL)
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Transaction(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _set_synchronous(self, level: str) -> None:
        if level != self._synchronous:
            self._connection.execute(f"PRAGMA synchronous = {level}")
            self._synchronous = level

    def problems(self) -> tuple[str, ...]:
        """Check every page and every reference; return what is wrong. Reads the whole file."""
        try:
            found = [text for (text,) in self.read("PRAGMA integrity_check")]
            orphans = self.read("PRAGMA foreign_key_check")
        except DatabaseDamaged as error:
            return (error.detail,)
        problems = [] if found == ["ok"] else found
        return (*problems, *(f"{table}: a row without its {parent}" for table, _, parent, _ in orphans))

    @contextmanager
    def giving_up(self, wanted: Callable[[], bool]) -> Iterator[None]:
        """End a query of the block early, with ``StorageFailed``, once that is ``wanted``."""
        self._connection.set_progress_handler(wanted, _STEPS)
        try:
            yield
        finally:
            self._connection.set_progress_handler(None, 0)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._failure(error) from error

    def _failure(self, error: sqlite3.DatabaseError) -> Exception:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            return error  # misuse of the module, not a state of the file
        primary = code & 0xFF
        if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return DatabaseDamaged(self._path, str(error))
        if primary == sqlite3.SQLITE_BUSY:
            return StorageFailed(
                "Your sessions could not be written: another program holds the file just now. "
                "What is not saved yet is saved as soon as it lets go."
            )
        if primary == sqlite3.SQLITE_FULL:
            return StorageFailed("The disk is full.", FailureKind.DISK_FULL)
        if primary == sqlite3.SQLITE_CONSTRAINT:
            return error
        return StorageFailed(f"Your sessions could not be read or written ({error}).")


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database, with its write-ahead log, and return its new name; nothing is deleted."""
    aside = _aside(path, now)
    # The log first: a log left behind would be taken for part of the new file.
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def put_in_place(finished: Path, path: Path, now: datetime) -> Path | None:
    """Give a database's name to another file; return where the old one was set aside, if there was one.

    There is a file of that name all the time: after a kill nobody is shown an empty library.
    """
    aside = None
    if path.exists():
        aside = _aside(path, now)
        try:
            aside.hardlink_to(path)
        except OSError:  # a file system without such links
            shutil.copyfile(path, aside)
            aside.chmod(0o600)
    beside = aside or _aside(path, now)
    for ending in ("-wal", "-shm"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(beside.with_name(beside.name + ending))
    finished.replace(path)
    sync_directory(path.parent)
    return aside


def _aside(path: Path, now: datetime) -> Path:
    stamp = now.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    attempt = 1
    while aside.exists():
        attempt += 1
        aside = path.with_name(f"{path.stem}.damaged-{stamp}-{attempt}{path.suffix}")
    return aside


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of its name; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value


def _fetch(connection: sqlite3.Connection, sql: str, parameters: Sequence[Value]) -> list[Row]:
    cells = _storable(parameters)
    try:
        return connection.execute(sql, cells).fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    # From now on a byte gone wrong in a text shows as � instead of hiding its row. Not from the beginning:
    # the module's own decoding is several times faster.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection.execute(sql, cells).fetchall()


def _storable(parameters: Sequence[Value]) -> list[Value]:
    return [_scalar(value) if isinstance(value, str) else value for value in parameters]


def _scalar(text: str) -> str:
    """Half a surrogate pair, as in a carelessly cut paste, is no character and SQLite takes none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
