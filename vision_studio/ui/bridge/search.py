"""What the window may look for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_studio.core.search import Query

if TYPE_CHECKING:
    from vision_studio.engine.search_commands import SearchCommands


class SearchBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: SearchCommands) -> None:
        self._post = post
        self._commands = commands

    def look_for(self, ticket: int, query: Query, after: int | None = None) -> None:
        self._post(self._commands.look_for, ticket, query, after)

    def cancel(self) -> None:
        self._post(self._commands.cancel)
