"""Pictures reach the server once, whatever is asked of the uploader."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.scripted_gateway import WORKSPACE, Gate, ScriptedGateway
from vision_studio.core.events import Event, Noticed, Uploaded, UploadFailed, UploadProgressed
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.uploader import Errand, Server, Uploader
from vision_studio.storage.database import Database
from vision_studio.storage.uploads import Uploads

E = TypeVar("E")
OFFLINE = Failure(FailureKind.OFFLINE)
REJECTED = Failure(FailureKind.KEY_REJECTED, status=401)


@dataclass
class Bench:
    """An uploader over a real ledger and a scripted server."""

    ledger: Uploads
    folder: Path
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)
    events: list[Event] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    support: list[tuple[str, bool]] = field(default_factory=list)

    def uploader(self, at_once: int = 8) -> Uploader:
        return Uploader(
            self.ledger,
            self.events.append,
            on_files_support=lambda server, supported: self.support.append((server, supported)),
            at_once=at_once,
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    @property
    def server(self) -> Server:
        return Server(self.gateway, "practice", practice=True)

    def errand(self, image_id: str = "a", content: bytes = b"picture") -> Errand:
        path = self.folder / image_id
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        return Errand("session", image_id, digest, path, f"{image_id}.png", "image/png", len(content))

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    database = Database.open(tmp_path / "studio.db")
    yield Bench(Uploads(database), tmp_path)
    database.close()


def test_an_upload_is_told_and_remembered(bench: Bench) -> None:
    async def scenario() -> None:
        uploader = bench.uploader()
        assert await uploader.file_id(bench.errand(), bench.server) == "file_001"
        assert await uploader.file_id(bench.errand(), bench.server) == "file_001"

    asyncio.run(scenario())
    assert bench.gateway.uploads == ["a.png"]
    assert [event.sent_bytes for event in bench.told(UploadProgressed)] == [0, 3, 7]
    assert [(event.file_id, event.reused) for event in bench.told(Uploaded)] == [
        ("file_001", False),
        ("file_001", True),
    ]
    assert bench.support == [("practice", True)]


def test_it_is_remembered_in_the_next_run(bench: Bench) -> None:
    asyncio.run(bench.uploader().file_id(bench.errand(), bench.server))
    asyncio.run(bench.uploader().file_id(bench.errand(), bench.server))
    assert bench.gateway.uploads == ["a.png"]


def test_the_same_bytes_asked_for_at_once_go_up_once(bench: Bench) -> None:
    async def scenario() -> list[str | None]:
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name), bench.server) for name in "abc"]
        return await asyncio.gather(*asked)

    assert asyncio.run(scenario()) == ["file_001"] * 3
    assert bench.gateway.uploads == ["a.png"]
    assert [(event.image_id, event.reused) for event in bench.told(Uploaded)] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]


def test_no_more_than_so_many_at_once(bench: Bench) -> None:
    async def scenario() -> None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader(at_once=3)
        asked = asyncio.gather(
            *(
                uploader.file_id(bench.errand(str(number), str(number).encode()), bench.server)
                for number in range(10)
            )
        )
        await gate.reached.wait()
        gate.open()
        await asked

    asyncio.run(scenario())
    assert len(bench.gateway.uploads) == 10
    assert bench.gateway.most_uploading == 3


def test_an_upload_goes_on_when_nobody_waits_any_more(bench: Bench) -> None:
    async def scenario() -> str | None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        waiting = asyncio.ensure_future(uploader.file_id(bench.errand(), bench.server))
        await gate.reached.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.open()
        return await uploader.file_id(bench.errand("b"), bench.server)

    assert asyncio.run(scenario()) == "file_001"
    assert bench.gateway.uploads == ["a.png"]


def test_closing_ends_what_is_under_way(bench: Bench) -> None:
    async def scenario() -> None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        waiting = asyncio.ensure_future(uploader.file_id(bench.errand(), bench.server))
        await gate.reached.wait()
        await uploader.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(scenario())
    assert bench.gateway.files == {}


def test_a_lost_network_gets_more_tries(bench: Bench) -> None:
    bench.gateway.upload_failures.extend([OFFLINE, Failure(FailureKind.RATE_LIMITED, retry_after_s=4.0)])
    assert asyncio.run(bench.uploader().file_id(bench.errand(), bench.server)) == "file_003"
    assert len(bench.slept) == 2
    assert 0.3 < bench.slept[0] <= 0.5
    assert bench.slept[1] == 4.0
    assert bench.told(UploadFailed) == []


def test_tries_come_to_an_end_and_every_card_hears_of_it(bench: Bench) -> None:
    bench.gateway.upload_failures.extend([OFFLINE] * 20)

    async def scenario() -> list[object]:
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name), bench.server) for name in "ab"]
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = asyncio.run(scenario())
    assert [outcome.failure for outcome in outcomes if isinstance(outcome, Failed)] == [OFFLINE] * 2
    assert [event.image_id for event in bench.told(UploadFailed)] == ["a", "b"]
    assert 1 < len(bench.gateway.uploads) < 10


def test_a_rejected_key_gets_one_try_and_the_next_ask_another(bench: Bench) -> None:
    bench.gateway.upload_failures.append(REJECTED)

    async def scenario() -> str | None:
        uploader = bench.uploader()
        with pytest.raises(Failed):
            await uploader.file_id(bench.errand(), bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"


def test_a_server_without_files_is_told_of_once_and_pictures_go_inline(bench: Bench) -> None:
    bench.gateway.has_files = False

    async def scenario() -> list[str | None]:
        uploader = bench.uploader()
        first = await asyncio.gather(
            uploader.file_id(bench.errand("a", b"1"), bench.server),
            uploader.file_id(bench.errand("b", b"2"), bench.server),
        )
        return [*first, await uploader.file_id(bench.errand("c", b"3"), bench.server)]

    assert asyncio.run(scenario()) == [None] * 3
    assert [event.failure.kind for event in bench.told(Noticed)] == [FailureKind.FILES_UNSUPPORTED]
    assert [event.file_id for event in bench.told(Uploaded)] == [None] * 3
    assert bench.told(UploadFailed) == []
    assert bench.support == [("practice", False)]


@pytest.mark.parametrize(
    ("left", "uploads"),
    [
        pytest.param(timedelta(days=1), 1, id="long"),
        pytest.param(timedelta(minutes=1), 2, id="hardly any"),
    ],
)
def test_a_file_about_to_expire_is_renewed(bench: Bench, left: timedelta, uploads: int) -> None:
    bench.gateway.expires_at = datetime.now(UTC) + left

    async def scenario() -> None:
        uploader = bench.uploader()
        await uploader.file_id(bench.errand(), bench.server)
        await uploader.file_id(bench.errand(), bench.server)

    asyncio.run(scenario())
    assert len(bench.gateway.uploads) == uploads


def test_a_forgotten_file_goes_up_again(bench: Bench) -> None:
    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.file_id(bench.errand(), bench.server)
        uploader.forget(["file_001"])
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"


def test_files_of_another_workspace_are_not_used(bench: Bench) -> None:
    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.file_id(bench.errand(), bench.server)
        assert bench.ledger.workspace("practice") == WORKSPACE
        uploader.learn_workspace(bench.server, "wrkspc_other")
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"


def test_a_large_file_is_told_of_now_and_then_and_not_at_every_read(bench: Bench) -> None:
    class Chatty(ScriptedGateway):
        async def upload(self, path, name, media_type, expires_in_s, on_progress):  # type: ignore[no-untyped-def]
            for sent in range(1, 10_001):
                on_progress(sent)
            return await super().upload(path, name, media_type, expires_in_s, lambda sent: None)

    bench.gateway = Chatty()
    asyncio.run(bench.uploader().file_id(bench.errand(content=b"x" * 10_000), bench.server))
    sent = [event.sent_bytes for event in bench.told(UploadProgressed)]
    assert len(sent) <= 52
    assert sent[-1] == 10_000
