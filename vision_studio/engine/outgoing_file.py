"""A file on its way out: read piece by piece, and counted."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path


class CountedFile(io.FileIO):
    """A file that tells how far it was read. An upload reads it in small pieces, each when it is sent."""

    def __init__(self, path: Path, on_progress: Callable[[int], None]) -> None:
        super().__init__(path, "rb")
        self._on_progress = on_progress

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(-1 if size is None else size) or b""
        if chunk:
            self._on_progress(self.tell())
        return chunk
