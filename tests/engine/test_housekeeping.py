"""Tidied up when there is nothing else to do, with a backup first, and never under somebody's hands."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.samples import NOW
from tests.storage.test_sweep import digest_of, grow_old
from vision_studio.core.draft import Draft
from vision_studio.engine.home import Home
from vision_studio.engine.housekeeping import Housekeeping
from vision_studio.storage import copies


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which a picture and a session have been of no use for long."""
    with closing(Home.open(tmp_path)) as home:
        grow_old(home.blobs.path(home.blobs.add_bytes(b"unused")), 2)
        session = home.sessions.create("claude-test", NOW)
        home.sessions.save_draft(session.id, Draft(text="kept"), NOW)
    return tmp_path


def is_there(folder: Path) -> bool:
    digest = digest_of("unused")
    return (folder / "blobs" / digest[:2] / digest).exists()


def test_it_backs_up_then_tidies_and_waits_while_there_is_something_to_do(folder: Path) -> None:
    busy = [True, True, False]
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        if seconds == 1.0:
            assert is_there(folder), "an answer comes, or a picture is read or uploaded"
            assert copies.backups(folder / "studio.db")
        await asyncio.sleep(0)

    async def scenario() -> None:
        with closing(Home.open(folder)) as home:
            keeping = Housekeeping(home, lambda: not (busy and busy.pop(0)), 7.0, sleep)
            await keeping.finished()
            assert keeping.swept is not None
            assert keeping.swept.blobs == 1
            await keeping.close()

    asyncio.run(scenario())
    assert waited[0] == 7.0
    assert waited.count(1.0) == 2
    assert not is_there(folder)


def test_a_session_deleted_a_month_ago_is_purged_at_the_start(folder: Path) -> None:
    async def scenario() -> None:
        with closing(Home.open(folder)) as home:
            (summary,) = home.sessions.list()
            home.sessions.delete(summary.id)
            with home.database.writing() as transaction:
                transaction.execute("UPDATE sessions SET deleted_at = 1")
            keeping = Housekeeping(home, lambda: True, 60.0)
            assert keeping.swept is not None
            assert keeping.swept.sessions == 1
            await keeping.close()  # at once, though it waits

    asyncio.run(scenario())


def test_it_stops_in_the_middle_of_a_backup(folder: Path) -> None:
    async def scenario() -> None:
        with closing(Home.open(folder)) as home:
            session = home.sessions.create("claude-test", NOW)
            home.sessions.save_draft(session.id, Draft(text="word " * 4_000_000), NOW)  # many steps
            keeping = Housekeeping(home, lambda: True, 0.0)
            while not list(folder.glob("*.part")):
                await asyncio.sleep(0)
            await keeping.close()

    asyncio.run(scenario())
    assert list(folder.glob("*.part*")) == copies.backups(folder / "studio.db") == []
    assert is_there(folder)


def test_it_stops_in_the_middle_of_looking_and_leaves_nothing_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    looking = asyncio.Event()

    async def sleep(seconds: float) -> None:
        if seconds:
            looking.set()
            await asyncio.Event().wait()

    async def scenario() -> None:
        with closing(Home.open(folder)) as home:
            keeping = Housekeeping(home, lambda: True, 0.0, sleep)
            await looking.wait()
            await keeping.close()
            # What an unfortunate moment of collecting does: the last word goes to another thread.
            gone = [keeping]
            del keeping
            await asyncio.to_thread(lambda: (gone.clear(), gc.collect()))

    asyncio.run(scenario())
    assert unraisable == []
    assert is_there(folder)


def test_what_cannot_be_done_is_for_the_log(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    backup = folder / "studio.backup-20200101-000000.db"
    backup.write_bytes(b"ruin" * 1000)
    os.utime(backup, (1, 1))

    async def scenario() -> None:
        with closing(Home.open(folder)) as home:
            keeping = Housekeeping(home, lambda: True, 0.0)
            await keeping.finished()
            await keeping.close()

    with caplog.at_level(logging.WARNING):
        asyncio.run(scenario())
    assert "Nothing was tidied" in caplog.text
    assert str(folder) not in caplog.text
    assert is_there(folder)
