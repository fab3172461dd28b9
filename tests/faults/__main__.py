"""python -m tests.faults: meets every fault and writes docs/faults.md anew."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults import table
from tests.faults.catalogue import FAULTS
from tests.faults.meeting import meet, nobody_listens


def main() -> int:
    rows = []
    for fault in FAULTS:
        with tempfile.TemporaryDirectory(prefix="vs-") as folder:
            met = meet(fault, Path(folder))
        rows.append(table.row(fault.name, met.turn.answer, met.tries))
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        rows.append(table.row("nobody listens", nobody_listens(Path(folder)).turn.answer, 3))
    table.write(rows)
    sys.stdout.write(f"{len(rows)} faults in {table.DOCUMENT.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
