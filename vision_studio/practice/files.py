"""The files that were uploaded: their bytes in a folder, their metadata in a small database beside them."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vision_studio.practice.refusals import file_expired, file_not_found, invalid

SHORTEST_LIFE_S = 3600
LONGEST_LIFE_S = 90 * 24 * 3600
KEPT_AFTER_EXPIRY_S = 30 * 24 * 3600
"""How long the metadata of an expired file can still be read."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS workspace (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at REAL NOT NULL,
    expires_at REAL
);
"""
_LAST = 2**62
"""Above every file's number."""
_COLUMNS = "number, id, filename, mime_type, size_bytes, sha256, created_at, expires_at"
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file's metadata. Times are seconds since 1970."""

    number: int
    id: str
    filename: str
    mime_type: str
    size_bytes: int
    sha256: str
    created_at: float
    expires_at: float | None

    def as_json(self) -> dict[str, Any]:
        return {
            "type": "file",
            "id": self.id,
            "filename": self.filename,
            "mime_type": self.mime_type,
            "size_bytes": self.size_bytes,
            "created_at": rfc3339(self.created_at),
            "expires_at": None if self.expires_at is None else rfc3339(self.expires_at),
            "downloadable": False,
        }


class FileStore:
    """Keeps uploads until they are deleted. Any thread may use it; nothing is opened before the first use.

    Without a directory the files live in a temporary one and go with ``close``.
    """

    def __init__(self, directory: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._directory = directory
        self._clock = clock
        self._lock = threading.RLock()
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._opened: tuple[Path, sqlite3.Connection, str] | None = None

    @property
    def workspace_id(self) -> str:
        """Names this collection of files: an id from another one means nothing here."""
        return self._open()[2]

    def incoming(self) -> Path:
        """Return a path beside the others for the bytes of an upload that is still arriving."""
        return self._open()[0] / f"incoming-{secrets.token_hex(8)}"

    def keep(
        self, incoming: Path, filename: str, mime_type: str, sha256: str, expires_in_s: int | None
    ) -> StoredFile:
        """Take over an upload's bytes. Raises ``Refusal`` for a name or a lifetime the API does not take."""
        name = acceptable_name(filename, mime_type)
        if expires_in_s is not None and not SHORTEST_LIFE_S <= expires_in_s <= LONGEST_LIFE_S:
            raise invalid(
                f"expires_in_seconds: Input should be between {SHORTEST_LIFE_S} and {LONGEST_LIFE_S}"
            )
        file_id = f"file_{secrets.token_hex(12)}"
        now = self._clock()
        with self._lock:
            folder, database, _ = self._open()
            size_bytes = incoming.stat().st_size
            incoming.replace(folder / file_id)
            database.execute(
                "INSERT INTO file (id, filename, mime_type, size_bytes, sha256, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    file_id,
                    name,
                    mime_type,
                    size_bytes,
                    sha256,
                    now,
                    None if expires_in_s is None else now + expires_in_s,
                ),
            )
            return self.find(file_id)

    def find(self, file_id: str) -> StoredFile:
        """Return the metadata, of an expired file too. Raises ``Refusal`` (404)."""
        found = self._select("WHERE id = ?", file_id) if file_id.isascii() else []
        if not found:
            raise file_not_found(file_id)
        return found[0]

    def usable(self, file_id: str) -> StoredFile:
        """Return the metadata of a file whose bytes can be used. Raises ``Refusal`` (404)."""
        file = self.find(file_id)
        if file.expires_at is not None and file.expires_at <= self._clock():
            raise file_expired(file_id)
        return file

    def read(self, file: StoredFile) -> bytes:
        """Return the bytes. Raises ``Refusal`` (404) when they were deleted meanwhile."""
        try:
            return (self._open()[0] / file.id).read_bytes()
        except FileNotFoundError:
            raise file_not_found(file.id) from None

    def page(self, limit: int, cursor: str | None) -> tuple[list[StoredFile], str | None]:
        """Return the newest files that follow the cursor, and the cursor of the next page."""
        before = _LAST if cursor is None else _number(cursor)
        found = self._select("WHERE number < ? ORDER BY number DESC LIMIT ?", before, limit + 1)
        page = found[:limit]
        return page, _cursor(page[-1].number) if len(found) > limit else None

    def named(self, file_ids: Sequence[str]) -> list[StoredFile]:
        """Return those of the files that exist, newest first."""
        possible = [file_id for file_id in file_ids if file_id.isascii()]
        marks = ", ".join("?" * len(possible))
        return self._select(f"WHERE id IN ({marks}) ORDER BY number DESC", *possible)

    def delete(self, file_id: str) -> None:
        """Forget a file. Raises ``Refusal`` (404)."""
        with self._lock:
            self.find(file_id)
            folder, database, _ = self._open()
            database.execute("DELETE FROM file WHERE id = ?", (file_id,))
            (folder / file_id).unlink(missing_ok=True)

    def expire(self, file_id: str) -> None:
        """Let a file's time be over. Raises ``Refusal`` (404)."""
        with self._lock:
            self.find(file_id)
            database = self._open()[1]
            database.execute("UPDATE file SET expires_at = ? WHERE id = ?", (self._clock(), file_id))

    def close(self) -> None:
        """Let go of the folder; a later use opens it again."""
        with self._lock:
            if self._opened is not None:
                self._opened[1].close()
                self._opened = None
            if self._temporary is not None:
                self._temporary.cleanup()
                self._temporary = None

    def _select(self, clause: str, *values: object) -> list[StoredFile]:
        with self._lock:
            rows = self._open()[1].execute(f"SELECT {_COLUMNS} FROM file {clause}", values).fetchall()
        return [StoredFile(*row) for row in rows]

    def _open(self) -> tuple[Path, sqlite3.Connection, str]:
        with self._lock:
            if self._opened is None:
                if self._directory is None:
                    self._temporary = tempfile.TemporaryDirectory(prefix="vision-studio-practice-")
                    folder = Path(self._temporary.name)
                else:
                    folder = self._directory
                    folder.mkdir(parents=True, exist_ok=True)
                database = sqlite3.connect(folder / "files.db", isolation_level=None, check_same_thread=False)
                database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)
                self._opened = folder, database, _workspace(database)
                self._tidy(folder, database)
            return self._opened

    def _tidy(self, folder: Path, database: sqlite3.Connection) -> None:
        """Remove what an interrupted upload left, and what expired long ago."""
        long_ago = self._clock() - KEPT_AFTER_EXPIRY_S
        database.execute("DELETE FROM file WHERE expires_at < ?", (long_ago,))
        known = {file_id for (file_id,) in database.execute("SELECT id FROM file")}
        for path in folder.iterdir():
            if path.name.startswith(("incoming-", "file_")) and path.name not in known:
                path.unlink(missing_ok=True)


