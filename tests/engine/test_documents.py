"""Files with pages: one page is a card at once, of several somebody is asked which are wanted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PIL import Image as Picture

from tests.engine.test_importer import SESSION, Bench, opened
from vision_studio.core.documents import Document, Resolution, page_images
from vision_studio.core.draft import Fidelity
from vision_studio.core.events import DocumentsFound, ImagesFound, ImagesRefused, ImagesStored, RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.rendition import Recipe


def pages(folder: Path, name: str, *sizes: tuple[int, int]) -> Path:
    """Write a file with a page of each size."""
    first, *rest = [Picture.new("RGB", size, colour) for size, colour in zip(sizes, COLOURS, strict=False)]
    first.save(folder / name, save_all=True, append_images=rest)
    return folder / name


COLOURS = ("tomato", "seagreen", "navy")


def documents(bench: Bench) -> list[DocumentsFound]:
    return [event for event in bench.events if isinstance(event, DocumentsFound)]


def test_of_several_pages_somebody_chooses_and_one_page_is_a_card(tmp_path: Path) -> None:
    files = [tmp_path / "a.png"]
    Picture.new("RGB", (320, 240)).save(files[0])
    files += [
        pages(tmp_path, "scan.tiff", (300, 400), (500, 200), (300, 400)),
        pages(tmp_path, "letter.pdf", (600, 800)),
        pages(tmp_path, "report.pdf", (600, 800), (800, 600)),
    ]

    async def scenario() -> None:
        async with opened(tmp_path / "data") as made:
            await made.drop(*files, row=2)
            await made.importer.idle()
            assert [image.name for image in made.found] == ["a.png", "letter.pdf"]
            letter = made.found[1]
            assert (letter.format, letter.size) == ("PDF", Size(1932, 2576))
            (asked,) = documents(made)
            assert asked.session_id == SESSION
            assert asked.row == 3
            assert [(one.name, one.format, len(one.pages)) for one in asked.documents] == [
                ("scan.tiff", "TIFF", 3),
                ("report.pdf", "PDF", 2),
            ]
            assert asked.documents[0].pages == ((300, 400), (500, 200), (300, 400))
            stored = [
                image for event in made.events if isinstance(event, ImagesStored) for image in event.images
            ]
            assert {image.name for image in stored} == {"a.png", "letter.pdf"}
            assert not [event for event in made.events if isinstance(event, ImagesRefused)]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "resolution", "sent"),
    [("report.pdf", Resolution.DPI_100, Size(444, 333)), ("scan.tiff", Resolution.SHARPEST, Size(400, 300))],
)
def test_a_chosen_page_is_shown_and_sent_as_itself(
    tmp_path: Path, name: str, resolution: Resolution, sent: Size
) -> None:
    file = pages(tmp_path, name, (300, 400), (400, 300))

    async def scenario() -> None:
        async with opened(tmp_path / "data") as made:
            await made.drop(file)
            (asked,) = documents(made)
            (document,) = asked.documents
            (page,) = page_images(document, [1], resolution, lambda: "id")
            shown = await made.importer.thumbnail(str(page.pixels))
            assert shown.key == f"{document.digest}-1"
            assert (shown.width, shown.height) == (320, 240)
            assert page.size is not None
            rendition = await made.importer.rendition(
                page, Recipe(sent, Fidelity.FIT, 10_485_760, page.frame)
            )
            assert rendition.size == sent
            with Picture.open(made.blobs.path(rendition.digest)) as picture:
                red, green, blue = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
            assert green > max(red, blue)  # the second page is green

    asyncio.run(scenario())


def test_pasted_and_downloaded_documents_are_asked_about_too(tmp_path: Path) -> None:
    data = pages(tmp_path, "report.pdf", (600, 800), (800, 600)).read_bytes()

    async def scenario() -> None:
        async with opened(tmp_path / "data") as made:
            assert not await made.importer.add_bytes(SESSION, 0, "pasted.pdf", data)
            (asked,) = documents(made)
            assert isinstance(asked.documents[0], Document)
            assert asked.documents[0].name == "pasted.pdf"

    asyncio.run(scenario())


def test_a_broken_document_is_refused_and_the_others_are_not(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing of the kind")
    good = pages(tmp_path, "good.pdf", (600, 800), (800, 600))

    async def scenario() -> None:
        async with opened(tmp_path / "data") as made:
            await made.drop(broken, good)
            (refused,) = [event for event in made.events if isinstance(event, ImagesRefused)]
            assert [(one.name, one.kind) for one in refused.refusals] == [("broken.pdf", RefusalKind.DAMAGED)]
            assert [one.name for event in documents(made) for one in event.documents] == ["good.pdf"]
            assert not [event for event in made.events if isinstance(event, ImagesFound)]

    asyncio.run(scenario())
