"""Originals and renditions on disk, each under the SHA-256 of its bytes: kept once, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from vision_studio.storage.digests import digest_path, is_digest, private_directory, sync_directory

CHUNK_BYTES = 1 << 20

SHARDS = 256
"""Blobs lie in so many folders, by the first byte of their digest."""


class SourceChanged(OSError):
    """The file grew, shrank or was written to while it was being copied."""


class Blobs:
    """A folder of blobs. Threads may use one together; processes may not."""

    def __init__(self, root: Path) -> None:
        """Open the folder, made if need be, and clear what an earlier process left half-written."""
        self.root = root
        self._incoming = root / "incoming"
        self._touched: set[str] = set()
        self._touching = threading.Lock()
        private_directory(self._incoming)
        for stale in self._incoming.iterdir():
            stale.unlink()

    def path(self, digest: str) -> Path:
        """Return where a blob is, or would be. Raises ``ValueError`` when ``digest`` is none.

        Whoever asked may read it, or take it for there, as long as this process lives: see ``remove``.
        """
        place = digest_path(self.root, digest)
        with self._touching:
            self._touched.add(digest)
        return place

    def is_touched(self, digest: str) -> bool:
        """Tell whether anybody has asked for a blob since the folder was opened."""
        return digest in self._touched

    def state(self, digest: str) -> os.stat_result:
        """Return a blob's state, without touching it. Raises ``OSError``."""
        return digest_path(self.root, digest).stat()

    def on_disk(self, shard: int) -> Iterator[tuple[str, os.stat_result]]:
        """Yield the digest and the state of each blob of one of the ``SHARDS``, without touching any."""
        with suppress(FileNotFoundError), os.scandir(self.root / f"{shard:02x}") as entries:
            for entry in entries:
                if is_digest(entry.name) and entry.is_file(follow_symlinks=False):
                    yield entry.name, entry.stat(follow_symlinks=False)

    def remove(self, digest: str) -> int:
        """Delete a blob nobody has asked for; return how many bytes that gave back, 0 for none.

        That is looked at and done in one: a blob that is asked for at the same time stays, or is missed by
        who asks and written anew.
        """
        place = digest_path(self.root, digest)
        with self._touching:
            if digest in self._touched:
                return 0
            try:
                size_bytes = place.stat().st_size
                place.unlink()
            except FileNotFoundError:
                return 0
        return size_bytes

    def has(self, digest: str) -> bool:
        return self.path(digest).is_file()

    def add_file(self, source: int | Path | BinaryIO) -> tuple[str, int]:
        """Keep a file's bytes, read once from its start; return their digest and number.

        ``source`` is an open descriptor or binary file, which stays open, or a path, which is followed.
        Raises ``SourceChanged`` and whatever else the system has to say, such as ``ENOSPC``, as ``OSError``.
        """
        with _opened(source) as readable, self._discarding() as temporary:
            before = _state(readable)
            sha256 = hashlib.sha256()
            size_bytes = 0
            with temporary.open("wb") as target:
                while chunk := readable.read(CHUNK_BYTES):
                    sha256.update(chunk)
                    target.write(chunk)
                    size_bytes += len(chunk)
            after = _state(readable)
            if before != after or (after is not None and after[0] != size_bytes):
                raise SourceChanged("the file changed while it was being read")
            self._keep(temporary, sha256.hexdigest(), size_bytes)
            return sha256.hexdigest(), size_bytes

    def add_bytes(self, data: bytes) -> str:
        """Keep bytes and return their digest."""
        digest = hashlib.sha256(data).hexdigest()
        if not self._holds(digest, len(data)):
            with self._discarding() as temporary:
                temporary.write_bytes(data)
                self._keep(temporary, digest, len(data))
        return digest

    def temporary(self) -> Path:
        """Return a new empty file in the same volume, to be filled and adopted, or unlinked."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        os.close(descriptor)
        return Path(name)

    def adopt(self, path: Path) -> str:
        """Take over a finished file, most often from ``temporary()``; it is gone from its place then."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size_bytes = file.tell()
        self._keep(path, digest, size_bytes)
        return digest

    @contextmanager
    def _discarding(self) -> Iterator[Path]:
        temporary = self.temporary()
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _keep(self, finished: Path, digest: str, size_bytes: int) -> None:
        if self._holds(digest, size_bytes):
            finished.unlink()
            return
        finished.chmod(0o600)
        with finished.open("rb+") as file:
            os.fsync(file.fileno())
        place = self.path(digest)
        if not place.parent.exists():
            private_directory(place.parent)
            sync_directory(self.root)
        finished.replace(place)
        sync_directory(place.parent)

    def _holds(self, digest: str, size_bytes: int) -> bool:
        """A file of another size is the ruin of a blob, and is replaced."""
        try:
            return self.path(digest).stat().st_size == size_bytes
        except FileNotFoundError:
            return False


@contextmanager
def _opened(source: int | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, Path):
        with source.open("rb", buffering=0) as file:
            yield file
    elif isinstance(source, int):
        with os.fdopen(source, "rb", buffering=0, closefd=False) as file:
            file.seek(0)
            yield file
    else:
        source.seek(0)
        yield source


def _state(file: BinaryIO) -> tuple[int, int] | None:
    """Return what changes when a file is written to; None for bytes that are not in a file."""
    try:
        status = os.fstat(file.fileno())
    except OSError:  # io.UnsupportedOperation is one
        return None
    return status.st_size, status.st_mtime_ns
