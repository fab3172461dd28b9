"""Edits on their way: what was hidden reaches no server, no file and no other program; and they come back."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageChops, ImageDraw

from tests.engine.stage import CATALOGUE, MODEL, LentPractice, Stage
from tests.imaging.pictures import exif_with_preview, photo
from vision_studio.core.draft import Draft, Image
from vision_studio.core.editing import added, cropped, straightened, turned
from vision_studio.core.edits import Colour, Edits, Mark, Redact, Shape
from vision_studio.core.events import (
    ImagesLent,
    ImageSplit,
    PictureEncoded,
    PictureReady,
    SessionsListed,
    ThumbnailReady,
    TurnEnded,
)
from vision_studio.core.framing import edited_size
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.claude_gateway import ClaudeGateway
from vision_studio.practice import PracticeServer

SIZE = Size(1200, 900)
SECRET = Box(400, 300, 800, 500)
MAGENTA = (255, 0, 255)


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with PracticeServer(CATALOGUE, pace_tokens_per_s=None, record=True) as running:
        yield running


@pytest.fixture
def stage(tmp_path: Path, server: PracticeServer) -> Stage:
    server.requests.clear()

    return Stage(tmp_path / "data", practice=LentPractice(server), make_gateway=ClaudeGateway)


def secretive(folder: Path, name: str) -> Path:
    """Grey, but for a box of magenta with words in it; a JPEG shows it in its preview, too."""
    image = photo(SIZE).convert("L").convert("RGB")
    draw = ImageDraw.Draw(image)
    # A JPEG's colours reach a block and a bit further than they should: the box has room for that.
    draw.rectangle((SECRET.left + 20, SECRET.top + 20, SECRET.right - 21, SECRET.bottom - 21), fill=MAGENTA)
    draw.text((500, 380), "account 4711", fill="black", font_size=40)
    path = folder / name
    preview = io.BytesIO()
    image.resize((160, 120)).save(preview, "JPEG")
    options: dict[str, Any] = {"exif": exif_with_preview(preview.getvalue())} if name.endswith("jpg") else {}
    image.save(path, **options)
    return path


def magenta(data: bytes) -> int:
    """Return how far the most magenta pixel is from grey."""
    red, green, blue = opened(data).split()
    most = ImageChops.subtract(ImageChops.darker(red, blue), green).getextrema()[1]
    assert isinstance(most, int)
    return most


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(data)).convert("RGB")


def received(server: PracticeServer) -> list[bytes]:
    """Return the bytes of every picture in the newest request."""
    newest = [recorded.json for recorded in server.requests if recorded.path == "/v1/messages"][-1]
    return [
        base64.b64decode(block["source"]["data"])
        for message in newest["messages"]
        for block in message["content"]
        if block["type"] == "image"
    ]


HIDDEN: Edits = (Redact(SECRET),)
ALL: Edits = straightened(SIZE, cropped(SIZE, turned(SIZE, HIDDEN, 1), Box(100, 100, 800, 1100)), 25)


@pytest.mark.parametrize("name", ["secret.png", "secret.jpg"])
@pytest.mark.parametrize("edits", [HIDDEN, ALL], ids=["redacted", "turned, cut and straightened"])
def test_what_the_server_gets_has_nothing_of_the_secret(
    stage: Stage, server: PracticeServer, tmp_path: Path, name: str, edits: Edits
) -> None:
    path = secretive(tmp_path, name)

    async def scenario() -> None:
        async with stage.open() as studio:
            studio.set_uploads(UploadSettings(inline=True))
            draft = (await stage.drop(studio, path)).with_text("What is it?")
            await stage.answered(studio, draft)
            (open_,) = received(server)
            assert magenta(open_) > 100
            studio.new_session()
            hidden = replace(draft.images[0], edits=edits)
            turn = await stage.answered(studio, draft.with_replaced([hidden]))
            assert turn.images[0].image.edits == edits
            # A later turn sends it again, as it was.
            await stage.answered(studio, Draft(text="And now?"))

    asyncio.run(scenario())
    (sent,) = received(server)
    assert opened(sent).size == edited_size(SIZE, edits)
    assert magenta(sent) < 12
    for trace in (b"Exif", b"account", path.read_bytes()[-200:-20]):
        assert trace not in sent


def test_nor_has_anything_that_leaves_by_another_door(stage: Stage, tmp_path: Path) -> None:
    path = secretive(tmp_path, "secret.jpg")

    async def scenario() -> list[bytes]:
        async with stage.open() as studio:
            image = replace((await stage.drop(studio, path)).images[0], edits=HIDDEN)
            await studio.lend_images("t", [image])
            await studio.encode_image("t", image)
            await studio.save_image(image, tmp_path / "saved.png")
            studio.need_thumbnails([image.pixels or ""])
            await studio.show_picture(image, MODEL, 1)
            shown = await stage.until(ThumbnailReady, lambda event: event.key == image.pixels)
            looked = stage.told(PictureReady)[-1]
            lent = stage.told(ImagesLent)[-1].paths[0]
            assert lent.name == "secret edited.png"
            small = Pillow.frombytes("RGBA", (shown.width, shown.height), shown.rgba)
            large = Pillow.frombytes("RGBA", (looked.width, looked.height), looked.rgba)
            await studio.split_image(stage.session.id, image, [Box(0, 0, 600, 900), Box(600, 0, 1200, 900)])
            parts = (await stage.until(ImageSplit)).parts
            await studio.lend_images("parts", parts)
            return [
                lent.read_bytes(),
                stage.told(PictureEncoded)[-1].png,
                (tmp_path / "saved.png").read_bytes(),
                *(_png(picture) for picture in (small, large)),
                *(part.read_bytes() for part in stage.told(ImagesLent)[-1].paths),
            ]

    doors = asyncio.run(scenario())
    assert len(doors) == 7
    assert [magenta(data) < 16 for data in doors] == [True] * 7


def _png(image: Pillow.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def test_edits_come_back_with_the_draft_and_with_what_was_sent(stage: Stage, tmp_path: Path) -> None:
    path = secretive(tmp_path, "secret.png")
    marked = added(SIZE, ALL, Mark(Shape.ARROW, 100, 100, 300, 200, Colour.SKY, "crack"))

    async def scenario() -> tuple[Image, Image]:
        async with stage.open() as studio:
            draft = await stage.drop(studio, path)
            edited = replace(draft.images[0], edits=marked)
            await stage.answered(studio, Draft((edited,), "What is it?"))
            studio.save_draft(stage.session.id, Draft((replace(edited, id="again"),), "And?"))
        async with stage.open():
            session = stage.session
            (row,) = [row for row in stage.told(SessionsListed)[-1].summaries if row.id == session.id]
            assert row.cover == session.turns[0].images[0].image.pixels
            assert session.turns[0].images[0].caption == "Image 1:\nMarks on Image 1: 1 = crack"
            return session.turns[0].images[0].image, session.draft.images[0]

    for image in asyncio.run(scenario()):
        assert (image.size, image.edits) == (SIZE, marked)


def test_the_server_reads_the_legend_under_the_label(
    stage: Stage, server: PracticeServer, tmp_path: Path
) -> None:
    path = secretive(tmp_path, "secret.png")
    marked = added(SIZE, HIDDEN, Mark(Shape.BOX, 10, 10, 300, 200, Colour.SKY, "crack"))

    async def scenario() -> str:
        async with stage.open() as studio:
            image = (await stage.drop(studio, path)).images[0]
            edited = replace(image, edits=marked, label="after repair")
            await stage.answered(studio, Draft((edited,), "What is it?"))
            return stage.told(TurnEnded)[-1].turn.answer.text

    answer = asyncio.run(scenario())
    newest = [recorded.json for recorded in server.requests if recorded.path == "/v1/messages"][-1]
    assert newest["messages"][0]["content"][0] == {
        "type": "text",
        "text": "Image 1: after repair\nMarks on Image 1: 1 = crack",
    }
    assert "after repair" in answer
