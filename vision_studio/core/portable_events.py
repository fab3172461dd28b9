"""What the engine tells of sessions that leave for a file, or come from one."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.bundles import Packed
from vision_studio.core.code_request import CodeRequest
from vision_studio.core.failures import Failure


@dataclass(frozen=True, slots=True)
class PortableProgressed:
    """How far a file is. One of those below ends each ticket."""

    ticket: str
    name: str
    """Of the file."""
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class SessionsExported:
    ticket: str
    name: str
    folder: str
    """The name of the folder, not its path; "" for the root."""
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SessionsImported:
    ticket: str
    session_ids: tuple[str, ...]
    packed: Packed


@dataclass(frozen=True, slots=True)
class PortableFailed:
    """Nothing came of it, and nothing is left of it."""

    ticket: str
    failure: Failure | None
    """None: the user cancelled it."""


@dataclass(frozen=True, slots=True)
class CodeReady:
    """What would be sent now, for code to be written of it."""

    ticket: str
    request: CodeRequest


@dataclass(frozen=True, slots=True)
class CodeSaved:
    ticket: str
    name: str
    """Of the folder that was made."""
    folder: str
    """Where it was made; the name of that, not its path."""


PortableEvent = (
    PortableProgressed | SessionsExported | SessionsImported | PortableFailed | CodeReady | CodeSaved
)
