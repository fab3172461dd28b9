"""What is sent of a picture: upright, sRGB, the right size, small enough, and not one word of what it hid."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageStat

from tests.imaging import pictures
from vision_studio.core.draft import Fidelity
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.decoding import opened
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.pixels import shrunk
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import GAP, Recipe, Rendered, render

CAP = 10_485_760
API_TYPES = {"image/jpeg", "image/png", "image/gif", "image/webp"}


class Made:
    """A rendition, and the source it is of."""

    def __init__(self, folder: Path, data: bytes, recipe: Recipe) -> None:
        self.source = data
        target = folder / "target"
        self.rendered: Rendered = render(pictures.write(folder / "source", data), recipe, target)
        self.data = target.read_bytes()
        assert self.rendered.size_bytes == len(self.data)
        assert self.rendered.media_type in API_TYPES
        assert f"image/{self.image.format}".lower() == self.rendered.media_type
        assert self.image.size == self.rendered.size

    @property
    def image(self) -> Image.Image:
        return Image.open(io.BytesIO(self.data))


def made(
    folder: Path,
    data: bytes,
    size: tuple[int, int] | None = None,
    fidelity: Fidelity = Fidelity.FIT,
    cap: int = CAP,
) -> Made:
    wanted = Size(*size) if size else inspect(pictures.write(folder / "source", data)).size
    return Made(folder, data, Recipe(wanted, fidelity, cap))


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return how far two pictures are apart, in levels of 255, on average."""
    apart = ImageChops.difference(first.convert("RGB"), second.convert("RGB"))
    return sum(ImageStat.Stat(apart).mean) / 3


# --- upright ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fidelity", Fidelity)
@pytest.mark.parametrize("size", [(160, 96), (80, 48)], ids=["as large", "smaller"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_pixels_are_upright(
    tmp_path: Path, name: str, orientation: int, size: tuple[int, int], fidelity: Fidelity
) -> None:
    card = pictures.turned_card(orientation)
    data = pictures.encoded(card, name, exif=pictures.exif(orientation))
    picture = made(tmp_path, data, size, fidelity)
    assert picture.image.size == size
    assert pictures.quarters(picture.image) == pictures.CORNERS
    assert picture.image.getexif().get(0x0112, 1) == 1


# --- without a word ---------------------------------------------------------------------------------------

TALKATIVE = {
    "JPEG": pictures.jpeg_with_everything(pictures.photo((160, 96))),
    "progressive JPEG": pictures.jpeg_with_everything(pictures.photo((160, 96)), progressive=True),
    "PNG": pictures.png_with_everything(pictures.photo((160, 96))),
    "GIF": pictures.gif_with_everything(pictures.photo((160, 96))),
    "WebP": pictures.webp_with_everything(pictures.photo((160, 96))),
    "lossless WebP": pictures.webp_with_everything(pictures.photo((160, 96)), lossless=True),
    "AVIF": pictures.encoded(
        pictures.photo((160, 96)), "AVIF", exif=pictures.exif(place=True), xmp=pictures.XMP
    ),
    "TIFF": pictures.encoded(pictures.photo((160, 96)), "TIFF", exif=pictures.exif()),
}


@pytest.mark.parametrize("fidelity", Fidelity)
@pytest.mark.parametrize("size", [(160, 96), (80, 48)], ids=["as large", "smaller"])
@pytest.mark.parametrize("name", TALKATIVE)
def test_nothing_but_the_picture_is_in_the_bytes(
    tmp_path: Path, name: str, size: tuple[int, int], fidelity: Fidelity
) -> None:
    assert b"Secret" in TALKATIVE[name]
    picture = made(tmp_path, TALKATIVE[name], size, fidelity)
    assert [secret for secret in pictures.SECRETS if secret in picture.data] == []
    image = picture.image
    image.load()
    assert dict(image.getexif()) == {}
    harmless = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform"}
    moving = {
        "loop",
        "background",
        "timestamp",
        "duration",
        "version",
        "progressive",
        "progression",
        "extension",
    }
    assert set(image.info) <= harmless | moving


@pytest.mark.parametrize("name", ["JPEG", "progressive JPEG", "PNG", "WebP", "lossless WebP", "GIF"])
def test_taking_words_out_changes_no_pixel(tmp_path: Path, name: str) -> None:
    picture = made(tmp_path, TALKATIVE[name])
    before = Image.open(io.BytesIO(TALKATIVE[name]))
    assert picture.image.format == before.format
    assert picture.image.convert("RGB").tobytes() == before.convert("RGB").tobytes()


# --- byte for byte ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fidelity", Fidelity)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("JPEG", {"quality": 40}, id="JPEG"),
        pytest.param("JPEG", {"progressive": True}, id="progressive JPEG"),
        pytest.param("PNG", {}, id="PNG"),
        pytest.param("PNG", {"dpi": (144, 144)}, id="PNG with a density"),
        pytest.param("GIF", {}, id="GIF"),
        pytest.param("WEBP", {}, id="WebP"),
        pytest.param("WEBP", {"lossless": True}, id="lossless WebP"),
    ],
)
def test_what_is_fit_is_not_touched(
    tmp_path: Path, name: str, options: dict[str, Any], fidelity: Fidelity
) -> None:
    data = pictures.encoded(pictures.photo((160, 96)), name, **options)
    assert made(tmp_path, data, fidelity=fidelity).data == data


