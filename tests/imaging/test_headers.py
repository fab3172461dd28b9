"""What our own parsers read in the headers of HEIC, AVIF and TIFF files is what their decoders say, too."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest

from tests.imaging import pictures
from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.imaging.decoding import header_by_decoder
from vision_studio.imaging.headers import Header
from vision_studio.imaging.inspect import inspect, inspect_frame, inspect_quickly
from vision_studio.imaging.pages import read_pages
from vision_studio.imaging.refusal import Refused

PHOTO = pictures.photo((300, 200))
EVERYTHING = {Trait.GPS, Trait.METADATA}


def quick(path: Path) -> Header:
    """Return what is known without a decoder, as a decoder would put it."""
    facts = inspect_quickly(path)
    assert facts is not None
    stored = facts.size if facts.orientation < 5 else facts.size[::-1]
    traits = facts.traits - {Trait.ROTATED}
    return Header(*stored, facts.orientation, facts.frames, frozenset(traits))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["HEIC", "AVIF"])
def test_a_turned_picture(tmp_path: Path, name: str, orientation: int) -> None:
    exif = pictures.exif(orientation, place=True)
    data = pictures.encoded(pictures.turned_card(orientation), name, exif=exif)
    path = pictures.write(tmp_path / "a", data)
    assert quick(path) == header_by_decoder(path, name)
    assert inspect(path).traits >= EVERYTHING


@pytest.mark.parametrize("name", ["HEIC", "AVIF", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_every_kind_of_picture(tmp_path: Path, mode: str, name: str) -> None:
    path = pictures.write(tmp_path / "a", pictures.encoded(PHOTO.convert(mode), name))
    assert quick(path) == header_by_decoder(path, name)


@pytest.mark.parametrize("name", ["HEIC", "AVIF"])
def test_words_about_a_picture(tmp_path: Path, name: str) -> None:
    path = pictures.write(tmp_path / "a", pictures.encoded(PHOTO, name, xmp=pictures.XMP))
    assert inspect(path).traits == {Trait.METADATA}
    path = pictures.write(tmp_path / "a", pictures.encoded(PHOTO, name, exif=pictures.exif()))
    assert inspect(path).traits == {Trait.METADATA}


def test_a_picture_of_many_tiles(tmp_path: Path) -> None:
    tiles = pictures.encoded(pictures.photo((700, 500)), "HEIC", tile_size=128)
    assert b"grid" in tiles
    path = pictures.write(tmp_path / "a", tiles)
    assert inspect(path).size == (700, 500)
    assert quick(path) == header_by_decoder(path, "HEIC")


@pytest.mark.parametrize("size", [(40, 24), (41, 25), (64, 64), (1, 1)], ids=str)
@pytest.mark.parametrize("name", ["HEIC", "AVIF"])
def test_a_picture_smaller_than_its_coded_blocks(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    path = pictures.write(tmp_path / "a", pictures.encoded(pictures.gradient(size), name))
    assert inspect(path).size == size
    assert quick(path) == header_by_decoder(path, name)


def test_a_crop_between_pixels_is_left_to_the_decoder(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.gradient((40, 24)), "HEIC")
    at = data.index(b"clap") + 4
    halves = struct.pack(">4L", 79, 2, 24, 1)
    assert inspect_quickly(pictures.write(tmp_path / "a", data[:at] + halves + data[at + 16 :])) is None


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"miaf", b"heix"], ids=repr)
def test_the_brands_may_stand_in_any_order(tmp_path: Path, brand: bytes) -> None:
    data = pictures.encoded(PHOTO, "HEIC")
    assert b"heic" in data[12 : data[3]]
    path = pictures.write(tmp_path / "a", data[:8] + brand + data[12:])
    assert (inspect(path).format, inspect(path).size) == ("HEIC", PHOTO.size)
    assert header_by_decoder(path, "HEIC")[:2] == PHOTO.size


def test_an_animation_is_left_to_the_decoder(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", pictures.animated("AVIF", 3))
    assert inspect_quickly(path) is None
    assert inspect(path).frames == 3


# --- TIFF -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("big", [False, True], ids=["TIFF", "BigTIFF"])
def test_a_page_with_everything(tmp_path: Path, big: bool) -> None:
    data = pictures.tiff_with_everything(PHOTO, big)
    assert data[2] == (43 if big else 42)
    facts = inspect_quickly(pictures.write(tmp_path / "a", data))
    assert facts is not None
    assert (facts.size, facts.frames) == (PHOTO.size, 1)
    assert facts.traits == {Trait.GPS, Trait.METADATA, Trait.LOSSLESS}


def directory(order: str, tags: dict[int, tuple[int, int]], following: int = 0) -> bytes:
    """Return a directory of numbers, each with its type: 3 for 16 bits, 4 for 32."""
    entries = b"".join(
        struct.pack(order + "HHL", tag, kind, 1)
        + struct.pack(order + ("HH" if kind == 3 else "L"), value, *(0,) * (kind == 3))
        for tag, (kind, value) in sorted(tags.items())
    )
    return struct.pack(order + "H", len(tags)) + entries + struct.pack(order + "L", following)


def tiff(order: str, *pages: dict[int, tuple[int, int]]) -> bytes:
    data = b"II*\0" if order == "<" else b"MM\0*"
    data += struct.pack(order + "L", 8)
    for number, tags in enumerate(pages, start=1):
        end = len(data) + 6 + 12 * len(tags)
        data += directory(order, tags, end if number < len(pages) else 0)
    return data


def page(width: int, height: int, **tags: int) -> dict[int, tuple[int, int]]:
    named = {"orientation": 274, "kind": 254, "raw": 50706, "below": 330}
    return {256: (4, width), 257: (3, height), **{named[name]: (4, value) for name, value in tags.items()}}


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
def test_pages_are_upright_each_by_itself(tmp_path: Path, order: str) -> None:
    data = tiff(order, page(40, 24), page(30, 50, orientation=6), page(7, 9, orientation=3))
    path = pictures.write(tmp_path / "a", data)
    assert read_pages(path).sizes == ((40, 24), (50, 30), (7, 9))
    assert inspect(path).frames == 3
    assert [inspect_frame(path, frame).size for frame in range(3)] == [(40, 24), (50, 30), (7, 9)]
    with pytest.raises(Refused) as caught:
        inspect_frame(path, 3)
    assert caught.value.kind is RefusalKind.DAMAGED


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(page(160, 120, raw=1), id="a digital negative"),
        pytest.param(page(160, 120, kind=1, below=8), id="a preview with the picture below it"),
    ],
)
def test_what_a_camera_saw_is_not_taken_for_its_preview(
    tmp_path: Path, first: dict[int, tuple[int, int]]
) -> None:
    with pytest.raises(Refused) as caught:
        inspect(pictures.write(tmp_path / "a", tiff("<", first)))
    assert (caught.value.kind, caught.value.detail) == (RefusalKind.UNSUPPORTED_FORMAT, "RAW")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tiff("<", page(40, 24))[:-9], id="ends early"),
        pytest.param(tiff("<", {254: (4, 0)}), id="no size"),
        pytest.param(b"II*\0\0\0\0\0", id="no page"),
        pytest.param(b"II*\0\xff\xff\xff\xff", id="a page behind the end"),
        pytest.param(b"II*\0\x08\0\0\0\xff\xff" + bytes(12 * 65_535 + 4), id="65,535 tags"),
        pytest.param(b"II*\0\x08\0\0\0" + directory("<", page(4, 4), 8), id="round in a circle"),
    ],
)
def test_a_broken_directory(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        inspect(pictures.write(tmp_path / "a", data))
    assert caught.value.kind is RefusalKind.DAMAGED


@pytest.mark.parametrize("at", [7, 10_000, 0xFFFFFFFF])
def test_a_broken_place_is_no_place(tmp_path: Path, at: int) -> None:
    data = tiff("<", {**page(40, 24), 34853: (4, at)})
    facts = inspect(pictures.write(tmp_path / "a", data))
    assert (facts.size, facts.traits) == ((40, 24), {Trait.METADATA, Trait.LOSSLESS})


def test_no_more_pages_are_counted_than_anybody_chooses_from(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", tiff("<", *[page(4, 4)] * 2500))
    assert inspect(path).frames == len(read_pages(path).sizes) == 2000


# --- headers made to take long ----------------------------------------------------------------------------


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">L4s", len(body) + 8, kind) + body


def heic_of(places: bytes, items: int = 1) -> bytes:
    """Return the header of a HEIC of 40 × 24 px with blocks of EXIF at ``places``."""
    infos = [box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), b"Exif\0") for number in range(items)]
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(
        b"meta",
        bytes(4),
        box(b"pitm", bytes(4), struct.pack(">H", 1)),
        box(b"iinf", bytes(4), struct.pack(">H", items), *infos),
        box(b"iloc", places),
        box(
            b"iprp",
            box(b"ipco", box(b"ispe", bytes(4), struct.pack(">LL", 40, 24))),
            box(b"ipma", bytes(4), struct.pack(">LHBB", 1, 1, 1, 1)),
        ),
    )


@pytest.mark.parametrize(
    "data",
    [
        # Each of 10,000 items has 65,535 parts, none of which takes a byte.
        pytest.param(
            heic_of(bytes(6) + b"\x27\x10" + struct.pack(">HHH", 9, 0, 65_535) * 10_000), id="parts"
        ),
        # Each of 900 blocks is looked for among 10,000 places.
        pytest.param(
            heic_of(bytes(6) + b"\x27\x10" + struct.pack(">HHH", 9999, 0, 0) * 10_000, items=900), id="blocks"
        ),
    ],
)
def test_a_heic_made_to_take_long(tmp_path: Path, data: bytes) -> None:
    path = pictures.write(tmp_path / "a", data)
    started = time.process_time()
    facts = inspect_quickly(path)
    assert time.process_time() - started < 1
    assert facts is not None
    assert facts.size == (40, 24)


def test_pages_that_lie_over_each_other(tmp_path: Path) -> None:
    """2,000 directories of 2,048 tags each, in a file of 33 KB: each begins four bytes behind the last."""
    counts = struct.pack("<HH", 2048, 0) * 6145
    following = b"".join(struct.pack("<L", 12 + 4 * number) for number in range(2000))
    data = b"II*\0\x08\0\0\0" + counts[: 2 + 12 * 2048] + following
    path = pictures.write(tmp_path / "a", data)
    started = time.process_time()
    with pytest.raises(Refused):
        inspect(path)
    assert time.process_time() - started < 1
