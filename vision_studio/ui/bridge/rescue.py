"""What the window may have done about a damaged data folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.rescue_commands import RescueCommands


class RescueBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: RescueCommands) -> None:
        self._post = post
        self._commands = commands

    def repair(self) -> None:
        self._post(self._commands.repair)

    def use_backup(self) -> None:
        self._post(self._commands.use_backup)
