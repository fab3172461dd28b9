"""A data folder that goes away, fills up or may only be read is said so, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.engine.stage import Stage
from tests.imaging.pictures import noise
from tests.support.small_disk import fill, small_disk
from vision_studio.core.draft import Draft
from vision_studio.core.events import DraftSaved, ImagesRefused, Noticed, RefusalKind
from vision_studio.core.failures import Failed, FailureKind
from vision_studio.engine.home import Home
from vision_studio.engine.studio import Studio

TEXT = "What I have typed. " * 500


def play(folder: Path, act: Callable[[Stage, Studio], Awaitable[None]]) -> None:
    async def scenario() -> None:
        stage = Stage(folder)
        async with stage.open() as studio:
            await act(stage, studio)

    asyncio.run(scenario())


def saves(stage: Stage, studio: Studio, text: str) -> bool:
    """Have a draft saved; tell whether it was."""
    before = len(stage.events)
    studio.save_draft(stage.session.id, Draft(text=text))
    told = stage.events[before:]
    assert any(isinstance(event, DraftSaved | Noticed) for event in told)
    return any(isinstance(event, DraftSaved) for event in told)


def kept_texts(folder: Path) -> list[str]:
    with closing(Home.open(folder)) as home:
        return [home.sessions.load(row.id).draft.text for row in home.sessions.list()]


def test_a_folder_that_is_moved_away_and_put_back(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "data", tmp_path / "elsewhere"

    async def act(stage: Stage, studio: Studio) -> None:
        assert saves(stage, studio, "before")
        folder.rename(elsewhere)
        assert not saves(stage, studio, TEXT)
        failure = stage.told(Noticed)[-1].failure
        assert failure.message.startswith("The folder your sessions are kept in is gone")
        assert stage.told(Noticed)[-1].session_id == stage.session.id, (
            "the window keeps the draft, and tries again"
        )
        elsewhere.rename(folder)
        assert saves(stage, studio, TEXT)

    play(folder, act)
    assert kept_texts(folder) == [TEXT]


def test_a_folder_that_is_deleted(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    async def act(stage: Stage, studio: Studio) -> None:
        shutil.rmtree(folder)
        assert not saves(stage, studio, TEXT), "it would be written to a file that nobody finds"
        folder.mkdir()
        (folder / "studio.db").write_bytes(b"")
        assert not saves(stage, studio, TEXT), "another file of its name is not it"
        photo = tmp_path / "photo.png"
        noise((50, 50)).save(photo)
        await studio.add_files(stage.session.id, 0, [photo])
        await stage.until(ImagesRefused)

    play(folder, act)


def test_a_disk_that_is_taken_out(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8_000_000) as disk:

        async def act(stage: Stage, studio: Studio) -> None:
            assert saves(stage, studio, "before")
            subprocess.run(["umount", "--lazy", str(disk)], check=True)
            assert not saves(stage, studio, TEXT)
            assert "its disk was taken out" in stage.told(Noticed)[-1].failure.message

        play(disk / "data", act)


def test_a_disk_that_is_full_and_has_room_again(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8_000_000) as disk:

        async def act(stage: Stage, studio: Studio) -> None:
            assert saves(stage, studio, "before")
            photo = tmp_path / "photo.png"
            noise((300, 300)).save(photo)
            ballast = fill(disk)
            assert not saves(stage, studio, TEXT * 100)
            assert stage.told(Noticed)[-1].failure.kind is FailureKind.DISK_FULL
            await studio.add_files(stage.session.id, 0, [photo])
            refused = await stage.until(ImagesRefused)
            assert [refusal.kind for refusal in refused.refusals] == [RefusalKind.DISK_FULL]
            ballast.unlink()
            assert saves(stage, studio, TEXT * 100)

        play(disk / "data", act)
        assert kept_texts(disk / "data") == [TEXT * 100]


def test_a_disk_that_may_only_be_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8_000_000) as disk:
        Home.open(disk / "data").close()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(Failed, match="The disk can only be read"):
            Home.open(disk / "data")
