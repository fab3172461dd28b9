"""From Send to the first byte at the server, beside a bare HTTP client that has the same body ready."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from PIL import Image as Pillow

from tests.benchmarks.row import Row
from tests.engine.stage import Stage
from tests.faults.server import EVENTS
from vision_studio.core.events import SessionOpened, TurnEnded
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.options import Wish

IMAGES = 20
RUNS = 9
SIZES = {"20 images of 30 kB": (200, 150), "20 images of 2 MB": (1000, 700)}
"""Noise, which no format makes smaller."""


class Receiver:
    """A server that notes when the first byte of each question came, and what the question was."""

    def __init__(self) -> None:
        self.arrivals: list[float] = []
        self.body = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._files = 0
        self._connections: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def close(self) -> None:
        for one in (self._listener, *self._connections):
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        received = b""
        try:
            while True:
                while b"\r\n\r\n" not in received:
                    piece = connection.recv(1 << 16)
                    at = time.perf_counter()
                    if not piece:
                        return
                    if not received:
                        first = at
                    received += piece
                head, _, received = received.partition(b"\r\n\r\n")
                length = _length(head)
                while len(received) < length:
                    received += connection.recv(1 << 20)
                body, received = received[:length], received[length:]
                self._answer(connection, head, body, first)
        except OSError:
            return

    def _answer(self, connection: socket.socket, head: bytes, body: bytes, first: float) -> None:
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/v1/messages") and b"count_tokens" not in path:
            self.arrivals.append(first)
            self.body = body
            connection.sendall(_reply(b"".join(EVENTS), "text/event-stream"))
        elif head.startswith(b"POST /v1/files"):
            self._files += 1
            stored = {
                "id": f"file_{self._files:03}",
                "type": "file",
                "filename": "a.png",
                "mime_type": "image/png",
                "size_bytes": 1,
                "created_at": "2026-11-25T00:00:00Z",
                "expires_at": None,
                "downloadable": False,
            }
            connection.sendall(_reply(json.dumps(stored).encode()))
        else:
            connection.sendall(_reply(b'{"input_tokens": 1, "data": [], "has_more": false}'))


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def _reply(body: bytes, content_type: str = "application/json") -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()


def rows() -> list[Row]:
    found = []
    for name, size in SIZES.items():
        with receiving() as receiver, tempfile.TemporaryDirectory(prefix="vs-") as folder:
            runs = asyncio.run(_runs(receiver, Path(folder), size))
        ratios = tuple(sent / bare for sent, bare in runs)
        found.append(
            Row(f"Send → first byte, {name} already uploaded", "bare HTTP client, same body", ratios, "≤ 10")
        )
        milliseconds = tuple(1000 * sent for sent, _ in runs)
        floor = f"bare: {1000 * min(bare for _, bare in runs):.2f} ms at best"
        found.append(Row("the same, in all", floor, milliseconds, "", "ms"))
    return found


async def _runs(receiver: Receiver, folder: Path, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Ask about the same pictures in one new session after the other.

    Returns how long each question took to the server, and the same bytes without us, in seconds.
    """
    url = f"http://127.0.0.1:{receiver.port}"
    stage = Stage(folder / "data", wish=Wish(base_url=url), make_gateway=ClaudeGateway)
    took = []
    headers = {"content-type": "application/json", "authorization": "Bearer none"}
    with httpx2.Client(base_url=url, trust_env=False, headers=headers) as client:
        async with stage.open() as studio:
            paths = [folder / f"{number}.png" for number in range(IMAGES)]
            for path in paths:
                Pillow.effect_noise(size, 90).convert("RGB").save(path)
            draft = (await stage.drop(studio, *paths)).with_text("What differs?")
            for _ in range(RUNS + 1):
                before = len(stage.events)
                studio.new_session()
                await stage.until(SessionOpened, since=before)
                began = time.perf_counter()
                studio.send(stage.session.id, draft, stage.session.model_id, "")
                await stage.until(TurnEnded, since=before)
                sent = receiver.arrivals[-1] - began
                began = time.perf_counter()
                client.post("/v1/messages", content=receiver.body)
                took.append((sent, receiver.arrivals[-1] - began))
    return took[1:]  # the first one uploads and connects
