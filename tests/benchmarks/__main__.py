"""Runs every bench_*.py beside this file and prints one table: `python -m tests.benchmarks [NAME…]`.

A name narrows the run to the modules that contain it: "markdown" runs bench_markdown. No number fails a run.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Sequence

import tests.benchmarks
from tests.benchmarks.row import Row

_HEADINGS = ("work", "against", "median", "min–max", "goal")


def modules(wanted: Sequence[str]) -> Iterator[str]:
    for module in pkgutil.iter_modules(tests.benchmarks.__path__):
        if module.name.startswith("bench_") and (not wanted or any(each in module.name for each in wanted)):
            yield module.name


def table(rows: Sequence[Row]) -> str:
    lines = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def main(wanted: Sequence[str]) -> int:
    rows: list[Row] = []
    for name in modules(wanted):
        sys.stderr.write(f"{name} …\n")
        rows += importlib.import_module(f"tests.benchmarks.{name}").rows()
    sys.stdout.write(table(rows) + "\n")
    if importlib.util.find_spec("pyvips") is None:
        sys.stderr.write(
            "pyvips is not installed: the rows beside it are missing (see docs/performance.md).\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
