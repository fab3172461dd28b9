"""Which pictures are offered while somebody types "@": by number, name or label."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vision_studio.core.image_names import Named

LONGEST_QUERY = 40
"""Longer than anybody types to find a picture."""

_QUERY = re.compile(rf"(?:^|[^\w@.])@((?:[^\s@][^\n@]{{0,{LONGEST_QUERY - 1}}})?)$")


def query_in(line: str) -> str | None:
    """Return what is typed behind the last "@" of a line up to the caret; None where nothing is asked for.

    An "@" behind a letter is part of an address. Names may have spaces, but do not begin with one.
    """
    found = _QUERY.search(line)
    return None if found is None else found[1]


def matching(named: Iterable[Named], query: str) -> tuple[Named, ...]:
    """Return the pictures that a query may mean, the likeliest first.

    Otherwise those of the draft come first, in order, then those of earlier turns, the latest turn first.
    """
    needle = query.strip().casefold()
    found = ((rank, one) for one in named if (rank := _rank(one, needle)) is not None)
    ordered = sorted(found, key=lambda pair: (pair[0], *_place(pair[1])))
    return tuple(one for _, one in ordered)


def _place(named: Named) -> tuple[int, int]:
    return (0, 0) if named.turn is None else (1, -named.turn)


def _rank(named: Named, needle: str) -> int | None:
    if not needle:
        return 0
    number, image = str(named.number), named.image
    if number == needle:
        return 0
    if number.startswith(needle) or named.words.casefold().startswith(needle):
        return 1
    words = f"{image.label} {image.name}".casefold()
    if any(word.startswith(needle) for word in re.split(r"[\s_.-]+", words)) or words.startswith(needle):
        return 2
    return 3 if needle in words else None
