"""Saves a 4 kB draft again and again, beside the least a disk must do for the same bytes."""

from __future__ import annotations

import os
import tempfile
import timeit
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from tests.benchmarks.row import Row
from vision_studio.core.draft import Draft
from vision_studio.storage.codec import draft_cell
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions

RUNS = 7
SAVES = 60
DRAFT = "What changed between these two pictures? " * 100
NOW = datetime(2026, 11, 20, tzinfo=UTC)

Save = Callable[[Draft], None]


def rows() -> list[Row]:
    # Beside the checkout: the system's folder for temporary files is often not a disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        folder = Path(name)
        with (
            closing(Database.open(folder / "studio.db")) as database,
            (folder / "floor").open("wb", buffering=0) as floor,
        ):
            sessions = Sessions(database)
            session_id = sessions.create("claude-test", NOW).id

            def bare(draft: Draft) -> None:
                os.pwrite(floor.fileno(), draft_cell(draft).encode(), 0)
                os.fdatasync(floor.fileno())

            def durable(draft: Draft) -> None:
                sessions.save_draft(session_id, draft, NOW, durable=True)

            def ordinary(draft: Draft) -> None:
                sessions.save_draft(session_id, draft, NOW)

            def renamed(draft: Draft) -> None:
                _write_and_rename(folder / "draft.json", draft_cell(draft).encode())

            ways: dict[str, Save] = {
                "bare": bare,
                "durable": durable,
                "ordinary": ordinary,
                "renamed": renamed,
            }
            runs = [{way: _seconds(save, run) for way, save in ways.items()} for run in range(RUNS)]
    against = "4 kB write + fdatasync"
    return [
        Row("save a 4 kB draft durably", against, _ratios(runs, "durable"), "≤ 3"),
        Row("save a 4 kB draft so that a kill cannot lose it", against, _ratios(runs, "ordinary"), "≤ 0.5"),
        Row("the same draft as a file, synced and renamed", against, _ratios(runs, "renamed"), "a peer"),
    ]


def _ratios(runs: list[dict[str, float]], way: str) -> tuple[float, ...]:
    return tuple(run[way] / run["bare"] for run in runs)


def _seconds(save: Save, run: int) -> float:
    """Return the middle time of many saves, each of another text."""
    drafts = (Draft(text=f"{run} {number} {DRAFT}") for number in range(SAVES))
    return median(timeit.timeit(partial(save, draft), number=1) for draft in drafts)


def _write_and_rename(path: Path, data: bytes) -> None:
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
