"""How high letters are is measured within a fifth, or a pixel; and where there are none, none are found."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.imaging.pictures import gradient, photo
from vision_studio import assets
from vision_studio.imaging.letters import letters

PROSE = (
    "Invoice total, net of the discount agreed in writing, is due within thirty days of receipt; interest "
    "is charged from then on at the usual rate, and goods remain ours until they are paid for in full. "
) * 8
FIGURES = "1,234.50  87.20  4,410.00  12.99  630.00  9,071.45  " * 20


def page(
    type_px: int,
    size: tuple[int, int] = (900, 1000),
    *,
    words: str = PROSE,
    ink: str = "#202020",
    paper: str = "white",
    pitch: float = 1.5,
    face: str = "Regular",
) -> Image.Image:
    made = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(made)
    font, letters_a_line = type_of(type_px, face), 3 * size[0] // type_px
    for line, top in enumerate(range(type_px, size[1] - type_px, round(type_px * pitch))):
        draw.text((type_px, top), words[line * 7 % 90 :][:letters_a_line], ink, font)
    return made


@cache
def large_page() -> Image.Image:
    return page(40, (1600, 2000))


def type_of(type_px: int, face: str = "Regular") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(assets.path(f"fonts/Inter-{face}.otf")), type_px)


def true_px(type_px: int, letter: str = "x") -> float:
    """Return how high a letter is, measured in a much larger type."""
    return -type_of(1000).getbbox(letter, anchor="ls")[1] * type_px / 1000


def near(height_px: float) -> object:
    return pytest.approx(height_px, rel=0.2, abs=1.0)


def found_px(picture: Image.Image) -> float:
    found = letters(picture)
    assert found is not None
    return found.height_px


@pytest.mark.parametrize("face", ["Regular", "Bold", "Italic"])
@pytest.mark.parametrize("type_px", [8, 10, 12, 14, 18, 24, 32])
def test_pages_in_types_of_every_size(type_px: int, face: str) -> None:
    assert found_px(page(type_px, face=face)) == near(true_px(type_px))


@pytest.mark.parametrize("type_px", [48, 64, 96])
def test_large_types(type_px: int) -> None:
    assert found_px(page(type_px, (2400, 2400))) == near(true_px(type_px))


@pytest.mark.parametrize("scale", [0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15])
def test_a_page_made_smaller(scale: float) -> None:
    small = large_page().resize((round(1600 * scale), round(2000 * scale)), Image.Resampling.LANCZOS)
    assert found_px(small) == near(true_px(40) * scale)


def turned(picture: Image.Image) -> Image.Image:
    return picture.rotate(2, fillcolor="white", resample=Image.Resampling.BICUBIC)


def beside_a_photograph(picture: Image.Image) -> Image.Image:
    made = photo((1800, 1000))
    made.paste(picture, (0, 0))
    return made


@pytest.mark.parametrize(
    ("picture", "letter"),
    [
        pytest.param(page(14, ink="#dddddd", paper="#1e1e1e"), "x", id="light on dark"),
        pytest.param(page(14, ink="#909090"), "x", id="grey"),
        pytest.param(page(14, ink="#903010", paper="#f0e0c0"), "x", id="coloured"),
        pytest.param(page(14, pitch=1.1), "x", id="tight lines"),
        pytest.param(page(14, pitch=3), "x", id="wide lines"),
        pytest.param(page(14, words=PROSE.upper()), "H", id="capitals"),
        pytest.param(page(14, words=FIGURES), "1", id="figures"),
        pytest.param(turned(page(14)), "x", id="slanting"),
        pytest.param(beside_a_photograph(page(14, (700, 1000))), "x", id="beside a photograph"),
    ],
)
def test_every_kind_of_print(picture: Image.Image, letter: str) -> None:
    assert found_px(picture) == near(true_px(14, letter))


def test_the_body_counts_and_not_its_heading() -> None:
    made = page(14, (1000, 1200))
    made.paste(page(40, (1000, 300)), (0, 0))
    assert found_px(made) == near(true_px(14))


def test_a_page_that_was_photographed_is_told_roughly() -> None:
    soft = large_page().filter(ImageFilter.GaussianBlur(2))
    assert found_px(Image.blend(soft, photo(soft.size), 0.1)) == pytest.approx(true_px(40), rel=0.35)


# What is no text


def bricks(size: tuple[int, int], wide: int, high: int) -> Image.Image:
    made, random = Image.new("RGB", size, "#cccccc"), Random(1)
    draw = ImageDraw.Draw(made)
    for row, top in enumerate(range(0, size[1], high)):
        for left in range(-wide, size[0], wide):
            start, red = left + wide // 2 * (row % 2), random.randint(140, 210)
            draw.rectangle((start + 2, top + 2, start + wide - 2, top + high - 2), (red, red - 70, red - 100))
    return made


def windows(size: tuple[int, int], wide: int, high: int) -> Image.Image:
    made, random = Image.new("RGB", size, "#999988"), Random(2)
    draw = ImageDraw.Draw(made)
    for top in range(10, size[1], high * 2):
        for left in range(10, size[0], wide * 2):
            draw.rectangle((left, top, left + wide, top + high), (random.randint(20, 90),) * 3)
    return made


def leaves(size: tuple[int, int]) -> Image.Image:
    made, random = Image.new("RGB", size, "#225544"), Random(3)
    draw = ImageDraw.Draw(made)
    for _ in range(4000):
        x, y, green = random.randrange(size[0]), random.randrange(size[1]), random.randint(60, 200)
        draw.ellipse((x, y, x + random.randint(3, 14), y + random.randint(3, 14)), (green // 3, green, 30))
    return made


def grass(size: tuple[int, int]) -> Image.Image:
    made, random = Image.new("RGB", size, "#556622"), Random(4)
    draw = ImageDraw.Draw(made)
    for _ in range(12000):
        x, y, green = random.randrange(size[0]), random.randrange(size[1]), random.randint(60, 220)
        draw.line((x, y, x + random.randint(-6, 6), y + random.randint(10, 30)), (green // 2, green, 20))
    return made


def fence(size: tuple[int, int]) -> Image.Image:
    made = Image.new("RGB", size, "#444466")
    draw = ImageDraw.Draw(made)
    for left in range(0, size[0], 10):
        draw.rectangle((left, 0, left + 5, size[1]), "#ddddcc")
    return made


def water(size: tuple[int, int]) -> Image.Image:
    made = Image.new("L", size)
    made.putdata(
        [
            int(127 + 60 * math.sin(y / 5 + math.sin(x / 40) * 2) + 60 * math.sin(x / 3 + y / 17))
            for y in range(size[1])
            for x in range(size[0])
        ]
    )
    return made


def dots(size: tuple[int, int]) -> Image.Image:
    made, random = Image.new("RGB", size, "white"), Random(5)
    draw = ImageDraw.Draw(made)
    for _ in range(400):
        x, y = random.gauss(size[0] / 2, 150), random.gauss(size[1] / 2, 120)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), "#3366cc")
    return made


SIZE = (900, 700)
NOTHING: dict[str, Callable[[], Image.Image]] = {
    "a photograph": lambda: photo(SIZE),
    "a smooth picture": lambda: gradient(SIZE),
    "noise": lambda: Image.frombytes("RGB", SIZE, Random(6).randbytes(3 * SIZE[0] * SIZE[1])),
    "one colour": lambda: Image.new("RGB", SIZE, "teal"),
    "bricks": lambda: bricks(SIZE, 40, 14),
    "small bricks": lambda: bricks(SIZE, 12, 8),
    "bricks, softly": lambda: bricks(SIZE, 20, 10).filter(ImageFilter.GaussianBlur(0.6)),
    "windows": lambda: windows(SIZE, 14, 20),
    "small windows": lambda: windows(SIZE, 6, 8),
    "leaves": lambda: leaves(SIZE),
    "grass": lambda: grass(SIZE),
    "a fence": lambda: fence(SIZE),
    "a fence on its side": lambda: fence(SIZE).rotate(90, expand=True),
    "water": lambda: water(SIZE),
    "a scatter plot": lambda: dots(SIZE),
    "a word": lambda: page(60, (400, 120), words="Exit"),
    "hardly a pixel": lambda: Image.new("L", (1, 1)),
}


@pytest.mark.parametrize("name", NOTHING)
def test_there_is_no_text_in(name: str) -> None:
    assert letters(NOTHING[name]()) is None


@pytest.mark.parametrize("name", ["ridge-dusk.jpg", "ridge-midday.jpg"])
def test_there_is_none_in_the_sample_photographs(name: str) -> None:
    with Image.open(assets.path(f"samples/{name}")) as picture:
        assert letters(picture) is None
