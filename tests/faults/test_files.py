"""An upload meets every fault: nothing is lost, the right words are shown, and no image is there twice."""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.loopback import HANG_UP, error
from tests.engine.stage import MODEL, Stage
from tests.faults import files_table, table
from tests.faults.files_catalogue import FILE_FAULTS, WITHOUT_FILES, FileFault
from tests.faults.files_meeting import Met, engine, images, meet_all, play
from tests.faults.files_server import DELETE, KEEP, KEPT, LIST, UPLOAD, FilesServer
from tests.faults.meeting import KEY, asked_again, unused_port
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    DeletionsChanged,
    OrphansFound,
    TurnEnded,
    Uploaded,
    UploadFailed,
    UploadProgressed,
)
from vision_studio.core.failure_words import ending_words, failure_words
from vision_studio.core.failures import FailureKind
from vision_studio.engine.studio import Studio
from vision_studio.storage.database import Database
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.uploads import Uploads

DAY_S = 24 * 3600.0
NAME = "http://gateway.example.invalid"


@dataclass(frozen=True, slots=True)
class All:
    met: dict[str, Met]
    log: str
    folder: Path


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> All:
    """Every fault, met by one engine after another that each have no other images."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Keep(logging.DEBUG)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    folder = tmp_path_factory.mktemp("files")
    try:
        met = meet_all(FILE_FAULTS, folder / "all")
        for number, fault in enumerate(WITHOUT_FILES):
            met |= meet_all([fault], folder / str(number))
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
    return All(met, "\n".join(lines), folder)


@pytest.mark.parametrize("fault", [*FILE_FAULTS, *WITHOUT_FILES], ids=lambda fault: fault.name)
def test_fault(fault: FileFault, everything: All) -> None:
    met = everything.met[fault.name]
    answer = met.turn.answer
    assert (answer.failure.kind if answer.failure else None) is fault.kind
    assert met.uploads == fault.uploads
    assert met.kept == (fault.name, 1), "the question and its image are on the disk"
    assert met.inline == fault.inline
    assert files_table.row(fault, met) in table.documented(files_table.HEADING)
    if fault.kind is None:
        assert answer.outcome is Outcome.ANSWERED
        assert met.stored == (0 if fault.inline else 1)
        return
    assert answer.failure is not None
    assert answer.failure.images == (1,), "it says which image"
    words = ending_words(answer)
    assert words is not None
    assert met.on_card is not None
    assert failure_words(met.on_card).title, "its card tells, too"
    assert met.again is not None
    assert (met.again.answer.outcome, met.again.id) == (Outcome.ANSWERED, met.turn.id)
    assert met.stored_then == 1, "no image is there twice"


def test_no_key_in_any_log_or_file(everything: All) -> None:
    assert KEY not in everything.log
    files = [path for path in everything.folder.rglob("*") if path.is_file()]
    assert files
    assert not any(KEY.encode() in path.read_bytes() for path in files)


def test_the_document_tells_of_these_faults_and_no_others() -> None:
    """What it says of each is held by the test that meets it. `python -m tests.faults` writes it."""
    told = [line.split(" | ")[0].removeprefix("| ") for line in table.documented(files_table.HEADING)]
    assert told == [fault.name for fault in (*FILE_FAULTS, *WITHOUT_FILES)]


async def asked(stage: Stage, studio: Studio, prompt: str = "What is it?") -> Turn:
    """Ask about one new image."""
    (image,) = await images(stage, studio, 1)
    return await stage.answered(studio, Draft((image,), prompt))


def digest_of(turn: Turn) -> str:
    (sent,) = turn.images
    assert sent.rendition is not None
    return sent.rendition.digest


def test_a_lost_answer_and_a_listing_that_fails_leave_a_file_that_is_offered_and_deleted(
    tmp_path: Path,
) -> None:
    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        server.strike(UPLOAD, [KEEP, HANG_UP])
        server.strike(LIST, [error(529, "overloaded_error", "No.")])
        turn = await asked(stage, studio)
        assert turn.answer.outcome is Outcome.ANSWERED
        assert server.stored(digest_of(turn)) == 2, "the fault forces it"
        orphan = await stage.until(OrphansFound)
        used = [event.file_id for event in stage.told(Uploaded)]
        assert not set(orphan.file_ids) & set(used)
        server.strike(DELETE, [error(500, "api_error", "No.")], 2)
        await studio.files.delete(orphan.file_ids)
        await stage.until(DeletionsChanged, lambda event: event.waiting == 0)
        assert [file.id for file in server.files] == used
        again = await stage.answered(studio, Draft(text="And now?"))
        assert again.answer.outcome is Outcome.ANSWERED

    play(tmp_path, act)


@pytest.mark.parametrize("how", ["expired", "deleted"])
def test_a_file_that_is_gone_is_renewed_with_one_more_request(how: str, tmp_path: Path) -> None:
    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        first = await asked(stage, studio)
        if how == "expired":
            server.expire_all()
        else:
            server.files.clear()
        before = server.asked["/v1/messages"]
        second = await stage.answered(studio, Draft(text="And now?"))
        assert second.answer.outcome is Outcome.ANSWERED
        assert server.asked["/v1/messages"] - before == 2
        assert server.stored(digest_of(first)) == 1
        assert server.began == 2

    play(tmp_path, act)


def test_a_key_of_another_workspace_finds_its_own_files(tmp_path: Path) -> None:
    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        await asked(stage, studio)
        for workspace in ("wrkspc_2", "wrkspc_1"):
            server.workspace = workspace
            turn = await stage.answered(studio, Draft(text=f"In {workspace}?"))
            assert turn.answer.outcome is Outcome.ANSWERED
        assert server.began == 2, "once in each"

    play(tmp_path, act)


@pytest.mark.parametrize("off_days", [-400, 400])
def test_clocks_that_differ_upload_nothing_twice(off_days: int, tmp_path: Path) -> None:
    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        turn = await asked(stage, studio)
        again = await stage.answered(studio, Draft(text="And now?"))
        assert [turn.answer.outcome, again.answer.outcome] == [Outcome.ANSWERED] * 2
        assert server.began == 1

    play(tmp_path, act, clock_off_s=off_days * DAY_S)


def test_in_the_next_run_one_call_tells_what_is_still_there(tmp_path: Path) -> None:
    """It is believed by the server's own clock, which is a year ahead; nothing goes up again."""

    async def scenario() -> None:
        async with FilesServer(400 * DAY_S) as server:
            for run in range(2):
                async with engine(tmp_path, server) as (stage, studio):
                    if run == 0:
                        await asked(stage, studio)
                    else:
                        turn = await stage.answered(studio, Draft(text="And now?"))
                        assert turn.answer.outcome is Outcome.ANSWERED
            assert (server.asked[LIST], server.began) == (1, 1)

    asyncio.run(scenario())


