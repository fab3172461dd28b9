"""What can be done with the files on the server in use: listed, looked up, renewed, deleted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from vision_studio.core.draft import Image
from vision_studio.core.events import DeletionsChanged, Event, Noticed, UploadKnown
from vision_studio.core.failures import Failed
from vision_studio.core.server_file_events import FilesListed, FilesRenewed, UploadsUnneeded
from vision_studio.core.server_files import KnownFile, ServerFile, Standing
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.retry import UPLOADS
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.file_uses import FileUse, FileUses
from vision_studio.storage.uploads import Deletion, Uploads

PAGE = 100
"""How many files are listed at a time."""


class ServerUploads:
    """Deletions are queued on the disk, and done when the server can be reached: now, or in another run."""

    def __init__(
        self,
        uploader: Uploader,
        ledger: Uploads,
        uses: FileUses,
        blobs: Blobs,
        report: Callable[[Event], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._uploader = uploader
        self._ledger = ledger
        self._uses = uses
        self._blobs = blobs
        self._report = report
        self._tasks = Tasks(lambda error: report(Noticed(failure_of(error))))
        self._deleting: set[str] = set()
        """The servers whose queue is being worked off."""

    @property
    def is_idle(self) -> bool:
        return not self._deleting

    async def list(self, server: Server, cursor: str | None = None) -> None:
        """Tell one page of what is there, the newest first; ``FilesListed`` comes of it in any case.

        Before the first page comes what should be there, which nobody need be asked for.
        """
        if cursor is None:
            remembered = self._uses.of_server(
                server.name, self._ledger.workspace(server.name), datetime.now(UTC)
            )
            self._report(FilesListed(tuple(map(self._remembered, remembered)), None, remembered=True))
        held = self._uploader.held
        try:
            await held.pace(server).turn()
            page = await server.gateway.list_files(cursor, PAGE)
        except Failed as error:
            self._report(FilesListed((), cursor, failure=error.failure))
            return
        held.learn_workspace(server, page.workspace_id)
        going = {deletion.file_id for deletion in self._ledger.deletions(server.name)}
        there = [file for file in page.files if file.id not in going]
        uses = self._uses.of_files(
            [file.id for file in there], server.name, self._ledger.workspace(server.name)
        )
        known = tuple(self._known(file, uses.get(file.id)) for file in there)
        self._report(FilesListed(known, cursor, page.next_cursor))

    async def renew(self, file_ids: Sequence[str], server: Server) -> None:
        """Upload files anew whose bytes are here, and delete what they replace: ``FilesRenewed``."""
        workspace = self._ledger.workspace(server.name)
        uses = self._uses.of_files(file_ids, server.name, workspace)
        here = [use for use in uses.values() if self._blobs.has(use.digest)]
        ended = await asyncio.gather(
            *(self._uploader.renewed(self._errand(use), server) for use in here), return_exceptions=True
        )
        replaced, failure = [], None
        for use, outcome in zip(here, ended, strict=True):
            if isinstance(outcome, str):
                replaced.append(use.file_id)
            else:
                failure = failure_of(outcome)
        if replaced:
            self._ledger.ask_deletion(replaced, server.name, workspace, datetime.now(UTC))
            self.go_on(server)
        self._report(FilesRenewed(len(replaced), failure))

    def tell_unneeded(self, session_id: str, title: str, server: Server) -> None:
        """Tell which files were uploaded for a session, now deleted, alone; nothing if there are none."""
        unneeded = self._uses.only_of(session_id, server.name, self._ledger.workspace(server.name))
        if unneeded:
            size_bytes = sum(use.size_bytes for use in unneeded)
            self._report(UploadsUnneeded(title, tuple(use.file_id for use in unneeded), size_bytes))

    def tell_of(self, image: Image, server: Server) -> None:
        """Tell whether a picture is there, and until when. Nothing is asked of the server."""
        known = self._uploader.held.find_of_original(image.digest, server) if image.digest else None
        expires_at = known.expires_at if known is not None else None
        self._report(UploadKnown(image.id, known is not None, expires_at, self._uploader.goes_inline(server)))

    def delete(self, file_ids: Sequence[str], server: Server) -> None:
        """Never use these files again, and delete them as soon as that can be done. Raises ``Failed``."""
        workspace = self._ledger.workspace(server.name)
        self._ledger.ask_deletion(file_ids, server.name, workspace, datetime.now(UTC))
        self.go_on(server)

    def go_on(self, server: Server) -> None:
        """Delete what is queued for a server, if it is not being done already."""
        if server.name not in self._deleting and (left := self._ledger.deletions(server.name)):
            self._deleting.add(server.name)
            self._report(DeletionsChanged(len(left)))
            task = self._tasks.start(self._work_off(server), "deletions")
            task.add_done_callback(lambda _: self._deleting.discard(server.name))

    def _known(self, file: ServerFile, use: FileUse | None) -> KnownFile:
        if use is None:
            return KnownFile(file)
        return KnownFile(
            file,
            Standing.USED if use.sessions else Standing.UNUSED,
            use.image_name,
            use.pixels,
            use.sessions,
            self._blobs.has(use.digest),
        )

    def _remembered(self, use: FileUse) -> KnownFile:
        name = use.image_name or use.file_id
        file = ServerFile(use.file_id, name, use.media_type, use.size_bytes, use.uploaded_at, use.expires_at)
        return self._known(file, use)

    def _errand(self, use: FileUse) -> Errand:
        path = self._blobs.path(use.digest)
        name = use.image_name or use.file_id
        return Errand("", use.file_id, use.digest, path, name, use.media_type, path.stat().st_size)

    async def close(self) -> None:
        await self._tasks.close()

    async def _work_off(self, server: Server) -> None:
        elsewhere: set[str] = set()
        while left := [one for one in self._ledger.deletions(server.name) if one.file_id not in elsewhere]:
            for place, deletion in enumerate(left):
                try:
                    workspace = await self._delete(deletion, server)
                except Failed as error:
                    self._report(DeletionsChanged(len(left) - place + len(elsewhere), error.failure))
                    return
                self._uploader.held.learn_workspace(server, workspace)
                if deletion.workspace and workspace not in ("", deletion.workspace):
                    # It was looked for among another key's files; with the right key it will be found.
                    elsewhere.add(deletion.file_id)
                else:
                    self._ledger.end_deletion(deletion)
        self._report(DeletionsChanged(len(elsewhere)))

    async def _delete(self, deletion: Deletion, server: Server) -> str:
        async def attempt() -> str:
            await self._uploader.held.pace(server).turn()
            return await server.gateway.forget_file(deletion.file_id)

        tried = 0
        while True:
            tried += 1
            try:
                return await self._uploader.line(server).call(attempt)
            except Failed as error:
                pause_s = UPLOADS.wait_s(error.failure, tried, random.random())
                if pause_s is None:
                    raise
            await self._sleep(pause_s)
