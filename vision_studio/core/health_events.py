"""What the engine tells of a data folder that was mended."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.health import Repaired


@dataclass(frozen=True, slots=True)
class FolderMended:
    """The data folder is whole again, and is opened next."""

    done: Repaired
