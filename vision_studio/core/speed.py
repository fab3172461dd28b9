"""How fast bytes travel, and how long the rest will take."""

from __future__ import annotations

from collections import deque

_WINDOW_S = 5.0
"""What was sent longer ago says little about now."""
_SHORTEST_S = 0.5
"""Before that much time there is no speed worth telling: the first bytes only fill the system's buffers."""


class Speed:
    """Takes note of bytes as they go. Times are seconds on any clock that does not jump."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int]] = deque()
        """When, and how many in all by then."""
        self._total = 0

    def note(self, now_s: float, more_bytes: int) -> None:
        """Take in that so many more bytes have gone; 0 marks the beginning."""
        self._total += max(0, more_bytes)
        self._sent.append((now_s, self._total))
        # One from before the window stays: what was sent in it is counted from there.
        while len(self._sent) > 2 and self._sent[1][0] < now_s - _WINDOW_S:
            self._sent.popleft()

    def bytes_per_s(self, now_s: float) -> float | None:
        """Return the speed over the last seconds; None while there is too little to go by."""
        if not self._sent:
            return None
        since_s, before = self._sent[0]
        passed_s = now_s - since_s
        return (self._total - before) / passed_s if passed_s >= _SHORTEST_S else None


def left_s(left_bytes: int, bytes_per_s: float | None) -> float | None:
    """Return how long the rest takes at this speed; None when that cannot be told."""
    return left_bytes / bytes_per_s if bytes_per_s else None
