"""Pictures without files, through the real importer and its workers."""

from __future__ import annotations

import asyncio
import base64
import io

from PIL import Image as Picture

from tests.engine.stage import Stage
from vision_studio.core.events import ImagesFound, ImagesRefused, ImagesStored, RefusalKind
from vision_studio.core.pasted import Bitmap, Blob, DataAddress
from vision_studio.core.size import Size


def png_bytes(colour: str) -> bytes:
    file = io.BytesIO()
    Picture.new("RGB", (8, 6), colour).save(file, "PNG")
    return file.getvalue()


def test_pictures_keep_their_order_whatever_they_come_as(tmp_path):
    async def scenario() -> None:
        stage = Stage(tmp_path)
        async with stage.open() as studio:
            inside = "data:image/png;base64," + base64.b64encode(png_bytes("navy")).decode()
            await studio.add_pasted(
                stage.session.id,
                2,
                (
                    Bitmap("screen.png", Size(3, 2), b"\xff\0\0\xff" * 6, opaque=True),
                    Bitmap("torn.png", Size(3, 2), b"\0" * 23, opaque=True),
                    Blob("page.png", png_bytes("teal")),
                    Blob("words.png", b"only words"),
                    DataAddress("data:image/png;base64,"),
                    DataAddress(inside),
                ),
            )
            await studio.images_read()
            shown = [(event.row, event.images[0].name) for event in stage.told(ImagesFound)]
            assert shown == [(2, "screen.png"), (3, "page.png"), (4, "Pasted image.png")]
            refusals = [refusal for event in stage.told(ImagesRefused) for refusal in event.refusals]
            assert [(one.name, one.kind) for one in refusals] == [
                ("torn.png", RefusalKind.DAMAGED),
                ("words.png", RefusalKind.NOT_AN_IMAGE),
                ("Pasted image.png", RefusalKind.DAMAGED),
            ]

    asyncio.run(scenario())


def test_a_bitmaps_pixels_are_kept_and_an_opaque_one_has_no_transparency(tmp_path):
    async def scenario() -> None:
        stage = Stage(tmp_path)
        async with stage.open() as studio:
            pixels = bytes(range(24))
            for opaque in (True, False):
                await studio.add_pasted(stage.session.id, 0, (Bitmap("a.png", Size(3, 2), pixels, opaque),))
            await studio.images_read()
            stored = [image for event in stage.told(ImagesStored) for image in event.images]
            found = [image.id for event in stage.told(ImagesFound) for image in event.images]
            digests = {image.id: image.digest for image in stored}
            kept = []
            for image_id in found:
                digest = digests[image_id]
                with Picture.open(tmp_path / "blobs" / digest[:2] / digest) as picture:
                    kept.append((picture.mode, picture.tobytes()))
            without = b"".join(pixels[start : start + 3] for start in range(0, 24, 4))
            assert kept == [("RGB", without), ("RGBA", pixels)]

    asyncio.run(scenario())
