"""Opens a file that a stranger named: regular files only, never waiting for a pipe or a device."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    try:
        _check_regular(path.stat().st_mode)
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise refusal_of(error) from error
    try:
        _check_regular(os.fstat(descriptor).st_mode)
        return io.FileIO(descriptor, "rb", closefd=True)
    except BaseException:
        os.close(descriptor)
        raise


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
    errno.ESTALE: RefusalKind.CHANGED,
}


def refusal_of(error: OSError | ValueError) -> Refused:
    """Return the refusal that an operating system's error amounts to. Its text names no path."""
    if isinstance(error, OSError) and error.errno is not None:
        return Refused(_KINDS.get(error.errno, RefusalKind.UNREADABLE), os.strerror(error.errno))
    # A name with a NUL in it is a ValueError.
    return Refused(RefusalKind.NOT_FOUND if isinstance(error, ValueError) else RefusalKind.UNREADABLE)


class Reader:
    """A file read at any place; its first 64 KB are at hand."""

    __slots__ = ("_file", "head", "size_bytes")

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.size_bytes = os.fstat(file.fileno()).st_size
        self.head = file.read(HEAD_BYTES)

    def read(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes; fewer only where the file ends."""
        if offset + length <= len(self.head):
            return self.head[offset : offset + length]
        self._file.seek(offset)
        return self._file.read(length)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a file for looking at its header; errors of the system become ``Refused``."""
    with open_regular(path) as file:
        try:
            yield Reader(file)
        except OSError as error:
            raise refusal_of(error) from error
