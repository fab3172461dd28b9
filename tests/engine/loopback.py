"""A loopback HTTP server that answers with the very bytes a test wants on the wire."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

HANG_UP, SILENCE = object(), object()
"""Reset the connection; keep it and send nothing more."""

Piece = bytes | object


def reply(
    body: bytes, status: str = "200 OK", content_type: str = "application/json", **headers: str
) -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", f"content-type: {content_type}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def error(status: int, kind: str, message: str, **headers: str) -> bytes:
    body = {"type": "error", "error": {"type": kind, "message": message}}
    return reply(json.dumps(body).encode(), f"{status} Error", **headers)


def stream_head(content_type: str = "text/event-stream") -> bytes:
    """The start of a response whose body ends when the connection does."""
    return (
        f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\nrequest-id: req_loop\r\n"
        "anthropic-workspace-id: wrkspc_loop\r\nconnection: close\r\n\r\n"
    ).encode()


def event(name: str, **fields: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **fields})}\n\n".encode()


def message_start(**usage: Any) -> bytes:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-5-5",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1, **usage},
    }
    return event("message_start", message=message)


def text_block(index: int, *texts: str) -> list[bytes]:
    return [
        event("content_block_start", index=index, content_block={"type": "text", "text": ""}),
        *(
            event("content_block_delta", index=index, delta={"type": "text_delta", "text": text})
            for text in texts
        ),
        event("content_block_stop", index=index),
    ]


def message_end(stop_reason: str = "end_turn", **delta: Any) -> list[bytes]:
    return [
        event(
            "message_delta",
            delta={"stop_reason": stop_reason, "stop_sequence": None, **delta},
            usage={"output_tokens": 7, "output_tokens_details": {"thinking_tokens": 3}},
        ),
        event("message_stop"),
    ]


@dataclass
class Loopback:
    """Answers each request with the next script; keeps what it was asked."""

    scripts: list[Sequence[Piece]] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)
    """Head and body of each request."""
    _open: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Loopback:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def answer(self, *pieces: Piece) -> None:
        self.scripts.append(pieces)

    @property
    def bodies(self) -> list[bytes]:
        return [request.partition(b"\r\n\r\n")[2] for request in self.requests]

    def _script(self, head: bytes) -> Sequence[Piece]:
        return self.scripts.pop(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        body = await reader.readexactly(int(lengths[0].partition(b":")[2])) if lengths else b""
        self.requests.append(head + body)
        script = self._script(head)
        for piece in script:
            if piece is HANG_UP:
                # Without lingering the peer gets a reset, and not the end of a stream.
                own = writer.transport.get_extra_info("socket")
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return False
            if isinstance(piece, asyncio.Event):
                await piece.wait()
                continue
            if piece is SILENCE:
                await asyncio.Event().wait()
            assert isinstance(piece, bytes)
            writer.write(piece)
            await writer.drain()
        return not any(isinstance(piece, bytes) and b"connection: close" in piece for piece in script)
