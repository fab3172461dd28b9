"""Spending, in words."""

from __future__ import annotations

from vision_studio.core.amounts import UNKNOWN, count, counted, percent, usd
from vision_studio.core.spending import Spending, Spent

TABLE_TITLES = ("Spent on", "Answers", "Cost", "Read", "Cached", "Written", "Saved", "Off by")


def value(spent: Spent, practice: bool, *, whole: bool = False) -> float:
    """Return what a plot shows of a sum: US dollars, or tokens read where nothing is billed.

    ``whole``: what it would have been without a cache, where that is more.
    """
    if practice:
        return float(spent.prompt_tokens)
    return float(max(spent.cost_usd, spent.uncached_usd) if whole else spent.cost_usd)


def value_text(number: float, practice: bool) -> str:
    """Return a value of the scale."""
    if practice:
        return count(round(number))
    return f"${number:,.2f}" if number >= 0.1 or number == 0 else f"${number:.4f}".rstrip("0")


def said_of(spent: Spent, practice: bool) -> str:
    """Return one sum in a line: "2026-11-25: ✓ $0.42, 3 answers, $0.10 saved by caching"."""
    if not spent.answers:
        return f"{spent.title}: nothing"
    answers = counted(spent.answers, "answer")
    if practice:
        return (
            f"{spent.title}: {counted(spent.prompt_tokens, 'token')} read by the practice server, {answers}"
        )
    parts = [f"{spent.title}: ✓ {usd(spent.cost_usd)}", answers]
    if spent.saved_usd > 0:
        parts.append(f"{usd(spent.saved_usd)} saved by caching")
    if spent.unpriced:
        parts.append(f"{count(spent.unpriced)} without a known price")
    return ", ".join(parts)


def summary(told: Spending) -> str:
    """Return the whole in sentences."""
    total = told.total
    if not total.answers:
        return "Nothing was spent in this time. Each answer tells here what it cost."
    answers = counted(total.answers, "answer")
    if told.practice:
        return f"Practice server, not Claude: nothing was billed. {answers}, {_tokens(total)}."
    said = [f"✓ {usd(total.cost_usd)} for {answers}, {_tokens(total)}."]
    if total.saved_usd > 0:
        said.append(
            f"Caching saved {usd(total.saved_usd)}: {percent(total.cached_share).lstrip('+')} of what was "
            f"read came from the cache."
        )
    elif total.saved_usd < 0:
        said.append(f"Caching cost {usd(-total.saved_usd)} more than it saved so far.")
    if total.off_by is not None:
        said.append(f"Bills were {percent(total.off_by)} off their estimates.")
    if total.unpriced:
        said.append(f"{counted(total.unpriced, 'answer')} had no known price.")
    return " ".join(said)


def row(spent: Spent, practice: bool) -> tuple[str, ...]:
    """Return a sum as a row of the table, under ``TABLE_TITLES``."""
    cost = UNKNOWN if practice or spent.unpriced == spent.answers else f"✓ {usd(spent.cost_usd)}"
    return (
        spent.title,
        count(spent.answers),
        cost,
        count(spent.prompt_tokens),
        count(spent.cache_read_tokens),
        count(spent.output_tokens),
        UNKNOWN if practice or not spent.saved_usd else usd(spent.saved_usd),
        UNKNOWN if spent.off_by is None else percent(spent.off_by),
    )


def _tokens(spent: Spent) -> str:
    return f"{counted(spent.prompt_tokens, 'token')} read and {count(spent.output_tokens)} written"
