"""Saves drafts while a large database is backed up beside them, and while it is not."""

from __future__ import annotations

import tempfile
import threading
import timeit
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.benchmarks.row import Row
from vision_studio.core.draft import Draft
from vision_studio.storage.backup import back_up
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions

RUNS = 5
MEGABYTES = 100
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def rows() -> list[Row]:
    # Beside the checkout: the system's folder for temporary files is often not a disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        path = Path(name) / "studio.db"
        with closing(Database.open(path)) as database:
            sessions = Sessions(database)
            for _ in range(MEGABYTES):
                sessions.save_draft(
                    sessions.create("claude-test", NOW).id, Draft(text="word " * 200_000), NOW
                )
            session_id = sessions.create("claude-test", NOW).id
            median, worst = [], []
            for run in range(RUNS):
                alone = _saves(sessions, session_id, run, None)
                backing_up = threading.Thread(target=back_up, args=(path, NOW + timedelta(days=run)))
                backing_up.start()
                beside = _saves(sessions, session_id, run + RUNS, backing_up)
                backing_up.join()
                median.append(beside[len(beside) // 2] / alone[len(alone) // 2])
                worst.append(beside[-1] / alone[-1])
    against = "the same without a backup"
    return [
        Row(f"save drafts while {MEGABYTES} MB are backed up", against, tuple(median), "≤ 2"),
        Row("the slowest of these saves", against, tuple(worst), "–"),
    ]


def _saves(sessions: Sessions, session_id: str, run: int, until: threading.Thread | None) -> list[float]:
    """Return how long saves took, in order: two hundred, or for as long as a backup is made."""
    taken: list[float] = []
    while until.is_alive() if until is not None else len(taken) < 200:
        draft = Draft(text=f"{run} {len(taken)} " + "What changed? " * 300)
        taken.append(timeit.timeit(lambda: sessions.save_draft(session_id, draft, NOW), number=1))  # noqa: B023
    return sorted(taken)
