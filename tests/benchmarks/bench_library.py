"""Lists, searches and opens sessions of a library of 10,000, beside the bare queries that any of it needs."""

from __future__ import annotations

import itertools
import os
import random
import sqlite3
import tempfile
import timeit
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from time import process_time

from tests.benchmarks.measuring import seconds
from tests.benchmarks.row import Row
from vision_studio.core.conversation import Answer, Outcome, SentImage, Turn
from vision_studio.core.draft import Image
from vision_studio.core.library_events import SessionsListed
from vision_studio.core.search import parse
from vision_studio.core.size import Size
from vision_studio.storage.database import Database
from vision_studio.storage.rows import SUMMARY_COLUMNS
from vision_studio.storage.search import Search
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.shelf import PAGE, Shelf

RUNS = 7
SESSIONS = 10_000
SMALL = 100
TURNS = 10
WORDS = 20_000
"""Different ones: as many as a library of answers holds."""
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def rows() -> list[Row]:
    words = vocabulary()
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        large, small = Path(name) / "large.db", Path(name) / "small.db"
        fill(large, SESSIONS, words)
        fill(small, SMALL, words)
        with (
            closing(Database.open(large)) as database,
            closing(Database.open(small)) as few,
            closing(sqlite3.connect(large)) as plain,
        ):
            sessions, shelf, handful = Sessions(database), Shelf(database), Shelf(few)
            opened = sessions.list(limit=SESSIONS // 2)[-1].id
            runs = [
                (
                    _seconds(lambda: plain.execute(_NEWEST, (PAGE,)).fetchall()),
                    _seconds(shelf.page),
                    _seconds(lambda: [plain.execute(query, (opened,)).fetchall() for query in _WHOLE]),
                    _seconds(lambda: sessions.load(opened)),
                    _seconds(handful.page),
                )
                for _ in range(RUNS)
            ]
            found = _search_rows(database, few, plain, words)
            page = shelf.page()
    all_of = f"{SESSIONS:,} sessions × {2 * TURNS} messages"
    return [
        Row(f"list the {PAGE} newest of {all_of}", "the bare query", _ratio(runs, 1, 0), "≤ 2"),
        Row(f"open a session of {TURNS} turns", "the bare queries", _ratio(runs, 3, 2), "≤ 2"),
        *found,
        Row(f"list {PAGE} of {SESSIONS:,}", f"list {PAGE} of {SMALL}", _ratio(runs, 1, 4), "≤ 1.5"),
        Row(
            f"the window's thread shows the first {PAGE}",
            "a frame of 60 a second is 16.7 ms",
            _shown_ms(SessionsListed(page.summaries, page.after)),
            "≤ 16.7",
            "ms",
        ),
    ]


def _search_rows(
    database: Database, few: Database, plain: sqlite3.Connection, words: Sequence[str]
) -> list[Row]:
    """Search for words of every kind, each run beside the bare list of the newest sessions."""
    common, other = words[0], words[3]
    half_typed = next(word for word in words if len(word) > 5)[:5]
    asked = {
        "a word of nearly every answer": common,
        "a word of one answer in ten": words[25],
        "a rare word": words[-5],
        "two common words": f"{common} {other}",
        "a common and a rare word": f"{common} {words[-9]}",
        "a common word, five letters of it typed": half_typed,
        "two letters": common[:2],
        "what is nowhere": "zzyzzy",
    }
    search, handful = Search(database), Search(few)
    taken: dict[str, list[float]] = {name: [] for name in asked}
    growth = []
    for _ in range(RUNS):
        floor = _seconds(lambda: plain.execute(_NEWEST, (PAGE,)).fetchall())
        for name, text in asked.items():
            taken[name].append(_seconds(lambda text=text: search.find(parse(text)), 30) / floor)
        growth.append(
            _seconds(lambda: search.find(parse(common)), 30)
            / _seconds(lambda: handful.find(parse(common)), 30)
        )
    return [
        *(
            Row(f"search: first page of {name}", "list the newest", tuple(ratios), "≤ 20")
            for name, ratios in taken.items()
        ),
        Row(
            f"search a word of nearly every answer in {SESSIONS:,} sessions",
            f"in {SMALL}",
            tuple(growth),
            f"≤ {SESSIONS // SMALL}",
        ),
    ]


def _shown_ms(listed: SessionsListed) -> tuple[float, ...]:
    """Return what the window's thread takes to have a page in the list, laid out and painted."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from vision_studio.ui.library.panel import LibraryPanel

    application = QApplication.instance() or QApplication([])
    panel = LibraryPanel(lambda key: None, lambda: date(2026, 11, 20))
    panel.resize(248, 900)
    panel.show()
    taken = []
    for _ in range(RUNS):
        application.processEvents()
        taken.append(1000 * seconds(lambda: (panel.show_sessions(listed), panel.grab())))
    panel.deleteLater()
    return tuple(taken)


_NEWEST = f"SELECT {SUMMARY_COLUMNS} FROM sessions WHERE deleted_at IS NULL ORDER BY updated_at DESC LIMIT ?"
"""What the list shows, by the index of dates."""
_WHOLE = (
    "SELECT * FROM sessions JOIN drafts ON session_id = id WHERE id = ?",
    "SELECT * FROM turns JOIN turn_images ON turn_id = id WHERE session_id = ? ORDER BY turns.position",
    "SELECT * FROM turns JOIN answers ON turn_id = id WHERE session_id = ? ORDER BY position",
)


def vocabulary() -> list[str]:
    """Return words to make texts of, the commonest first, each sure to be different."""
    chance = random.Random(1)  # no secret: the same words in every run
    syllables = ["".join(pair) for pair in itertools.product("bcdfglmnprstv", "aeiou")]
    made: dict[str, None] = {}
    while len(made) < WORDS:
        word = "".join(chance.choices(syllables, k=chance.randint(1, 4))) + chance.choice(
            ("", "n", "s", "tion")
        )
        made[word] = None
    return list(made)


def fill(path: Path, sessions: int, words: Sequence[str]) -> None:
    """Make a library by multiplying one session inside the database, each answer with words of its own.

    To save each would take minutes. Words are as frequent as in languages: the second half as much as the
    first, the third a third.
    """
    chance = random.Random(2)  # no secret: the same library in every run
    weights = list(itertools.accumulate(1 / place for place in range(1, len(words) + 1)))

    def text(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=length))

    with closing(Database.open(path)) as database:
        library = Sessions(database)
        model = library.create("claude-test", NOW)
        library.rename(model.id, "Receipts of the spring")
        for number in range(TURNS):
            library.add_turn(model.id, _turn(f"turn {number}", number), NOW)
        with database.writing() as transaction:
            # The index is made once at the end: to follow every row would take as long again.
            triggers = transaction.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            for trigger, _ in triggers:
                transaction.execute(f"DROP TRIGGER {trigger}")
            count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            for table, changed in _COPIED.items():
                columns = [row[1] for row in transaction.execute(f"PRAGMA table_info({table})")]
                values = [changed.get(column, column) for column in columns]
                transaction.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "
                    f"{count} SELECT {', '.join(values)} FROM n CROSS JOIN {table}",
                    (sessions - 1,),
                )
            turns = [row[0] for row in transaction.execute("SELECT id FROM turns")]
            transaction.execute_many(
                "UPDATE turns SET prompt = ? WHERE id = ?", ((text(12), turn_id) for turn_id in turns)
            )
            transaction.execute_many(
                "UPDATE answers SET text = ? WHERE turn_id = ?", ((text(120), turn_id) for turn_id in turns)
            )
            for _, sql in triggers:
                transaction.execute(sql)
        Search(database).rebuild()


_COPIED = {
    "sessions": {"key": "NULL", "id": "id || i", "updated_at": "updated_at + (i * 7919) % 1000003"},
    "drafts": {"session_id": "session_id || i"},
    "turns": {"key": "NULL", "id": "id || i", "session_id": "session_id || i", "parent_id": "parent_id || i"},
    "turn_images": {"turn_id": "turn_id || i"},
    "answers": {"turn_id": "turn_id || i"},
}


def _turn(turn_id: str, number: int) -> Turn:
    image = Image(turn_id, f"receipt {number}.jpg", "JPEG", Size(3000, 4000), 2_000_000, f"{number:064x}")
    return Turn(
        turn_id, "", (SentImage(image, number + 1),), Answer("claude-test", Outcome.ANSWERED), NOW, 1600
    )


def _ratio(runs: list[tuple[float, ...]], ours: int, theirs: int) -> tuple[float, ...]:
    return tuple(run[ours] / run[theirs] for run in runs)


def _seconds(work: Callable[[], object], times: int = 200) -> float:
    """Return the middle of the processor's time for many repetitions: other programs do not count."""
    return median(timeit.repeat(work, timer=process_time, number=1, repeat=times))
