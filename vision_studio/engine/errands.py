"""What is to be brought to a server, and what a server is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vision_studio.engine.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests and files go: a door, and the name its files are remembered under."""

    gateway: Gateway
    name: str
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """One picture to bring to the server, on behalf of one card."""

    session_id: str
    image_id: str
    digest: str
    """Of the bytes at ``path``."""
    path: Path
    name: str
    """The picture's own name; on the server it has a mark too."""
    media_type: str
    size_bytes: int
