"""Which turns of a session are shown: those of one branch, from its first question to its newest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Link(NamedTuple):
    """A turn's place in the tree."""

    turn_id: str
    parent_id: str | None
    followed_by: str | None
    """Which of the turns after it was shown last; None while none was chosen."""


class Tree:
    """The turns of a session, in the order in which they were asked.

    A damaged link makes a shorter branch, never an endless one.
    """

    def __init__(self, links: Sequence[Link]) -> None:
        self._links = {link.turn_id: link for link in links}
        self._after: dict[str | None, list[str]] = {}
        for link in links:
            self._after.setdefault(self.parent(link.turn_id), []).append(link.turn_id)

    def __contains__(self, turn_id: object) -> bool:
        return turn_id in self._links

    def path(self, head_id: str | None) -> tuple[str, ...]:
        """Return the branch that goes through a turn; through the newest one if that is not there."""
        if head_id not in self._links:
            head_id = next(reversed(self._links), None)
        if head_id is None:
            return ()
        climbed = list(self._up(head_id))[::-1]
        return (*climbed, *self._down(head_id, set(climbed)))

    def beside(self, turn_id: str) -> tuple[str, ...]:
        """Return the turns that were asked in one place, that one included."""
        return tuple(self._after[self.parent(turn_id)])

    def beneath(self, turn_id: str) -> frozenset[str]:
        """Return every turn that was asked after one, on any branch."""
        found: set[str] = set()
        waiting = [turn_id]
        while waiting:
            new = [one for one in self._after.get(waiting.pop(), ()) if one not in found]
            found.update(new)
            waiting += new
        return frozenset(found)

    def parent(self, turn_id: str) -> str | None:
        """Return the turn that was asked before one; None for a first one."""
        parent_id = self._links[turn_id].parent_id
        return parent_id if parent_id in self._links else None

    def _up(self, turn_id: str) -> Iterator[str]:
        seen: set[str] = set()
        here: str | None = turn_id
        while here is not None and here not in seen:
            seen.add(here)
            yield here
            here = self.parent(here)

    def _down(self, turn_id: str, seen: set[str]) -> Iterator[str]:
        here = turn_id
        while after := [one for one in self._after.get(here, ()) if one not in seen]:
            chosen = self._links[here].followed_by
            here = chosen if chosen in after else after[-1]
            seen.add(here)
            yield here
