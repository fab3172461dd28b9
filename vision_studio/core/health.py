"""What a look at a data folder finds, and what mending it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LostImage:
    """A picture whose file is gone, or is not what it was."""

    session_id: str
    title: str
    """Of the session."""
    turn: int | None
    """From 1; None: it is in the draft."""
    number: int
    """As the session labels it; in a draft its place on the strip, from 1."""
    name: str
    is_damaged: bool = False
    can_be_sent: bool = False
    """What was made of it for sending is there."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; each is mended by ``repair`` but for lost pictures."""

    database: tuple[str, ...] = ()
    """What SQLite says is wrong."""
    orphans: int = 0
    """Rows that belong to none."""
    incomplete: int = 0
    """Turns and sessions that lack a part."""
    search: bool = False
    """The index is not what the sessions say."""
    lost: tuple[LostImage, ...] = ()
    dangling: int = 0
    """Notes of renditions whose files are gone."""
    unfinished: int = 0
    """Files that a process did not live to finish."""

    @property
    def needs_repair(self) -> bool:
        damaged = any(image.is_damaged for image in self.lost)
        # A half-written copy may be one that is being made; the sweep takes old ones.
        counts = self.orphans + self.incomplete + self.dangling
        return bool(self.database or counts or self.search or damaged)


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was done."""

    aside: str = ""
    """The name the damaged database lies under now; "" when it was not replaced."""
    sessions: int = 0
    """How many sessions there are in the new one."""
    unreadable: tuple[str, ...] = ()
    """Tables of which something could not be read."""
    backup: str = ""
    """The name of the backup that filled the gaps; "": none was needed, or there was none."""
    rows: int = 0
    """How many rows were taken out or completed."""
    damaged_blobs: int = 0
    """How many files were not what they were, and were moved aside."""
    dangling: int = 0
    unfinished: int = 0
    lost: tuple[LostImage, ...] = ()
    """What stays lost until the same file is dropped again."""
