"""Lists and opens sessions of a library of 10,000, beside the bare queries that any of it needs."""

from __future__ import annotations

import sqlite3
import tempfile
import timeit
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.benchmarks.row import Row
from vision_studio.core.conversation import Answer, Outcome, SentImage, Turn
from vision_studio.core.draft import Image
from vision_studio.core.size import Size
from vision_studio.storage.database import Database
from vision_studio.storage.sessions import Sessions

RUNS = 7
SESSIONS = 10_000
SMALL = 100
TURNS = 10
LISTED = 100
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        large, small = Path(name) / "large.db", Path(name) / "small.db"
        fill(large, SESSIONS)
        fill(small, SMALL)
        with (
            closing(Database.open(large)) as database,
            closing(Database.open(small)) as few,
            closing(sqlite3.connect(large)) as plain,
        ):
            sessions, handful = Sessions(database), Sessions(few)
            opened = sessions.list(limit=SESSIONS // 2)[-1].id
            runs = [
                (
                    _seconds(lambda: plain.execute(_NEWEST, (LISTED,)).fetchall()),
                    _seconds(lambda: sessions.list(limit=LISTED)),
                    _seconds(lambda: [plain.execute(query, (opened,)).fetchall() for query in _WHOLE]),
                    _seconds(lambda: sessions.load(opened)),
                    _seconds(lambda: handful.list(limit=LISTED)),
                )
                for _ in range(RUNS)
            ]
    return [
        Row(
            f"list the {LISTED} newest of {SESSIONS:,} sessions", "the bare query", _ratio(runs, 1, 0), "≤ 2"
        ),
        Row(f"open a session of {TURNS} turns", "the bare queries", _ratio(runs, 3, 2), "≤ 2"),
        Row(f"list {LISTED} of {SESSIONS:,}", f"list {LISTED} of {SMALL}", _ratio(runs, 1, 4), "≤ 1.5"),
    ]


_NEWEST = (
    "SELECT id, title, updated_at, turn_count, sent_images, cost_usd, sent_cover FROM sessions "
    "WHERE deleted_at IS NULL ORDER BY updated_at DESC LIMIT ?"
)
_WHOLE = (
    "SELECT * FROM sessions JOIN drafts ON session_id = id WHERE id = ?",
    "SELECT * FROM turns JOIN turn_images ON turn_id = id WHERE session_id = ? ORDER BY turns.position",
    "SELECT * FROM turns JOIN answers ON turn_id = id WHERE session_id = ? ORDER BY position",
)


def fill(path: Path, sessions: int) -> None:
    """Make a library by multiplying one session inside the database: to save each would take minutes."""
    with closing(Database.open(path)) as database:
        library = Sessions(database)
        model = library.create("claude-test", NOW)
        library.rename(model.id, "Receipts of the spring")
        for number in range(TURNS):
            library.add_turn(model.id, _turn(f"turn {number}", number), NOW)
        with database.writing() as transaction:
            count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            for table, changed in _COPIED.items():
                columns = [row[1] for row in transaction.execute(f"PRAGMA table_info({table})")]
                values = [changed.get(column, column) for column in columns]
                transaction.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "
                    f"{count} SELECT {', '.join(values)} FROM n CROSS JOIN {table}",
                    (sessions - 1,),
                )


_COPIED = {
    "sessions": {"key": "NULL", "id": "id || i", "updated_at": "updated_at + (i * 7919) % 1000003"},
    "drafts": {"session_id": "session_id || i"},
    "turns": {"key": "NULL", "id": "id || i", "session_id": "session_id || i", "parent_id": "parent_id || i"},
    "turn_images": {"turn_id": "turn_id || i"},
    "answers": {"turn_id": "turn_id || i"},
}


def _turn(turn_id: str, number: int) -> Turn:
    image = Image(turn_id, f"receipt {number}.jpg", "JPEG", Size(3000, 4000), 2_000_000, f"{number:064x}")
    answer = Answer("claude-test", Outcome.ANSWERED, "The receipt names the sum and the day. " * 30)
    return Turn(turn_id, "What does it say? " * 5, (SentImage(image, number + 1),), answer, NOW, 1600)


def _ratio(runs: list[tuple[float, ...]], ours: int, theirs: int) -> tuple[float, ...]:
    return tuple(run[ours] / run[theirs] for run in runs)


def _seconds(work: Callable[[], object]) -> float:
    """Return the middle time of many repetitions: what other programs take from a few does not count."""
    return median(timeit.repeat(work, number=1, repeat=200))
