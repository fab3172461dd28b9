"""What can be wrong with the data on disk, each in a sentence for the person whose data it is."""

from __future__ import annotations

import errno
from pathlib import Path

from vision_studio.core.failures import Failed, Failure, FailureKind

DISK_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class StorageFailed(Failed):
    """The base of all failures of this package besides ``OSError`` from files."""

    def __init__(self, message: str, kind: FailureKind = FailureKind.STORAGE) -> None:
        super().__init__(Failure(kind, message))


class FolderInUse(StorageFailed):
    """Another process holds the data folder."""

    def __init__(self) -> None:
        super().__init__("Another Vision Studio window uses this folder.", FailureKind.FOLDER_IN_USE)


class FolderUnusable(StorageFailed):
    """The data folder cannot be made, locked or written to; ``reason`` is a sentence."""

    def __init__(self, reason: str, kind: FailureKind = FailureKind.STORAGE) -> None:
        super().__init__(reason, kind)
        self.reason = reason


class FolderGone(StorageFailed):
    """The folder was moved or deleted, or its disk was taken out, while it was open."""

    def __init__(self) -> None:
        super().__init__(
            "The folder your sessions are kept in is gone: "
            "it was moved or deleted, or its disk was taken out. "
            "Put it back, and what is not saved yet is saved. Until then it is in this window alone."
        )


class DatabaseTooNew(StorageFailed):
    """The file was written by a later version of the application; it was not touched."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"Your sessions were saved by a newer Vision Studio (format {found}; this one reads up to "
            f"{known}). Nothing was changed. Update Vision Studio to open them."
        )
        self.found = found
        self.known = known


class DatabaseDamaged(StorageFailed):
    """SQLite cannot make sense of the file. It stays where it is until the user has it set aside."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(
            f"The file that holds your sessions, {path.name}, is damaged ({detail}). Nothing was deleted.",
            FailureKind.DAMAGED,
        )
        self.path = path
        self.detail = detail


class SessionMissing(StorageFailed):
    """There is no such session, or it was deleted."""

    def __init__(self, session_id: str) -> None:
        super().__init__("This session is not here any more.")
        self.session_id = session_id


class TurnMissing(StorageFailed):
    """There is no such turn; it was taken back, or its session is gone."""

    def __init__(self, turn_id: str) -> None:
        super().__init__("This turn is not here any more.")
        self.turn_id = turn_id


class SessionDamaged(StorageFailed):
    """Part of one session cannot be read; the others are not concerned."""

    def __init__(self, session_id: str, title: str, part: str, detail: str) -> None:
        super().__init__(
            f"The session “{title or session_id}” cannot be opened: {part} is damaged ({detail}). "
            "Your other sessions are not affected."
        )
        self.session_id = session_id
        self.detail = detail


def os_failure(error: OSError) -> Failure:
    """Say what the operating system refused, without the path it was about."""
    if error.errno in DISK_FULL_ERRNOS:
        return Failure(FailureKind.DISK_FULL, "The disk is full.")
    if error.errno == errno.EROFS:
        return Failure(FailureKind.STORAGE, "The disk can only be read.")
    if isinstance(error, PermissionError):
        return Failure(FailureKind.STORAGE, "You are not allowed to write there.")
    return Failure(FailureKind.STORAGE, f"{error.strerror or type(error).__name__}.")
