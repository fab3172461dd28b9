"""A file on its way out: read piece by piece and counted, under a name the API takes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

LONGEST_NAME = 255
_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]')


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


def safe_name(name: str) -> str:
    """Return a file name that the API takes: 1 to 255 characters without ``<>:"|?*\\/`` and controls."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    cleaned = _FORBIDDEN_IN_NAMES.sub("_", text).strip() or "image"
    if len(cleaned) <= LONGEST_NAME:
        return cleaned
    suffix = Path(cleaned).suffix[:16]
    return cleaned[: LONGEST_NAME - len(suffix)] + suffix
