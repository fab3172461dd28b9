"""What a tag may be called, and which of the known ones somebody may mean."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 40
"""Characters of a tag; a longer one would be a title."""


def tidy(text: str) -> str:
    """Return a tag as it is kept: on one line, without the quotes that would end it in a search."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.replace('"', " ").split())[:LONGEST].strip()


def spelt(tag: str, known: Iterable[str]) -> str:
    """Return the known tag that differs in nothing but capitals, or the tag itself."""
    return next((one for one in known if one.casefold() == tag.casefold()), tag)
