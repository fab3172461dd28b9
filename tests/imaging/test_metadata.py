"""Taking metadata out of a file: everything else stays where it was, byte for byte."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.imaging import pictures
from vision_studio.imaging.metadata import without_metadata

PLAIN = {
    "JPEG": pictures.encoded(pictures.photo((90, 60)), "JPEG"),
    "PNG": pictures.encoded(pictures.photo((90, 60)), "PNG"),
    "GIF": pictures.encoded(pictures.photo((90, 60)), "GIF"),
    "WEBP": pictures.encoded(pictures.photo((90, 60)), "WEBP"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_clean_file_is_the_same_afterwards(name: str) -> None:
    assert without_metadata(PLAIN[name], name) == PLAIN[name]


@pytest.mark.parametrize("name", PLAIN)
def test_a_tail_behind_the_picture_goes(name: str) -> None:
    assert without_metadata(PLAIN[name] + b"tail", name) == PLAIN[name]


@pytest.mark.parametrize("name", PLAIN)
def test_twice_is_once(name: str) -> None:
    data = {
        "JPEG": pictures.jpeg_with_everything,
        "PNG": pictures.png_with_everything,
        "GIF": pictures.gif_with_everything,
        "WEBP": pictures.webp_with_everything,
    }[name](pictures.photo((90, 60)))
    once = without_metadata(data, name)
    assert once is not None
    assert len(once) < len(data)
    assert without_metadata(once, name) == once


@pytest.mark.parametrize("length", [1, 3, 12, 40, -2, -13])
@pytest.mark.parametrize("name", PLAIN)
def test_a_file_that_ends_early_is_given_up(name: str, length: int) -> None:
    assert without_metadata(PLAIN[name][:length], name) is None


def test_what_moves_is_given_up() -> None:
    for name in ("GIF", "WEBP"):
        assert without_metadata(pictures.animated(name, 2), name) is None


def test_what_the_api_does_not_take_is_given_up() -> None:
    assert without_metadata(pictures.encoded(pictures.photo((9, 9)), "BMP"), "BMP") is None


def test_the_way_colours_are_coded_is_kept() -> None:
    inks = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    data = pictures.encoded(inks, "JPEG")
    cleaned = without_metadata(data, "JPEG")
    assert cleaned is not None
    assert Image.open(io.BytesIO(cleaned)).tobytes() == Image.open(io.BytesIO(data)).tobytes()


def test_a_preview_inside_the_file_format_header_goes() -> None:
    preview = (
        b"\xff\xe0"
        + (16 + 27).to_bytes(2, "big")
        + b"JFIF\0\x01\x01\0\0\x01\0\x01\x03\x03"
        + b"Secret..." * 3
    )
    plain = PLAIN["JPEG"]
    cleaned = without_metadata(plain[:2] + preview + plain[20:], "JPEG")
    assert cleaned is not None
    assert b"Secret" not in cleaned
    Image.open(io.BytesIO(cleaned)).load()
