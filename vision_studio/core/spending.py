"""What was spent: the bills of answers, added up by day, month, model and session."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from vision_studio.core.caching import cache_saving_usd
from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import Usage

MOST_DAYS = 92
"""A longer time is shown month by month."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One answer, as it was billed."""

    day: date
    """On the clock of whoever looks."""
    time: str
    """When, as ISO 8601 in UTC."""
    session_id: str
    session_title: str | None
    """None: the session is gone; what was billed stays known."""
    model_id: str
    usage: Usage
    cost_usd: Decimal | None
    """None where no price is known."""
    estimated_tokens: int | None
    """What the request was expected to cost to be read."""
    practice: bool = False
    """The practice server answered: nothing was billed."""


class Grouping(StrEnum):
    TIME = "time"
    """By day, or by month where there are too many days."""
    MODEL = "model"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Spent:
    """A sum of bills."""

    title: str
    """What the bills have in common: a day or a month in ISO 8601, a model's or a session's name."""
    answers: int = 0
    cost_usd: Decimal = Decimal()
    unpriced: int = 0
    """Answers whose price is not known; they are not in ``cost_usd``."""
    prompt_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    saved_usd: Decimal = Decimal()
    """What caching took off; below zero: what writing the cache put on."""
    estimated_tokens: int = 0
    billed_tokens: int = 0
    """Of the prompts that had an estimate."""

    @property
    def off_by(self) -> float | None:
        """How far the bills lay from their estimates: 0.02 is 2 % more; None without an estimate."""
        return self.billed_tokens / self.estimated_tokens - 1 if self.estimated_tokens else None

    @property
    def cached_share(self) -> float:
        """Which share of what was read came from the cache, from 0 to 1."""
        return self.cache_read_tokens / self.prompt_tokens if self.prompt_tokens else 0.0

    @property
    def uncached_usd(self) -> Decimal:
        """What it would have cost without a cache."""
        return self.cost_usd + self.saved_usd


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent in a time, three ways. Every way adds up to ``total``."""

    total: Spent
    by_time: tuple[Spent, ...] = ()
    """In order, with the days or months in which nothing was spent."""
    by_model: tuple[Spent, ...] = ()
    """The dearest first, as are the sessions."""
    by_session: tuple[Spent, ...] = ()
    monthly: bool = False
    """``by_time`` holds months."""
    practice: bool = False
    """There was no bill yet: these are the practice server's answers, which cost nothing."""

    def by(self, grouping: Grouping) -> tuple[Spent, ...]:
        return {
            Grouping.TIME: self.by_time,
            Grouping.MODEL: self.by_model,
            Grouping.SESSION: self.by_session,
        }[grouping]


def spending(
    bills: Sequence[Bill], model: Callable[[str], Model], first: date | None, last: date
) -> Spending:
    """Add up the bills of the days from ``first`` (None: the earliest bill's) to ``last``.

    Practice answers count only while there is no other.
    """
    inside = [bill for bill in bills if (first is None or bill.day >= first) and bill.day <= last]
    billed = [bill for bill in inside if not bill.practice]
    practice = bool(inside) and not billed
    shown = billed or inside
    total = _sum("", shown, model)
    begin = first or min((bill.day for bill in shown), default=last)
    monthly = (last - begin).days >= MOST_DAYS
    periods = _months(begin, last) if monthly else _days(begin, last)

    def period(bill: Bill) -> str:
        return _month(bill.day) if monthly else bill.day.isoformat()

    times = _grouped(shown, period)
    return Spending(
        total,
        tuple(_sum(title, times.get(title, ()), model) for title in periods),
        _dearest(_grouped(shown, lambda bill: bill.model_id), model, lambda of: model(of[0].model_id).name),
        _dearest(_grouped(shown, lambda bill: bill.session_id), model, _session_name),
        monthly,
        practice,
    )


def _session_name(bills: Sequence[Bill]) -> str:
    title = bills[-1].session_title
    return "A session that is gone" if title is None else title or "Untitled"


def _grouped(bills: Iterable[Bill], key: Callable[[Bill], str]) -> dict[str, list[Bill]]:
    groups: dict[str, list[Bill]] = {}
    for bill in bills:
        groups.setdefault(key(bill), []).append(bill)
    return groups


def _dearest(
    groups: dict[str, list[Bill]], model: Callable[[str], Model], title: Callable[[Sequence[Bill]], str]
) -> tuple[Spent, ...]:
    sums = (_sum(title(bills), bills, model) for bills in groups.values())
    return tuple(sorted(sums, key=lambda one: (-one.cost_usd, -one.prompt_tokens, one.title)))


def _sum(title: str, bills: Sequence[Bill], model: Callable[[str], Model]) -> Spent:
    priced = [bill.cost_usd for bill in bills if bill.cost_usd is not None]
    savings = (
        None if bill.practice else cache_saving_usd(bill.usage, model(bill.model_id)) for bill in bills
    )
    estimated = [bill for bill in bills if bill.estimated_tokens]
    return Spent(
        title,
        answers=len(bills),
        cost_usd=sum(priced, Decimal()),
        unpriced=len(bills) - len(priced),
        prompt_tokens=sum(bill.usage.prompt_tokens for bill in bills),
        output_tokens=sum(bill.usage.output_tokens for bill in bills),
        cache_read_tokens=sum(bill.usage.cache_read_tokens for bill in bills),
        saved_usd=sum((saved for saved in savings if saved is not None), Decimal()),
        estimated_tokens=sum(bill.estimated_tokens or 0 for bill in estimated),
        billed_tokens=sum(bill.usage.prompt_tokens for bill in estimated),
    )


def _month(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def _days(first: date, last: date) -> Iterator[str]:
    return ((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1))


def _months(first: date, last: date) -> Iterator[str]:
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return (f"{month // 12:04}-{month % 12 + 1:02}" for month in months)


_COLUMNS = (
    "time_utc",
    "session",
    "session_id",
    "model",
    "practice",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "output_tokens",
    "thinking_tokens",
    "estimated_prompt_tokens",
    "billed_prompt_tokens",
    "cost_usd",
)


def bills_csv(bills: Iterable[Bill]) -> str:
    """Return bills as CSV (RFC 4180), one row each under a row of titles."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for bill in bills:
        usage = bill.usage
        writer.writerow(
            (
                bill.time,
                _inert(bill.session_title or ""),
                bill.session_id,
                _inert(bill.model_id),
                "yes" if bill.practice else "no",
                usage.input_tokens,
                usage.cache_read_tokens,
                usage.cache_write_5m_tokens,
                usage.cache_write_1h_tokens,
                usage.output_tokens,
                usage.thinking_tokens,
                "" if bill.estimated_tokens is None else bill.estimated_tokens,
                usage.prompt_tokens,
                "" if bill.cost_usd is None else f"{bill.cost_usd:f}",
            )
        )
    return text.getvalue()


def _inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