def acceptable_name(filename: str, mime_type: str) -> str:
    """Return the name the API would keep: the last component. Raises ``Refusal`` for one it would not."""
    name = filename.rsplit("/", 1)[-1] or f"unnamed{_EXTENSIONS.get(mime_type, '')}"
    if len(name) > 255:
        raise invalid("file: Filename must be between 1 and 255 characters")
    if _FORBIDDEN_IN_NAMES.search(name):
        raise invalid("file: Filename contains forbidden characters")
    return name


def rfc3339(seconds: float) -> str:
    """Write a time as the API does: UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _workspace(database: sqlite3.Connection) -> str:
    row: tuple[str] | None = database.execute("SELECT id FROM workspace").fetchone()
    if row is not None:
        return row[0]
    workspace_id = f"wrkspc_practice{secrets.token_hex(6)}"
    database.execute("INSERT INTO workspace VALUES (?)", (workspace_id,))
    return workspace_id


def _cursor(number: int) -> str:
    return "page_" + base64.urlsafe_b64encode(str(number).encode()).decode()


def _number(cursor: str) -> int:
    try:
        return min(int(base64.urlsafe_b64decode(cursor.removeprefix("page_"))), _LAST)
    except (ValueError, binascii.Error):
        raise invalid("page: Invalid page cursor") from None
