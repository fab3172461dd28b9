"""Takes pictures that came without files into a session, in the order they came."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from vision_studio.core.events import Event, ImagesRefused, Refusal, RefusalKind
from vision_studio.core.pasted import Bitmap, Blob, DataAddress, KeptFile, Pasted
from vision_studio.engine.importer import Importer
from vision_studio.engine.workers import Workers
from vision_studio.imaging.bitmaps import png
from vision_studio.imaging.budget import BYTE_BUDGET
from vision_studio.imaging.files import Reader
from vision_studio.imaging.names import display_name
from vision_studio.imaging.refusal import Refused


class PasteBoard:
    """For one asyncio loop."""

    def __init__(self, importer: Importer, workers: Workers, report: Callable[[Event], None]) -> None:
        self._importer = importer
        self._workers = workers
        self._report = report

    async def add(self, session_id: str, row: int, pasted: Sequence[Pasted]) -> None:
        """Show the pictures from ``row`` on; what cannot be used is refused, and the rest goes on."""
        for one in pasted:
            try:
                data = await self._file(one)
            except Refused as refused:
                refusal = Refusal(display_name(one.name), refused.kind, detail=refused.detail)
                self._report(ImagesRefused(session_id, (refusal,)))
            else:
                row += await self._importer.add_bytes(session_id, row, one.name, data)

    async def _file(self, one: Pasted) -> bytes:
        match one:
            case Blob(data=data):
                return data
            case Bitmap():
                return await self._workers.run(png, one)
            case DataAddress():
                try:
                    return await asyncio.to_thread(one.data)
                except ValueError as error:
                    raise Refused(RefusalKind.DAMAGED, str(error)) from error
            case KeptFile(path=path):
                return await asyncio.to_thread(_read, path)


def _read(path: Path) -> bytes:
    with Reader(path) as reader:
        if reader.size_bytes > BYTE_BUDGET:
            raise Refused(RefusalKind.TOO_MANY_BYTES)
        return reader.read(0, reader.size_bytes)
