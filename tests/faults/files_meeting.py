"""A question with an image whose upload meets a fault, and what becomes of both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image as Pillow

from tests.engine.stage import Stage
from tests.faults.files_catalogue import FileFault
from tests.faults.files_server import UPLOAD, FilesServer
from tests.faults.meeting import IMPATIENT, asked_again, stage_at
from tests.faults.server import MESSAGES
from vision_studio.core.conversation import Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import Noticed, SessionOpened, UploadFailed
from vision_studio.core.failures import Failure
from vision_studio.engine.studio import Studio

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Met:
    """What became of a question with an image that met a fault."""

    turn: Turn
    uploads: int
    """Uploads that began before it ended."""
    stored: int
    """Usable files of the image on the server when it ended."""
    kept: tuple[str, int]
    """The question on the disk, and how many images it has there."""
    inline: bool
    """The image travelled inside the request."""
    on_card: Failure | None
    noticed: tuple[Failure, ...]
    again: Turn | None = None
    """Asked once more, the fault gone; None where it was answered at once."""
    stored_then: int = 0


@asynccontextmanager
async def engine(
    folder: Path, server: FilesServer, url: str | None = None
) -> AsyncIterator[tuple[Stage, Studio]]:
    stage = stage_at(url or server.url, folder, IMPATIENT)
    async with stage.open() as studio:
        yield stage, studio


def play(
    folder: Path,
    act: Callable[[Stage, Studio, FilesServer], Awaitable[T]],
    url: str | None = None,
    clock_off_s: float = 0.0,
) -> T:
    """Do something with an engine at a faulty server."""

    async def scenario() -> T:
        async with FilesServer(clock_off_s) as server, engine(folder, server, url) as (stage, studio):
            return await act(stage, studio, server)

    return asyncio.run(scenario())


async def images(stage: Stage, studio: Studio, count: int) -> list[Image]:
    """Return so many different stored images."""
    paths = []
    for number in range(count):
        paths.append(stage.data_dir.parent / f"{stage.data_dir.name} {len(stage.events)} {number}.png")
        # Noise: no byte of it is saved by packing, so that every image takes several reads.
        Pillow.effect_noise((400, 300 + number), 90).save(paths[-1])
    return list((await stage.drop(studio, *paths)).images)


def meet_all(faults: Sequence[FileFault], folder: Path) -> dict[str, Met]:
    """Ask a question with an image of its own for every fault, one after the other in one engine."""

    async def act(stage: Stage, studio: Studio, server: FilesServer) -> dict[str, Met]:
        pictures = await images(stage, studio, len(faults))
        return {
            fault.name: await meet(stage, studio, server, fault, picture)
            for fault, picture in zip(faults, pictures, strict=True)
        }

    return play(folder, act)


async def meet(stage: Stage, studio: Studio, server: FilesServer, fault: FileFault, image: Image) -> Met:
    studio.new_session()
    told = len(stage.events)
    began = server.began
    server.strike(UPLOAD, fault.script, fault.times)
    turn = await stage.answered(studio, Draft((image,), fault.name))
    uploads = server.began - began
    server.faults.clear()
    (sent,) = turn.images
    assert sent.rendition is not None
    digest = sent.rendition.digest
    stored = server.stored(digest)
    studio.open_session(stage.session.id)
    saved = stage.told(SessionOpened)[-1].session.turns[-1]
    events = stage.events[told:]
    cards = [event.failure for event in events if isinstance(event, UploadFailed)]
    questions = [one for one in server.requests if one.startswith(f"POST {MESSAGES} ".encode())]
    met = Met(
        turn,
        uploads,
        stored,
        (saved.prompt, len(saved.images)),
        bool(questions) and b'"base64"' in questions[-1],
        cards[-1] if cards else None,
        tuple(event.failure for event in events if isinstance(event, Noticed)),
    )
    if turn.answer.failure is None:
        return met
    again = await asked_again(stage, studio, turn)
    return Met(
        met.turn,
        met.uploads,
        met.stored,
        met.kept,
        met.inline,
        met.on_card,
        met.noticed,
        again,
        server.stored(digest),
    )
