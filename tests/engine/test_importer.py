"""What is dropped becomes cards at once, in order, and stored originals soon; what cannot be used says so."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image as Picture

from tests.imaging import pictures
from vision_studio.core.draft import Draft, Fidelity, Image, Rendition, Trait
from vision_studio.core.events import (
    Event,
    FirstLook,
    ImagesFound,
    ImagesRefused,
    ImagesStored,
    ImportProgressed,
    Refusal,
    RefusalKind,
    ThumbnailReady,
)
from vision_studio.core.ordering import natural_key
from vision_studio.core.size import Size
from vision_studio.engine import importer
from vision_studio.engine.importer import Importer
from vision_studio.engine.workers import Workers
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.thumbnails import Thumbnails

SESSION = "session"


class RememberedRenditions:
    """A ledger in memory."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Rendition] = {}

    def find(self, original_digest: str, recipe_key: str) -> Rendition | None:
        return self._made.get((original_digest, recipe_key))

    def remember(self, original_digest: str, recipe_key: str, rendition: Rendition) -> None:
        self._made[original_digest, recipe_key] = rendition


class Bench:
    """An importer on a folder of its own, and everything it reported."""

    def __init__(self, folder: Path) -> None:
        self.blobs = Blobs(folder / "blobs")
        self.thumbnails = Thumbnails(folder / "thumbnails")
        self.workers = Workers(processes=1)
        self.events: list[Event] = []
        self.importer = Importer(
            self.workers, self.blobs, self.thumbnails, RememberedRenditions(), self.events.append
        )

    async def drop(self, *paths: Path, row: int = 0) -> None:
        await self.importer.add_files(SESSION, row, paths)

    async def close(self) -> None:
        await self.importer.close()
        await self.workers.close()

    @property
    def found(self) -> tuple[Image, ...]:
        """The strip, as a window would show it."""
        draft = Draft()
        for event in self.events:
            if isinstance(event, ImagesFound):
                draft = draft.with_inserted(event.row, event.images)
            elif isinstance(event, ImagesStored):
                draft = draft.with_replaced(event.images)
            elif isinstance(event, ImagesRefused):
                draft = draft.without(one.image_id for one in event.refusals if one.image_id)
        return draft.images

    @property
    def names(self) -> list[str]:
        return [image.name for image in self.found]

    @property
    def refusals(self) -> list[Refusal]:
        return [one for event in self.events if isinstance(event, ImagesRefused) for one in event.refusals]

    @property
    def refused(self) -> dict[str, RefusalKind]:
        return {one.name: one.kind for one in self.refusals}

    @property
    def progress(self) -> list[tuple[int, int]]:
        return [(event.done, event.total) for event in self.events if isinstance(event, ImportProgressed)]


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Bench]:
    bench = Bench(folder)
    try:
        yield bench
    finally:
        await bench.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def picture(path: Path, size: tuple[int, int] = (40, 30), colour: str = "teal") -> Path:
    Picture.new("RGB", size, colour).save(path)
    return path


