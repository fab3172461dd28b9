"""What can be done about a data folder that cannot be opened because its database is damaged."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from vision_studio.core.events import Event
from vision_studio.core.health import Repaired
from vision_studio.core.health_events import FolderMended


class RescueCommands:
    """For the engine's thread, while the folder is not open; ``start`` opens it."""

    def __init__(
        self, data_dir: Path | None, start: Callable[[], None], report: Callable[[Event], None]
    ) -> None:
        self._data_dir = data_dir
        self._start = start
        self._report = report

    async def repair(self) -> None:
        """Make the database anew of all that can be read, and open it. Raises ``Failed``."""
        from vision_studio.engine.folder_health import mend  # not with the window

        done = await asyncio.to_thread(mend, self._data_dir)
        self._report(FolderMended(done))
        self._start()

    async def use_backup(self) -> None:
        """Put the newest backup in the place of the database, and open it. Raises ``Failed``."""
        from vision_studio.engine.folder_health import use_backup  # likewise

        backup, aside = await asyncio.to_thread(use_backup, self._data_dir)
        self._report(FolderMended(Repaired(backup=backup, aside=aside)))
        self._start()
