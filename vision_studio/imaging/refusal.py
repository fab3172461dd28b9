"""The one exception of this package: a file that cannot be used, and why."""

from __future__ import annotations

from vision_studio.core.events import RefusalKind


class Refused(Exception):
    """Raised for a file that cannot be used. ``detail`` names a format or a size; it is never a path."""

    def __init__(self, kind: RefusalKind, detail: str = "") -> None:
        # Both arguments are kept in ``args``, so that it survives the way back from a worker process.
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.detail}" if self.detail else self.kind.value