def test_a_profile_that_says_srgb_is_no_reason_to_touch_a_file(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.photo((160, 96)), "JPEG", icc_profile=pictures.srgb_profile())
    assert made(tmp_path, data).data == data


def test_keeping_the_original_keeps_its_profile(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.photo((160, 96)), "JPEG", icc_profile=pictures.swapped_profile())
    assert made(tmp_path, data, fidelity=Fidelity.ORIGINAL).data == data


@pytest.mark.parametrize("name", ["GIF", "WEBP", "PNG"])
@pytest.mark.parametrize("fidelity", Fidelity)
def test_of_what_moves_the_first_frame_is_sent(tmp_path: Path, name: str, fidelity: Fidelity) -> None:
    picture = made(tmp_path, pictures.animated(name, 3), fidelity=fidelity)
    assert getattr(picture.image, "n_frames", 1) == 1
    assert difference(picture.image, Image.new("RGB", (40, 24), (0, 0, 90))) < 4


# --- the right coding -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(pictures.FORMATS) - {"JPEG", "PNG", "GIF", "WEBP"}))
@pytest.mark.parametrize("fidelity", Fidelity)
def test_what_the_api_does_not_take_is_converted(tmp_path: Path, name: str, fidelity: Fidelity) -> None:
    file, options = pictures.FORMATS[name]
    source = pictures.photo((40, 24))
    source.save(tmp_path / file, **options)
    picture = made(tmp_path, (tmp_path / file).read_bytes(), fidelity=fidelity)
    assert difference(picture.image, source) < 8


def test_a_photograph_becomes_a_small_jpeg(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.photo((1200, 800)), "PNG")
    picture = made(tmp_path, data, (600, 400))
    assert picture.rendered.media_type == "image/jpeg"
    assert picture.image.layer[0][1:3] == (2, 2)  # type: ignore[attr-defined]  # colours at half resolution


def test_a_screenshot_keeps_every_pixel(tmp_path: Path) -> None:
    page = pictures.page()
    data = pictures.encoded(page, "BMP")
    picture = made(tmp_path, data)
    assert picture.image.convert("RGB").tobytes() == page.tobytes()
    assert len(picture.data) < len(data) / 10


def test_a_shrunk_screenshot_is_coded_without_loss(tmp_path: Path) -> None:
    picture = made(tmp_path, pictures.encoded(pictures.page((1600, 1200)), "PNG"), (800, 600))
    assert picture.rendered.media_type in ("image/png", "image/webp")
    if picture.rendered.media_type == "image/webp":
        assert b"VP8L" in picture.data[:64]


def test_text_in_a_jpeg_keeps_sharp_colours(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.page((1600, 1200), ink="red"), "JPEG", quality=95)
    picture = made(tmp_path, data, (1500, 1125))
    assert picture.rendered.media_type == "image/jpeg"
    assert picture.image.layer[0][1:3] == (1, 1)  # type: ignore[attr-defined]


def test_keeping_the_original_converts_without_loss(tmp_path: Path) -> None:
    source = pictures.photo((160, 96))
    picture = made(tmp_path, pictures.encoded(source, "BMP"), fidelity=Fidelity.ORIGINAL)
    assert picture.image.convert("RGB").tobytes() == source.tobytes()


