"""The disk fills up, or somebody else holds the database, while an answer comes: nothing of it is lost."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.loopback import message_end, message_start, stream_head, text_block
from tests.engine.stage import MODEL, Stage
from tests.faults.meeting import play, saved
from tests.faults.server import MESSAGES, TEXT, FaultyServer
from vision_studio.core.conversation import Outcome
from vision_studio.core.draft import Draft
from vision_studio.core.events import Noticed, TextArrived, TurnEnded
from vision_studio.core.failures import FailureKind
from vision_studio.engine.claude_gateway import Patience
from vision_studio.engine.studio import Studio
from vision_studio.storage.database import Database

LONG = "A long answer. " * 8000
"""More than the pages that SQLite has at hand."""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """The databases that are opened from now on."""
    made: list[Database] = []
    really_open = Database.open.__func__  # type: ignore[attr-defined]  # a class method's function

    def open_and_keep(cls: type[Database], *arguments: object) -> Database:
        made.append(really_open(cls, *arguments))
        return made[-1]

    monkeypatch.setattr(Database, "open", classmethod(open_and_keep))
    return made


async def in_the_middle(
    stage: Stage, studio: Studio, server: FaultyServer, then: Callable[[], Awaitable[None]]
) -> TurnEnded:
    """Ask, do something when half of the answer is there, and let the rest come."""
    rest = asyncio.Event()
    half = len(LONG) // 2
    start, first, second, stop = text_block(0, LONG[:half], LONG[half:])
    script = [stream_head(), message_start(), start, first, rest, second, stop, *message_end()]
    server.strike(MESSAGES, script)
    studio.send(stage.session.id, Draft(text="Tell me"), MODEL, "")
    await stage.until(TextArrived)
    await then()
    rest.set()
    return await stage.until(TurnEnded)


def test_the_disk_is_full(tmp_path: Path, opened: list[Database]) -> None:
    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        def set_most_pages(pages: int) -> None:
            opened[-1].read(f"PRAGMA max_page_count = {pages}")

        async def fill_up() -> None:
            ((pages,),) = opened[-1].read("PRAGMA page_count")
            set_most_pages(pages)

        ended = await in_the_middle(stage, studio, server, fill_up)
        assert (ended.turn.answer.outcome, ended.turn.answer.text) == (Outcome.ANSWERED, LONG)
        assert {event.failure.kind for event in stage.told(Noticed)} == {FailureKind.DISK_FULL}
        studio.open_session(stage.session.id)
        assert stage.session.turns[-1].answer.text == LONG, "it is shown though it is not on the disk"
        set_most_pages(1_000_000)
        again = await stage.answered(studio, Draft(text="And now?"))
        assert again.answer.outcome is Outcome.ANSWERED
        assert saved(stage, studio) == (("Tell me", LONG), ("And now?", TEXT))

    play(tmp_path, act, patience=Patience())
    with closing(sqlite3.connect(tmp_path / "studio.db")) as database:
        assert database.execute("SELECT length(text) FROM answers").fetchall() == [(len(LONG),), (len(TEXT),)]


def test_somebody_holds_the_database(tmp_path: Path) -> None:
    async def act(stage: Stage, studio: Studio, server: FaultyServer) -> None:
        with closing(sqlite3.connect(tmp_path / "studio.db", isolation_level=None)) as other:

            async def hold() -> None:
                other.execute("BEGIN IMMEDIATE")

            ended = await in_the_middle(stage, studio, server, hold)
            assert (ended.turn.answer.outcome, ended.turn.answer.text) == (Outcome.ANSWERED, LONG)
            noticed = stage.told(Noticed)
            assert {event.failure.kind for event in noticed} == {FailureKind.STORAGE}
            assert "another program" in noticed[0].failure.message
            other.execute("ROLLBACK")
        again = await stage.answered(studio, Draft(text="And now?"))
        assert again.answer.outcome is Outcome.ANSWERED
        assert saved(stage, studio) == (("Tell me", LONG), ("And now?", TEXT))

    play(tmp_path, act, patience=Patience())
