"""Pictures fetched from the web when somebody asked: bounded, told of as they come, cancelled at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from vision_studio.core.amounts import bytes_text
from vision_studio.core.events import DownloadEnded, DownloadProgressed, Event, RefusalKind
from vision_studio.core.links import host_of, is_local, picture_address
from vision_studio.engine.aside import aside
from vision_studio.imaging.files import refusal_of
from vision_studio.imaging.refusal import Refused
from vision_studio.storage.blobs import Blobs

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Response

MOST_BYTES = 100_000_000
"""The largest file that is fetched: beyond any picture that can be sent, short of filling a disk."""

_MOST_REDIRECTS = 5
_CONNECT_S, _SILENCE_S = 10.0, 30.0
_CHUNK_BYTES = 262_144
_STEP_BYTES = 100_000
"""How many bytes lie between two reports of progress, at least."""


class Downloads:
    """Fetches addresses that ``core.links.picture_address`` has taken. For one asyncio loop."""

    def __init__(self, blobs: Blobs, report: Callable[[Event], None]) -> None:
        self._blobs = blobs
        self._report = report
        self._running: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def fetch(self, session_id: str, address: str) -> str:
        """Keep what is at the address and return its digest; it need not be a picture.

        ``DownloadProgressed`` comes as it does, one ``DownloadEnded`` at the end, whatever the end is.
        Who asks for the same address meanwhile waits for the same download. Raises ``Refused``, and
        ``CancelledError`` when it was cancelled.
        """
        key = session_id, address
        task = self._running.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._fetched(session_id, address), name="download")
            self._running[key] = task
            task.add_done_callback(lambda finished: self._end(key, finished))
        return await asyncio.shield(task)

    def cancel(self, session_id: str, address: str) -> None:
        if (task := self._running.get((session_id, address))) is not None:
            task.cancel()

    async def close(self) -> None:
        while self._running:
            for task in self._running.values():
                task.cancel()
            await asyncio.wait(self._running.values())

    def _end(self, key: tuple[str, str], task: asyncio.Task[str]) -> None:
        self._running.pop(key, None)
        if not task.cancelled():
            task.exception()  # who waits is told
        self._report(DownloadEnded(*key))

    async def _fetched(self, session_id: str, address: str) -> str:
        self._report(DownloadProgressed(session_id, address, 0, None))
        temporary = self._blobs.temporary()
        try:
            async with _answer(address) as response:
                await self._write(session_id, address, response, temporary)
            return await asyncio.to_thread(self._blobs.adopt, temporary)
        except OSError as error:
            raise refusal_of(error) from error
        finally:
            temporary.unlink(missing_ok=True)

    async def _write(self, session_id: str, address: str, response: Response, target: Path) -> None:
        total = _announced_bytes(response)
        if total is not None and total > MOST_BYTES:
            raise _too_large(total)
        received, told = 0, 0
        with target.open("wb") as file:
            async for chunk in response.aiter_raw(_CHUNK_BYTES):
                received += len(chunk)
                if received > MOST_BYTES:
                    raise _too_large(received)
                await asyncio.to_thread(file.write, chunk)
                if received - told >= _STEP_BYTES:
                    told = received
                    self._report(DownloadProgressed(session_id, address, received, total))
        if total is not None and received < total:
            raise Refused(RefusalKind.NOT_DOWNLOADED, "the connection broke off")


@asynccontextmanager
async def _answer(address: str) -> AsyncIterator[Response]:
    """Ask for an address, following redirects, and yield the answer before its body is read.

    Raises ``Refused`` for every other answer than the thing itself, also in the middle of its body.
    """
    import httpx2  # with the API library, which takes seconds; the window is not to wait for it

    try:
        for _ in range(_MOST_REDIRECTS + 1):
            async with (
                await aside(_client, address) as client,
                client.stream("GET", address) as response,
            ):
                if not response.is_redirect:
                    _check(response, address)
                    yield response
                    return
                address = _redirected(address, response.headers.get("location", ""))
        raise Refused(RefusalKind.NOT_DOWNLOADED, "its address leads from one to the next without end")
    except httpx2.TimeoutException as error:
        raise Refused(RefusalKind.NOT_DOWNLOADED, f"{host_of(address)} took too long to answer") from error
    except httpx2.ConnectError as error:
        raise Refused(RefusalKind.NOT_DOWNLOADED, f"{host_of(address)} cannot be reached") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Refused(RefusalKind.NOT_DOWNLOADED, "the connection broke off") from error


def _client(address: str) -> AsyncClient:
    """Make a client that keeps no cookies; called on another thread, as it reads the certificates."""
    import httpx2

    from vision_studio import __version__

    # A proxy of the environment is not asked for what is near.
    direct = httpx2.AsyncHTTPTransport() if is_local(address) else None
    return httpx2.AsyncClient(
        transport=direct,
        timeout=httpx2.Timeout(_SILENCE_S, connect=_CONNECT_S),
        headers={
            "User-Agent": f"VisionStudio/{__version__}",
            "Accept": "image/*,*/*;q=0.5",
            "Accept-Encoding": "identity",  # unpacked, a small answer may have no end
        },
    )


def _redirected(address: str, location: str) -> str:
    """Return where to go on: never from https to http, nor from the internet into the local network."""
    following = picture_address(urljoin(address, location))
    if (
        following is None
        or (address.startswith("https:") and not following.startswith("https:"))
        or (is_local(following) and not is_local(address))
    ):
        raise Refused(RefusalKind.NOT_DOWNLOADED, f"{host_of(address)} leads to an address that is not safe")
    return following


def _check(response: Response, address: str) -> None:
    if response.status_code != HTTPStatus.OK:
        said = f"{response.status_code} {response.reason_phrase}".strip()
        raise Refused(RefusalKind.NOT_DOWNLOADED, f"{host_of(address)} answered {said}")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Refused(RefusalKind.NOT_DOWNLOADED, f"{host_of(address)} sent it packed")


def _announced_bytes(response: Response) -> int | None:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _too_large(size_bytes: int) -> Refused:
    most = bytes_text(MOST_BYTES)
    return Refused(RefusalKind.TOO_MANY_BYTES, f"{bytes_text(size_bytes)}; at most {most} are downloaded")
