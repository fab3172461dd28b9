"""The one folder everything is kept in, held by one process at a time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from vision_studio.storage.digests import private_directory
from vision_studio.storage.errors import FolderInUse, FolderUnusable, os_failure
from vision_studio.storage.place import default_folder

_PROBE = b"\0" * 4096


class DataFolder:
    """A folder that is ours until ``close`` or the end of the process, however that comes."""

    def __init__(self, path: Path, lock: FileLock) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def open(cls, path: Path | None = None) -> Self:
        """Take a folder, made readable to its owner only if it is new; None means the platform's usual place.

        Raises ``FolderInUse`` when another process has it, ``FolderUnusable`` when it cannot be written to.
        """
        if path is None:
            path = default_folder()
        try:
            private_directory(path)
            # Not a lock file that says who holds it: the system lets go of this one when the process dies.
            lock = FileLock(path / "lock", mode=0o600, thread_local=False, blocking=False)
            lock.acquire()
        except Timeout as error:
            raise FolderInUse from error
        except NotImplementedError as error:
            raise FolderUnusable("This file system has no locks.") from error
        except OSError as error:
            raise _unusable(error) from error
        try:
            with tempfile.TemporaryFile(dir=path) as probe:
                probe.write(_PROBE)
                probe.flush()
        except OSError as error:
            lock.release()
            raise _unusable(error) from error
        return cls(path, lock)

    def close(self) -> None:
        self._lock.release()


def _unusable(error: OSError) -> FolderUnusable:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return FolderUnusable("There is a file where the folder should be.")
    failure = os_failure(error)
    return FolderUnusable(failure.message, failure.kind)
