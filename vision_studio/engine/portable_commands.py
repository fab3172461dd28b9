"""The commands about sessions that leave for a file, or come from one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from vision_studio.core.code_request import CodeRequest, Flavour, Language
from vision_studio.core.draft import Draft
from vision_studio.core.events import Event
from vision_studio.core.exported import ExportFormat, format_of
from vision_studio.core.portable_events import PortableFailed, SessionsImported
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.thinking import without_thinking

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class PortableCommands:
    """Each piece of work has a ticket of its asker's choosing, and one ending; ``cancel`` is one too."""

    def __init__(self, parts: Callable[[], Parts], report: Callable[[Event], None]) -> None:
        self._parts = parts
        self._report = report
        self._running: dict[str, asyncio.Task[None]] = {}

    async def export_bundle(self, ticket: str, session_ids: Sequence[str], path: Path) -> None:
        """Write sessions into one bundle, in the place of a file of that name."""
        await self._do(ticket, self._parts().bundling.export(ticket, session_ids, path))

    async def export_session(
        self, ticket: str, session_id: str, turn_ids: Collection[str] | None, path: Path
    ) -> None:
        """Write a session, or some of its turns, as its file's ending asks; a bundle holds it whole."""
        kind = format_of(path.name) or ExportFormat.BUNDLE
        await self._do(ticket, self._export(ticket, session_id, turn_ids, kind, path))

    async def import_bundle(self, ticket: str, path: Path) -> None:
        """Make new sessions of a bundle's, and open the first of them."""
        await self._do(ticket, self._parts().bundling.take_in(ticket, path))

    async def write_code(
        self, ticket: str, session_id: str, draft: Draft, model_id: str, system: str
    ) -> None:
        """Tell what *Send* would send of this draft. ``CodeReady`` comes of it."""
        await self._do(ticket, self._code(ticket, session_id, draft, model_id, system))

    async def save_code(
        self,
        ticket: str,
        request: CodeRequest,
        language: Language,
        flavour: Flavour,
        folder: Path,
        name: str,
    ) -> None:
        """Write code and its images into a new folder. ``CodeSaved`` comes of it."""
        await self._do(ticket, self._parts().coding.save(ticket, request, language, flavour, folder, name))

    def cancel(self, ticket: str) -> None:
        """End work that is under way; what is over already stays as it is."""
        if (task := self._running.get(ticket)) is not None:
            task.cancel()

    def imported(self, event: SessionsImported) -> None:
        """Show sessions that came in."""
        library = self._parts().library
        for session_id in event.session_ids:
            library.tell(session_id)
        library.open(event.session_ids[0])

    async def _export(
        self, ticket: str, session_id: str, turn_ids: Collection[str] | None, kind: ExportFormat, path: Path
    ) -> Event:
        parts = self._parts()
        if kind is ExportFormat.BUNDLE:
            return await parts.bundling.export(ticket, [session_id], path)
        session = parts.home.sessions.load(session_id)
        return await parts.session_exports.export(ticket, session, turn_ids, kind, path)

    async def _code(self, ticket: str, session_id: str, draft: Draft, model_id: str, system: str) -> Event:
        parts = self._parts()
        kept = parts.home.sessions.load(session_id)
        session = replace(kept.before(draft), model_id=model_id, system=system)
        if system != kept.system:
            session = replace(session, turns=without_thinking(session.turns))  # as `Library.set_system` does
        read = [await parts.importer.stored(image) for image in draft.included]
        return await parts.coding.request(ticket, session, draft.with_replaced(read))

    async def _do(self, ticket: str, work: Awaitable[Event]) -> None:
        task = asyncio.current_task()
        assert task is not None  # it is a coroutine
        self._running[ticket] = task
        try:
            event = await work
        except asyncio.CancelledError:
            self._report(PortableFailed(ticket, None))
            raise
        except Exception as error:  # noqa: BLE001  # whoever asked waits for an ending, whatever went wrong
            self._report(PortableFailed(ticket, failure_of(error)))
        else:
            self._report(event)
            if isinstance(event, SessionsImported):
                self.imported(event)
        finally:
            del self._running[ticket]
