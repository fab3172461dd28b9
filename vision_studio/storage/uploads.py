"""What is on which server under which ``file_id``: a cache that may be wrong; the server is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vision_studio.storage.cells import time_cell, time_from, time_or_epoch
from vision_studio.storage.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Upload:
    file_id: str
    expires_at: datetime | None
    """In UTC, by this computer's clock; None: the server keeps it until it is deleted."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An upload that was begun, and of which it is not known yet whether the server kept a file."""

    name: str
    """The file's name on the server: no other attempt has it."""
    digest: str
    server: str
    size_bytes: int
    started_at: datetime
    file_id: str | None = None
    """The file that came of it, once it was found that nothing here needs it: an orphan."""


@dataclass(frozen=True, slots=True)
class Deletion:
    """A file to delete when its server can be reached."""

    file_id: str
    server: str
    workspace: str


class Uploads:
    """``server`` is "practice" or a base URL's origin; ``workspace`` is "" where the server names none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # What is where

    def find(self, digest: str, server: str, workspace: str, now: datetime) -> Upload | None:
        """Return an upload of these bytes that has not expired at ``now``."""
        rows = self._database.read(
            "SELECT file_id, expires_at FROM uploads WHERE digest = ? AND server = ? AND workspace = ? "
            "AND (expires_at IS NULL OR expires_at > ?)",
            (digest, server, workspace, time_cell(now)),
        )
        if not rows:
            return None
        file_id, expires_at = rows[0]
        return Upload(file_id, None if expires_at is None else time_from(expires_at))

    def find_of_original(self, digest: str, server: str, workspace: str, now: datetime) -> Upload | None:
        """Return the latest upload of a picture, whichever of its renditions that was."""
        rows = self._database.read(
            "SELECT file_id, expires_at FROM uploads WHERE server = ? AND workspace = ? "
            "AND (expires_at IS NULL OR expires_at > ?) AND (digest = ? OR digest IN "
            "(SELECT digest FROM renditions WHERE original_digest = ?)) ORDER BY uploaded_at DESC LIMIT 1",
            (server, workspace, time_cell(now), digest, digest),
        )
        if not rows:
            return None
        file_id, expires_at = rows[0]
        return Upload(file_id, None if expires_at is None else time_from(expires_at))

    def remember(
        self,
        digest: str,
        server: str,
        workspace: str,
        file_id: str,
        expires_at: datetime | None,
        now: datetime,
        attempt: str | None = None,
    ) -> None:
        """Keep a new upload in the place of an older one; durably, as it was paid for in time.

        ``attempt`` names the attempt it came of, which is settled by it.
        """
        with self._database.writing() as transaction:
            transaction.execute(
                "INSERT OR REPLACE INTO uploads "
                "(digest, server, workspace, file_id, uploaded_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    digest,
                    server,
                    workspace,
                    file_id,
                    time_cell(now),
                    None if expires_at is None else time_cell(expires_at),
                ),
            )
            if attempt is not None:
                _settle(transaction, [attempt])

    def forget(self, file_id: str, server: str, workspace: str) -> None:
        """Drop an upload that the server reported missing or that was deleted there."""
        with self._database.writing() as transaction:
            _forget(transaction, file_id, server, workspace)

    def workspace(self, server: str) -> str:
        """Return the workspace the server last named for our key; "" before it named one."""
        rows = self._database.read("SELECT workspace FROM workspaces WHERE server = ?", (server,))
        return rows[0][0] if rows else ""

    def set_workspace(self, server: str, workspace: str) -> None:
        with self._database.writing() as transaction:
            transaction.execute("INSERT OR REPLACE INTO workspaces VALUES (?, ?)", (server, workspace))

    # What may be there without our knowing

    def begin(self, attempt: Attempt) -> None:
        """Note that an upload is about to begin. A loss of power may take the note back."""
        with self._database.writing(durable=False) as transaction:
            transaction.execute(
                "INSERT INTO upload_attempts (name, digest, server, size_bytes, started_at) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    attempt.name,
                    attempt.digest,
                    attempt.server,
                    attempt.size_bytes,
                    time_cell(attempt.started_at),
                ),
            )

    def settle(self, names: Sequence[str]) -> None:
        """Drop attempts of which nothing is left on the server that is not known."""
        if names:
            with self._database.writing(durable=False) as transaction:
                _settle(transaction, names)

    def mark_orphan(self, name: str, file_id: str) -> None:
        """Note that an attempt left a file that nothing here needs."""
        with self._database.writing() as transaction:
            transaction.execute("UPDATE upload_attempts SET file_id = ? WHERE name = ?", (file_id, name))

    def attempts(self, server: str) -> tuple[Attempt, ...]:
        """Return the attempts that are not settled, the oldest first."""
        rows = self._database.read(
            "SELECT name, digest, server, size_bytes, started_at, file_id FROM upload_attempts "
            "WHERE server = ? ORDER BY started_at",
            (server,),
        )
        return tuple(
            Attempt(name, digest, of, size_bytes, time_or_epoch(started_at), file_id)
            for name, digest, of, size_bytes, started_at, file_id in rows
        )

    # What is to be deleted

    def ask_deletion(self, file_ids: Sequence[str], server: str, workspace: str, now: datetime) -> None:
        """Queue files for deletion, durably, and never use them again."""
        with self._database.writing() as transaction:
            for file_id in file_ids:
                _forget(transaction, file_id, server, workspace)
                transaction.execute(
                    "DELETE FROM upload_attempts WHERE file_id = ? AND server = ?", (file_id, server)
                )
                transaction.execute(
                    "INSERT OR REPLACE INTO file_deletions VALUES (?, ?, ?, ?)",
                    (file_id, server, workspace, time_cell(now)),
                )

    def deletions(self, server: str) -> tuple[Deletion, ...]:
        """Return what is still to be deleted there, in the order it was asked for."""
        rows = self._database.read(
            "SELECT file_id, server, workspace FROM file_deletions WHERE server = ? ORDER BY asked_at",
            (server,),
        )
        return tuple(Deletion(*row) for row in rows)

    def end_deletion(self, deletion: Deletion) -> None:
        """Note that a file is gone from the server."""
        with self._database.writing() as transaction:
            transaction.execute(
                "DELETE FROM file_deletions WHERE file_id = ? AND server = ?",
                (deletion.file_id, deletion.server),
            )


def _forget(transaction: Transaction, file_id: str, server: str, workspace: str) -> None:
    transaction.execute(
        "DELETE FROM uploads WHERE file_id = ? AND server = ? AND workspace = ?",
        (file_id, server, workspace),
    )


def _settle(transaction: Transaction, names: Sequence[str]) -> None:
    for name in names:
        transaction.execute("DELETE FROM upload_attempts WHERE name = ?", (name,))
