"""A picture that is too long becomes pictures of its parts, which together are the whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image as Picture
from PIL import ImageChops, ImageDraw

from tests.engine.test_importer import SESSION, opened
from vision_studio.core.draft import Image
from vision_studio.core.events import ImageSplit, ImagesRefused
from vision_studio.core.size import Size
from vision_studio.core.tiling import parts
from vision_studio.core.tokens import HIGH


def tall(path: Path, turned: bool) -> Picture.Image:
    """Save a page that says how far down each line is, perhaps lying on its side."""
    page = Picture.new("RGB", (300, 6000), "white")
    draw = ImageDraw.Draw(page)
    for top in range(0, 6000, 50):
        draw.rectangle((20, top, 20 + top // 25, top + 20), fill=(top % 256, 80, 120))
    if turned:
        exif = Picture.Exif()
        exif[0x0112] = 6
        page.transpose(Picture.Transpose.ROTATE_90).save(path, exif=exif)
    else:
        page.save(path)
    return page


@pytest.mark.parametrize("turned", [False, True], ids=["upright", "turned by EXIF"])
def test_the_parts_are_the_whole(tmp_path: Path, turned: bool) -> None:
    page = tall(tmp_path / "page.png", turned)
    boxes = parts(Size(300, 6000), HIGH)

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / "page.png")
            await bench.importer.idle()
            (image,) = bench.found
            assert image.size == Size(300, 6000)
            await bench.importer.split(SESSION, image, boxes)
            (split,) = [event for event in bench.events if isinstance(event, ImageSplit)]
            assert split.image_id == image.id
            assert [part.name for part in split.parts] == [
                f"page.png, part {place} of {len(boxes)}" for place in range(1, len(boxes) + 1)
            ]
            for part, box in zip(split.parts, boxes, strict=True):
                assert part.size == box.size
                assert part.digest is not None
                with Picture.open(bench.blobs.path(part.digest)) as picture:
                    seen = picture.convert("RGB")
                assert ImageChops.difference(seen, page.crop(box)).getbbox() is None

    asyncio.run(scenario())


def test_one_that_is_gone_is_said_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            gone = Image("id", "gone.png", "PNG", Size(300, 6000), 9, "0" * 64)
            await bench.importer.split(SESSION, gone, parts(Size(300, 6000), HIGH))
            (refused,) = [event for event in bench.events if isinstance(event, ImagesRefused)]
            assert [one.name for one in refused.refusals] == ["gone.png"]

    asyncio.run(scenario())
