"""Looks at a data folder without changing anything: is all there that should be, and nothing else?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from vision_studio.core.health import Health, LostImage
from vision_studio.storage import copies
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.cells import Undecodable
from vision_studio.storage.codec import draft_from
from vision_studio.storage.database import Database
from vision_studio.storage.errors import DatabaseDamaged


def examine(path: Path, blobs: Path) -> Health:
    """Look at a database, which others may have open, and at the files it refers to.

    That a file has the size it should have is taken for its being the right one: ``repair`` reads them all.
    Raises ``DatabaseTooNew``, and ``StorageFailed`` when the system does not let us look.
    """
    unfinished = len(copies.unfinished(path))
    try:
        with closing(Database.open_to_read(path)) as database:
            found = database.read("PRAGMA integrity_check")
            if found != [("ok",)] or not database.is_current:
                problems = tuple(text for (text,) in found if text != "ok")
                return Health(database=problems, unfinished=unfinished)
            files = _Files(blobs)
            return Health(
                orphans=len(database.read("PRAGMA foreign_key_check")),
                incomplete=_incomplete(database),
                lost=tuple(_lost(database, files)),
                dangling=len(_dangling(database, files)),
                unfinished=unfinished,
            )
    except DatabaseDamaged as error:
        return Health(database=(error.detail,), unfinished=unfinished)


def lost_images(database: Database, blobs: Blobs) -> tuple[LostImage, ...]:
    """Return the pictures whose files are gone, in sessions that were not deleted."""
    return tuple(_lost(database, _Files(blobs.root)))


def forget_dangling(database: Database, blobs: Blobs) -> int:
    """Take out what is noted of renditions whose files are gone: they are made again. Return how many."""
    rows = _dangling(database, _Files(blobs.root))
    if rows:
        with database.writing() as transaction:
            transaction.execute_many("DELETE FROM renditions WHERE original_digest = ? AND recipe = ?", rows)
    return len(rows)


class _Files:
    """The blobs as they lie there."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, digest: str) -> int | None:
        try:
            return (self._root / digest[:2] / digest).stat().st_size
        except OSError:
            return None


def _dangling(database: Database, files: _Files) -> list[tuple[str, str]]:
    rows = database.read("SELECT original_digest, recipe, digest, size_bytes FROM renditions")
    return [(original, recipe) for original, recipe, digest, size in rows if files.size(digest) != size]


def _incomplete(database: Database) -> int:
    rows = database.read(
        "SELECT (SELECT count(*) FROM turns WHERE id NOT IN (SELECT turn_id FROM answers)) + "
        "(SELECT count(*) FROM sessions WHERE id NOT IN (SELECT session_id FROM drafts))"
    )
    count: int = rows[0][0]
    return count


def _lost(database: Database, files: _Files) -> Iterator[LostImage]:
    for session_id, title, position, number, name, digest, size_bytes, made, made_bytes in database.read(
        "SELECT sessions.id, title, turns.position, coalesce(called, number), name, digest, size_bytes, "
        "rendition_digest, rendition_size_bytes "
        "FROM sessions JOIN turns ON session_id = sessions.id JOIN turn_images ON turn_id = turns.id "
        "WHERE deleted_at IS NULL AND digest IS NOT NULL "
        "ORDER BY updated_at DESC, turns.position, turn_images.position"
    ):
        size = files.size(digest)
        if size != size_bytes:
            can_be_sent = made is not None and files.size(made) == made_bytes
            yield LostImage(session_id, title, position, number, name, size is not None, can_be_sent)
    for session_id, title, content in database.read(
        "SELECT id, title, content FROM sessions JOIN drafts ON session_id = id "
        "WHERE deleted_at IS NULL ORDER BY updated_at DESC"
    ):
        with suppress(Undecodable):
            for place, image in enumerate(draft_from(content).images, start=1):
                if image.digest and (size := files.size(image.digest)) != image.size_bytes:
                    yield LostImage(session_id, title, None, place, image.name, size is not None)
