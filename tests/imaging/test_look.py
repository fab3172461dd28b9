"""What the practice server can say about a picture is measured right."""

from __future__ import annotations

import random
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from vision_studio.core.size import Size
from vision_studio.imaging.colours import NAMES, colour_name
from vision_studio.imaging.look import NotAPicture, look, mean_difference, read_heading

MANY_PIXELS = 64_000_000
FORMATS = [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")]


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def plain(colour: Any = "red", size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(size[0] * size[1] * 3))


@pytest.mark.parametrize(("kind", "media_type"), FORMATS)
def test_heading(kind: str, media_type: str) -> None:
    heading = read_heading(encoded(plain(), kind))
    assert (heading.media_type, heading.size) == (media_type, Size(60, 40))


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 50}, {"exif": b"Exif\0\0"}])
def test_every_kind_of_webp_has_its_size(options: dict[str, Any]) -> None:
    assert read_heading(encoded(plain(size=(333, 77)), "WEBP", **options)).size == Size(333, 77)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_the_size_is_that_of_the_upright_picture(kind: str) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    assert read_heading(encoded(plain(), kind, exif=turned)).size == Size(40, 60)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_picture_is_measured_upright(mode: str) -> None:
    sideways = plain("white", mode=mode)
    sideways.paste("black", (0, 0, 30, 40))
    turned = Image.Exif()
    turned[0x0112] = 6
    upright = sideways.transpose(Image.Transpose.ROTATE_270)
    one = look(encoded(sideways, exif=turned), MANY_PIXELS)
    other = look(encoded(upright), MANY_PIXELS)
    assert mean_difference(one, other) == 0


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "JPEG"])
def test_a_bomb_is_not_decoded(kind: str) -> None:
    data = encoded(plain(size=(101, 100)), kind)
    with pytest.raises(NotAPicture, match="more than 10000 pixels"):
        look(data, 10_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8X",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        read_heading(data)


@pytest.mark.parametrize(("kind", "media_type"), FORMATS)
def test_damage_never_raises_anything_else(kind: str, media_type: str) -> None:
    sound = encoded(noise((50, 40)), kind)
    chance = random.Random(7)
    for _ in range(150):
        data = bytearray(sound[: chance.randrange(len(sound))])
        for _ in range(chance.randrange(12)):
            if data:
                data[chance.randrange(min(len(data), 200))] = chance.randrange(256)
        try:
            look(bytes(data), MANY_PIXELS)
        except NotAPicture:
            continue


@pytest.mark.parametrize(
    ("image", "colours", "brightness"),
    [
        pytest.param(plain("red"), ["red"], 76, id="red"),
        pytest.param(plain(128, mode="L"), ["grey"], 128, id="grey scale"),
        pytest.param(plain(1, mode="1"), ["white"], 255, id="one bit"),
        pytest.param(plain(32768, mode="I;16"), ["grey"], 128, id="sixteen bits"),
        pytest.param(plain((0, 0, 255, 0), mode="RGBA"), ["white"], 255, id="transparent, on white"),
        pytest.param(plain("red").convert("P"), ["red"], 76, id="palette"),
        pytest.param(plain("navy", size=(1, 1)), ["navy"], 15, id="one pixel"),
    ],
)
def test_colours_and_brightness(image: Image.Image, colours: list[str], brightness: int) -> None:
    seen = look(encoded(image), MANY_PIXELS)
    assert [colour.name for colour in seen.colours] == colours
    assert seen.brightness == pytest.approx(brightness, abs=1)
    assert (seen.contrast, seen.sharpness) == (0, 0)


def test_colours_come_by_their_share() -> None:
    flag = plain("white", (90, 60))
    flag.paste("green", (0, 0, 20, 60))
    flag.paste("red", (20, 0, 50, 60))
    seen = look(encoded(flag), MANY_PIXELS)
    assert [(colour.name, round(colour.share, 2)) for colour in seen.colours] == [
        ("white", 0.44),
        ("red", 0.33),
        ("green", 0.22),
    ]


def test_a_blurred_picture_is_less_sharp_and_has_less_contrast() -> None:
    from PIL import ImageFilter

    sharp = noise((200, 200))
    soft = sharp.filter(ImageFilter.GaussianBlur(3))
    one, other = (look(encoded(image), MANY_PIXELS) for image in (sharp, soft))
    assert one.sharpness > 50 * other.sharpness
    assert one.contrast > other.contrast


def test_size_does_not_change_what_is_measured() -> None:
    large = noise((40, 30)).resize((2000, 1500), Image.Resampling.NEAREST)
    half = large.resize((1000, 750), Image.Resampling.NEAREST)
    one, other = (look(encoded(image), MANY_PIXELS) for image in (large, half))
    assert one.sharpness == pytest.approx(other.sharpness, rel=0.1)
    assert one.brightness == pytest.approx(other.brightness, abs=0.5)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animation_is_noticed(kind: str) -> None:
    frames = [plain("red"), plain("blue")]
    moving = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert look(moving, MANY_PIXELS).animated
    assert not look(encoded(frames[0], kind), MANY_PIXELS).animated
    assert look(moving, MANY_PIXELS).colours[0].name == "red"


def test_differences_run_from_none_to_all() -> None:
    black, white, grey = (
        look(encoded(plain(colour)), MANY_PIXELS) for colour in ("black", "white", (128,) * 3)
    )
    assert mean_difference(black, black) == 0
    assert mean_difference(black, white) == 1
    assert mean_difference(black, grey) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((255, 0, 0), "red"),
        ((0, 128, 0), "green"),
        ((0, 0, 255), "blue"),
        ((135, 206, 235), "light blue"),
        ((25, 25, 112), "navy"),
        ((128, 128, 128), "grey"),
        ((245, 222, 179), "beige"),
        ((139, 69, 19), "brown"),
    ],
)
def test_colours_have_plain_names(colour: tuple[int, int, int], name: str) -> None:
    assert colour_name(colour) == name


def test_every_colour_of_the_table_has_its_own_name() -> None:
    assert {name: colour_name(colour) for name, colour in NAMES.items()} == {name: name for name in NAMES}
