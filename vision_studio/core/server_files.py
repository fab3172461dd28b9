"""A file as its server describes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
