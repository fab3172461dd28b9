"""Copies of the database that make themselves, and how one takes the place of a database that is lost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from vision_studio.core.failures import FailureKind
from vision_studio.storage import copies
from vision_studio.storage.database import Database, put_in_place
from vision_studio.storage.digests import sync_directory
from vision_studio.storage.errors import StorageFailed, os_failure

EVERY = timedelta(days=1)
KEPT = 3
"""Each is as large as the database, which holds no pictures."""

_PAGES_A_STEP = 256
"""A megabyte; the thread sleeps between the steps."""
_SLEEP_S = 0.01


class Stopped(Exception):
    """The application ends; what there is of the copy is gone."""


def is_due(database: Path, now: datetime) -> bool:
    """Tell whether the newest backup is older than a day, or there is none, and something has changed since.

    ``now`` is in local time, like the names of backups.
    """
    newest = next(iter(copies.backups(database)), None)
    if newest is None:
        return True
    state = newest.stat()
    return state.st_mtime_ns != _changed_ns(database) and not (
        timedelta() <= now - datetime.fromtimestamp(state.st_ctime, tz=now.tzinfo) < EVERY
    )


def back_up(database: Path, now: datetime, is_stopped: Callable[[], bool] = lambda: False) -> Path:
    """Copy the database as it is at this moment, beside itself; remove all but the newest backups.

    For a thread of its own: whoever writes to the database meanwhile waits for nothing, as the copy is made
    of one moment of its log. Raises ``Stopped``, or ``StorageFailed``.
    """
    place = database.with_name(f"{database.stem}.backup-{now:%Y%m%d-%H%M%S}{database.suffix}")
    unfinished = place.with_name(f"{place.name}.part")

    def go_on(*_: int) -> None:
        if is_stopped():
            raise Stopped

    try:
        changed_ns = _changed_ns(database)
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600))
        try:
            _copy(database, unfinished, go_on)
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            # By this it is known later whether anything was changed since.
            os.utime(unfinished, ns=(changed_ns, changed_ns))
            unfinished.replace(place)
        finally:
            for ending in ("", "-journal", "-wal", "-shm"):
                unfinished.with_name(unfinished.name + ending).unlink(missing_ok=True)
        sync_directory(place.parent)
        # By name it is not the newest if the clock was put back.
        for old in [path for path in copies.backups(database) if path != place][KEPT - 1 :]:
            old.unlink(missing_ok=True)
    except OSError as error:
        failure = os_failure(error)
        raise StorageFailed(f"No backup could be made. {failure.message}", failure.kind) from error
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise StorageFailed(
                "No backup could be made. The disk is full.", FailureKind.DISK_FULL
            ) from error
        raise StorageFailed(f"No backup could be made ({error}).") from error
    return place


def is_lost(database: Path) -> bool:
    """Tell whether there were sessions, as a backup shows, and their database is gone or empty."""
    return not (database.exists() and database.stat().st_size) and bool(copies.backups(database))


def newest_sound(database: Path) -> Path | None:
    """Return the newest backup that can be read whole."""
    for path in copies.backups(database):
        try:
            with closing(Database.open_to_read(path)) as backup:
                if not backup.problems():
                    return path
        except StorageFailed:
            continue
    return None


def restore(database: Path, backup: Path, now: datetime) -> Path | None:
    """Put a copy of a backup in the place of the database; return where that was set aside, if there was one.

    Nothing may have it open. A kill leaves the old file or the new one, whole.
    Raises ``StorageFailed``.
    """
    unfinished = database.with_name(f"{database.stem}.restored{database.suffix}.part")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600))
        _copy(backup, unfinished, lambda *_: None)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        return put_in_place(unfinished, database, now)
    except OSError as error:
        failure = os_failure(error)
        raise StorageFailed(failure.message, failure.kind) from error
    except sqlite3.Error as error:
        raise StorageFailed(f"The backup could not be read ({error}).") from error


def _copy(source: Path, target: Path, go_on: Callable[..., None]) -> None:
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        # One moment of the database: a change by somebody else would have the copy begin anew.
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_schema").fetchall()
        reading.backup(writing, pages=_PAGES_A_STEP, progress=go_on, sleep=_SLEEP_S)
        # A reader of a file with a log leaves two files beside it.
        writing.execute("PRAGMA journal_mode = DELETE")


def _changed_ns(database: Path) -> int:
    """Return when the database or its log was last written to."""
    log = database.with_name(f"{database.name}-wal")
    times = [database.stat().st_mtime_ns]
    if log.exists() and log.stat().st_size:
        times.append(log.stat().st_mtime_ns)
    return max(times)
