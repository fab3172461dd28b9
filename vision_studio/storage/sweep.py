"""Clears away what nothing needs any more, in small steps, and never what anything might.

A picture goes only if, when this run of the application began, no session, draft, template, backup or other
copy of the database referred to it, and nobody has asked for it since. So what the window can still undo is
safe: it was referred to then, or came into the blobs during this run. Deleted sessions refer to their
pictures until they are purged.

Rows go before files: a kill between the two leaves a file that nothing refers to, for the next sweep to
find, and never a row without its file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from vision_studio.storage import copies
from vision_studio.storage.blobs import SHARDS, Blobs
from vision_studio.storage.cells import time_cell
from vision_studio.storage.database import Database
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.references import Snapshot
from vision_studio.storage.thumbnails import Thumbnails

DELETED_KEPT = timedelta(days=30)
"""So long a deleted session, and a copy made before an update, can be had back."""

GRACE = timedelta(days=1)
"""A younger file stays, whatever refers to it: the application may have ended just after it came."""

THUMBNAILS_BYTES = 256 << 20
"""What thumbnails may take together; the oldest go first."""

_PURGED_AT_ONCE = 50
_REMOVED_AT_ONCE = 200

LAST = "sweep.last"
"""The preference that holds what the last sweep did."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away. ``at``: when it began, in ISO 8601; "" before it was through."""

    sessions: int = 0
    blobs: int = 0
    thumbnails: int = 0
    regained_bytes: int = 0
    at: str = ""

    @classmethod
    def last(cls, preferences: Preferences) -> Self | None:
        """Return what the last sweep did that came to its end and found anything."""
        try:
            return cls(**json.loads(preferences.get(LAST)))
        except (ValueError, TypeError):
            return None


