"""A Files API at the far end of a slow line: every upload is answered well, but late."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.engine.loopback import reply

LATENCY_S = 0.1
"""There and back: to open a connection, and from the last byte of a request to its answer."""
BYTES_PER_S = 12_500_000
"""Of the line, which all connections share."""

_PIECE = 1 << 16


class SlowServer:
    """Takes uploads no faster than the line carries them; all its connections share that."""

    def __init__(self) -> None:
        self._line_is_free_at = 0.0
        self._numbers = itertools.count(1)
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, connection: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await asyncio.sleep(LATENCY_S)
            while True:
                await self._receive(connection)
                await asyncio.sleep(LATENCY_S)
                writer.write(reply(stored_file(next(self._numbers))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def hang_up(self) -> None:
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)

    async def _receive(self, connection: asyncio.StreamReader) -> None:
        head = await connection.readuntil(b"\r\n\r\n")
        await self._carry(len(head))
        left = content_length(head)
        while left:
            piece = await connection.read(min(left, _PIECE))
            if not piece:
                raise ConnectionResetError
            await self._carry(len(piece))
            left -= len(piece)

    async def _carry(self, size_bytes: int) -> None:
        """Take as long as the line does."""
        now = asyncio.get_running_loop().time()
        self._line_is_free_at = max(self._line_is_free_at, now) + size_bytes / BYTES_PER_S
        await asyncio.sleep(self._line_is_free_at - now)


def content_length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def stored_file(number: int) -> bytes:
    """Return what the API tells of a file it has taken."""
    stored = {
        "id": f"file_{number:03}",
        "type": "file",
        "filename": "a.jpg",
        "mime_type": "image/jpeg",
        "size_bytes": 1,
        "created_at": "2026-11-25T00:00:00Z",
        "expires_at": None,
        "downloadable": False,
    }
    return json.dumps(stored).encode()


@contextmanager
def serving() -> Iterator[int]:
    """Run a server and yield its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port: int = listener.getsockname()[1]
    loop = asyncio.new_event_loop()
    ending = asyncio.Event()

    async def run() -> None:
        slow = SlowServer()
        server = await asyncio.start_server(slow.serve, sock=listener, limit=_PIECE)
        await ending.wait()
        server.close()
        await slow.hang_up()
        await server.wait_closed()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), name="slow server")
    thread.start()
    try:
        yield port
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join()
        loop.close()
