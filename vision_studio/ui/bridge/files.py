"""What the window may ask about the files on the server in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.file_commands import FileCommands


class FilesBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: FileCommands) -> None:
        self._post = post
        self._commands = commands

    def list(self, cursor: str | None = None) -> None:
        self._post(self._commands.list, cursor)

    def renew(self, file_ids: Sequence[str]) -> None:
        self._post(self._commands.renew, tuple(file_ids))

    def try_now(self) -> None:
        self._post(self._commands.try_now)

    def delete(self, file_ids: Sequence[str]) -> None:
        self._post(self._commands.delete, tuple(file_ids))
