"""Numbers as people read them: money, tokens, bytes, times. No value, however odd, raises."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

UNKNOWN = "–"
"""Stands where there is no number."""

_KILO = 1000


def count(number: int) -> str:
    """Return "12,345"."""
    return f"{number:,}".replace("-", "−")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return "1 image" or "3 images"."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def usd(amount: Decimal | None) -> str:
    """Return "$4.12", "$0.0231" or "$0.00013": cents from a dollar on, else as much as it takes."""
    if amount is None or not amount.is_finite():
        return UNKNOWN
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if size == 0 or size >= 1:
        digits = 2
    elif size >= Decimal("0.001"):
        digits = 4
    else:
        digits = 1 - size.adjusted()  # two figures that count
    return f"{sign}${size:,.{digits}f}"


def bytes_text(size_bytes: int) -> str:
    """Return "512 bytes", "740 KB", "6.1 MB" or "32 MB", in powers of 1000 as the API's limits are."""
    if abs(size_bytes) < _KILO:
        return counted(size_bytes, "byte")
    power = next((power for power in (1, 2, 3) if abs(size_bytes) / _KILO**power < 999.5), 4)
    size, unit = size_bytes / _KILO**power, ("KB", "MB", "GB", "TB")[power - 1]
    figures = f"{size:.1f}".removesuffix(".0") if abs(size) < 99.95 and unit != "KB" else f"{size:,.0f}"
    return f"{figures} {unit}".replace("-", "−")


def percent(share: float) -> str:
    """Return a change with its sign: "−0.2 %", "+12 %", "0 %"."""
    if not math.isfinite(share):
        return UNKNOWN
    rounded = round(share * 100, 1 if abs(share) < 0.1 else 0)
    figures = f"{abs(rounded):,.1f}".removesuffix(".0")
    sign = "" if rounded == 0 else "+" if rounded > 0 else "−"
    return f"{sign}{figures} %"


def duration(seconds: float | None) -> str:
    """Return "2.4 s", "1 min 5 s" or "2 h 3 min"."""
    if seconds is None or not math.isfinite(seconds) or seconds < 0:
        return UNKNOWN
    if seconds < 59.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{count(hours)} h {minutes} min" if minutes else f"{count(hours)} h"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(day: date) -> str:
    """Return "30 November 2026"."""
    # Not strftime: it follows the locale that a window system may have set, and the rest is in English.
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def image_numbers(numbers: tuple[int, ...]) -> str:
    """Return "Image 3", "Images 1–3 and 7" or "Images 1, 3, 5, 7 and 12 more"; "" for none."""
    if not numbers:
        return ""
    ordered = sorted(set(numbers))
    if len(ordered) == 1:
        return f"Image {ordered[0]}"
    runs: list[list[int]] = []
    for number in ordered:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = runs if len(runs) <= _RUNS_SHOWN else runs[: _RUNS_SHOWN - 1]
    parts = [text for run in shown for text in _run(run)]
    if hidden := sum(len(run) for run in runs[len(shown) :]):
        parts.append(f"{count(hidden)} more")
    return f"Images {listed(parts)}"


_RUNS_SHOWN = 5


def _run(run: list[int]) -> list[str]:
    return [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run]


def listed(parts: list[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
