"""One line of the benchmark table."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, against what, in at least five runs; `unit` is "×" for a ratio, else a unit."""

    work: str
    against: str
    values: tuple[float, ...]
    goal: str
    unit: str = "×"

    def __post_init__(self) -> None:
        if len(self.values) < 5:
            raise ValueError(f"{self.work} needs at least five runs")

    @property
    def median(self) -> float:
        return median(self.values)

    def cells(self) -> tuple[str, str, str, str, str]:
        middle, low, high = (f"{value:.3g}" for value in (self.median, min(self.values), max(self.values)))
        return self.work, self.against, f"{middle} {self.unit}", f"{low}–{high}", self.goal
