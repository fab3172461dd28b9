"""What the engine tells of the files on a server."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.failures import Failure
from vision_studio.core.server_files import KnownFile


@dataclass(frozen=True, slots=True)
class FilesListed:
    """One page of what is on the server in use, the newest first, or why it could not be read."""

    files: tuple[KnownFile, ...]
    cursor: str | None
    """The page it is: None for the first one."""
    next_cursor: str | None = None
    failure: Failure | None = None
    remembered: bool = False
    """These are the files that were uploaded from here and should be there; the server was not asked yet."""


@dataclass(frozen=True, slots=True)
class FilesRenewed:
    """Files were uploaded anew, and those they replace are being deleted."""

    renewed: int
    failure: Failure | None = None
    """Why the others were not."""


@dataclass(frozen=True, slots=True)
class UploadsUnneeded:
    """A session was deleted, and these files on the server in use were uploaded for it alone."""

    session_title: str
    file_ids: tuple[str, ...]
    size_bytes: int
