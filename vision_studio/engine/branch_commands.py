"""What may be done with the branches of a session."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class BranchCommands:
    """For the engine's thread, once the data folder is open.

    ``free`` raises ``Failed`` while an answer of a session is on its way: that is saved under its turn
    whatever is shown, but the window shows one answer as it comes.
    """

    def __init__(self, parts: Callable[[], Parts], free: Callable[[str], None]) -> None:
        self._parts = parts
        self._free = free

    def show(self, session_id: str, turn_id: str) -> None:
        """Show another version of a turn. ``BranchShown`` comes of it. Raises ``Failed``."""
        self._free(session_id)
        self._parts().library.show_branch(session_id, turn_id)

    def branch_off(self, session_id: str, turn_id: str) -> None:
        """Open a new session that begins with the turns up to this one. Raises ``Failed``."""
        parts = self._parts()
        parts.turns.keep_endings()
        parts.library.branch_off(session_id, turn_id)
