"""Opens a file that a stranger named: regular files only, never waiting for a pipe or a device."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import Self

from vision_studio.core.events import RefusalKind
from vision_studio.imaging.refusal import Refused

HEAD_BYTES = 65_536
"""What is read of every file at once. Most headers, an EXIF block included, end before it does."""

# O_NONBLOCK: the file may become a pipe between looking and opening. Windows has neither flag.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


def open_regular(path: Path) -> io.FileIO:
    """Open a regular file, or a link to one, for unbuffered reading.

    Raises ``Refused`` for everything else, without having opened it.
    """
    descriptor, _ = _open(path)
    return io.FileIO(descriptor, "rb", closefd=True)


def _open(path: Path) -> tuple[int, os.stat_result]:
    try:
        _check_regular(path.stat().st_mode)
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise refusal_of(error) from error
    try:
        status = os.fstat(descriptor)
        _check_regular(status.st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, status


def _check_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Refused(RefusalKind.FOLDER)
    if not stat.S_ISREG(mode):
        raise Refused(RefusalKind.SPECIAL_FILE)


_KINDS = {
    errno.ENOENT: RefusalKind.NOT_FOUND,
    errno.ENOTDIR: RefusalKind.NOT_FOUND,
    errno.EACCES: RefusalKind.NO_PERMISSION,
    errno.EPERM: RefusalKind.NO_PERMISSION,
    errno.EISDIR: RefusalKind.FOLDER,
    errno.ENXIO: RefusalKind.SPECIAL_FILE,
    errno.ENODEV: RefusalKind.SPECIAL_FILE,
    errno.ENOSPC: RefusalKind.DISK_FULL,
    errno.EDQUOT: RefusalKind.DISK_FULL,
    errno.EFBIG: RefusalKind.DISK_FULL,
    errno.ESTALE: RefusalKind.CHANGED,
}


def refusal_of(error: OSError | ValueError) -> Refused:
    """Return the refusal that an operating system's error amounts to. Its text names no path."""
    if isinstance(error, OSError) and error.errno is not None:
        return Refused(_KINDS.get(error.errno, RefusalKind.UNREADABLE), os.strerror(error.errno))
    # A name with a NUL in it is a ValueError.
    return Refused(RefusalKind.NOT_FOUND if isinstance(error, ValueError) else RefusalKind.UNREADABLE)


class Reader:
    """An open file read at any place; its first 64 KB are at hand. To be used in a ``with`` statement.

    Both opening and reading raise ``Refused``: errors of the system that leave the block become that.
    """

    __slots__ = ("_descriptor", "head", "modified_ns", "size_bytes")

    def __init__(self, path: Path) -> None:
        self._descriptor, status = _open(path)
        self.size_bytes = status.st_size
        self.modified_ns = status.st_mtime_ns
        self.head = b""

    def __enter__(self) -> Self:
        try:
            self.head = os.read(self._descriptor, HEAD_BYTES)
        except OSError as error:
            os.close(self._descriptor)
            raise refusal_of(error) from error
        return self

    def __exit__(self, _: object, error: BaseException | None, traceback: object) -> None:
        os.close(self._descriptor)
        if isinstance(error, OSError):
            raise refusal_of(error) from error

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes; fewer only where the file ends."""
        if offset + length <= len(self.head):
            return self.head[offset : offset + length]
        # Headers name places far beyond what a system can be asked for.
        length = min(length, self.size_bytes - offset)
        if length <= 0:
            return b""
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        return os.read(self._descriptor, length)
