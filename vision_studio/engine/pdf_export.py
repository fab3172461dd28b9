"""A session → a PDF file, set in type by a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import uuid
from pathlib import Path

from vision_studio.core.failures import Failed, Failure, FailureKind

_PRINTER = "vision_studio.printing"
_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE_S = 300.0
"""For a session of hundreds of pages; nobody waits for it but who asked, and may cancel."""


def _environment() -> dict[str, str]:
    """Return what the process is told: it needs no screen, and has no use for a key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    return {**kept, "QT_QPA_PLATFORM": "offscreen"}


async def write_pdf(html: str, blobs: Path, path: Path) -> int:
    """Write a document in the place of a file of that name; return its size. Raises ``Failed``, ``OSError``.

    Cancelled, it ends the process and leaves nothing behind.
    """
    temporary = path.with_name(f".vision-studio-{uuid.uuid4().hex}")
    temporary.touch(mode=0o600)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _PRINTER, str(blobs), str(temporary)),
            env=_environment(),
            cwd=_ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await process.communicate(html.encode("utf-8", "replace"))
        except TimeoutError:
            raise Failed(Failure(FailureKind.NOT_WRITTEN, "The PDF took too long to be written.")) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        size_bytes = temporary.stat().st_size
        if process.returncode or not size_bytes:
            raise Failed(Failure(FailureKind.NOT_WRITTEN, "The PDF could not be written."))
        temporary.replace(path)
        return size_bytes
    finally:
        temporary.unlink(missing_ok=True)
