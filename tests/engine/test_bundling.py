"""Sessions in a file: the same request comes out of it elsewhere, and nothing that is no one's business."""

from __future__ import annotations

import asyncio
import getpass
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.engine.stage import CATALOGUE, LentPractice, NoKeyring, Stage, samples
from vision_studio.core.draft import Draft
from vision_studio.core.events import DraftSaved, SessionOpened
from vision_studio.core.portable_events import PortableFailed, SessionsExported, SessionsImported
from vision_studio.core.request_json import digest_source, request_json
from vision_studio.core.request_settings import Cache, RequestSettings
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.studio import Studio
from vision_studio.practice import PracticeServer


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as running:
        yield running


def stage_in(folder: Path, server: PracticeServer) -> Stage:
    return Stage(folder, practice=LentPractice(server), make_gateway=ClaudeGateway, keys=NoKeyring())


def bodies(server: PracticeServer) -> list[Any]:
    return [recorded.json for recorded in server.requests if recorded.path == "/v1/messages"]


async def exported(stage: Stage, studio: Studio, path: Path) -> SessionsExported:
    await studio.portable.export_bundle("out", [stage.session.id], path)
    assert not stage.told(PortableFailed)
    return stage.told(SessionsExported)[-1]


async def imported(stage: Stage, studio: Studio, path: Path) -> SessionsImported:
    await studio.portable.import_bundle("in", path)
    assert not stage.told(PortableFailed)
    return stage.told(SessionsImported)[-1]


async def conversation(stage: Stage, studio: Studio) -> Draft:
    """Hold a talk of two turns with four pictures, and begin a third turn."""
    pictures = await stage.drop(studio, *samples())
    chosen = RequestSettings("low", max_tokens=900, cache=Cache.HOUR)
    studio.set_request_settings(stage.session.id, chosen)
    first = Draft((pictures.images[0], replace(pictures.images[1], label="after")), "Which “one”?\n\\ é 😀")
    await stage.answered(studio, first, system="Be brief.")
    await stage.answered(studio, Draft((pictures.images[2],), "And this?"), system="Be brief.")
    draft = Draft((pictures.images[3],), "Read the total.")
    studio.save_draft(stage.session.id, draft)
    await stage.until(DraftSaved)
    return draft


async def last_request(stage: Stage, studio: Studio, server: PracticeServer) -> Any:
    """Send the draft as it is kept, and return the body that the server got."""
    server.requests.clear()
    studio.open_session(stage.session.id)
    await stage.answered(studio, stage.session.draft, system=stage.session.system)
    (body,) = bodies(server)
    return body


@pytest.mark.parametrize("inline", [True, False])
def test_the_identical_request_comes_out_of_it_elsewhere(
    tmp_path: Path, server: PracticeServer, inline: bool
) -> None:
    async def scenario() -> None:
        bundle, here, there = (
            tmp_path / "talk.vstudio",
            stage_in(tmp_path / "here", server),
            stage_in(tmp_path / "there", server),
        )
        async with here.open() as studio:
            studio.set_uploads(UploadSettings(inline=inline))
            await conversation(here, studio)
            done = await exported(here, studio, bundle)
            assert (done.name, done.folder) == ("talk.vstudio", tmp_path.name)
            assert done.size_bytes == bundle.stat().st_size
            before, old = await last_request(here, studio, server), here.session
        async with there.open() as studio:
            studio.set_uploads(UploadSettings(inline=inline))
            told = await imported(there, studio, bundle)
            assert (told.packed.turns, told.packed.images) == (2, 4)
            new = there.session
            assert told.session_ids == (new.id,) != (old.id,)
            after = await last_request(there, studio, server)
            assert [turn.id for turn in new.turns] != [turn.id for turn in old.turns[:2]]
        assert by_content(after, server) == by_content(before, server)
        assert "file_id" not in str(before) if inline else "file_id" in str(before)

    asyncio.run(scenario())


def by_content(body: Any, server: PracticeServer) -> str:
    """Return a body with each file's bytes, hashed, in the place of its id."""
    return re.sub(r"file_[0-9a-f]{24}", lambda found: server.digest_of(found[0]), json.dumps(body))


