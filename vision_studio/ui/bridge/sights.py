"""The window's side of the commands about what a model is shown of one picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vision_studio.core.draft import Image
from vision_studio.core.sights import Look

if TYPE_CHECKING:
    from vision_studio.engine.sight_commands import SightCommands


class SightBridge:
    def __init__(self, post: Callable[..., None], commands: SightCommands) -> None:
        self._post = post
        self._commands = commands

    def show(self, ticket: str, look: Look, *, original: bool) -> None:
        self._post(self._commands.show, ticket, look, original)

    def measure_text(self, image: Image) -> None:
        self._post(self._commands.measure_text, image)

    def unedited(self, ticket: str, image: Image) -> None:
        self._post(self._commands.unedited, ticket, image)

    def dismiss(self) -> None:
        self._post(self._commands.dismiss)
