"""What the files on a server are to the sessions here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vision_studio.core.draft import pixels_key
from vision_studio.storage.cells import time_from
from vision_studio.storage.database import Database, Row

_DIGEST = re.compile(r'"digest":"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class FileUse:
    """One file that was uploaded from here."""

    file_id: str
    digest: str
    """Of its bytes."""
    size_bytes: int
    media_type: str
    uploaded_at: datetime
    expires_at: datetime | None
    image_name: str = ""
    pixels: str | None = None
    sessions: tuple[str, ...] = ()
    """The titles of the sessions that show it, the last changed first; drafts count."""


class FileUses:
    """``server`` and ``workspace`` are those of ``storage.uploads``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_server(self, server: str, workspace: str, now: datetime) -> tuple[FileUse, ...]:
        """Return every file that was uploaded from here and has not expired, the newest first."""
        rows = self._database.read(
            f"{_UPLOADS} WHERE server = ? AND workspace = ? AND (expires_at IS NULL OR expires_at > ?) "
            "GROUP BY file_id ORDER BY uploaded_at DESC",
            (server, workspace, int(now.timestamp() * 1_000_000)),
        )
        return self._with_sessions(rows)

    def of_files(self, file_ids: Sequence[str], server: str, workspace: str) -> dict[str, FileUse]:
        """Return what is known of those among these files that were uploaded from here."""
        rows = self._database.read(
            f"{_UPLOADS} WHERE server = ? AND workspace = ? AND file_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY file_id",
            (server, workspace, json.dumps(list(file_ids))),
        )
        return {use.file_id: use for use in self._with_sessions(rows)}

    def only_of(self, session_id: str, server: str, workspace: str) -> tuple[FileUse, ...]:
        """Return the files that this session's turns were sent with and that no other session shows.

        The session may have been deleted; its own draft counts for nothing.
        """
        rows = self._database.read(
            f"{_UPLOADS} WHERE server = ? AND workspace = ? AND uploads.digest IN "
            "(SELECT rendition_digest FROM turns JOIN turn_images ON turn_id = turns.id "
            "WHERE session_id = ?) GROUP BY file_id",
            (server, workspace, session_id),
        )
        return tuple(use for use in self._with_sessions(rows, but=session_id) if not use.sessions)

    def _with_sessions(self, rows: Sequence[Row], but: str = "") -> tuple[FileUse, ...]:
        if not rows:
            return ()
        digests = json.dumps([digest for _, digest, *_ in rows])
        shown: dict[str, list[tuple[str, str, str, str, int]]] = {}
        for digest, *found in self._database.read(
            "SELECT DISTINCT rendition_digest, session_id, title, name, turn_images.digest, frame "
            "FROM turn_images JOIN turns ON turns.id = turn_id JOIN sessions ON sessions.id = session_id "
            "WHERE rendition_digest IN (SELECT value FROM json_each(?)) AND deleted_at IS NULL "
            "AND session_id != ? ORDER BY updated_at DESC",
            (digests, but),
        ):
            shown.setdefault(digest, []).append(tuple(found))
        drafts = self._drafts(but)
        return tuple(_use(row, shown.get(row[1], ()), drafts) for row in rows)

    def _drafts(self, but: str) -> Mapping[str, list[tuple[str, str]]]:
        """Return id and title of the sessions whose drafts hold a picture, by its original's digest."""
        found: dict[str, list[tuple[str, str]]] = {}
        for session_id, title, content in self._database.read(
            "SELECT id, title, content FROM drafts JOIN sessions ON id = session_id "
            "WHERE draft_images > 0 AND deleted_at IS NULL AND id != ? ORDER BY updated_at DESC",
            (but,),
        ):
            for digest in set(_DIGEST.findall(content)):
                found.setdefault(digest, []).append((session_id, title))
        return found


_UPLOADS = (
    "SELECT file_id, uploads.digest, uploaded_at, expires_at, max(original_digest), max(media_type), "
    "max(size_bytes) FROM uploads LEFT JOIN renditions ON renditions.digest = uploads.digest"
)


def _use(
    row: Row, shown: Iterable[tuple[str, str, str, str, int]], drafts: Mapping[str, list[tuple[str, str]]]
) -> FileUse:
    file_id, digest, uploaded_at, expires_at, original, media_type, size_bytes = row
    found = list(shown)
    titles = dict([*((one[0], one[1]) for one in found), *drafts.get(original or digest, ())])
    *_, name, original_shown, frame = found[0] if found else ("", original or digest, 0)
    return FileUse(
        file_id,
        digest,
        size_bytes or 0,
        media_type or "",
        time_from(uploaded_at),
        None if expires_at is None else time_from(expires_at),
        name,
        pixels_key(original_shown, frame) if original_shown else None,
        tuple(title or "New session" for title in titles.values()),
    )
