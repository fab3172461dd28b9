"""What the window may ask of the library's list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from vision_studio.core.library_events import Place

if TYPE_CHECKING:
    from vision_studio.engine.shelf_commands import ShelfCommands


class ShelfBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: ShelfCommands) -> None:
        self._post = post
        self._commands = commands

    def list(self, after: Place | None = None, *, archived: bool = False) -> None:
        self._post(self._commands.list, after, archived)

    def list_tags(self) -> None:
        self._post(self._commands.list_tags)

    def pin(self, session_ids: Sequence[str], *, pinned: bool) -> None:
        self._post(self._commands.pin, tuple(session_ids), pinned)

    def archive(self, session_ids: Sequence[str], *, archived: bool) -> None:
        self._post(self._commands.archive, tuple(session_ids), archived)

    def tag(self, session_ids: Sequence[str], tag: str) -> None:
        self._post(self._commands.tag, tuple(session_ids), tag)

    def untag(self, session_ids: Sequence[str], tag: str) -> None:
        self._post(self._commands.untag, tuple(session_ids), tag)

    def duplicate(self, session_id: str) -> None:
        self._post(self._commands.duplicate, session_id)

    def delete(self, session_ids: Sequence[str]) -> None:
        self._post(self._commands.delete, tuple(session_ids))

    def restore(self, session_ids: Sequence[str]) -> None:
        self._post(self._commands.restore, tuple(session_ids))
