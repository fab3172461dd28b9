"""The commands about sessions that leave for a file, or come from one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.code_request import CodeRequest, Flavour, Language
from vision_studio.core.draft import Draft

if TYPE_CHECKING:
    from vision_studio.engine.portable_commands import PortableCommands


class PortableBridge:
    """Every method posts a command and returns at once."""

    def __init__(self, post: Callable[..., None], commands: PortableCommands) -> None:
        self._post = post
        self._commands = commands

    def export_bundle(self, ticket: str, session_ids: Sequence[str], path: Path) -> None:
        self._post(self._commands.export_bundle, ticket, tuple(session_ids), path)

    def export_session(
        self, ticket: str, session_id: str, turn_ids: Collection[str] | None, path: Path
    ) -> None:
        self._post(self._commands.export_session, ticket, session_id, turn_ids, path)

    def import_bundle(self, ticket: str, path: Path) -> None:
        self._post(self._commands.import_bundle, ticket, path)

    def write_code(self, ticket: str, session_id: str, draft: Draft, model_id: str, system: str) -> None:
        self._post(self._commands.write_code, ticket, session_id, draft, model_id, system)

    def save_code(
        self, ticket: str, request: CodeRequest, language: Language, flavour: Flavour, folder: Path, name: str
    ) -> None:
        self._post(self._commands.save_code, ticket, request, language, flavour, folder, name)

    def cancel(self, ticket: str) -> None:
        self._post(self._commands.cancel, ticket)
