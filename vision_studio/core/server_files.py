"""A file as its server describes it, and what is known of it here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ServerFile:
    """What the Files API tells of one file. Times are in UTC, by the server's clock."""

    id: str
    name: str
    media_type: str
    size_bytes: int
    created_at: datetime
    expires_at: datetime | None = None
    """None: it is kept until it is deleted."""

    def is_past(self, now: datetime) -> bool:
        """Tell whether its time is over, ``now`` being by the same clock."""
        return self.expires_at is not None and self.expires_at <= now


class Standing(StrEnum):
    """What a file on the server is to this data folder."""

    USED = "used"
    """It was uploaded from here, and a session that is kept shows it."""
    UNUSED = "unused"
    """It was uploaded from here, and no session needs it any more."""
    FOREIGN = "foreign"
    """It was not uploaded from here: another program, computer or data folder did."""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file on the server, with what is known of it here."""

    file: ServerFile
    standing: Standing = Standing.FOREIGN
    image_name: str = ""
    """The picture's own name; "" where none is known."""
    pixels: str | None = None
    """What its thumbnail is known by."""
    sessions: tuple[str, ...] = ()
    """The titles of the sessions that use it."""
    renewable: bool = False
    """Its bytes are here, to be uploaded anew."""

    @property
    def name(self) -> str:
        return self.image_name or self.file.name
