"""When a failed call is worth another try, and after how long."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.failures import Failure, FailureKind

_NEVER_BILLED = frozenset(
    {FailureKind.RATE_LIMITED, FailureKind.OVERLOADED, FailureKind.SERVER_ERROR, FailureKind.OFFLINE}
)


@dataclass(frozen=True, slots=True)
class Persistence:
    """How often and how long to go on. Waits double from ``first_wait_s`` unless the server names one."""

    kinds: frozenset[FailureKind]
    attempts: int
    """Tries in all, the first one included."""
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0
    """A server that asks for a longer pause is not waited for: the user decides."""

    def wait_s(self, failure: Failure, tried: int, chance: float) -> float | None:
        """Return the pause before the next try; None when there is to be none.

        ``tried`` counts the tries so far. ``chance``, from 0 to 1, takes up to a quarter off a pause of our
        own, so that many calls that failed together do not come back together.
        """
        if failure.kind not in self.kinds or tried >= self.attempts:
            return None
        if failure.retry_after_s is not None:
            return failure.retry_after_s if failure.retry_after_s <= self.longest_wait_s else None
        pause_s = min(self.first_wait_s * 2.0 ** (tried - 1), self.longest_wait_s)
        return pause_s * (1 - 0.25 * chance)


ANSWERS = Persistence(_NEVER_BILLED, attempts=3, longest_wait_s=20.0)
"""A request that was lost on its way, or timed out, may have been billed: it is not among them."""

UPLOADS = Persistence(
    _NEVER_BILLED | {FailureKind.TIMED_OUT, FailureKind.INTERRUPTED}, attempts=6, longest_wait_s=60.0
)
"""Uploads cost nothing; the worst a second try leaves is a file that nobody uses."""
