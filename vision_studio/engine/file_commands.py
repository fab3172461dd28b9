"""The commands about the files on the server in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vision_studio.engine.parts import Parts


class FileCommands:
    """For the engine's thread, once the data folder is open. Without a server they raise ``Failed``."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    async def list(self, cursor: str | None = None) -> None:
        """Tell one page of the files; ``FilesListed`` comes of it."""
        parts = self._parts()
        await parts.server_uploads.list(await parts.connection.server(), cursor)

    async def renew(self, file_ids: Sequence[str]) -> None:
        """Have files kept for as long again; ``FilesRenewed`` comes of it."""
        parts = self._parts()
        await parts.server_uploads.renew(file_ids, await parts.connection.server())

    def try_now(self) -> None:
        """Go on at once with what waits for a server to be reached again, if it can be."""
        self._parts().uploader.try_now()

    async def delete(self, file_ids: Sequence[str]) -> None:
        """Delete files, at once or when the server can be reached."""
        parts = self._parts()
        parts.server_uploads.delete(file_ids, await parts.connection.server())

    def tell_unneeded(self, session_id: str, title: str) -> None:
        """Tell which files a session that was deleted leaves behind on the server in use."""
        parts = self._parts()
        if (server := parts.connection.in_use) is not None:
            parts.server_uploads.tell_unneeded(session_id, title, server)