@pytest.mark.parametrize(
    ("size", "most"),
    [
        pytest.param((800, 600), 0.6, id="far"),
        pytest.param((1250, 938), 0.8, id="half of it by the decoder"),
        pytest.param((1800, 1350), 0.3, id="from every pixel"),
    ],
)
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_text_shrinks_as_if_no_shortcut_were_taken(
    tmp_path: Path, name: str, size: tuple[int, int], most: float
) -> None:
    """Decoders can shrink too, and quickly; what they leave to do must be done with care."""
    page = pictures.page((3200, 2400))
    data = pictures.encoded(page, name, quality=100)
    with opened(pictures.write(tmp_path / "page", data), name) as image:
        shrunk_page = shrunk(image, Size(*size), gap=GAP)
    assert carelessness(shrunk_page, page) < most


def test_a_few_lines_in_the_corner_of_a_photograph_are_shrunk_with_care(tmp_path: Path) -> None:
    photograph = pictures.photo((3200, 2400))
    corner = (2900, 2200, 3200, 2400)
    photograph.paste(pictures.page((300, 200)), corner)
    data = pictures.encoded(photograph, "JPEG", quality=100)
    with opened(pictures.write(tmp_path / "photograph", data), "JPEG") as image:
        small = shrunk(image, Size(1280, 960), gap=GAP)
    shrunk_corner = small.crop((1160, 880, 1280, 960))
    assert carelessness(shrunk_corner, photograph.crop(corner)) < 0.8


def carelessness(small: Image.Image, source: Image.Image) -> float:
    """Return how far a shrunk picture is from a careful one; 1 is as far as one by averages alone."""
    with_care = source.resize(small.size, Image.Resampling.LANCZOS)
    by_averages = source.resize(small.size, Image.Resampling.BOX)
    return difference(small, with_care) / difference(by_averages, with_care)


# --- colours ----------------------------------------------------------------------------------------------


def test_another_colour_space_is_converted(tmp_path: Path) -> None:
    red = Image.new("RGB", (64, 64), (200, 40, 40))
    for name in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"):
        data = pictures.encoded(red, name, icc_profile=pictures.swapped_profile())
        picture = made(tmp_path, data)
        red_level, green_level, _ = ImageStat.Stat(picture.image.convert("RGB")).mean
        assert green_level > red_level + 80, name
        assert "icc_profile" not in picture.image.info


def test_a_broken_profile_is_ignored(tmp_path: Path) -> None:
    source = pictures.photo((64, 64))
    data = pictures.encoded(source, "PNG", icc_profile=b"not a profile")
    assert difference(made(tmp_path, data, (32, 32)).image, source.resize((32, 32))) < 6


def test_four_inks_become_three_colours(tmp_path: Path) -> None:
    source = Image.new("CMYK", (64, 64), (0, 255, 255, 0))
    for name in ("JPEG", "TIFF"):
        for fidelity in Fidelity:
            picture = made(tmp_path, pictures.encoded(source, name), fidelity=fidelity)
            assert difference(picture.image, Image.new("RGB", (64, 64), (255, 0, 0))) < 6
            assert picture.image.mode == "RGB"


