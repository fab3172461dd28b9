"""A loopback server with a Files API: it keeps what is uploaded, and has the faults it is told to have."""

from __future__ import annotations

import asyncio
import email.utils
import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.engine.loopback import Piece, error, reply
from tests.faults.server import MESSAGES, FaultyServer

UPLOAD, LIST, DELETE = "POST /v1/files", "GET /v1/files", "DELETE /v1/files"
KEPT = object()
"""Stands in a script for: keep the upload, and answer as the API does."""
KEPT_AS_TEXT = object()
"""The same, under the wrong content type."""
KEEP = object()
"""Keep the upload; what is said of it follows."""
CUT = object()
"""Reset the connection in the middle of the request's body."""
SLOWLY = object()
"""Read the request's body a few bytes at a time."""
_DAY_S = 24 * 3600.0
_FILE_IDS = re.compile(rb'"file_id":\s*"([^"]+)"')
_NAME = re.compile(rb'filename="([^"]*)"')
_LIFETIME = re.compile(rb'name="expires_in_seconds"\r\n\r\n(\d+)')


@dataclass
class Kept:
    id: str
    name: str
    digest: str
    size_bytes: int
    workspace: str
    created_s: float
    expires_s: float | None


class FilesServer(FaultyServer):
    """``files`` holds every upload that was kept, deleted ones too until they are taken out of it."""

    def __init__(self, clock_off_s: float = 0.0) -> None:
        super().__init__()
        self.files: list[Kept] = []
        self.workspace = "wrkspc_1"
        self.clock_off_s = clock_off_s
        self.began = 0
        """Uploads, whatever came of them."""

    def stored(self, digest: str) -> int:
        """Return how many usable files hold these bytes."""
        return sum(file.digest == digest and not self._is_past(file) for file in self.files)

    def expire_all(self) -> None:
        for file in self.files:
            file.expires_s = self._now() - 1

    # What the API does

    def _now(self) -> float:
        return time.time() + self.clock_off_s

    def _is_past(self, file: Kept) -> bool:
        return file.expires_s is not None and file.expires_s <= self._now()

    def _script(self, head: bytes) -> Sequence[Piece]:
        method, target = head.split(b" ", 2)[:2]
        place = f"{method.decode()} {target.decode().partition('?')[0]}"
        if place.startswith(DELETE):
            place = DELETE
        if place not in (UPLOAD, LIST, DELETE):
            return self._answer(head)
        self.asked[place] += 1
        if place == UPLOAD:
            self.began += 1
        script = self.faults[place].popleft() if self.faults[place] else [KEPT]
        pieces: list[Piece] = []
        for piece in script:
            if piece is KEPT:
                pieces.append(self._good(place, target.decode()))
            elif piece is KEPT_AS_TEXT:
                good = self._good(place, target.decode())
                pieces.append(good.replace(b"application/json", b"text/plain"))
            elif piece is KEEP:
                self._keep(self.requests[-1])
            else:
                pieces.append(piece)
        return pieces

    def _answer(self, head: bytes) -> Sequence[Piece]:
        """Answer a question, unless it names a file that is not there."""
        if head.startswith(f"POST {MESSAGES} ".encode()):
            there = {file.id: file for file in self.files if file.workspace == self.workspace}
            for file_id in _FILE_IDS.findall(self.requests[-1]):
                file = there.get(file_id.decode())
                if file is None or self._is_past(file):
                    self.asked[MESSAGES] += 1
                    gone = "expired" if file is not None else "not found"
                    text = f"File {gone}: {file_id.decode()}"
                    return [error(404, "not_found_error", text, anthropic_workspace_id=self.workspace)]
        # Every answer names the workspace of the key it was asked with.
        ours = self.workspace.encode()
        return [
            piece.replace(b"wrkspc_loop", ours) if isinstance(piece, bytes) else piece
            for piece in super()._script(head)
        ]

    def _good(self, place: str, target: str) -> bytes:
        if place == UPLOAD:
            return self._json(self._metadata(self._keep(self.requests[-1])))
        mine = [file for file in reversed(self.files) if file.workspace == self.workspace]
        if place == DELETE:
            file_id = target.rpartition("/")[2]
            found = [file for file in mine if file.id == file_id]
            for file in found:
                self.files.remove(file)
            if not found:
                return error(404, "not_found_error", "No such file", anthropic_workspace_id=self.workspace)
            return self._json({"id": file_id, "type": "file_deleted"})
        ids = re.findall(r"ids(?:%5B%5D|\[\])=([^&]+)", target)
        page = [file for file in mine if not ids or file.id in ids]
        return self._json({"data": [self._metadata(file) for file in page], "next_page": None})

    def _keep(self, request: bytes) -> Kept:
        name, lifetime = _NAME.search(request), _LIFETIME.search(request)
        assert name is not None
        boundary = re.search(rb"boundary=([^\r;]+)", request, re.IGNORECASE)
        assert boundary is not None
        part = request[name.end() :].partition(b"\r\n\r\n")[2]
        data = part.partition(b"\r\n--" + boundary[1])[0]
        now = self._now()
        kept = Kept(
            f"file_{len(self.files) + self.began:04}",
            name[1].decode(),
            hashlib.sha256(data).hexdigest(),
            len(data),
            self.workspace,
            now,
            None if lifetime is None else now + int(lifetime[1]),
        )
        self.files.append(kept)
        return kept

    def _metadata(self, file: Kept) -> dict[str, Any]:
        return {
            "type": "file",
            "id": file.id,
            "filename": file.name,
            "mime_type": "image/png",
            "size_bytes": file.size_bytes,
            "created_at": _rfc3339(file.created_s),
            "expires_at": None if file.expires_s is None else _rfc3339(file.expires_s),
            "downloadable": False,
        }

    def _json(self, body: dict[str, Any]) -> bytes:
        date = email.utils.formatdate(self._now(), usegmt=True)
        return reply(json.dumps(body).encode(), anthropic_workspace_id=self.workspace, date=date)

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Meet the faults that strike while a body comes in; leave the others to the scripts."""
        queue = self.faults[UPLOAD]
        first = queue[0][0] if queue and queue[0] else None
        if first is not CUT and first is not SLOWLY:
            return await super()._one(reader, writer)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(UPLOAD.encode() + b" ") or not queue:
            return await super()._one(_Behind(head, reader), writer)  # type: ignore[arg-type]  # reads alike
        if first is CUT:
            queue.popleft()
            self.began += 1
            await reader.readexactly(1000)
            writer.transport.abort()
            return False
        queue.popleft()
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert length is not None
        body, wanted = bytearray(), int(length[1])
        while len(body) < wanted:
            body += await reader.read(256)
            await asyncio.sleep(0)
        return await super()._one(_Behind(head + bytes(body), reader), writer)  # type: ignore[arg-type]  # reads alike


class _Behind:
    """A reader that was read a little too far."""

    def __init__(self, read: bytes, reader: asyncio.StreamReader) -> None:
        self._read = read
        self._reader = reader

    async def readuntil(self, end: bytes) -> bytes:
        place = self._read.find(end)
        if place < 0:
            return self._read + await self._reader.readuntil(end)
        taken, self._read = self._read[: place + len(end)], self._read[place + len(end) :]
        return taken

    async def readexactly(self, count: int) -> bytes:
        taken, self._read = self._read[:count], self._read[count:]
        return taken + (await self._reader.readexactly(count - len(taken)) if len(taken) < count else b"")


def _rfc3339(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
