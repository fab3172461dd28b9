"""python -m tests.faults [asking] [uploading]: meets every fault and writes docs/faults.md anew.

python -m tests.faults --kills 5000: kills so often at work instead, and tells what that met.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.faults import files_table, killing_many, table
from tests.faults.catalogue import FAULTS
from tests.faults.files_catalogue import FILE_FAULTS, WITHOUT_FILES
from tests.faults.files_meeting import meet_all
from tests.faults.meeting import meet, nobody_listens


def main(wanted: Sequence[str]) -> int:
    if wanted[:1] == ["--kills"]:
        killing_many.kill_many(int(wanted[1]))
        return 0
    rows: list[str] = []
    if not wanted or "asking" in wanted:
        rows += ask()
    if not wanted or "uploading" in wanted:
        rows += upload()
    sys.stdout.write(f"{len(rows)} faults in {table.DOCUMENT.name}\n")
    return 0


def upload() -> list[str]:
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        met = meet_all(FILE_FAULTS, Path(folder) / "all")
        for number, fault in enumerate(WITHOUT_FILES):
            met |= meet_all([fault], Path(folder) / str(number))
    rows = [files_table.row(fault, met[fault.name]) for fault in (*FILE_FAULTS, *WITHOUT_FILES)]
    table.write(rows, files_table.HEADING, files_table.INTRODUCTION)
    return rows


def ask() -> list[str]:
    rows = []
    for fault in FAULTS:
        with tempfile.TemporaryDirectory(prefix="vs-") as folder:
            met = meet(fault, Path(folder))
        rows.append(table.row(fault.name, met.turn.answer, met.tries))
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        rows.append(table.row("nobody listens", nobody_listens(Path(folder)).turn.answer, 3))
    table.write(rows)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
