"""Searches the library on a thread and a connection of their own: answers stream on however long it takes."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vision_studio.core.search import Query
from vision_studio.storage.database import Database
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.search import Found, Search


class Searching:
    """For the engine's thread. The file is opened with the first question."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "search")
        self._database: Database | None = None
        self._asked = 0
        """How many questions there were; what is under way for an earlier one ends early."""

    async def find(self, query: Query, after: int | None = None) -> Found | None:
        """Return what is found; None if another question came meanwhile. Raises ``Failed``."""
        number = self._asked = self._asked + 1
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._thread, self._find, number, query, after)
        return found if number == self._asked else None

    def cancel(self) -> None:
        """End what is under way."""
        self._asked += 1

    async def close(self) -> None:
        self.cancel()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    # On the thread of the searches

    def _find(self, number: int, query: Query, after: int | None) -> Found | None:
        if number != self._asked:
            return None
        if self._database is None:
            self._database = Database.open_to_read(self._path)
        try:
            with self._database.giving_up(lambda: number != self._asked):
                return Search(self._database).find(query, after)
        except StorageFailed:
            if number == self._asked:
                raise
            return None

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None
