"""Tells drawings and text from photographs by how far neighbouring pixels are apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageChops

_STEP = 64
"""A quarter of the range from black to white: the edge of a letter or a line."""

_LINED = 0.02
"""The share of such steps in a tile with a line of text in it, or more; sky, skin and walls have none."""

_TILES = 16
"""Into how many columns and rows a picture is divided to look for lines, at most."""

_EVERY_ROW = 8
"""Of eight rows one is looked at: small letters are as high."""


@dataclass(frozen=True, slots=True)
class Texture:
    """Shares of neighbouring pixels, from 0 to 1."""

    flat: float
    """Exactly alike."""
    sharp: float
    """A step or more apart."""

    @property
    def is_drawing(self) -> bool:
        """Screenshots and charts measure .8 to .9, photographs .1 to .3."""
        return self.flat >= 0.6

    @property
    def has_lines(self) -> bool:
        """Text and line art measure .008 to .03, photographs below .001; lines need their colours sharp."""
        return self.sharp >= 0.004


_ENOUGH_PIXELS = 1_000_000


def texture(image: Image.Image) -> Texture:
    """Measure how flat and how sharp a picture is, along its rows; of a large one, along some of them."""
    if image.width < 2:
        return Texture(flat=1.0, sharp=0.0)
    rows = _rows(image, max(1, image.width * image.height // _ENOUGH_PIXELS))
    counts = _steps(rows).histogram()
    pairs = (rows.width - 1) * rows.height
    return Texture(counts[0] / pairs, sum(counts[_STEP:]) / pairs)


def has_lines_anywhere(image: Image.Image) -> bool:
    """Tell whether there may be text or line art in any part of a picture, however small the part."""
    if image.width < 2:
        return True
    sharp = _steps(_rows(image, _EVERY_ROW)).point([0] * _STEP + [255] * (256 - _STEP))
    tiles = sharp.reduce((-(-sharp.width // _TILES), -(-sharp.height // _TILES)))
    _, most = cast(tuple[int, int], tiles.getextrema())
    return most >= _LINED * 255


def _rows(image: Image.Image, every: int) -> Image.Image:
    """Return the brightness of every so-manieth row."""
    size = (image.width, -(-image.height // every))
    return image.resize(size, Image.Resampling.NEAREST).convert("L")


def _steps(grey: Image.Image) -> Image.Image:
    """Return how far each pixel is from the one beside it."""
    width, height = grey.size
    return ImageChops.difference(grey.crop((1, 0, width, height)), grey.crop((0, 0, width - 1, height)))
