"""What the engine tells of the library: its pages, what was found in it, what was done to its sessions."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.search import Hit, Query

Place = tuple[int, int, int]
"""Where a page of the list ended; to be handed back for the next one."""


@dataclass(frozen=True, slots=True)
class SessionsListed:
    """A page of the library: pinned sessions, then the others, the last changed first."""

    summaries: tuple[SessionSummary, ...]
    after: Place | None = None
    """Where the next page begins; None after the last one."""
    continued: bool = False
    """It follows the page that was told before."""
    archived: bool = False
    """It is of the archive."""


@dataclass(frozen=True, slots=True)
class SessionsFound:
    """A page of what was found. Only the newest question is answered."""

    ticket: int
    """What the asker called this."""
    query: Query
    sessions: tuple[SessionSummary, ...]
    """By title, tags or filters; on the first page only."""
    hits: tuple[Hit, ...]
    after: int | None = None
    """Where the next page of hits begins; None after the last one."""
    continued: bool = False


@dataclass(frozen=True, slots=True)
class SessionsDeleted:
    """Several sessions were deleted in one step; each can be restored."""

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionsArchived:
    """Sessions were put into the archive, or taken out of it; their rows have been told anew."""

    session_ids: tuple[str, ...]
    archived: bool


@dataclass(frozen=True, slots=True)
class TagsListed:
    """Every tag in use, in the order of the alphabet."""

    tags: tuple[str, ...]
