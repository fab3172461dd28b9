"""What a camera put into a photograph's EXIF block is shown as the photograph will be, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import pictures
from vision_studio.imaging.embedded import embedded_previews
from vision_studio.imaging.thumbnails import Thumbnail


def preview_of(folder: Path, exif: bytes, size: tuple[int, int] = (800, 600)) -> Thumbnail | None:
    data = pictures.encoded(Image.new("RGB", size), "JPEG", exif=exif)
    (found,) = embedded_previews([pictures.write(folder / "photo.jpg", data)])
    return found


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright(tmp_path: Path, orientation: int) -> None:
    card = pictures.turned_card(orientation)
    exif = pictures.exif_with_preview(pictures.encoded(card, "JPEG"), orientation)
    found = preview_of(tmp_path, exif, (card.width * 5, card.height * 5))
    assert found is not None
    image = Image.frombytes("RGBA", (found.width, found.height), found.rgba)
    assert image.size == (160, 96)
    assert pictures.quarters(image) == pictures.CORNERS


def test_bars_above_and_below_are_cut_off(tmp_path: Path) -> None:
    small = Image.new("RGB", (160, 120), "black")
    small.paste((200, 40, 40), (0, 15, 160, 105))
    found = preview_of(tmp_path, pictures.exif_with_preview(pictures.encoded(small, "JPEG")), (1600, 900))
    assert found is not None
    assert (found.width, found.height) == (160, 90)
    assert min(found.rgba[0::4]) > 100  # red all over


@pytest.mark.parametrize(
    "preview",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + bytes(100), id="another format"),
        pytest.param(b"\xff\xd8\xff" + bytes(100), id="rubbish"),
        pytest.param(pictures.encoded(pictures.noise((160, 120)), "JPEG")[:2000], id="half of one"),
        pytest.param(pictures.encoded(Image.new("RGB", (1000, 1000)), "JPEG"), id="too large to be one"),
    ],
)
def test_what_cannot_be_shown_is_no_preview(tmp_path: Path, preview: bytes) -> None:
    assert preview_of(tmp_path, pictures.exif_with_preview(preview)) is None


def test_one_bad_file_does_not_keep_the_others_from_being_shown(tmp_path: Path) -> None:
    exif = pictures.exif_with_preview(pictures.encoded(pictures.photo((160, 120)), "JPEG"))
    good = pictures.encoded(pictures.photo((800, 600)), "JPEG", exif=exif)
    paths = [
        pictures.write(tmp_path / "rubbish.jpg", b"rubbish"),
        pictures.write(tmp_path / "good.jpg", good),
        pictures.write(tmp_path / "plain.png", pictures.encoded(pictures.photo((80, 60)), "PNG")),
        tmp_path / "gone.jpg",
    ]
    found = embedded_previews(paths)
    assert [one is not None for one in found] == [False, True, False, False]