@pytest.mark.parametrize(
    ("mode", "value", "level"),
    [("I;16", 32896, 128), ("I", 200, 200), ("I", 65535, 255), ("1", 255, 255), ("L", 77, 77), ("P", 3, 30)],
)
def test_greys_of_any_depth_keep_their_level(tmp_path: Path, mode: str, value: int, level: int) -> None:
    image = Image.new(mode, (64, 64), value)
    if mode == "P":
        image.putpalette([10 * (index // 3) % 256 for index in range(768)])
    picture = made(tmp_path, pictures.encoded(image, "TIFF" if mode != "1" else "PNG"), (32, 32))
    assert difference(picture.image, Image.new("L", (32, 32), level)) < 2


def test_more_than_eight_bits_to_a_colour(tmp_path: Path) -> None:
    level = (200 * 257).to_bytes(2, "little") + bytes(2) + (100 * 257).to_bytes(2, "little")
    deep = pillow_heif.from_bytes("RGB;16", (64, 64), level * 64 * 64)
    deep.save(tmp_path / "deep.heic", quality=90)
    picture = made(tmp_path, (tmp_path / "deep.heic").read_bytes())
    assert difference(picture.image, Image.new("RGB", (64, 64), (200, 0, 100))) < 4


def test_measurements_in_floating_point_span_the_whole_range(tmp_path: Path) -> None:
    image = pictures.gradient((64, 64), "F").point(lambda value: value * 0.001 - 5)
    darkest, brightest = made(tmp_path, pictures.encoded(image, "TIFF")).image.convert("L").getextrema()
    assert darkest < 4
    assert brightest > 251


@pytest.mark.parametrize("name", ["PNG", "TIFF", "WEBP", "GIF"])
def test_transparency_is_kept(tmp_path: Path, name: str) -> None:
    image = Image.new("RGBA", (64, 64), (200, 40, 40, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    picture = made(tmp_path, pictures.encoded(image, name), (32, 32))
    alpha = picture.image.convert("RGBA").getchannel("A")
    assert alpha.getpixel((4, 16)) == 0
    assert alpha.getpixel((28, 16)) == 255


def test_no_dark_seam_where_clear_meets_opaque(tmp_path: Path) -> None:
    image = Image.new("RGBA", (64, 64), (255, 255, 255, 255))
    image.paste((0, 0, 0, 0), (0, 0, 31, 64))  # clear black
    picture = made(tmp_path, pictures.encoded(image, "PNG"), (30, 30))
    shown = Image.new("RGBA", (30, 30), "white")
    shown.alpha_composite(picture.image.convert("RGBA"))
    assert shown.convert("L").getextrema()[0] > 250


def test_an_alpha_channel_nobody_uses_is_left_out(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.photo((160, 96)).convert("RGBA"), "PNG")
    assert made(tmp_path, data, (80, 48)).rendered.media_type == "image/jpeg"


# --- small enough -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("fidelity", Fidelity)
@pytest.mark.parametrize("cap", [60_000, 8_000, 1_500])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_the_base64_text_never_exceeds_the_cap(
    tmp_path: Path, mode: str, cap: int, fidelity: Fidelity
) -> None:
    image = pictures.noise((300, 200)).convert(mode)
    if mode == "RGBA":
        image.putalpha(pictures.gradient((300, 200), "L"))
    picture = made(tmp_path, pictures.encoded(image, "PNG"), fidelity=fidelity, cap=cap)
    assert 4 * -(-len(picture.data) // 3) <= cap


def test_quality_goes_before_size(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.noise((300, 200)), "JPEG", quality=100)
    picture = made(tmp_path, data, cap=60_000)
    assert picture.rendered.size == (300, 200)


def test_a_recipe_larger_than_the_picture_enlarges_nothing(tmp_path: Path) -> None:
    picture = made(tmp_path, pictures.encoded(pictures.photo((160, 96)), "BMP"), (320, 192))
    assert picture.rendered.size == (160, 96)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (3, 2)])
def test_very_small_and_very_thin_pictures(tmp_path: Path, size: tuple[int, int]) -> None:
    for name in ("PNG", "JPEG", "BMP"):
        picture = made(tmp_path, pictures.encoded(pictures.photo(size), name))
        assert picture.rendered.size == size


# --- the same again ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["JPEG", "PNG", "AVIF", "TIFF"])
def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    data = pictures.encoded(pictures.photo((400, 300)), name)
    assert made(tmp_path, data, (200, 150)).data == made(tmp_path, data, (200, 150)).data


def test_different_recipes_have_different_keys() -> None:
    recipes = [
        Recipe(Size(width, 10), fidelity, cap)
        for width in (10, 20)
        for fidelity in Fidelity
        for cap in (1, 2)
    ]
    assert len({recipe.key for recipe in recipes}) == len(recipes)
    assert Recipe(Size(10, 10), Fidelity.FIT, 1).key == Recipe(Size(10, 10), Fidelity.FIT, 1).key


# --- damage -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(300, 200), (150, 100)], ids=["as large", "smaller"])
@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"])
def test_half_a_file_is_refused(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    data = pictures.encoded(pictures.noise((300, 200)), name)
    source = pictures.write(tmp_path / "source", data[: len(data) // 2])
    with pytest.raises(Refused) as caught:
        render(source, Recipe(Size(*size), Fidelity.FIT, CAP), tmp_path / "target")
    assert caught.value.kind is RefusalKind.DAMAGED
    assert not (tmp_path / "target").exists()