def test_nobody_listens_and_then_somebody_does(tmp_path: Path) -> None:
    """Uploads wait for the server; here, where waiting takes no time, until they give up."""

    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        turn = await asked(stage, studio)
        assert turn.answer.failure is not None
        assert turn.answer.failure.kind is FailureKind.OFFLINE
        assert sum(stage.paused) > 500, "for about ten minutes"
        assert turn.images

    play(tmp_path, act, f"http://127.0.0.1:{unused_port()}")


@pytest.mark.parametrize("proxy", [False, True], ids=["no such name", "proxy down"])
def test_the_way_to_the_server_fails(proxy: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port()}")
    else:

        def nowhere(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        turn = await asked(stage, studio)
        assert turn.answer.failure is not None
        assert turn.answer.failure.kind is FailureKind.OFFLINE
        assert [event.failure.kind for event in stage.told(UploadFailed)] == [FailureKind.OFFLINE]

    play(tmp_path, act, NAME)


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


@pytest.mark.parametrize("full", [True, False], ids=["the disk is full", "somebody holds the database"])
def test_what_was_uploaded_while_the_disk_took_nothing_is_used_all_the_same(
    full: bool, tmp_path: Path, opened: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    if full:
        really_remember = Uploads.remember
        room: list[bool] = []

        def remember(ledger: Uploads, *given: Any) -> None:
            if not room:
                raise StorageFailed("The disk is full.", FailureKind.DISK_FULL)
            really_remember(ledger, *given)

        monkeypatch.setattr(Uploads, "remember", remember)

    async def act(stage: Stage, studio: Studio, server: FilesServer) -> None:
        (image,) = await images(stage, studio, 1)
        rest = asyncio.Event()
        server.strike(UPLOAD, [rest, KEPT])
        studio.send(stage.session.id, Draft((image,), "What is it?"), MODEL, "")
        await stage.until(UploadProgressed, lambda event: event.sent_bytes == event.total_bytes)
        with closing(sqlite3.connect(tmp_path / "studio.db", isolation_level=None)) as other:
            if not full:
                opened[-1].read("PRAGMA busy_timeout = 1")
                other.execute("BEGIN IMMEDIATE")
            rest.set()
            turn = (await stage.until(TurnEnded)).turn
            assert turn.answer.failure is not None
            kind = FailureKind.DISK_FULL if full else FailureKind.STORAGE
            assert turn.answer.failure.kind is kind
            if full:
                room.append(True)
            else:
                other.execute("ROLLBACK")
        again = await asked_again(stage, studio, turn)
        assert again.answer.outcome is Outcome.ANSWERED
        assert (server.began, server.stored(digest_of(again))) == (1, 1)

    play(tmp_path, act)