def png_bytes(colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Picture.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_drop_is_shown_then_stored_then_pictured(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            paths = [picture(folder / name) for name in ("b.jpg", "a.png")]
            await bench.drop(*paths, row=0)
            assert [type(event) for event in bench.events] == [ImagesFound]
            assert [(image.name, image.format, image.digest) for image in bench.found] == [
                ("b.jpg", "JPEG", None),
                ("a.png", "PNG", None),
            ]
            await bench.importer.idle()
            assert all(image.digest for image in bench.found)
            for image, path in zip(bench.found, paths, strict=True):
                assert image.digest is not None
                assert bench.blobs.path(image.digest).read_bytes() == path.read_bytes()
            shown = [event for event in bench.events if isinstance(event, ThumbnailReady)]
            assert {event.key for event in shown} == {image.digest for image in bench.found}
            assert all(len(event.rgba) == event.width * event.height * 4 for event in shown)
            assert bench.progress[-1] == (2, 2)

    asyncio.run(scenario())


def test_a_card_knows_its_digest_before_its_thumbnail_comes(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png"))
            await bench.importer.idle()
            kinds = [type(event) for event in bench.events]
            assert kinds.index(ImagesStored) < kinds.index(ThumbnailReady)

    asyncio.run(scenario())


def test_hundreds_come_in_one_trip(folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "_SHOW_AFTER_S", 60.0)  # however busy the machine is

    async def scenario() -> None:
        async with opened(data) as bench:
            one = picture(folder / "one.png").read_bytes()
            paths = [folder / f"{number}.png" for number in range(600)]
            for path in paths:
                path.write_bytes(one)
            await bench.drop(*paths, row=5)
            assert [event.row for event in bench.events if isinstance(event, ImagesFound)] == [5]
            assert len(bench.found) == 600
            bench.importer.cancel([image.id for image in bench.found])

    asyncio.run(scenario())


def test_a_folder_gives_its_pictures_in_natural_order(folder: Path, data: Path) -> None:
    (folder / "day 10").mkdir()
    for name in ("img10.png", "img2.png", "IMG1.png", "day 10/x.png", ".hidden.png"):
        picture(folder / name)
    (folder / "notes.txt").write_text("not a picture")

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(folder)
            assert bench.names == ["x.png", "IMG1.png", "img2.png", "img10.png"]
            assert bench.refused == {}

    asyncio.run(scenario())


def test_files_dropped_together_keep_their_order(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*(picture(folder / name) for name in ("10.png", "9.png", "a.png", "1.png")))
            assert bench.names == ["10.png", "9.png", "a.png", "1.png"]

    asyncio.run(scenario())


def test_formats_only_their_decoders_know_take_their_place_among_the_others(folder: Path, data: Path) -> None:
    names = ("1.jp2", "2.png", "3.jp2", "4.jp2", "5.png", "6.ppm")

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*(picture(folder / name) for name in names), row=0)
            assert bench.names == list(names)
            assert [image.format for image in bench.found] == [
                "JPEG2000",
                "PNG",
                "JPEG2000",
                "JPEG2000",
                "PNG",
                "PNM",
            ]

    asyncio.run(scenario())


def test_what_cannot_be_used_is_named_and_stops_nothing(folder: Path, data: Path) -> None:
    (folder / "notes.txt").write_text("hello")
    (folder / "nothing.png").write_bytes(b"")
    (folder / "report.pdf").write_bytes(b"%PDF-1.7 ...")
    (folder / "empty").mkdir()
    os.mkfifo(folder / "pipe")
    good = picture(folder / "good.png")
    names = ("notes.txt", "nothing.png", "report.pdf", "empty", "pipe", "gone.png")

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(
                *(folder / name for name in names[:3]), good, *(folder / name for name in names[3:])
            )
            await bench.importer.idle()
            assert bench.names == ["good.png"]
            assert bench.found[0].digest
            assert bench.refused == {
                "notes.txt": RefusalKind.NOT_AN_IMAGE,
                "nothing.png": RefusalKind.EMPTY,
                "report.pdf": RefusalKind.DAMAGED,
                "empty": RefusalKind.FOLDER,
                "pipe": RefusalKind.SPECIAL_FILE,
                "gone.png": RefusalKind.NOT_FOUND,
            }

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "name", [b"caf\xe9\n.png", b"photo\xe2\x80\xaegnp.exe", b"x" * 255, "🏔 橋.png".encode()], ids=repr
)
def test_no_name_keeps_a_picture_out(folder: Path, data: Path, name: bytes) -> None:
    path = picture(folder / "a.png").rename(folder / os.fsdecode(name))

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(path)
            await bench.importer.idle()
            assert bench.found[0].digest
            assert bench.found[0].name.encode().decode().isprintable()

    asyncio.run(scenario())


def test_links_in_a_circle_end(folder: Path, data: Path) -> None:
    picture(folder / "a.png")
    (folder / "again").symlink_to(folder, target_is_directory=True)

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(folder)
            assert bench.names == ["a.png"]

    asyncio.run(scenario())


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def rewrite(path: Path) -> None:
    picture(path, colour="red")
    os.utime(path, ns=(1, 1))


@pytest.mark.parametrize(
    "change", [Path.unlink, truncate, rewrite], ids=["vanishes", "shrinks", "is rewritten"]
)
def test_a_file_that_changes_after_it_was_shown_loses_its_card_alone(
    folder: Path, data: Path, change: Callable[[Path], None]
) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            paths = [picture(folder / f"{number}.png", (400, 300)) for number in range(3)]
            adding = bench.drop(*paths)
            await adding
            change(paths[1])
            await bench.importer.idle()
            assert bench.names == ["0.png", "2.png"]
            (refusal,) = bench.refusals
            assert (refusal.name, refusal.kind) == ("1.png", RefusalKind.CHANGED)
            assert refusal.image_id

    asyncio.run(scenario())


def test_damage_behind_a_sound_header_takes_the_card_away(folder: Path, data: Path) -> None:
    noise = Picture.frombytes("RGB", (120, 90), os.urandom(120 * 90 * 3))
    noise.save(folder / "a.jpg")
    truncate(folder / "a.jpg")

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(folder / "a.jpg")
            assert bench.names == ["a.jpg"]
            await bench.importer.idle()
            assert bench.names == []
            assert bench.refused == {"a.jpg": RefusalKind.DAMAGED}
            assert bench.progress[-1] == (1, 1)

    asyncio.run(scenario())


def test_a_picture_taken_away_is_not_read_and_can_come_back(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(
                *(picture(folder / f"{number}.png", colour=f"#00000{number}") for number in range(4))
            )
            gone = bench.found[2]
            bench.importer.cancel([gone.id])
            await bench.importer.idle()
            assert [image.digest is None for image in bench.found] == [False, False, True, False]
            assert bench.progress[-1] == (4, 4)
            bench.importer.resume([gone.id])
            await bench.importer.idle()
            assert bench.found[2].digest
            assert bench.progress[-1] == (1, 1)

    asyncio.run(scenario())


def test_a_picture_that_comes_back_at_once_is_read_all_the_same(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*(picture(folder / f"{number}.png") for number in range(3)))
            gone = [image.id for image in bench.found]
            bench.importer.cancel(gone)
            bench.importer.resume(gone)
            await bench.importer.idle()
            assert all(image.digest for image in bench.found)

    asyncio.run(scenario())


def test_a_drop_that_is_cancelled_shows_no_further_cards(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vision_studio.engine.importer._SHOW_AFTER_S", 0)
    one = picture(folder / "one.png").read_bytes()
    paths = [pictures.write(folder / f"{number}.png", one) for number in range(1000)]

    async def scenario() -> None:
        async with opened(data) as bench:
            dropping = asyncio.create_task(bench.drop(*paths))
            while not bench.found:
                await asyncio.sleep(0)
            bench.importer.stop_looking("another session")
            bench.importer.stop_looking(SESSION)
            before = len(bench.found)
            await dropping
            assert before < 1000
            assert len(bench.found) == before
            bench.importer.cancel([image.id for image in bench.found])

    asyncio.run(scenario())


def test_what_is_on_the_screen_is_read_first(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*(picture(folder / f"{number}.png", (200, 150)) for number in range(40)))
            on_screen = [image.id for image in bench.found[20:30]]
            bench.importer.want(on_screen)
            await bench.importer.idle()
            told = [
                one.id for event in bench.events if isinstance(event, ImagesStored) for one in event.images
            ]
            # A few may have begun before the window said what it shows.
            assert set(on_screen) <= set(told[: len(on_screen) + 4])

    asyncio.run(scenario())


def test_what_the_camera_embedded_is_shown_before_the_photograph_is_read(folder: Path, data: Path) -> None:
    preview = pictures.encoded(pictures.photo((160, 120)), "JPEG")
    photograph = pictures.encoded(
        pictures.photo((1600, 1200)), "JPEG", exif=pictures.exif_with_preview(preview)
    )
    paths = [pictures.write(folder / f"{number}.jpg", photograph) for number in range(12)]

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*paths)
            ids = [image.id for image in bench.found]
            bench.importer.want(ids)
            bench.importer.want(ids)  # the strip was scrolled there and back
            await bench.importer.idle()
            looks = [event for event in bench.events if isinstance(event, FirstLook)]
            assert sorted(look.image_id for look in looks) == sorted(ids)
            assert all((look.width, look.height) == (160, 120) for look in looks)
            order = [event for event in bench.events if isinstance(event, FirstLook | ThumbnailReady)]
            assert all(isinstance(event, FirstLook) for event in order[: len(ids) - 3])

    asyncio.run(scenario())


def test_pasted_bytes_become_a_card(data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.importer.add_bytes(SESSION, 0, "Pasted image.png", png_bytes())
            await bench.importer.idle()
            assert [(image.name, image.format, image.size) for image in bench.found] == [
                ("Pasted image.png", "PNG", Size(40, 30))
            ]
            assert bench.found[0].digest

    asyncio.run(scenario())


def test_pasted_rubbish_is_refused_by_name(data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.importer.add_bytes(SESSION, 0, "Pasted\nimage", b"rubbish")
            assert bench.refused == {"Pasted\N{REPLACEMENT CHARACTER}image": RefusalKind.NOT_AN_IMAGE}

    asyncio.run(scenario())


def test_an_unused_alpha_channel_is_not_called_transparent(folder: Path, data: Path) -> None:
    Picture.new("RGBA", (40, 30), (0, 90, 90, 255)).save(folder / "opaque.png")
    Picture.new("RGBA", (40, 30), (0, 90, 90, 100)).save(folder / "clear.png")

    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(folder / "opaque.png", folder / "clear.png")
            await bench.importer.idle()
            assert [Trait.TRANSPARENT in image.traits for image in bench.found] == [False, True]

    asyncio.run(scenario())


def test_a_thumbnail_is_made_anew_when_the_cache_has_none_or_a_broken_one(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png", (400, 300)))
            await bench.importer.idle()
            digest = bench.found[0].digest
            assert digest is not None
            cached = await bench.importer.thumbnail(digest)
            assert (cached.width, cached.height) == (320, 240)
            bench.thumbnails.save(digest, b"broken")
            anew = await bench.importer.thumbnail(digest)
            assert (anew.width, anew.height) == (320, 240)
            assert bench.thumbnails.find(digest) != b"broken"

    asyncio.run(scenario())


RECIPE = Recipe(Size(200, 150), Fidelity.FIT, 1_000_000)


def test_a_rendition_is_made_once_and_found_again(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png", (400, 300)))
            # It may be asked for before the original is stored.
            first, second = await asyncio.gather(
                *(bench.importer.rendition(bench.found[0], RECIPE) for _ in range(2))
            )
            assert first is second
            assert first.size == Size(200, 150)
            shown = await bench.importer.picture(bench.found[0], RECIPE)
            assert (shown.size, shown.media_type) == (Size(200, 150), first.media_type)
            assert len(shown.rgba) == 200 * 150 * 4

    asyncio.run(scenario())


def test_a_large_rendition_is_shown_small(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png", (2000, 1000)))
            recipe = Recipe(Size(2000, 1000), Fidelity.FIT, 1_000_000)
            shown = await bench.importer.picture(bench.found[0], recipe)
            assert shown.size == Size(2000, 1000)
            assert (shown.width, shown.height) == (800, 400)
            assert len(shown.rgba) == 800 * 400 * 4

    asyncio.run(scenario())


def test_a_rendition_whose_bytes_were_lost_is_made_again(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png", (400, 300)))
            first = await bench.importer.rendition(bench.found[0], RECIPE)
            bench.blobs.path(first.digest).unlink()
            assert await bench.importer.rendition(bench.found[0], RECIPE) == first
            assert bench.blobs.has(first.digest)

    asyncio.run(scenario())


def test_a_rendition_of_a_lost_original_is_refused(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(picture(folder / "a.png"))
            await bench.importer.idle()
            image = bench.found[0]
            assert image.digest is not None
            bench.blobs.path(image.digest).unlink()
            with pytest.raises(Refused) as caught:
                await bench.importer.rendition(image, RECIPE)
            assert caught.value.kind is RefusalKind.NOT_FOUND
            assert list((data / "blobs" / "incoming").iterdir()) == []

    asyncio.run(scenario())


def test_closing_in_the_middle_leaves_nothing_behind(folder: Path, data: Path) -> None:
    async def scenario() -> None:
        async with opened(data) as bench:
            await bench.drop(*(picture(folder / f"{number}.png") for number in range(20)))
        assert list((data / "blobs" / "incoming").iterdir()) == []

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        pytest.param(["10", "9", "1"], ["1", "9", "10"], id="numbers by value"),
        pytest.param(["b", "A", "a"], ["A", "a", "b"], id="case second"),
        pytest.param(["p1x10", "p1x9", "p01"], ["p01", "p1x9", "p1x10"], id="several numbers"),
        pytest.param(["2", "a", ""], ["", "2", "a"], id="numbers before letters"),
    ],
)
def test_natural_order(names: list[str], ordered: list[str]) -> None:
    assert sorted(names, key=natural_key) == ordered
