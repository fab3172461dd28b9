"""Columns of text that line up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_GAP = "  "


def table(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """Yield the rows as lines, each column as wide as its widest cell; ``right``: columns of numbers."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            _padding(cell, wide) + cell if column in right else cell + _padding(cell, wide)
            for column, (cell, wide) in enumerate(zip(row, widths, strict=True))
        )
        yield _GAP.join(cells).rstrip()


def width(text: str) -> int:
    """Return the columns a terminal gives a text: two for a wide character, none for a combining one."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def shortened(text: str, longest: int) -> str:
    """Return a text that is no wider. A name's end tells versions and types apart, so its middle goes."""
    if width(text) <= longest:
        return text
    head = text[: longest // 2]
    tail = text[len(head) - longest + 1 :]
    while width(head) + width(tail) >= longest:
        head, tail = head[:-1], tail[1:]
    return f"{head}…{tail}"


def _padding(cell: str, wide: int) -> str:
    return " " * (wide - width(cell))
