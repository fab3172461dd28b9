"""Files on the server are listed, looked up and deleted; a deletion outlives lost networks and restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from tests.core.builders import picture
from tests.support.scripted_gateway import ScriptedGateway
from vision_studio.core.conversation import Answer, SentImage, Session, Turn
from vision_studio.core.draft import Draft, Rendition
from vision_studio.core.events import DeletionsChanged, Event, UploadKnown
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.server_file_events import FilesListed, FilesRenewed, UploadsUnneeded
from vision_studio.core.server_files import Standing
from vision_studio.core.size import Size
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.errands import Server
from vision_studio.engine.held import Held
from vision_studio.engine.server_uploads import ServerUploads
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.file_uses import FileUses
from vision_studio.storage.renditions import Renditions
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.uploads import Uploads

E = TypeVar("E")
NOW = datetime.now(UTC)
OFFLINE = Failure(FailureKind.OFFLINE)
DIGEST = {number: str(number) * 64 for number in (1, 2, 3)}


@dataclass
class Failing(ScriptedGateway):
    """Fails at deletions as it was told to."""

    failures: list[Failure] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def forget_file(self, file_id: str) -> str:
        self.asked.append(file_id)
        if self.failures:
            raise Failed(self.failures.pop(0))
        return await super().forget_file(file_id)


@dataclass
class Bench:
    database: Database
    blobs: Blobs
    ledger: Uploads
    gateway: Failing = field(default_factory=Failing)
    events: list[Event] = field(default_factory=list)
    clock: datetime = NOW

    @property
    def server(self) -> Server:
        return Server(self.gateway, "practice")

    def files(self) -> ServerUploads:
        async def sleep(seconds: float) -> None:
            await asyncio.sleep(0)

        held = Held(self.ledger, self.events.append, sleep)
        uploader = Uploader(held, self.events.append, settings=UploadSettings(), sleep=sleep)
        uses = FileUses(self.database)
        return ServerUploads(uploader, self.ledger, uses, self.blobs, self.events.append, sleep)

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def settled(self, files: ServerUploads) -> None:
        async with asyncio.timeout(10):
            while not files.is_idle:
                await asyncio.sleep(0)

    def delete(self, *file_ids: str) -> None:
        """Ask for deletions, and wait until they are done or given up."""

        async def scenario() -> None:
            files = self.files()
            files.delete(file_ids, self.server)
            await self.settled(files)
            await files.close()

        asyncio.run(scenario())

    def renew(self, *file_ids: str) -> None:
        async def scenario() -> None:
            files = self.files()
            await files.renew(file_ids, self.server)
            await self.settled(files)
            await files.close()

        asyncio.run(scenario())

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.database)

    def session(self, title: str, **shown: str) -> Session:
        """Keep a session that was sent with these renditions, the latest of all."""
        self.clock += timedelta(minutes=1)
        session = self.sessions.create("claude-test", self.clock)
        sent = [
            SentImage(
                picture("a.png", digest="a" * 64), number, Rendition(digest, "image/png", Size(9, 9), 5)
            )
            for number, digest in enumerate(shown.values(), start=1)
        ]
        if sent:
            turn = Turn(f"turn of {session.id}", "Why?", tuple(sent), Answer("claude-test"), NOW)
            self.sessions.add_turn(session.id, turn, self.clock)
            self.sessions.rename(session.id, title)
        return session

    def made(self, digest: str, *, original: str) -> None:
        """Remember what a rendition was made of."""
        Renditions(self.database).remember(original, "fit", Rendition(digest, "image/png", Size(9, 9), 5))

    def go_on(self) -> None:
        """Start anew."""

        async def scenario() -> None:
            files = self.files()
            files.go_on(self.server)
            await self.settled(files)

        asyncio.run(scenario())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = Database.open(tmp_path / "studio.db")
    made = Bench(database, Blobs(tmp_path / "blobs"), Uploads(database))
    made.ledger.set_workspace("practice", made.gateway.workspace_id)
    for number in (1, 2, 3):
        file_id = f"file_{number}"
        made.gateway.files[file_id], made.gateway.names[file_id] = b"x" * number, f"{number}.png"
        made.ledger.remember(
            DIGEST[number], "practice", made.gateway.workspace_id, file_id, NOW + timedelta(days=1), NOW
        )
    yield made
    database.close()


def test_files_are_deleted_and_never_used_again(bench: Bench) -> None:
    bench.delete("file_1", "file_3")
    assert list(bench.gateway.files) == ["file_2"]
    assert bench.ledger.find(DIGEST[1], "practice", bench.gateway.workspace_id, NOW) is None
    assert bench.ledger.find(DIGEST[2], "practice", bench.gateway.workspace_id, NOW) is not None
    assert [event.waiting for event in bench.told(DeletionsChanged)] == [2, 0]


def test_a_network_that_comes_back_is_waited_for(bench: Bench) -> None:
    bench.gateway.failures = [OFFLINE] * 5
    bench.delete("file_1")
    assert "file_1" not in bench.gateway.files


def test_what_could_not_be_deleted_is_in_the_next_run(bench: Bench) -> None:
    bench.gateway.failures = [OFFLINE] * 500
    bench.delete("file_1", "file_2")
    assert bench.told(DeletionsChanged)[-1] == DeletionsChanged(2, OFFLINE)
    assert bench.ledger.find(DIGEST[1], "practice", bench.gateway.workspace_id, NOW) is None
    bench.gateway.failures.clear()
    bench.go_on()
    assert list(bench.gateway.files) == ["file_3"]
    assert bench.ledger.deletions("practice") == ()


def test_a_rejected_key_ends_it_until_there_is_another(bench: Bench) -> None:
    rejected = Failure(FailureKind.KEY_REJECTED, status=401)
    bench.gateway.failures = [rejected]
    bench.delete("file_1", "file_2")
    assert bench.gateway.asked == ["file_1"]
    assert bench.told(DeletionsChanged)[-1] == DeletionsChanged(2, rejected)


def test_what_may_pass_is_tried_again(bench: Bench) -> None:
    bench.gateway.failures = [Failure(FailureKind.OVERLOADED), Failure(FailureKind.TIMED_OUT)]
    bench.delete("file_1")
    assert bench.gateway.asked == ["file_1"] * 3


def test_a_file_of_another_workspace_waits_for_its_key(bench: Bench) -> None:
    workspace, bench.gateway.workspace_id = bench.gateway.workspace_id, "wrkspc_other"
    kept, bench.gateway.files = bench.gateway.files, {}
    bench.delete("file_1")
    assert [deletion.file_id for deletion in bench.ledger.deletions("practice")] == ["file_1"]
    bench.gateway.workspace_id, bench.gateway.files = workspace, kept
    bench.go_on()
    assert "file_1" not in bench.gateway.files


def test_a_listing_leaves_out_what_is_going_to_be_deleted(bench: Bench) -> None:
    bench.ledger.ask_deletion(["file_2"], "practice", bench.gateway.workspace_id, NOW)
    asyncio.run(bench.files().list(bench.server))
    remembered, listed = bench.told(FilesListed)
    assert remembered.remembered
    assert {known.file.id for known in remembered.files} == {"file_3", "file_1"}
    assert [known.file.id for known in listed.files] == ["file_3", "file_1"]
    assert (listed.cursor, listed.next_cursor, listed.failure) == (None, None, None)


def test_a_listing_that_fails_says_why(bench: Bench) -> None:
    class Deaf(Failing):
        async def list_files(self, cursor, limit):  # type: ignore[no-untyped-def]
            raise Failed(OFFLINE)

    bench.gateway = Deaf()
    asyncio.run(bench.files().list(bench.server))
    assert bench.told(FilesListed)[-1] == FilesListed((), None, failure=OFFLINE)
    assert len(bench.told(FilesListed)[0].files) == 3  # what should be there is shown all the same


def test_each_file_is_told_with_what_it_is_to_the_sessions_here(bench: Bench) -> None:
    bench.gateway.files["file_theirs"], bench.gateway.names["file_theirs"] = b"?", "theirs.pdf"
    roof = bench.session("Roof", shown=DIGEST[1])
    bench.session("Shingles", shown=DIGEST[1])
    bench.sessions.save_draft(bench.session("").id, Draft((picture("two.png", digest="b" * 64),)), NOW)
    bench.made(DIGEST[2], original="b" * 64)
    asyncio.run(bench.files().list(bench.server))
    known = {one.file.id: one for one in bench.told(FilesListed)[-1].files}
    assert known["file_1"].sessions == ("Shingles", "Roof")
    assert (known["file_1"].standing, known["file_1"].name) == (Standing.USED, "a.png")
    assert known["file_2"].sessions == ("New session",)  # a draft's picture
    assert (known["file_3"].standing, known["file_3"].name) == (Standing.UNUSED, "3.png")
    assert (known["file_theirs"].standing, known["file_theirs"].name) == (Standing.FOREIGN, "theirs.pdf")
    bench.sessions.delete(roof.id)
    asyncio.run(bench.files().list(bench.server))
    known = {one.file.id: one for one in bench.told(FilesListed)[-1].files}
    assert known["file_1"].sessions == ("Shingles",)


def test_a_deleted_session_tells_which_files_were_its_own(bench: Bench) -> None:
    roof = bench.session("Roof", shown=DIGEST[1])
    both = bench.session("Both", shown=DIGEST[1], also=DIGEST[2])
    bench.made(DIGEST[2], original="b" * 64)
    bench.sessions.delete(both.id)
    files = bench.files()
    files.tell_unneeded(both.id, "Both", bench.server)
    assert bench.told(UploadsUnneeded) == [UploadsUnneeded("Both", ("file_2",), 5)]
    files.tell_unneeded(roof.id, "Roof", bench.server)
    assert bench.told(UploadsUnneeded)[1:] == [UploadsUnneeded("Roof", ("file_1",), 0)]


def test_a_renewed_file_takes_the_place_of_the_old_one(bench: Bench) -> None:
    digest = bench.blobs.add_bytes(b"pixels")
    bench.ledger.remember(digest, "practice", bench.gateway.workspace_id, "file_1", NOW, NOW)
    bench.made(digest, original="a" * 64)
    bench.renew("file_1", "file_2")  # the bytes of the second are not here
    assert bench.told(FilesRenewed) == [FilesRenewed(1)]
    assert "file_1" not in bench.gateway.files
    kept = bench.ledger.find(digest, "practice", bench.gateway.workspace_id, NOW)
    assert kept is not None
    assert bench.gateway.files[kept.file_id] == b"pixels"
    assert "file_2" in bench.gateway.files


def test_what_cannot_be_renewed_stays_as_it_is(bench: Bench) -> None:
    digest = bench.blobs.add_bytes(b"pixels")
    bench.ledger.remember(digest, "practice", bench.gateway.workspace_id, "file_1", None, NOW)
    rejected = Failure(FailureKind.KEY_REJECTED, status=401)
    bench.gateway.upload_failures.append(rejected)
    bench.renew("file_1")
    (told,) = bench.told(FilesRenewed)
    assert told.renewed == 0
    assert told.failure is not None
    assert told.failure.kind is FailureKind.KEY_REJECTED
    assert "file_1" in bench.gateway.files
    kept = bench.ledger.find(digest, "practice", bench.gateway.workspace_id, NOW)
    assert kept is not None
    assert kept.file_id == "file_1"


@pytest.mark.parametrize(("digest", "there"), [(DIGEST[2], True), ("another", False), (None, False)])
def test_whether_a_picture_is_there_is_told_without_asking(
    bench: Bench, digest: str | None, there: bool
) -> None:
    image = picture(digest=digest)
    bench.files().tell_of(image, bench.server)
    (told,) = bench.told(UploadKnown)
    assert (told.image_id, told.uploaded, told.expires_at is not None) == (image.id, there, there)
    assert bench.gateway.looks == 0