def test_the_requests_in_it_are_those_that_were_sent(tmp_path: Path, server: PracticeServer) -> None:
    async def scenario() -> None:
        stage = stage_in(tmp_path / "data", server)
        async with stage.open() as studio:
            server.requests.clear()
            await conversation(stage, studio)
            sent = bodies(server)
            await exported(stage, studio, tmp_path / "talk.vstudio")
        with zipfile.ZipFile(tmp_path / "talk.vstudio") as archive:
            written = [json.loads(archive.read(f"requests/1-{turn}.json")) for turn in (1, 2)]
            answered = [json.loads(archive.read(f"responses/1-{turn}.json")) for turn in (1, 2)]
        assert [without_sources(body) for body in written] == [without_sources(body) for body in sent]
        assert answered[0]["content"] == written[1]["messages"][1]["content"]
        assert answered[1]["usage"]["output_tokens"] > 0

    asyncio.run(scenario())


def without_sources(body: Any) -> Any:
    blocks = [block for message in body["messages"] for block in message["content"]]
    for block in blocks:
        if block["type"] == "image":
            block["source"] = "…"
    return body


def test_it_tells_nothing_of_who_wrote_it(tmp_path: Path, server: PracticeServer) -> None:
    async def scenario() -> None:
        stage = stage_in(tmp_path / "very-private", server)
        async with stage.open() as studio:
            await conversation(stage, studio)
            await exported(stage, studio, tmp_path / "talk.vstudio")

    asyncio.run(scenario())
    with zipfile.ZipFile(tmp_path / "talk.vstudio") as archive:
        text = b"".join(
            archive.read(entry) for entry in archive.infolist() if entry.filename.endswith(".json")
        ).decode()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    held = [
        word
        for word in ("file_0", '"file_id"', "very-private", str(Path.home()), "practice-key")
        if word in text
    ]
    assert held == []
    assert f"/{getpass.getuser()}/" not in text


def test_the_same_session_makes_the_same_file(tmp_path: Path, server: PracticeServer) -> None:
    async def scenario() -> None:
        stage = stage_in(tmp_path / "data", server)
        async with stage.open() as studio:
            await conversation(stage, studio)
            await exported(stage, studio, tmp_path / "one.vstudio")
            await exported(stage, studio, tmp_path / "two.vstudio")

    asyncio.run(scenario())
    assert (tmp_path / "one.vstudio").read_bytes() == (tmp_path / "two.vstudio").read_bytes()


def test_the_same_bundle_twice_makes_two_sessions(tmp_path: Path, server: PracticeServer) -> None:
    async def scenario() -> None:
        stage = stage_in(tmp_path / "data", server)
        async with stage.open() as studio:
            await conversation(stage, studio)
            await exported(stage, studio, tmp_path / "talk.vstudio")
            first = await imported(stage, studio, tmp_path / "talk.vstudio")
            second = await imported(stage, studio, tmp_path / "talk.vstudio")
            assert first.session_ids != second.session_ids
            opened = [event.session for event in stage.told(SessionOpened)][-2:]
            drafts = [session.draft for session in opened]
            asked = [
                request_json(
                    one.turns, one.system, one.settings, CATALOGUE.model(one.model_id), digest_source
                )
                for one in opened
            ]
            assert asked[0] == asked[1]
            assert drafts[0].images[0].id != drafts[1].images[0].id
            assert replace(drafts[0].images[0], id="") == replace(drafts[1].images[0], id="")

    asyncio.run(scenario())


def test_a_cancelled_export_leaves_the_file_that_was_there(tmp_path: Path, server: PracticeServer) -> None:
    async def scenario() -> None:
        stage = stage_in(tmp_path / "data", server)
        async with stage.open() as studio:
            await conversation(stage, studio)
            path = tmp_path / "out" / "talk.vstudio"
            path.parent.mkdir()
            path.write_bytes(b"before")
            writing = asyncio.ensure_future(studio.portable.export_bundle("out", [stage.session.id], path))
            await asyncio.sleep(0)
            studio.portable.cancel("out")
            await asyncio.wait([writing])
            assert stage.told(PortableFailed) == [PortableFailed("out", None)]
            assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [
                ("talk.vstudio", b"before")
            ]

    asyncio.run(scenario())
