"""Backups: made once a day when something has changed, in nobody's way, and good for putting back."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.storage.samples import NOW, question
from tests.support.small_disk import fill, small_disk
from vision_studio.core.failures import FailureKind
from vision_studio.storage import copies
from vision_studio.storage.backup import KEPT, Stopped, back_up, is_due, newest_sound, restore
from vision_studio.storage.database import Database
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.sessions import Sessions


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "studio.db"


def write(database: Database, prompt: str) -> None:
    sessions = Sessions(database)
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question(prompt[:30], prompt), NOW)


def prompts(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [prompt for (prompt,) in plain.execute("SELECT prompt FROM turns ORDER BY prompt")]


def test_it_holds_what_is_only_in_the_log_too_and_is_private(path: Path) -> None:
    with closing(Database.open(path)) as database:
        write(database, "one")
        backup = back_up(path, NOW)
        assert backup.name == "studio.backup-20261120-120000.db"
        assert stat.S_IMODE(backup.stat().st_mode) == 0o600
        assert prompts(backup) == ["one"]
        assert [left.name for left in path.parent.glob("*backup*")] == [backup.name]


def test_it_is_due_once_a_day_and_only_after_a_change(path: Path) -> None:
    now = datetime.now(UTC)
    with closing(Database.open(path)) as database:
        write(database, "one")
        assert is_due(path, now)
        back_up(path, now)
        assert not is_due(path, now + timedelta(days=3)), "nothing has changed"
        write(database, "two")
        assert not is_due(path, now + timedelta(hours=23))
        assert is_due(path, now + timedelta(hours=25))
        assert is_due(path, now - timedelta(hours=1)), "the clock was put back"


def test_the_newest_are_kept(path: Path) -> None:
    Database.open(path).close()
    made = [back_up(path, NOW + timedelta(days=day)) for day in range(KEPT + 2)]
    assert copies.backups(path) == made[:1:-1]
    after_the_clock_was_put_back = back_up(path, NOW)
    assert copies.backups(path) == [*made[:2:-1], after_the_clock_was_put_back]


def test_writers_wait_for_nothing_and_do_not_get_into_it(path: Path) -> None:
    with closing(Database.open(path)) as database:
        for number in range(40):
            write(database, f"before {number} " + "x" * 100_000)
        copying, go_on = threading.Event(), threading.Event()

        def wait() -> bool:
            copying.set()
            return not go_on.wait(30)

        made: list[Path] = []
        thread = threading.Thread(target=lambda: made.append(back_up(path, NOW, wait)))
        thread.start()
        assert copying.wait(30)
        write(database, "meanwhile")
        go_on.set()
        thread.join()
    assert len(prompts(made[0])) == 40
    assert len(prompts(path)) == 41


def test_a_stopped_one_leaves_nothing(path: Path) -> None:
    Database.open(path).close()
    with pytest.raises(Stopped):
        back_up(path, NOW, lambda: True)
    assert list(path.parent.glob("*backup*")) == []


def test_a_full_disk_is_said_so_and_leaves_the_older_ones(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4_000_000) as disk:
        path = disk / "studio.db"
        with closing(Database.open(path)) as database:
            write(database, "x" * 200_000)
            older = back_up(path, NOW)
            ballast = fill(disk, leave_bytes=100_000)
            with pytest.raises(StorageFailed, match="No backup could be made") as caught:
                back_up(path, NOW + timedelta(days=1))
            assert caught.value.failure.kind is FailureKind.DISK_FULL
            assert list(disk.glob("*backup*")) == [older]
            ballast.unlink()
            back_up(path, NOW + timedelta(days=1))


def test_it_takes_the_place_of_a_lost_database(path: Path) -> None:
    with closing(Database.open(path)) as database:
        write(database, "one")
    backup = back_up(path, NOW)
    path.write_bytes(b"ruin")
    aside = restore(path, backup, NOW)
    assert aside is not None
    assert aside.read_bytes() == b"ruin"
    with closing(Database.open(path)) as database:
        assert database.problems() == ()
    assert prompts(path) == ["one"]
    assert backup.exists()
    path.unlink()
    assert restore(path, backup, NOW) is None
    assert prompts(path) == ["one"]


def test_the_newest_that_can_be_read_is_the_one_to_use(path: Path) -> None:
    with closing(Database.open(path)) as database:
        write(database, "needle" * 1000)
    sound, ruined, cut = (back_up(path, NOW + timedelta(days=day)) for day in range(3))
    data = bytearray(ruined.read_bytes())
    first = data.index(b"needle") // 4096 * 4096
    data[first : first + 4096] = b"\xff" * 4096
    ruined.write_bytes(data)
    os.truncate(cut, 5000)
    assert newest_sound(path) == sound
    sound.unlink()
    assert newest_sound(path) is None
