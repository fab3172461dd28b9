"""What the window may ask about branches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.branch_commands import BranchCommands


class BranchBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: BranchCommands) -> None:
        self._post = post
        self._commands = commands

    def show(self, session_id: str, turn_id: str) -> None:
        self._post(self._commands.show, session_id, turn_id)

    def branch_off(self, session_id: str, turn_id: str) -> None:
        self._post(self._commands.branch_off, session_id, turn_id)
