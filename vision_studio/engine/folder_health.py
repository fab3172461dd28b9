"""Looks into a data folder that nobody need have open, and mends one that nobody has."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from vision_studio.core.health import Health, Repaired
from vision_studio.engine.home import BLOBS, DATABASE
from vision_studio.storage import copies
from vision_studio.storage.backup import is_lost, newest_sound, restore
from vision_studio.storage.database import Database
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.examination import examine
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.place import default_folder
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.repair import repair
from vision_studio.storage.sweep import Swept


@dataclass(frozen=True, slots=True)
class Kept:
    """How well a folder is kept."""

    health: Health
    backed_up: datetime | None
    """When the newest backup was made, in local time."""
    swept: Swept | None


def look_into(data_dir: Path | None) -> Kept | None:
    """Look at a folder, None for the platform's usual one; None if nothing is in it. Raises ``Failed``."""
    folder = data_dir or default_folder()
    path = folder / DATABASE
    backups = copies.backups(path)
    if is_lost(path):
        return Kept(Health(database=("it is gone or empty",)), _made(backups), None)
    if not path.exists():
        return None
    health = examine(path, folder / BLOBS)
    swept = None
    if not health.database:
        with closing(Database.open_to_read(path)) as database:
            swept = Swept.last(Preferences(database))
    return Kept(health, _made(backups), swept)


def mend(data_dir: Path | None) -> Repaired:
    """Mend a folder. Raises ``Failed``: ``FOLDER_IN_USE`` while somebody has it open."""
    path = (data_dir or default_folder()) / DATABASE
    if not (path.exists() or is_lost(path)):
        return Repaired()
    folder = DataFolder.open(data_dir)
    try:
        return repair(folder.path, folder.path / DATABASE)
    finally:
        folder.close()


def use_backup(data_dir: Path | None) -> tuple[str, str]:
    """Put the newest backup that can be read in the place of the database, which is kept aside.

    Return the names of the backup and of what was set aside, "" for nothing. Raises ``Failed``.
    """
    folder = DataFolder.open(data_dir)
    try:
        path = folder.path / DATABASE
        backup = newest_sound(path)
        if backup is None:
            raise StorageFailed("There is no backup that can be read.")
        aside = restore(path, backup, datetime.now(UTC))
        return backup.name, "" if aside is None else aside.name
    finally:
        folder.close()


def _made(backups: list[Path]) -> datetime | None:
    return datetime.fromtimestamp(backups[0].stat().st_ctime, UTC).astimezone() if backups else None
