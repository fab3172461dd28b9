"""Pictures that leave as files: originals byte for byte, pages as PNG, and never the stored files."""

from __future__ import annotations

import asyncio
import io
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Picture

from tests.engine.stage import Stage
from vision_studio.core.draft import Image
from vision_studio.core.events import DocumentsFound, ImagesLent, ImagesSaved, PictureEncoded
from vision_studio.core.failures import Failed, FailureKind
from vision_studio.core.size import Size
from vision_studio.imaging.refusal import Refused


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two pictures of the same name in two folders, one that was taken on its side, and two pages."""
    paths = [tmp_path / place for place in ("one/cat.png", "two/Cat.png", "turned.jpg", "fax.tif")]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
    Picture.new("RGB", (8, 6), "tomato").save(paths[0])
    Picture.new("RGB", (8, 6), "navy").save(paths[1])
    exif = Picture.Exif()
    exif[0x0112] = 6
    Picture.new("RGB", (8, 6), "teal").save(paths[2], exif=exif)
    Picture.new("L", (8, 6), 0).save(paths[3], save_all=True, append_images=[Picture.new("L", (8, 6), 255)])
    return paths


async def lent(studio, stage: Stage, *images: Image) -> tuple[Path, ...]:
    await studio.lend_images("t", images)
    return stage.told(ImagesLent)[-1].paths


def test_originals_are_lent_byte_for_byte_under_names_of_their_own(tmp_path, files):
    async def scenario() -> None:
        data = tmp_path / "data"
        stage = Stage(data)
        async with stage.open() as studio:
            images = (await stage.drop(studio, *files[:3])).images
            paths = await lent(studio, stage, *images)
            assert [path.name for path in paths] == ["cat.png", "Cat (2).png", "turned.jpg"]
            assert [path.read_bytes() for path in paths] == [file.read_bytes() for file in files[:3]]
            folder = paths[0].parent
            assert data not in paths[0].parents
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            paths[0].write_bytes(b"a program that writes where it should read")
            again = await lent(studio, stage, images[0])
            assert again[0].read_bytes() == files[0].read_bytes()
        assert not folder.exists()
        assert not again[0].exists()

    asyncio.run(scenario())


def test_a_page_is_lent_by_itself(tmp_path, files):
    async def scenario() -> None:
        stage = Stage(tmp_path / "data")
        async with stage.open() as studio:
            await studio.add_files(stage.session.id, 0, [files[3]])
            (fax,) = (await stage.until(DocumentsFound)).documents
            first = Image("fax", fax.name, "TIFF", Size(8, 6), fax.size_bytes, fax.digest, frames=2)
            paths = await lent(studio, stage, first, replace(first, frame=1))
            assert [path.name for path in paths] == ["fax page 1.png", "fax page 2.png"]
            for path, grey in zip(paths, (0, 255), strict=True):
                with Picture.open(path) as picture:
                    assert picture.format == "PNG"
                    assert picture.convert("L").getpixel((3, 3)) == grey

    asyncio.run(scenario())


def test_a_picture_for_the_clipboard_is_upright_and_tells_nothing(tmp_path, files):
    async def scenario() -> None:
        stage = Stage(tmp_path / "data")
        async with stage.open() as studio:
            (image,) = (await stage.drop(studio, files[2])).images
            await studio.encode_image("t", image)
            (encoded,) = stage.told(PictureEncoded)
            with Picture.open(io.BytesIO(encoded.png)) as picture:
                assert (picture.format, picture.size) == ("PNG", (6, 8))
                assert not picture.getexif()

    asyncio.run(scenario())


def test_a_saved_picture_takes_the_place_of_the_file_it_was_to_replace(tmp_path, files):
    async def scenario() -> None:
        stage = Stage(tmp_path / "data")
        out = tmp_path / "Pictures"
        out.mkdir()
        (out / "cat.png").write_bytes(b"old")
        async with stage.open() as studio:
            images = (await stage.drop(studio, *files[:2])).images
            await studio.save_image(images[0], out / "cat.png")
            assert (out / "cat.png").read_bytes() == files[0].read_bytes()
            await studio.save_images(images, out)
            assert stage.told(ImagesSaved) == [
                ImagesSaved(("cat.png",), "Pictures"),
                ImagesSaved(("cat (2).png", "Cat (3).png"), "Pictures"),
            ]
            assert sorted(path.name for path in out.iterdir()) == ["Cat (3).png", "cat (2).png", "cat.png"]
            assert stat.S_IMODE((out / "cat.png").stat().st_mode) & 0o600 == 0o600

    asyncio.run(scenario())


def test_one_picture_that_is_gone_keeps_no_other_back(tmp_path, files):
    async def scenario() -> None:
        stage = Stage(tmp_path / "data")
        out = tmp_path / "Pictures"
        out.mkdir()
        async with stage.open() as studio:
            images = (await stage.drop(studio, *files[:3])).images
            gone = images[0].digest
            (tmp_path / "data" / "blobs" / gone[:2] / gone).unlink()
            with pytest.raises(Refused):
                await studio.lend_images("t", images)
            (lent,) = stage.told(ImagesLent)
            assert [path.name for path in lent.paths] == ["Cat (2).png", "turned.jpg"]
            with pytest.raises(Refused):
                await studio.save_images(images, out)
            assert stage.told(ImagesSaved) == [ImagesSaved(("Cat (2).png", "turned.jpg"), "Pictures")]
            assert sorted(path.name for path in out.iterdir()) == ["Cat (2).png", "turned.jpg"]

    asyncio.run(scenario())


def test_what_cannot_be_written_or_is_gone_is_told_and_leaves_nothing_half_done(tmp_path, files):
    async def scenario() -> None:
        stage = Stage(tmp_path / "data")
        out = tmp_path / "Pictures"
        out.mkdir()
        async with stage.open() as studio:
            (image,) = (await stage.drop(studio, files[0])).images
            with pytest.raises(Failed) as failed:
                await studio.save_image(image, out / "missing" / "cat.png")
            assert failed.value.failure.kind is FailureKind.NOT_EXPORTED
            assert str(tmp_path) not in failed.value.failure.message
            blob = tmp_path / "data" / "blobs" / image.digest[:2] / image.digest
            blob.unlink()
            with pytest.raises(Refused):
                await studio.save_image(image, out / "cat.png")
            with pytest.raises(Refused):
                await studio.lend_images("t", [image])
            assert stage.told(ImagesLent) == [ImagesLent("t", ())]
            assert list(out.iterdir()) == []

    asyncio.run(scenario())
