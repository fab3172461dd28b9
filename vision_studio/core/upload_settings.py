"""How pictures may travel to the server: the user's settings, and how they are kept as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

HOUR_S = 3600
DAY_S = 24 * HOUR_S
SHORTEST_LIFE_S, LONGEST_LIFE_S = HOUR_S, 90 * DAY_S
"""How long the Files API keeps a file, if it is not to keep it until it is deleted."""
MOST_AT_ONCE = 16

_AT_ONCE, _LIFETIME = "uploads.at_once", "uploads.lifetime_s"
_INLINE, _AHEAD = "uploads.inline", "uploads.while_composing"
_FOREVER = "never"


@dataclass(frozen=True, slots=True)
class UploadSettings:
    at_once: int = 8
    """Uploads under way at the same time."""
    lifetime_s: int | None = 30 * DAY_S
    """How long the server keeps a file; None: until it is deleted."""
    inline: bool = False
    """Nothing is ever uploaded: pictures travel inside each request."""
    ahead: bool = False
    """Pictures are uploaded while the question is still being written."""

    @classmethod
    def read(cls, preference: Callable[[str], str]) -> Self:
        """Read the settings from preferences, "" being one that was never set; nonsense is the default."""
        usual = cls()
        lifetime = preference(_LIFETIME)
        return cls(
            at_once=_within(preference(_AT_ONCE), 1, MOST_AT_ONCE, usual.at_once),
            lifetime_s=None
            if lifetime == _FOREVER
            else _within(lifetime, SHORTEST_LIFE_S, LONGEST_LIFE_S, usual.lifetime_s or LONGEST_LIFE_S),
            inline=preference(_INLINE) == "yes",
            ahead=preference(_AHEAD) == "yes",
        )

    def preferences(self) -> tuple[tuple[str, str], ...]:
        """Return what ``read`` understands: name and value of each."""
        return (
            (_AT_ONCE, str(self.at_once)),
            (_LIFETIME, _FOREVER if self.lifetime_s is None else str(self.lifetime_s)),
            (_INLINE, "yes" if self.inline else "no"),
            (_AHEAD, "yes" if self.ahead else "no"),
        )


def _within(text: str, least: int, most: int, otherwise: int) -> int:
    return min(max(int(text), least), most) if text.isascii() and text.isdecimal() else otherwise
