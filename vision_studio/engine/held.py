"""What each server holds, as far as is known: remembered, asked about once a run, and mended where wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from vision_studio.core.events import Event, OrphansFound
from vision_studio.core.failures import Failed
from vision_studio.engine.attempts import Attempts
from vision_studio.engine.errands import Server
from vision_studio.engine.gateway import IDS_PER_CALL, UploadedFile
from vision_studio.engine.pace import Pace
from vision_studio.storage.uploads import Attempt, Upload, Uploads

logger = logging.getLogger(__name__)

_MARGIN = timedelta(minutes=10)
"""A file about to expire is uploaded anew, rather than found missing by the request that names it."""


class Held:
    """Digest → file, per server and workspace. The server is right wherever it says otherwise."""

    def __init__(
        self,
        ledger: Uploads,
        report: Callable[[Event], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.attempts = Attempts(ledger)
        self._ledger = ledger
        self._report = report
        self._sleep = sleep
        self._paces: dict[str, Pace] = {}
        self._told_of: set[str] = set()
        """Files that their server has told of in this run."""
        self._offered: set[str] = set()
        """Files that nobody needs and of which the user was told in this run."""
        self._checking = asyncio.Lock()

    def pace(self, server: Server) -> Pace:
        """Return what every call to a server's files endpoints waits for."""
        return self._paces.setdefault(server.name, Pace(sleep=self._sleep))

    def find(self, digest: str, server: Server) -> Upload | None:
        """Return the file that holds these bytes, if there is one that will not expire in a moment."""
        workspace = self._ledger.workspace(server.name)
        return self._ledger.find(digest, server.name, workspace, datetime.now(UTC) + _MARGIN)

    def find_of_original(self, digest: str, server: Server) -> Upload | None:
        """Return the latest file made of a picture."""
        workspace = self._ledger.workspace(server.name)
        return self._ledger.find_of_original(digest, server.name, workspace, datetime.now(UTC))

    def remember(self, stored: UploadedFile, attempt: Attempt, server: Server) -> None:
        """Keep what an upload led to. Raises ``Failed`` when the disk does not take it."""
        self.learn_workspace(server, stored.workspace_id)
        self._ledger.remember(
            attempt.digest,
            server.name,
            stored.workspace_id,
            stored.file_id,
            stored.expires_at,
            datetime.now(UTC),
            attempt.name,
        )
        self._told_of.add(stored.file_id)

    def forget(self, file_ids: Iterable[str], server: Server) -> None:
        """Have pictures uploaded anew when they are needed next: the server does not hold these ids."""
        for file_id in file_ids:
            self._ledger.forget(file_id, server.name, self._ledger.workspace(server.name))

    def learn_workspace(self, server: Server, workspace_id: str) -> None:
        """Note which collection of files the key belongs to; ids from another one mean nothing there."""
        if workspace_id and workspace_id != self._ledger.workspace(server.name):
            self._ledger.set_workspace(server.name, workspace_id)

    async def ask(self, digests: Iterable[str], server: Server) -> None:
        """Ask which of these files the server still holds, each once a run, and what lost answers left there.

        When it does not tell, what is remembered is believed: a request that names a missing file finds out.
        """
        async with self._checking:
            try:
                await self._check(list(dict.fromkeys(digests)), server)
                await self._look_for_lost(server)
            except Failed as error:
                logger.info("The server's files could not be looked at: %s", error.failure.kind)

    async def _check(self, digests: Sequence[str], server: Server) -> None:
        workspace = self._ledger.workspace(server.name)
        known = (self.find(digest, server) for digest in digests)
        doubtful = [one.file_id for one in known if one is not None and one.file_id not in self._told_of]
        for start in range(0, len(doubtful), IDS_PER_CALL):
            asked = doubtful[start : start + IDS_PER_CALL]
            await self.pace(server).turn()
            held = await server.gateway.existing_files(asked)
            self.learn_workspace(server, held.workspace_id)
            if self._ledger.workspace(server.name) != workspace:
                return  # they are another workspace's, and may well be there
            self._told_of |= held.ids
            self.forget(set(asked) - held.ids, server)

    async def _look_for_lost(self, server: Server) -> None:
        found = await self.attempts.look_for_all(server.name, server.gateway, self.pace(server))
        for attempt, stored in found.useful:
            self.remember(stored, attempt, server)
        for attempt, file in found.orphans:
            self._ledger.mark_orphan(attempt.name, file.id)
        orphans = {one.file_id: one.size_bytes for one in self._ledger.attempts(server.name) if one.file_id}
        if orphans.keys() - self._offered:
            self._offered |= orphans.keys()
            self._report(OrphansFound(tuple(orphans), sum(orphans.values())))
