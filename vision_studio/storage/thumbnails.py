"""Thumbnails on disk, by their original's digest and frame: a cache that may be emptied at any time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from vision_studio.core.draft import pixels_named
from vision_studio.storage.digests import digest_path, is_digest, private_directory


class Thumbnails:
    """A folder of small opaque files, each under a ``core.draft.pixels_key``."""

    def __init__(self, root: Path) -> None:
        private_directory(root)
        self._root = root

    def find(self, key: str) -> bytes | None:
        """Return what was saved; None when there is nothing, or only what a loss of power left of it."""
        try:
            return self._path(key).read_bytes() or None
        except FileNotFoundError:
            return None

    def save(self, key: str, data: bytes) -> None:
        """Keep a thumbnail; a reader sees the old one or the new one whole. Raises ``OSError``."""
        place = self._path(key)
        private_directory(place.parent)
        descriptor, name = tempfile.mkstemp(dir=place.parent)
        unfinished = Path(name)
        try:
            # Not synced: one that is lost is made again.
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            unfinished.replace(place)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def on_disk(self, shard: int) -> Iterator[tuple[Path, str, os.stat_result]]:
        """Yield path, original's digest and state of the thumbnails of one shard of ``blobs.SHARDS``.

        The digest is "" for a file that is none: it was being written when a process ended.
        """
        with suppress(FileNotFoundError), os.scandir(self._root / f"{shard:02x}") as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    digest = entry.name.partition("-")[0]
                    yield (
                        Path(entry.path),
                        digest if is_digest(digest) else "",
                        entry.stat(follow_symlinks=False),
                    )

    def _path(self, key: str) -> Path:
        named = pixels_named(key)
        path = digest_path(self._root, named.digest)
        if named.edits:
            # Edits are longer than a file's name may be.
            return path.with_name(f"{named.digest}-{sha256(key.encode('ascii')).hexdigest()[:32]}")
        return path if named.frame == 0 else path.with_name(f"{named.digest}-{named.frame}")