class Sweep:
    """One sweep: made when the database has just been opened, then carried on step by step, or closed."""

    def __init__(self, database: Database, path: Path, blobs: Blobs, thumbnails: Thumbnails) -> None:
        """Purge what was deleted long ago, and look at what there is. Raises ``StorageFailed``."""
        self._database = database
        self._path = path
        self._blobs = blobs
        self._thumbnails = thumbnails
        self._now = datetime.now(UTC)
        self._began = time_cell(self._now)
        self.swept = Swept(sessions=self._purge())
        self._needed: set[str] = set()
        self._stale: list[tuple[str, str, str]] = []
        """Renditions that nothing needs: (original's digest, recipe, digest)."""
        try:
            self._snapshot = Snapshot.open(path)
        except sqlite3.Error as error:
            raise StorageFailed(f"Your sessions could not be read ({error}).") from error

    def close(self) -> None:
        self._snapshot.close()

    def mark(self) -> Generator[None]:
        """Find out, step by step, what is needed. To be done soon: until then the log of changes only grows.

        Raises ``StorageFailed`` when that cannot be known for certain; then nothing may be cleared.
        """
        try:
            for digests in self._snapshot.digests():
                self._needed |= digests
                yield
            for path in (*copies.backups(self._path), *copies.of_earlier_versions(self._path)):
                with closing(Snapshot.open(path, in_use=False)) as copy:
                    for digests in copy.digests():
                        self._needed |= digests
                        yield
            made = set[str]()
            for rows in self._snapshot.renditions():
                for original, recipe, digest in rows:
                    if original in self._needed and self._is_of_use(digest):
                        made.add(digest)
                    else:
                        self._stale.append((original, recipe, digest))
                yield
            self._needed |= made
        except (sqlite3.Error, OSError) as error:
            raise StorageFailed(f"Nothing was tidied: a file could not be read ({error}).") from error
        finally:
            self._snapshot.close()

    def clear(self) -> Generator[None]:
        """Take away, step by step, what ``mark`` did not find to be needed. Raises ``StorageFailed``."""
        try:
            yield from self._clear_copies()
            if not copies.damaged(self._path):  # nobody knows what those refer to
                yield from self._clear_renditions()
                yield from self._clear_blobs()
            yield from self._clear_thumbnails()
        except OSError as error:
            raise StorageFailed(f"Not everything was tidied ({error.strerror}).") from error
        if self.swept != Swept():  # a database in which nothing happens needs no backup
            self.swept = replace(self.swept, at=self._now.isoformat(timespec="seconds"))
            Preferences(self._database).set(LAST, json.dumps(asdict(self.swept)))

    def _purge(self) -> int:
        limit = time_cell(self._now - DELETED_KEPT)
        with self._database.writing(durable=False) as transaction:
            return transaction.change(
                "DELETE FROM sessions WHERE key IN "
                "(SELECT key FROM sessions WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?)",
                (limit, _PURGED_AT_ONCE),
            )

    def _is_of_use(self, digest: str) -> bool:
        """What was made only to be looked at is made again when it is wanted after a month."""
        if digest in self._needed or self._blobs.is_touched(digest):
            return True
        try:
            return not self._is_older(self._blobs.state(digest), DELETED_KEPT)
        except OSError:
            return False

    def _clear_copies(self) -> Iterator[None]:
        for path in copies.unfinished(self._path):
            with suppress(FileNotFoundError):
                if self._is_older(path.stat(), GRACE):
                    path.unlink()
        for path in copies.of_earlier_versions(self._path):
            with suppress(FileNotFoundError):
                state = path.stat()
                if self._is_older(state, DELETED_KEPT):
                    path.unlink()
                    self._count(regained_bytes=state.st_size)
        yield

    def _clear_renditions(self) -> Iterator[None]:
        stale: list[tuple[str, str]] = []
        for original, recipe, digest in self._stale:
            if self._blobs.is_touched(original) or self._blobs.is_touched(digest):
                self._needed.add(digest)
            else:
                stale.append((original, recipe))
        for first in range(0, len(stale), _REMOVED_AT_ONCE):
            with self._database.writing(durable=False) as transaction:
                transaction.execute_many(
                    "DELETE FROM renditions WHERE original_digest = ? AND recipe = ?",
                    stale[first : first + _REMOVED_AT_ONCE],
                )
            yield

    def _clear_blobs(self) -> Iterator[None]:
        for shard in range(SHARDS):
            idle = [
                digest
                for digest, state in self._blobs.on_disk(shard)
                if digest not in self._needed and self._is_older(state, GRACE)
            ]
            if idle:
                # Another program may have had a picture on its clipboard since before this run.
                referred_to = self._referred_to_since()
                for digest in idle:
                    if digest not in referred_to and (size_bytes := self._blobs.remove(digest)):
                        self._count(blobs=1, regained_bytes=size_bytes)
            yield

    def _referred_to_since(self) -> str:
        """Return the drafts that were changed during this run."""
        rows = self._database.read(
            "SELECT content FROM drafts JOIN sessions ON id = session_id WHERE updated_at >= ?",
            (self._began,),
        )
        return " ".join(content for (content,) in rows)

    def _clear_thumbnails(self) -> Iterator[None]:
        kept: list[tuple[float, int, Path]] = []
        total_bytes = 0
        for shard in range(SHARDS):
            for path, digest, state in self._thumbnails.on_disk(shard):
                needed = digest in self._needed or (bool(digest) and self._blobs.is_touched(digest))
                if needed or not self._is_older(state, GRACE):
                    kept.append((state.st_mtime, state.st_size, path))
                    total_bytes += state.st_size
                else:
                    self._remove_thumbnail(path, state.st_size)
            yield
        kept.sort(key=lambda thumbnail: thumbnail[0], reverse=True)
        while total_bytes > THUMBNAILS_BYTES:
            for _ in range(min(_REMOVED_AT_ONCE, len(kept))):
                _, size_bytes, path = kept.pop()
                self._remove_thumbnail(path, size_bytes)
                total_bytes -= size_bytes
                if total_bytes <= THUMBNAILS_BYTES:
                    break
            yield

    def _remove_thumbnail(self, path: Path, size_bytes: int) -> None:
        with suppress(FileNotFoundError):
            path.unlink()
            self._count(thumbnails=1, regained_bytes=size_bytes)

    def _is_older(self, state: os.stat_result, than: timedelta) -> bool:
        return state.st_mtime < (self._now - than).timestamp()

    def _count(self, *, blobs: int = 0, thumbnails: int = 0, regained_bytes: int = 0) -> None:
        self.swept = replace(
            self.swept,
            blobs=self.swept.blobs + blobs,
            thumbnails=self.swept.thumbnails + thumbnails,
            regained_bytes=self.swept.regained_bytes + regained_bytes,
        )
