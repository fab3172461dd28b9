"""What the window may ask about spending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.usage_commands import UsageCommands


class UsageBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: UsageCommands) -> None:
        self._post = post
        self._commands = commands

    def tell(self, days: int | None) -> None:
        self._post(self._commands.tell, days)

    def save(self, days: int | None, path: Path) -> None:
        self._post(self._commands.save, days, path)
