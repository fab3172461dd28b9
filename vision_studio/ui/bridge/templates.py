"""What the window may ask about templates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.templates import Template

if TYPE_CHECKING:
    from vision_studio.engine.template_commands import TemplateCommands


class TemplatesBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: TemplateCommands) -> None:
        self._post = post
        self._commands = commands

    def tell(self) -> None:
        self._post(self._commands.tell)

    def save(self, template: Template) -> None:
        self._post(self._commands.save, template)

    def delete(self, template_id: str) -> None:
        self._post(self._commands.delete, template_id)

    def take_in(self, path: Path) -> None:
        self._post(self._commands.take_in, path)

    def export(self, path: Path) -> None:
        self._post(self._commands.export, path)
