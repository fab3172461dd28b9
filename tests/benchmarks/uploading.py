"""Uploads files to a server in a process of its own and prints what that took, for bench_uploads."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.benchmarks.slow_server import content_length, stored_file
from tests.engine.loopback import Loopback, reply
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.held import Held
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.database import Database
from vision_studio.storage.uploads import Uploads

FILES = 48
FILE_BYTES = 300_000
AT_ONCE = 8
_KEY = "sk-ant-none-0123456789"


async def _measured(port: int, folder: Path) -> dict[str, float]:
    errands = list(_errands(folder))
    with closing(Database.open(folder / "studio.db")) as database:
        request = await _one_request(errands[0], database)
        _reset_peak()
        before_kb = _status_kb("VmRSS")
        began_cpu_s = time.process_time()
        ours_s = await _ours(port, errands, database)
        cpu_s = time.process_time() - began_cpu_s
        extra_kb = _status_kb("VmHWM") - before_kb
    bare_s = await _bare(port, request)
    return {"ours_s": ours_s, "cpu_s": cpu_s, "bare_s": bare_s, "extra_mb": extra_kb * 1024 / 1e6}


def _errands(folder: Path) -> Iterator[Errand]:
    for number in range(FILES):
        path = folder / f"{number}.jpg"
        data = os.urandom(FILE_BYTES)
        path.write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        yield Errand("session", str(number), digest, path, path.name, "image/jpeg", FILE_BYTES)


async def _one_request(errand: Errand, database: Database) -> bytes:
    """Return what the library sends for a file. It has loaded all of itself then."""
    async with Loopback() as server:
        server.answer(reply(stored_file(1)))
        gateway = ClaudeGateway(server.url, _KEY)
        try:
            uploader = _uploader(database)
            await uploader.file_id(errand, Server(gateway, "elsewhere"))
            await uploader.close()
        finally:
            await gateway.close()
        return server.requests[0]


async def _ours(port: int, errands: list[Errand], database: Database) -> float:
    gateway = ClaudeGateway(f"http://127.0.0.1:{port}", _KEY)
    await gateway.preload()
    uploader = _uploader(database)
    try:
        began = time.perf_counter()
        server = Server(gateway, "slow")
        ids = await asyncio.gather(*(uploader.file_id(errand, server) for errand in errands))
        took = time.perf_counter() - began
    finally:
        await uploader.close()
        await gateway.close()
    assert len(set(ids)) == FILES
    return took


def _uploader(database: Database) -> Uploader:
    def report(event: object) -> None:
        """Nobody looks on."""

    return Uploader(Held(Uploads(database), report), report, settings=UploadSettings(at_once=AT_ONCE))


async def _bare(port: int, request: bytes) -> float:
    """Send the same bytes as often, over as many connections."""
    left = [request] * FILES

    async def send() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while left:
            writer.write(left.pop())
            await writer.drain()
            await reader.readexactly(content_length(await reader.readuntil(b"\r\n\r\n")))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    return time.perf_counter() - began


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _status_kb(name: str) -> int:
    return int(Path("/proc/self/status").read_text().split(f"{name}:")[1].split()[0])


def main() -> None:
    # Beside the checkout: the system's folder for temporary files is often not a disk.
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        json.dump(asyncio.run(_measured(int(sys.argv[1]), Path(name))), sys.stdout)


if __name__ == "__main__":
    main()
