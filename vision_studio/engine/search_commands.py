"""Looking for something in the library."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_studio.core.events import Event
from vision_studio.core.library_events import SessionsFound
from vision_studio.core.search import Query

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class SearchCommands:
    """For the engine's thread, once the data folder is open."""

    def __init__(self, parts: Callable[[], Parts], report: Callable[[Event], None]) -> None:
        self._parts = parts
        self._report = report

    async def look_for(self, ticket: int, query: Query, after: int | None = None) -> None:
        """Find a page. ``SessionsFound`` comes of it, unless another question does. Raises ``Failed``."""
        found = await self._parts().searching.find(query, after)
        if found is not None:
            self._report(
                SessionsFound(
                    ticket, query, found.sessions, found.hits, found.after, continued=after is not None
                )
            )

    def cancel(self) -> None:
        """Nobody waits for an answer any more."""
        self._parts().searching.cancel()
