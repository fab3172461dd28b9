"""Pictures reach the server once, whatever is asked of the uploader."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.support.scripted_gateway import WORKSPACE, Gate, ScriptedGateway
from vision_studio.core.events import (
    Event,
    Noticed,
    OrphansFound,
    TransferProgressed,
    Uploaded,
    UploadFailed,
    UploadProgressed,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.held import Held
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.database import Database
from vision_studio.storage.uploads import Attempt, Uploads

E = TypeVar("E")
OFFLINE = Failure(FailureKind.OFFLINE)
REJECTED = Failure(FailureKind.KEY_REJECTED, status=401)


@dataclass
class Bench:
    """An uploader over a real ledger and a scripted server."""

    database: Database
    ledger: Uploads
    folder: Path
    gateway: ScriptedGateway = field(default_factory=ScriptedGateway)
    events: list[Event] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    support: list[tuple[str, bool]] = field(default_factory=list)

    def uploader(self, at_once: int = 8, **settings: Any) -> Uploader:
        """An uploader of a new run: it remembers nothing but what the ledger does."""
        return Uploader(
            Held(self.ledger, self.events.append, self.sleep),
            self.events.append,
            on_files_support=lambda server, supported: self.support.append((server, supported)),
            settings=UploadSettings(at_once=at_once, **settings),
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

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
    yield Bench(database, Uploads(database), tmp_path)
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


def test_what_may_pass_gets_more_tries(bench: Bench) -> None:
    bench.gateway.upload_failures.extend(
        [Failure(FailureKind.INTERRUPTED), Failure(FailureKind.RATE_LIMITED, retry_after_s=4.0)]
    )
    assert asyncio.run(bench.uploader().file_id(bench.errand(), bench.server)) == "file_003"
    assert 0.3 < bench.slept[0] <= 0.5
    assert 3.5 < bench.slept[1] <= 4.0
    assert bench.told(UploadFailed) == []


def test_tries_come_to_an_end_and_every_card_hears_of_it(bench: Bench) -> None:
    overloaded = Failure(FailureKind.OVERLOADED, status=529)
    bench.gateway.upload_failures.extend([overloaded] * 20)

    async def scenario() -> list[object]:
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name), bench.server) for name in "ab"]
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = asyncio.run(scenario())
    assert [outcome.failure for outcome in outcomes if isinstance(outcome, Failed)] == [
        replace(overloaded, of_upload=True)
    ] * 2
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
        uploader.held.forget(["file_001"], bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"


def test_files_of_another_workspace_are_not_used(bench: Bench) -> None:
    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.file_id(bench.errand(), bench.server)
        assert bench.ledger.workspace("practice") == WORKSPACE
        uploader.held.learn_workspace(bench.server, "wrkspc_other")
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"


def test_cancelling_one_picture_leaves_the_others(bench: Bench) -> None:
    async def scenario() -> list[object]:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name, name.encode()), bench.server) for name in "ab"]
        waiting = asyncio.gather(*asked, return_exceptions=True)
        await gate.reached.wait()
        uploader.cancel("session", ["a"])
        gate.open()
        outcomes: list[object] = list(await waiting)
        await uploader.close()
        return outcomes

    first, second = asyncio.run(scenario())
    assert isinstance(first, Failed)
    assert first.failure.kind is FailureKind.UPLOAD_CANCELLED
    assert second == "file_002"
    assert [event.image_id for event in bench.told(UploadFailed)] == ["a"]
    assert list(bench.gateway.files) == ["file_002"]


def test_what_others_wait_for_too_is_not_cancelled_for_them(bench: Bench) -> None:
    async def scenario() -> str | None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        asked = [asyncio.ensure_future(uploader.file_id(bench.errand(name), bench.server)) for name in "ab"]
        await gate.reached.wait()
        uploader.cancel("session", ["a"])
        gate.open()
        return await asked[1]

    assert asyncio.run(scenario()) == "file_001"


def test_cancelling_all_ends_them_and_a_retry_begins_anew(bench: Bench) -> None:
    async def scenario() -> str | None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        asked = asyncio.ensure_future(uploader.file_id(bench.errand(), bench.server))
        await gate.reached.wait()
        uploader.cancel()
        with pytest.raises(Failed):
            await asked
        gate.open()
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"
    assert bench.ledger.attempts("practice") == ()


def test_while_the_network_is_gone_one_looks_out_and_then_all_go_on(bench: Bench) -> None:
    bench.gateway.upload_failures.extend([OFFLINE] * 8)

    async def scenario() -> list[str | None]:
        uploader = bench.uploader(at_once=4)
        asked = [uploader.file_id(bench.errand(name, name.encode()), bench.server) for name in "abcd"]
        return await asyncio.gather(*asked)

    assert len(set(asyncio.run(scenario()))) == 4
    assert bench.gateway.uploads == ["a.png"] * 9 + ["b.png", "c.png", "d.png"]
    assert len(bench.slept) == 8
    assert bench.told(UploadFailed) == []
    pauses = [event.waits_for for event in bench.told(TransferProgressed)]
    assert OFFLINE in pauses
    assert pauses[-1] is None


def test_one_need_not_wait_for_the_next_look(bench: Bench) -> None:
    bench.gateway.upload_failures.append(OFFLINE)
    asleep = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    async def scenario() -> str | None:
        uploader = Uploader(
            Held(bench.ledger, bench.events.append, bench.sleep), bench.events.append, sleep=for_ever
        )
        asked = asyncio.ensure_future(uploader.file_id(bench.errand(), bench.server))
        await asleep.wait()
        uploader.try_now()
        async with asyncio.timeout(5):
            return await asked

    assert asyncio.run(scenario()) is not None


def test_a_network_that_stays_away_is_given_up_in_the_end(bench: Bench) -> None:
    bench.gateway.upload_failures.extend([OFFLINE] * 500)

    async def scenario() -> list[object]:
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name, name.encode()), bench.server) for name in "ab"]
        return list(await asyncio.gather(*asked, return_exceptions=True))

    outcomes = asyncio.run(scenario())
    assert [outcome.failure for outcome in outcomes if isinstance(outcome, Failed)] == [
        replace(OFFLINE, of_upload=True)
    ] * 2
    assert sum(bench.slept) > 500
    assert bench.ledger.attempts("practice") == (), "nothing can have come of them"


@pytest.mark.parametrize("kind", [FailureKind.INTERRUPTED, FailureKind.TIMED_OUT, FailureKind.SERVER_ERROR])
def test_the_file_of_a_lost_answer_is_found_and_used(bench: Bench, kind: FailureKind) -> None:
    bench.gateway.loses_answers = True
    bench.gateway.upload_failures.append(Failure(kind))
    assert asyncio.run(bench.uploader().file_id(bench.errand(), bench.server)) == "file_001"
    assert bench.gateway.uploads == ["a.png"]
    assert bench.ledger.attempts("practice") == ()


def test_the_file_of_a_process_that_was_killed_is_found_in_the_next_run(bench: Bench) -> None:
    async def killed() -> None:
        gate = bench.gateway.upload_gate = Gate()
        lost = bench.uploader()
        asked = asyncio.ensure_future(lost.file_id(bench.errand(), bench.server))
        await gate.reached.wait()
        (attempt,) = bench.ledger.attempts("practice")
        bench.gateway.files["file_x"] = b"picture"  # what its server made of it
        bench.gateway.names["file_x"] = attempt.name
        await lost.close()
        with pytest.raises(asyncio.CancelledError):
            await asked
        bench.ledger.begin(attempt)  # closing tidied up, which being killed does not

    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.prepare([bench.errand().digest], bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    asyncio.run(killed())
    before = len(bench.gateway.uploads)
    assert asyncio.run(scenario()) == "file_x"
    assert len(bench.gateway.uploads) == before


def test_a_file_that_nothing_needs_is_offered_for_deletion_once_a_run(bench: Bench) -> None:
    async def scenario() -> None:
        uploader = bench.uploader()
        await uploader.file_id(bench.errand(), bench.server)
        stray = Attempt("a-00000000.png", bench.errand().digest, "practice", 7, datetime.now(UTC))
        bench.ledger.begin(stray)
        bench.gateway.files["file_stray"], bench.gateway.names["file_stray"] = b"picture", stray.name
        for _ in range(2):
            await uploader.prepare([], bench.server)
        assert bench.told(OrphansFound) == [OrphansFound(("file_stray",), 7)]
        await bench.uploader().prepare([], bench.server)
        assert bench.told(OrphansFound) == [OrphansFound(("file_stray",), 7)] * 2, "and again in the next"

    asyncio.run(scenario())


def test_an_attempt_of_which_nothing_came_is_forgotten_in_time(bench: Bench) -> None:
    now = datetime.now(UTC)
    for name, minutes in (("young.png", 1), ("old.png", 60)):
        began = now - timedelta(minutes=minutes)
        bench.ledger.begin(Attempt(name, "digest", "practice", 7, began))
    asyncio.run(bench.uploader().prepare([], bench.server))
    assert [attempt.name for attempt in bench.ledger.attempts("practice")] == ["young.png"]


def test_after_a_restart_one_call_for_a_hundred_files_tells_which_are_there(bench: Bench) -> None:
    errands = [bench.errand(str(number), str(number).encode()) for number in range(250)]

    async def bring_all() -> None:
        uploader = bench.uploader()
        await uploader.prepare([errand.digest for errand in errands], bench.server)
        await asyncio.gather(*(uploader.file_id(errand, bench.server) for errand in errands))

    asyncio.run(bring_all())
    assert (len(bench.gateway.uploads), bench.gateway.looks) == (250, 0)
    del bench.gateway.files["file_017"]
    bench.gateway.uploads.clear()
    asyncio.run(bring_all())
    assert bench.gateway.looks == 3
    assert bench.gateway.uploads == ["16.png"]


def test_a_key_of_another_workspace_is_found_out_before_anything_is_asked(bench: Bench) -> None:
    asyncio.run(bench.uploader().file_id(bench.errand(), bench.server))
    bench.gateway.workspace_id = "wrkspc_other"
    kept, bench.gateway.files = bench.gateway.files, {}

    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.prepare([bench.errand().digest], bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_002"
    bench.gateway.workspace_id, bench.gateway.files = WORKSPACE, kept
    assert asyncio.run(scenario()) == "file_001", "the first workspace's files are still known"


def test_with_the_privacy_switch_nothing_is_uploaded_or_asked(bench: Bench) -> None:
    async def scenario() -> str | None:
        uploader = bench.uploader(inline=True)
        await uploader.prepare([bench.errand().digest], bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) is None
    assert (bench.gateway.uploads, bench.gateway.looks) == ([], 0)
    assert bench.told(Noticed) == []


def test_the_privacy_switch_stops_what_is_under_way(bench: Bench) -> None:
    async def scenario() -> str | None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader()
        asked = asyncio.ensure_future(uploader.file_id(bench.errand(), bench.server))
        await gate.reached.wait()
        uploader.change(UploadSettings(inline=True))
        outcome = await asked
        await uploader.close()
        return outcome

    assert asyncio.run(scenario()) is None
    assert bench.gateway.files == {}


def test_more_at_once_takes_effect_at_once(bench: Bench) -> None:
    async def scenario() -> None:
        gate = bench.gateway.upload_gate = Gate()
        uploader = bench.uploader(at_once=1)
        errands = [bench.errand(str(number), str(number).encode()) for number in range(6)]
        asked = asyncio.gather(*(uploader.file_id(errand, bench.server) for errand in errands))
        await gate.reached.wait()
        assert bench.gateway.uploading == 1
        uploader.change(UploadSettings(at_once=4))
        while bench.gateway.uploading < 4:
            await asyncio.sleep(0)
        gate.open()
        await asked

    asyncio.run(scenario())
    assert bench.gateway.most_uploading == 4


def test_a_full_disk_fails_an_upload_but_the_file_is_used_later(bench: Bench) -> None:
    class Full(Uploads):
        def remember(self, *_: object) -> None:
            raise Failed(Failure(FailureKind.DISK_FULL))

    there, bench.ledger = bench.ledger, Full(bench.database)
    with pytest.raises(Failed) as failed:
        asyncio.run(bench.uploader().file_id(bench.errand(), bench.server))
    assert failed.value.failure.kind is FailureKind.DISK_FULL
    bench.ledger = there

    async def scenario() -> str | None:
        uploader = bench.uploader()
        await uploader.prepare([bench.errand().digest], bench.server)
        return await uploader.file_id(bench.errand(), bench.server)

    assert asyncio.run(scenario()) == "file_001"
    assert bench.gateway.uploads == ["a.png"]


def test_the_sums_of_a_session_and_of_all_are_told_to_their_end(bench: Bench) -> None:
    async def scenario() -> None:
        uploader = bench.uploader()
        asked = [uploader.file_id(bench.errand(name, name.encode() * 50), bench.server) for name in "abc"]
        await asyncio.gather(*asked)

    asyncio.run(scenario())
    for session_id in ("session", None):
        last = [event for event in bench.told(TransferProgressed) if event.session_id == session_id][-1]
        assert (last.done, last.files, last.sent_bytes, last.total_bytes) == (3, 3, 150, 150)


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
