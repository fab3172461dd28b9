"""What is on which server under which ``file_id``: a cache that may be wrong; the server is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vision_studio.storage.cells import time_cell, time_from
from vision_studio.storage.database import Database


@dataclass(frozen=True, slots=True)
class Upload:
    file_id: str
    expires_at: datetime | None
    """In UTC; None: the server keeps it until it is deleted."""


class Uploads:
    """``server`` is "practice" or a base URL's origin; ``workspace`` is "" where the server names none."""

    def __init__(self, database: Database) -> None:
        self._database = database

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

    def remember(
        self,
        digest: str,
        server: str,
        workspace: str,
        file_id: str,
        expires_at: datetime | None,
        now: datetime,
    ) -> None:
        """Keep a new upload in the place of an older one; durably, as it was paid for in time."""
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

    def forget(self, file_id: str) -> None:
        """Drop an upload that the server reported missing or that was deleted there."""
        with self._database.writing() as transaction:
            transaction.execute("DELETE FROM uploads WHERE file_id = ?", (file_id,))

    def workspace(self, server: str) -> str:
        """Return the workspace the server last named for our key; "" before it named one."""
        rows = self._database.read("SELECT workspace FROM workspaces WHERE server = ?", (server,))
        return rows[0][0] if rows else ""

    def set_workspace(self, server: str, workspace: str) -> None:
        with self._database.writing() as transaction:
            transaction.execute("INSERT OR REPLACE INTO workspaces VALUES (?, ?)", (server, workspace))
