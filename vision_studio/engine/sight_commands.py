"""The commands about what a model is shown of one picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_studio.core.draft import Image
from vision_studio.core.sights import Look

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class SightCommands:
    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    async def show(self, ticket: str, look: Look, original: bool) -> None:
        """Show every pixel that is seen, and the original if wanted; nothing more of an earlier wish."""
        await self._parts().sights.show(ticket, look, original=original)

    async def measure_text(self, image: Image) -> None:
        """Measure how high the letters of a stored picture are; ``TextMeasured`` comes of the newest wish."""
        await self._parts().sights.measure_text(image)

    async def unedited(self, ticket: str, image: Image) -> None:
        """Show a picture as it was before its edits."""
        await self._parts().sights.show_unedited(ticket, image)

    def dismiss(self) -> None:
        """Show nothing more of what was asked for last."""
        self._parts().sights.dismiss()
