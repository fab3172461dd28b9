"""Cards' pictures, and the decoding of whole files that they prove sound."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import pictures
from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.thumbnails import Thumbnail, examine, thumbnail, unpack, verify


def as_image(made: Thumbnail) -> Image.Image:
    return Image.frombytes("RGBA", (made.width, made.height), made.rgba)


@pytest.mark.parametrize("name", pictures.FORMATS)
def test_every_format_has_one(tmp_path: Path, name: str) -> None:
    file, options = pictures.FORMATS[name]
    pictures.photo((400, 240)).save(tmp_path / file, **options)
    made = thumbnail(tmp_path / file, 20)
    assert (made.width, made.height) == (20, 12)
    assert len(made.rgba) == 20 * 12 * 4


@pytest.mark.parametrize(
    ("size", "edge_px", "expected"),
    [
        pytest.param((400, 240), 100, (100, 60), id="wide"),
        pytest.param((240, 400), 100, (60, 100), id="tall"),
        pytest.param((40, 24), 100, (40, 24), id="small already"),
        pytest.param((4000, 1), 100, (100, 1), id="a line"),
        pytest.param((1, 1), 100, (1, 1), id="a point"),
    ],
)
def test_its_longer_side(
    tmp_path: Path, size: tuple[int, int], edge_px: int, expected: tuple[int, int]
) -> None:
    for name in ("JPEG", "PNG"):
        made = thumbnail(
            pictures.write(tmp_path / "a", pictures.encoded(pictures.photo(size), name)), edge_px
        )
        assert (made.width, made.height) == expected


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_it_is_upright(tmp_path: Path, name: str, orientation: int) -> None:
    card = pictures.turned_card(orientation, (800, 480))
    data = pictures.encoded(card, name, exif=pictures.exif(orientation))
    made = thumbnail(pictures.write(tmp_path / "a", data), 100)
    assert (made.width, made.height) == (100, 60)
    assert pictures.quarters(as_image(made)) == pictures.CORNERS


def test_it_keeps_transparency(tmp_path: Path) -> None:
    image = Image.new("RGBA", (400, 400), (200, 40, 40, 255))
    image.paste((0, 0, 0, 0), (0, 0, 200, 400))
    path = pictures.write(tmp_path / "a", pictures.encoded(image, "PNG"))
    for made in (thumbnail(path, 100), unpack(examine(path, 100).packed)):
        assert as_image(made).getpixel((20, 50))[3] == 0  # type: ignore[index]
        assert as_image(made).getpixel((80, 50))[3] == 255  # type: ignore[index]


def test_what_is_kept_of_it_is_small_and_looks_the_same(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", pictures.encoded(pictures.photo((800, 600)), "JPEG"))
    examined = examine(path, 256)
    kept = unpack(examined.packed)
    assert (kept.width, kept.height) == (examined.thumbnail.width, examined.thumbnail.height)
    assert len(examined.packed) < len(examined.thumbnail.rgba) / 8
    assert (examined.facts.format, examined.facts.size) == ("JPEG", Size(800, 600))


def test_only_what_shows_through_is_transparent(tmp_path: Path) -> None:
    image = Image.new("RGBA", (50, 50), (1, 2, 3, 255))
    path = pictures.write(tmp_path / "a", pictures.encoded(image, "PNG"))
    assert Trait.TRANSPARENT not in examine(path, 20).facts.traits
    image.putpixel((25, 25), (1, 2, 3, 0))
    path = pictures.write(tmp_path / "a", pictures.encoded(image, "PNG"))
    assert Trait.TRANSPARENT in examine(path, 20).facts.traits


def test_every_frame_of_a_long_animation_is_counted(tmp_path: Path) -> None:
    first = pictures.palette_noise((400, 300))
    frames = [first.rotate(turn) for turn in (0, 180, 0, 180)]
    data = pictures.encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    facts = examine(pictures.write(tmp_path / "a", data), 20).facts
    assert facts.frames == 4
    assert Trait.ANIMATED in facts.traits


def test_a_broken_cache_is_told_apart() -> None:
    for packed in (b"", b"broken", pictures.encoded(pictures.photo((30, 20)), "WEBP")[:-30]):
        with pytest.raises(Refused):
            unpack(packed)


@pytest.mark.parametrize(
    "name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "JPEG2000", "AVIF", "HEIC", "PNM", "TGA"]
)
def test_a_file_that_ends_early_is_damaged(tmp_path: Path, name: str) -> None:
    file, options = pictures.FORMATS[name]
    path = tmp_path / file
    pictures.noise((300, 200)).save(path, **options)
    verify(path)
    os.truncate(path, path.stat().st_size * 2 // 3)
    with pytest.raises(Refused) as caught:
        verify(path)
    assert caught.value.kind is RefusalKind.DAMAGED


def test_a_camera_with_a_broken_exif_block_still_takes_pictures(tmp_path: Path) -> None:
    data = pictures.encoded(
        pictures.photo((300, 200)), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(9)
    )
    verify(pictures.write(tmp_path / "a", data))
