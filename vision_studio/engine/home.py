"""Everything that is kept, opened together and closed together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vision_studio.core.failures import Failed
from vision_studio.storage.backup import is_lost
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.errors import DatabaseDamaged, os_failure
from vision_studio.storage.estimates import EstimateLedger
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.models import ModelLedger
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.renditions import Renditions
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.shelf import Shelf
from vision_studio.storage.templates import Templates
from vision_studio.storage.thumbnails import Thumbnails
from vision_studio.storage.uploads import Uploads
from vision_studio.storage.usage import UsageLedger

DATABASE, BLOBS = "studio.db", "blobs"


@dataclass(frozen=True, slots=True)
class Home:
    """The data folder, held by this process until ``close``. For the thread that opened it."""

    folder: DataFolder
    database: Database
    blobs: Blobs
    thumbnails: Thumbnails
    sessions: Sessions
    renditions: Renditions
    uploads: Uploads
    usage: UsageLedger
    templates: Templates
    preferences: Preferences
    models: ModelLedger
    estimates: EstimateLedger
    shelf: Shelf

    @classmethod
    def open(cls, path: Path | None) -> Self:
        """Open the folder, None for the platform's usual one. Raises ``Failed`` and leaves nothing open."""
        folder = DataFolder.open(path)
        try:
            if is_lost(folder.path / DATABASE):
                raise DatabaseDamaged(folder.path / DATABASE, "it is gone or empty, and a backup is there")
            blobs = Blobs(folder.path / BLOBS)
            thumbnails = Thumbnails(folder.path / "thumbnails")
            database = Database.open(folder.path / DATABASE)
        except OSError as error:
            folder.close()
            raise Failed(os_failure(error)) from error
        except BaseException:
            folder.close()
            raise
        return cls(
            folder,
            database,
            blobs,
            thumbnails,
            sessions=Sessions(database),
            renditions=Renditions(database),
            uploads=Uploads(database),
            usage=UsageLedger(database),
            templates=Templates(database),
            preferences=Preferences(database),
            models=ModelLedger(database),
            estimates=EstimateLedger(database),
            shelf=Shelf(database),
        )

    def close(self) -> None:
        self.database.close()
        self.folder.close()
