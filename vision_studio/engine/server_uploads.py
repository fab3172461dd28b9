"""What can be done with the files on the server in use: listed, looked up, deleted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from vision_studio.core.draft import Image
from vision_studio.core.events import DeletionsChanged, Event, Noticed, UploadKnown, UploadsListed
from vision_studio.core.failures import Failed
from vision_studio.engine.errands import Server
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.retry import UPLOADS
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.uploads import Deletion, Uploads

PAGE = 100
"""How many files are listed at a time."""


class ServerUploads:
    """Deletions are queued on the disk, and done when the server can be reached: now, or in another run."""

    def __init__(
        self,
        uploader: Uploader,
        ledger: Uploads,
        report: Callable[[Event], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._uploader = uploader
        self._ledger = ledger
        self._report = report
        self._tasks = Tasks(lambda error: report(Noticed(failure_of(error))))
        self._deleting: set[str] = set()
        """The servers whose queue is being worked off."""

    @property
    def is_idle(self) -> bool:
        return not self._deleting

    async def list(self, server: Server, cursor: str | None = None) -> None:
        """Tell one page of what is there, the newest first; ``UploadsListed`` comes of it in any case."""
        held = self._uploader.held
        try:
            await held.pace(server).turn()
            page = await server.gateway.list_files(cursor, PAGE)
        except Failed as error:
            self._report(UploadsListed((), cursor, failure=error.failure))
            return
        held.learn_workspace(server, page.workspace_id)
        going = {deletion.file_id for deletion in self._ledger.deletions(server.name)}
        files = tuple(file for file in page.files if file.id not in going)
        self._report(UploadsListed(files, cursor, page.next_cursor))

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
