"""The user's own caps on spending: a warning near one, a question when the next request passes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from vision_studio.core.findings import CapNear, CapPassed, Finding, Period

NEAR = Decimal("0.8")
"""A cap is told of from this share of it on. Our own measure."""


def preference(period: Period) -> str:
    """Return the name under which a period's cap is kept."""
    return f"spend.cap.{period.value}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """US dollars for each period; a cap of None is no cap."""

    session: Decimal | None = None
    day: Decimal | None = None
    month: Decimal | None = None

    def of(self, period: Period) -> Decimal | None:
        return {Period.SESSION: self.session, Period.DAY: self.day, Period.MONTH: self.month}[period]


def usd_from(text: str) -> Decimal | None:
    """Read "5", "$5.50" or "5,50"; None for nothing, or for what is no amount. Never negative."""
    plain = text.strip().removeprefix("$").strip()
    if plain.count(",") == 1 and "." not in plain and len(plain.rpartition(",")[2]) in (1, 2):
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def about_caps(caps: Amounts, spent: Amounts, next_usd: Decimal | None) -> Iterator[Finding]:
    """Yield what there is to say about each cap, were a request sent that costs about ``next_usd``.

    An unknown price counts as nothing: what has been spent still does.
    """
    for period in Period:
        cap = caps.of(period)
        if cap is None:
            continue
        so_far = spent.of(period) or Decimal()
        then = so_far + (next_usd or Decimal())
        if then > cap:
            yield CapPassed(period=period, cap_usd=cap, spent_usd=so_far, then_usd=then)
        elif then >= cap * NEAR:
            yield CapNear(period=period, cap_usd=cap, spent_usd=so_far, then_usd=then)
