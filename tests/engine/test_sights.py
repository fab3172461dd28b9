"""What is shown of an image are the very pixels that a model is shown, and the original upright beside it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Picture
from PIL import ImageChops

from tests.core.builders import CATALOGUE
from tests.engine.test_importer import Bench, opened
from tests.imaging.pictures import photo
from tests.imaging.test_letters import page
from vision_studio.core.draft import Fidelity, Image, Rendition
from vision_studio.core.edits import Crop
from vision_studio.core.failures import FailureKind
from vision_studio.core.sight_events import OriginalReady, SightFailed, SightReady, TextMeasured
from vision_studio.core.sights import Look
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, seen_size
from vision_studio.engine.sights import Sights
from vision_studio.imaging.sight import ORIGINAL_PIXELS


def look(image: Image, tier: ResolutionTier = STANDARD, rendition: Rendition | None = None) -> Look:
    return Look(image, tier, CATALOGUE.limits, 1, rendition)


def sights_of(bench: Bench) -> Sights:
    return Sights(bench.importer, bench.workers, bench.blobs, bench.events.append)


def told(bench: Bench, kind: type) -> list:
    return [event for event in bench.events if isinstance(event, kind)]


def as_picture(size: Size, rgba: bytes) -> Picture.Image:
    return Picture.frombytes("RGBA", size, rgba).convert("RGB")


def server_side(bench: Bench, rendition: Rendition, tier: ResolutionTier) -> Picture.Image:
    """Decode what is sent, and shrink it as the server does where it is larger than the tier is shown."""
    with Picture.open(bench.blobs.path(rendition.digest)) as sent:
        whole = sent.convert("RGB")
    return whole.resize(seen_size(Size(*whole.size), tier), Picture.Resampling.LANCZOS)


@pytest.mark.parametrize(
    ("name", "size", "fidelity", "tier"),
    [
        pytest.param("a.png", (300, 200), Fidelity.FIT, STANDARD, id="as it is"),
        pytest.param("a.jpg", (1900, 1300), Fidelity.FIT, STANDARD, id="shrunk here"),
        pytest.param("a.jpg", (1900, 1300), Fidelity.ECONOMY, HIGH, id="shrunk further"),
        pytest.param("a.jpg", (1900, 1300), Fidelity.ORIGINAL, STANDARD, id="shrunk by the server"),
        pytest.param("a.png", (90, 2400), Fidelity.ORIGINAL, STANDARD, id="tall, shrunk by the server"),
    ],
)
def test_every_pixel_is_the_server_s(
    tmp_path: Path, name: str, size: tuple[int, int], fidelity: Fidelity, tier: ResolutionTier
) -> None:
    photo(size).save(tmp_path / name)

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / name)
            await bench.importer.idle()
            image = replace(bench.found[0], fidelity=fidelity)
            await sights_of(bench).show("1", look(image, tier), original=False)
            (ready,) = told(bench, SightReady)
            expected = server_side(bench, ready.rendition, tier)
            assert ready.seen == expected.size
            assert ImageChops.difference(as_picture(ready.seen, ready.rgba), expected).getbbox() is None

    asyncio.run(scenario())


def test_what_was_sent_is_shown_as_it_was(tmp_path: Path) -> None:
    """Today's settings of the image change nothing of it; nor does another tier, but for what it is shown."""
    photo((1900, 1300)).save(tmp_path / "a.jpg")

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / "a.jpg")
            await bench.importer.idle()
            (image,), sights = bench.found, sights_of(bench)
            await sights.show("1", look(image, HIGH), original=False)
            (first,) = told(bench, SightReady)
            later = replace(image, fidelity=Fidelity.ECONOMY)
            await sights.show("2", look(later, STANDARD, first.rendition), original=False)
            again = told(bench, SightReady)[-1]
            assert again.rendition == first.rendition
            assert again.seen == seen_size(first.rendition.size, STANDARD)

    asyncio.run(scenario())


def test_the_original_is_upright_and_no_larger_than_is_of_use(tmp_path: Path) -> None:
    exif = Picture.Exif()
    exif[0x0112] = 6
    photo((4000, 2500)).save(tmp_path / "a.jpg", exif=exif)

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / "a.jpg")
            await bench.importer.idle()
            await sights_of(bench).show("1", look(bench.found[0]), original=True)
            (ready,) = told(bench, OriginalReady)
            assert ready.whole == Size(2500, 4000)
            assert ready.shown.width * ready.shown.height <= ORIGINAL_PIXELS
            assert ready.shown.height / ready.shown.width == pytest.approx(1.6, rel=0.01)
            assert len(ready.rgba) == ready.shown.width * ready.shown.height * 4

    asyncio.run(scenario())


def test_only_the_newest_wish_is_shown(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        photo((300, 200)).save(tmp_path / name)

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / "a.png", tmp_path / "b.png")
            await bench.importer.idle()
            sights = sights_of(bench)
            await asyncio.gather(
                *(sights.show(str(row), look(image), original=True) for row, image in enumerate(bench.found))
            )
            assert {event.ticket for event in told(bench, SightReady)} == {"1"}
            assert {event.ticket for event in told(bench, OriginalReady)} == {"1"}
            sights.dismiss()

    asyncio.run(scenario())


def test_text_is_measured_once_and_only_for_the_newest(tmp_path: Path) -> None:
    page(24, (1000, 800)).save(tmp_path / "page.png")
    photo((900, 700)).save(tmp_path / "photo.png")
    page(12, (1000, 800)).save(tmp_path / "small.png")

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(*(tmp_path / name for name in ("page.png", "photo.png", "small.png")))
            await bench.importer.idle()
            sights = sights_of(bench)
            first, second, third = bench.found
            await asyncio.gather(*(sights.measure_text(image) for image in (first, second, third)))
            told_of = [event.key for event in told(bench, TextMeasured)]
            assert told_of == [first.pixels, third.pixels]  # the second's turn came when it was not wanted
            await sights.measure_text(second)
            await sights.measure_text(third)
            *_, none, small = [event.text for event in told(bench, TextMeasured)]
            assert none is None
            assert small is not None
            assert (round(small.height_px), small.whole) == (7, Size(1000, 800))

    asyncio.run(scenario())


def test_text_is_measured_in_what_a_crop_leaves(tmp_path: Path) -> None:
    """The bench looks at the whole of it, which tells nothing of the part that is sent."""
    page(24, (1600, 1600)).save(tmp_path / "page.png")

    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            await bench.drop(tmp_path / "page.png")
            await bench.importer.idle()
            image = replace(bench.found[0], edits=(Crop(Box(0, 0, 800, 600)),))
            sights = sights_of(bench)
            await sights.show_unedited("bench", image)
            assert told(bench, TextMeasured) == []
            await sights.show("1", look(image), original=True)
            (measured,) = told(bench, TextMeasured)
            assert measured.text is not None
            assert measured.text.whole == Size(800, 600)
            assert measured.text.height_px == pytest.approx(13, abs=1)

    asyncio.run(scenario())


def test_one_that_is_gone_is_said_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path / "data") as bench:
            gone = Image("id", "gone.png", "PNG", Size(300, 200), 9, "0" * 64)
            await sights_of(bench).show("1", look(gone), original=True)
            (failed,) = told(bench, SightFailed)
            assert (failed.ticket, failed.failure.kind) == ("1", FailureKind.IMAGE_LOST)

    asyncio.run(scenario())
