"""Kills processes at random points of their work, many a second, and looks at what is left."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from tests.faults import working
from tests.faults.keeping import Kept, Work, after, kept_in, may_be_kept
from tests.storage.samples import NOW
from vision_studio.storage import copies
from vision_studio.storage.database import Database
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.repair import repair
from vision_studio.storage.sessions import Sessions

MOST_STEPS = 30
LATEST_S = 0.002
"""After the last step that is waited for; a step takes about half as long."""

LOADED = "tests.faults.working"
"""What the process has imported that all others are copies of: no Qt, no SDK."""

FIXTURES = Path(__file__).parents[1] / "storage" / "fixtures"
MANY = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300)
INSERT INTO sessions (id, title, model_id, created_at, updated_at)
    SELECT 'session ' || n, 'Title ' || n, 'claude-test', n, n FROM numbers;
INSERT INTO turns (id, session_id, position, prompt, created_at)
    SELECT 'turn of ' || id, id, 1, replace(hex(zeroblob(50)), '00', title || ' '), 1 FROM sessions
        WHERE id LIKE 'session %';
"""
"""Enough in an old database for its migration to take some time."""


@dataclass(frozen=True, slots=True)
class Killed:
    """What one process told, in order, before it was killed."""

    told: tuple[Any, ...]


def killed(
    processes: ForkServerContext, target: Callable[..., None], *args: object, steps: int, after_s: float
) -> Killed:
    """Run a process until it has told so many things, and kill it so long after that."""
    listen, say = processes.Pipe(duplex=False)
    running = processes.Process(target=target, args=(*args, say))
    running.start()
    say.close()
    told: list[Any] = []
    with listen:
        try:
            while len(told) < steps:
                told.append(listen.recv())
            due = time.monotonic() + after_s
            while (left_s := due - time.monotonic()) > 0 and listen.poll(left_s):
                told.append(listen.recv())
            running.kill()
            while True:
                told.append(listen.recv())
        except EOFError:
            running.join()
            code = running.exitcode
            running.close()
    assert code in (0, -9), f"it ended by itself with {code} after {told[-1:]}"
    return Killed(tuple(told))


def kill_while_working(processes: ForkServerContext, folder: Path, seed: int, kills: int) -> Counter[str]:
    """Kill so often at work in one folder; return how often each kind of work was under way.

    Every process finds what the one before it left.
    """
    choices, hit = random.Random(seed), Counter[str]()
    working.prepare(folder)
    kept = Kept()
    for number in range(kills):
        end = killed(
            processes,
            working.work_until_killed,
            folder,
            seed * 100_000 + number,
            kept,
            steps=choices.randrange(1, MOST_STEPS),
            after_s=choices.uniform(0, LATEST_S),
        )
        works, ids = end.told[::2], end.told[1::2]
        for work, made_id in zip(works, ids, strict=False):
            kept = after(kept, work, made_id)
        under_way: Work | None = works[-1] if len(works) > len(ids) else None
        found = kept_in(folder)
        assert may_be_kept(found, kept, under_way), (seed, number, under_way)
        kept = found
        hit[under_way.kind.name if under_way else "between"] += 1
    return hit


def kill_while_migrating(processes: ForkServerContext, folder: Path, seed: int, kills: int) -> int:
    """Kill so often while an older database is opened; return how many kills came before it was through."""
    choices, early = random.Random(seed), 0
    made: dict[int, Path] = {}
    for _ in range(kills):
        version = choices.randrange(1, len(MIGRATIONS))
        if version not in made:
            made[version] = folder.parent / f"version-{version}.db"
            lay_down(made[version], version)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(made[version], folder / "studio.db")
        before = titles(made[version])
        end = killed(
            processes,
            working.migrate_until_killed,
            folder,
            steps=1,
            after_s=choices.uniform(0, 0.03),
        )
        early += "done" not in end.told
        for copy in copies.of_earlier_versions(folder / "studio.db"):
            assert titles(copy) == before  # a copy is whole, or it has no name yet
        with closing(Database.open(folder / "studio.db")) as database:
            assert database.is_current
            assert database.problems() == ()
            assert [
                title for (title,) in database.read("SELECT title FROM sessions ORDER BY title")
            ] == before
    return early


def kill_while_copying(processes: ForkServerContext, folder: Path, seed: int, kills: int) -> None:
    """Kill so often while a database is backed up, or a backup is put in its place."""
    choices = random.Random(seed)
    folder.mkdir()
    with closing(Database.open(folder / "studio.db")) as database:
        sessions = Sessions(database)
        for number in range(20):
            session = sessions.create("claude-test", NOW)
            sessions.rename(session.id, f"{number:02} " + "x" * 5000)
    before = titles(folder / "studio.db")
    for _ in range(kills):
        killed(
            processes,
            working.copy_until_killed,
            folder,
            steps=choices.randrange(1, 5),
            after_s=choices.uniform(0, 0.02),
        )
        for copy in copies.backups(folder / "studio.db"):
            assert titles(copy) == before
        with closing(Database.open(folder / "studio.db")) as database:
            assert database.problems() == ()
            assert sorted(row.title for row in Sessions(database).list()) == before
        for aside in folder.glob("*.damaged-*"):
            aside.unlink()


def kill_while_repairing(processes: ForkServerContext, folder: Path, seed: int, kills: int) -> int:
    """Kill so often while a damaged database is mended; return how many kills came before it was through."""
    choices, early = random.Random(seed), 0
    original = folder.parent / "damaged.db"
    lay_down(original, 1)
    Database.open(original).close()
    before = titles(original)
    data = bytearray(original.read_bytes())
    page = data.index(b"Title 7 Title 7") // 4096 * 4096
    data[page : page + 4096] = b"\xff" * 4096
    for _ in range(kills):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "studio.db").write_bytes(data)
        end = killed(processes, working.repair_until_killed, folder, steps=1, after_s=choices.uniform(0, 0.6))
        early += "done" not in end.told
        assert data in [path.read_bytes() for path in folder.glob("studio*.db")], "it is kept as it was"
        repair(folder, folder / "studio.db")
        assert titles(folder / "studio.db") == before
    return early


def titles(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sorted(title for (title,) in plain.execute("SELECT title FROM sessions"))


def lay_down(path: Path, version: int) -> None:
    """Lay down a database as that version of the application left it."""
    with closing(sqlite3.connect(path)) as plain:
        plain.executescript((FIXTURES / f"version_{version}.sql").read_text(encoding="utf-8"))
        plain.executescript(MANY)
