"""What is fetched from the web comes whole or is refused in words, over real HTTP; nobody is led astray."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.engine.loopback import HANG_UP, SILENCE, Loopback, Piece, reply
from vision_studio.core.events import DownloadEnded, DownloadProgressed, Event, Refusal, RefusalKind
from vision_studio.core.failure_words import refusal_sentence
from vision_studio.engine import downloads as module
from vision_studio.engine.downloads import Downloads
from vision_studio.imaging.refusal import Refused
from vision_studio.storage.blobs import Blobs

SESSION = "session"
CAT = b"\x89PNG\r\n\x1a\n" + bytes(500_000)


class Bench:
    def __init__(self, folder: Path, server: Loopback) -> None:
        self.blobs = Blobs(folder / "blobs")
        self.events: list[Event] = []
        self.downloads = Downloads(self.blobs, self.events.append)
        self.server = server

    async def fetch(self, path: str = "/cat.png") -> bytes:
        return self.blobs.path(await self.downloads.fetch(SESSION, self.server.url + path)).read_bytes()

    async def refused(self, path: str = "/cat.png") -> str:
        """Fetch what is refused, and return the words for it."""
        with pytest.raises(Refused) as caught:
            await self.fetch(path)
        return refusal_sentence(Refusal("cat.png", caught.value.kind, detail=caught.value.detail))

    def leftovers(self) -> list[Path]:
        return list((self.blobs.path("0" * 64).parents[1] / "incoming").iterdir())


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    async with Loopback() as server:
        made = Bench(folder, server)
        try:
            yield made
        finally:
            await made.downloads.close()
        assert made.leftovers() == []


def run(folder: Path, scenario: Callable[[Bench], Awaitable[None]]) -> None:
    async def main() -> None:
        async with bench(folder) as made:
            await scenario(made)

    asyncio.run(main())


def moved(location: str, status: str = "302 Found") -> bytes:
    return reply(b"", status, location=location)


def test_a_picture_is_fetched_whole_and_told_of_as_it_comes(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.server.answer(reply(CAT, content_type="text/plain"))
        assert await bench.fetch() == CAT
        told = [event for event in bench.events if isinstance(event, DownloadProgressed)]
        assert told[0].received_bytes == 0
        assert told[-1].received_bytes > 0
        assert {event.total_bytes for event in told[1:]} == {len(CAT)}
        assert bench.events[-1] == DownloadEnded(SESSION, bench.server.url + "/cat.png")
        (request,) = bench.server.requests
        head = request.lower()
        assert b"accept-encoding: identity" in head
        assert not any(secret in head for secret in (b"cookie", b"authorization", b"referer", b"api-key"))

    run(tmp_path, scenario)


def test_redirects_are_followed_and_no_further_than_is_safe(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.server.answer(moved("/other%20place"))
        bench.server.answer(reply(b"cat"))
        assert await bench.fetch() == b"cat"
        assert b"GET /other%20place " in bench.server.requests[-1]
        for location in ("file:///etc/passwd", "https://user:secret@127.0.0.1/", "", "gopher://x/"):
            bench.server.answer(moved(location) if location else reply(b"", "302 Found"))
            words = await bench.refused()
            assert "could not be downloaded" in words
        bench.server.scripts += [[moved("/again")] for _ in range(6)]
        assert "without end" in await bench.refused()

    run(tmp_path, scenario)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("https://example.com/a", "http://example.com/a", id="from https to http"),
        pytest.param("https://example.com/a", "https://localhost/a", id="from outside to this computer"),
        pytest.param("http://example.com/a", "http://192.168.0.1/admin", id="from outside into the network"),
        pytest.param("http://example.com/a", "http://169.254.169.254/latest", id="to a cloud's secrets"),
    ],
)
def test_nobody_is_led_astray(start: str, end: str) -> None:
    with pytest.raises(Refused):
        module._redirected(start, end)


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        pytest.param(
            [reply(b"no", "404 Not Found")],
            "cat.png could not be downloaded (127.0.0.1 answered 404 Not Found). "
            "Save it in the browser and drop the file.",
            id="not there",
        ),
        pytest.param([reply(b"", "204 No Content")], "answered 204 No Content", id="nothing"),
        pytest.param([HANG_UP], "the connection broke off", id="hung up"),
        pytest.param([b"nonsense\r\n\r\n"], "the connection broke off", id="not HTTP"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nhalf", HANG_UP],
            "the connection broke off",
            id="cut short",
        ),
        pytest.param(
            [reply(b"cat", content_encoding="gzip")],
            "127.0.0.1 sent it packed",
            id="packed, and maybe a bomb",
        ),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\ncontent-length: 100000001\r\n\r\n", SILENCE],
            "cat.png is too large a file (100 MB; at most 100 MB are downloaded). Save it smaller.",
            id="announced too large",
        ),
    ],
)
def test_what_cannot_be_had_is_refused_in_words(tmp_path: Path, pieces: list[Piece], words: str) -> None:
    async def scenario(bench: Bench) -> None:
        bench.server.answer(*pieces)
        assert words in await bench.refused()
        assert isinstance(bench.events[-1], DownloadEnded)

    run(tmp_path, scenario)


def test_an_answer_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 300_000)

    async def scenario(bench: Bench) -> None:
        bench.server.answer(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", *[bytes(100_000)] * 9)
        assert "too large" in await bench.refused()

    run(tmp_path, scenario)


def test_a_server_that_is_not_there_or_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SILENCE_S", 0.2)

    async def scenario(bench: Bench) -> None:
        bench.server.answer(SILENCE)
        assert "127.0.0.1 took too long to answer" in await bench.refused()
        with pytest.raises(Refused) as caught:
            await bench.downloads.fetch(SESSION, "http://127.0.0.1:1/cat.png")
        assert (caught.value.kind, caught.value.detail) == (
            RefusalKind.NOT_DOWNLOADED,
            "127.0.0.1 cannot be reached",
        )

    run(tmp_path, scenario)


def test_who_asks_meanwhile_waits_for_the_same_download_and_cancelling_ends_it(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.server.answer(reply(b"cat"))
        assert await asyncio.gather(bench.fetch(), bench.fetch()) == [b"cat", b"cat"]
        assert len(bench.server.requests) == 1
        bench.server.answer(b"HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n", bytes(500_000), SILENCE)
        waiting = asyncio.ensure_future(bench.fetch("/slow"))
        while not any(
            isinstance(event, DownloadProgressed) and event.received_bytes for event in bench.events
        ):
            await asyncio.sleep(0)
        bench.downloads.cancel(SESSION, bench.server.url + "/slow")
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert isinstance(bench.events[-1], DownloadEnded)

    run(tmp_path, scenario)
