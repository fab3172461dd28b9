"""What somebody looks for in the library, read from what they typed, and what is found."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Filters:
    """What a conversation must be like, whatever its words. Everything that is set must hold."""

    models: tuple[str, ...] = ()
    """Parts of model ids; the answer's model must contain one of them."""
    tags: tuple[str, ...] = ()
    """The session must have them all."""
    after: date | None = None
    """Asked on this day or later, on the clock of this computer."""
    before: date | None = None
    """Asked before this day."""
    has_image: bool = False
    cost_over_usd: Decimal | None = None
    """The whole session has cost more than this."""
    archived: bool = False
    """Look in the archive, and there only."""

    @property
    def count(self) -> int:
        """How many of them are set."""
        return sum(getattr(self, name) != getattr(_ANYTHING, name) for name in self.__slots__)


_ANYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, understood. Every word must begin some word of a document, every phrase be in it."""

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    filters: Filters = _ANYTHING

    @property
    def is_empty(self) -> bool:
        return not self.has_words and self.filters == _ANYTHING

    @property
    def has_words(self) -> bool:
        return bool(self.words or self.phrases)


class Part(StrEnum):
    """Where in a turn the words are."""

    QUESTION = "question"
    ANSWER = "answer"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a snippet: plain text, whatever it looks like."""

    text: str
    marked: bool = False
    """It is one of the words looked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn in which the words were found."""

    session_id: str
    turn_id: str
    title: str
    """The session's."""
    at: datetime
    """When it was asked, in UTC."""
    part: Part
    snippet: tuple[Span, ...]


_PIECE = re.compile(r'([^\W\d_]+[:>])?(?:"([^"]*)"?|([^\s"]+))')


def parse(text: str) -> Query:
    """Understand what was typed; whatever it is, it is a query.

    Words, "phrases in quotes", and filters: ``model:opus``, ``tag:"north wing"``, ``after:2026-11``,
    ``before:2026-11-20``, ``has:image``, ``cost>0.50``, ``is:archived``. What looks like a filter and is none
    is a word like any other; one that is still to be given its value is passed over.
    """
    words: list[str] = []
    phrases: list[str] = []
    filters = _ANYTHING
    for key, quoted, plain in _PIECE.findall(text.replace("\0", " ")):
        filtered = _filtered(filters, key.casefold(), (quoted or plain).strip())
        if filtered is not None:
            filters = filtered
        elif quoted:
            words.append(key)
            phrases.append(quoted)
        elif (word := key + plain).casefold() not in _READ:
            words.append(word)
    return Query(_searchable(words), _searchable(phrases), filters)


def merged(chosen: Filters, told: Filters) -> Filters:
    """Return filters that were chosen with those that were typed; what was typed later goes before."""
    return Filters(
        models=told.models or chosen.models,
        tags=(*chosen.tags, *(tag for tag in told.tags if tag not in chosen.tags)),
        after=told.after or chosen.after,
        before=told.before or chosen.before,
        has_image=told.has_image or chosen.has_image,
        cost_over_usd=chosen.cost_over_usd if told.cost_over_usd is None else told.cost_over_usd,
        archived=told.archived or chosen.archived,
    )


def typed(query: Query) -> str:
    """Return what has to be typed for a query."""
    filters = query.filters
    said = [
        *(f'"{phrase}"' for phrase in query.phrases),
        *query.words,
        *(f"model:{_quoted(model)}" for model in filters.models),
        *(f"tag:{_quoted(tag)}" for tag in filters.tags),
    ]
    if filters.after is not None:
        said.append(f"after:{filters.after}")
    if filters.before is not None:
        said.append(f"before:{filters.before}")
    if filters.has_image:
        said.append("has:image")
    if filters.cost_over_usd is not None:
        said.append(f"cost>{filters.cost_over_usd}")
    if filters.archived:
        said.append("is:archived")
    return " ".join(said)


def filter_words(filters: Filters) -> tuple[tuple[str, Filters], ...]:
    """Return what each filter that is set says, with the filters there are without it."""
    said = [
        *((f"Model: {m}", replace(filters, models=_without(filters.models, m))) for m in filters.models),
        *((f"Tag: {tag}", replace(filters, tags=_without(filters.tags, tag))) for tag in filters.tags),
    ]
    if filters.after is not None:
        said.append((f"Since {filters.after:%d %b %Y}", replace(filters, after=None)))
    if filters.before is not None:
        said.append((f"Before {filters.before:%d %b %Y}", replace(filters, before=None)))
    if filters.has_image:
        said.append(("With images", replace(filters, has_image=False)))
    if filters.cost_over_usd is not None:
        said.append((f"Over ${filters.cost_over_usd}", replace(filters, cost_over_usd=None)))
    if filters.archived:
        said.append(("Archived", replace(filters, archived=False)))
    return tuple(said)


def _filtered(filters: Filters, key: str, value: str) -> Filters | None:
    """Return the filters with one more; None if this is none."""
    read = _READ.get(key)
    return read(filters, value) if read is not None and value else None


def _model(filters: Filters, value: str) -> Filters:
    return replace(filters, models=(*_without(filters.models, value), value))


def _tag(filters: Filters, value: str) -> Filters:
    return replace(filters, tags=(*_without(filters.tags, value), value))


def _after(filters: Filters, value: str) -> Filters | None:
    day = _first_day(value)
    return None if day is None else replace(filters, after=day)


def _before(filters: Filters, value: str) -> Filters | None:
    day = _first_day(value)
    return None if day is None else replace(filters, before=day)


def _has(filters: Filters, value: str) -> Filters | None:
    return replace(filters, has_image=True) if value.casefold() in ("image", "images") else None


def _is(filters: Filters, value: str) -> Filters | None:
    return replace(filters, archived=True) if value.casefold() == "archived" else None


def _cost(filters: Filters, value: str) -> Filters | None:
    try:
        usd = Decimal(value.lstrip(">=$"))
    except InvalidOperation:
        return None
    return replace(filters, cost_over_usd=usd) if usd.is_finite() and abs(usd) < _MOST_USD else None


_MOST_USD = 10**9
"""No session costs more; a number of a thousand digits is a mistake."""

_READ: dict[str, Callable[[Filters, str], Filters | None]] = {
    "model:": _model,
    "tag:": _tag,
    "after:": _after,
    "before:": _before,
    "has:": _has,
    "is:": _is,
    "cost>": _cost,
    "cost:": _cost,
}

_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def _first_day(value: str) -> date | None:
    """Return the first day of a year, of a month, or the day itself: 2026, 2026-11, 2026-11-20."""
    found = _DATE.fullmatch(value)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    if not (
        _FIRST_YEAR <= year <= _LAST_YEAR
        and 1 <= month <= 12
        and 1 <= day <= calendar.monthrange(year, month)[1]
    ):
        return None
    return date(year, month, day)


def _searchable(words: list[str]) -> tuple[str, ...]:
    """Leave out what holds neither letter nor digit, unless there is nothing else: it stands in no index."""
    told = [word for word in words if any(character.isalnum() for character in word)]
    return tuple(told or [word for word in words if word.strip()])


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one.casefold() != value.casefold())


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value
