"""How words are found whatever their case and accents: by patterns that Python and Qt both read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

_LETTERS = range(0xC0, 0x250)
"""Latin letters with accents: those of Unicode's Latin-1, Latin Extended-A and -B."""

_MARKS = "[\u0300-\u036f]*"
"""Accents that stand as characters of their own behind a letter."""


def anywhere(text: str) -> str:
    """Return a pattern that finds a text as it was typed, spaces of any width; "" for nothing but space."""
    return r"\s+".join("".join(map(_letter, word)) for word in text.split())


def at_word_starts(words: Iterable[str]) -> str:
    """Return a pattern that finds where words of a text begin with one of these; "" for none."""
    patterns = [pattern for word in words if (pattern := anywhere(word))]
    return rf"(?<![^\W_])(?:{'|'.join(patterns)})" if patterns else ""


@cache
def _letter(character: str) -> str:
    base = _base(character)
    if not (character.isalpha() and base.isascii()):
        return re.escape(character)
    accented = "".join(other for other in map(chr, _LETTERS) if _base(other) == base)
    return f"[{base.lower()}{base.upper()}{accented}]{_MARKS}"


@cache
def _base(character: str) -> str:
    """Return a letter without its accents, in lower case."""
    plain = unicodedata.normalize("NFD", character)
    return "".join(one for one in plain if not unicodedata.combining(one)).lower()
