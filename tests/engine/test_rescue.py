"""A data folder that cannot be opened is mended by command, and opened then."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from tests.storage.samples import NOW
from vision_studio.core.events import SessionOpened
from vision_studio.core.failures import Failed, FailureKind
from vision_studio.core.health_events import FolderMended
from vision_studio.engine.home import Home
from vision_studio.storage.backup import back_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(Home.open(tmp_path)) as home:
        session = home.sessions.create("claude-test", NOW)
        home.sessions.rename(session.id, "Roof")
        home.sessions.set_last_opened(session.id)
    return tmp_path


def test_a_backup_is_used_if_there_is_one_else_that_is_said(folder: Path) -> None:
    database = folder / "studio.db"
    backup = back_up(database, NOW)
    sound = backup.read_bytes()
    database.write_bytes(b"ruin" * 1000)
    backup.unlink()

    async def scenario() -> None:
        stage = Stage(folder)
        studio = stage.build()
        with pytest.raises(Failed, match="is damaged") as caught:
            studio.start()
        assert caught.value.failure.kind is FailureKind.DAMAGED
        with pytest.raises(Failed, match="There is no backup that can be read"):
            await studio.rescue.use_backup()
        backup.write_bytes(sound)
        await studio.rescue.use_backup()
        assert stage.told(FolderMended)[-1].done.backup == backup.name
        assert stage.told(SessionOpened)[-1].session.title == "Roof"
        await studio.close()

    asyncio.run(scenario())


def test_a_repair_is_refused_while_another_has_the_folder(folder: Path) -> None:
    async def scenario() -> None:
        with closing(Home.open(folder)):
            studio = Stage(folder).build()
            with pytest.raises(Failed, match="Another Vision Studio window"):
                await studio.rescue.repair()

    asyncio.run(scenario())


def test_a_database_that_is_gone_is_not_taken_for_a_new_one(folder: Path) -> None:
    back_up(folder / "studio.db", NOW)
    (folder / "studio.db").unlink()

    async def scenario() -> None:
        stage = Stage(folder)
        studio = stage.build()
        with pytest.raises(Failed, match="it is gone or empty, and a backup is there"):
            studio.start()
        await studio.rescue.repair()
        assert stage.told(SessionOpened)[-1].session.title == "Roof"
        await studio.close()

    asyncio.run(scenario())
