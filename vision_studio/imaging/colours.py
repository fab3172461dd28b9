"""Plain names for colours, by nearness in a space where distance is what an eye sees."""

from __future__ import annotations

from functools import lru_cache

RGB = tuple[int, int, int]

NAMES: dict[str, RGB] = {
    "black": (0, 0, 0),
    "charcoal": (54, 54, 56),
    "dark grey": (90, 90, 90),
    "grey": (128, 128, 128),
    "silver": (162, 162, 162),
    "light grey": (200, 200, 200),
    "off-white": (240, 238, 230),
    "white": (255, 255, 255),
    "dark red": (110, 12, 16),
    "red": (214, 28, 30),
    "coral": (250, 128, 108),
    "pink": (250, 176, 196),
    "hot pink": (240, 60, 150),
    "crimson": (166, 16, 60),
    "brown": (110, 66, 34),
    "dark brown": (62, 40, 26),
    "rust": (178, 74, 28),
    "orange": (250, 140, 20),
    "peach": (255, 200, 160),
    "tan": (206, 172, 126),
    "beige": (228, 210, 176),
    "mustard": (200, 160, 32),
    "gold": (240, 194, 24),
    "yellow": (252, 232, 40),
    "pale yellow": (252, 246, 176),
    "olive": (118, 116, 30),
    "lime": (160, 226, 40),
    "bright green": (20, 230, 40),
    "green": (40, 150, 48),
    "light green": (156, 220, 150),
    "dark green": (16, 74, 30),
    "sage": (146, 164, 134),
    "mint": (178, 240, 212),
    "teal": (16, 124, 122),
    "turquoise": (64, 208, 200),
    "cyan": (20, 220, 240),
    "light blue": (160, 208, 240),
    "sky blue": (92, 172, 236),
    "blue": (32, 84, 214),
    "slate blue": (96, 118, 152),
    "navy": (14, 30, 88),
    "indigo": (70, 30, 150),
    "violet": (138, 70, 220),
    "lavender": (206, 190, 240),
    "purple": (116, 32, 122),
    "plum": (92, 36, 70),
    "magenta": (220, 30, 210),
}


def colour_name(colour: RGB) -> str:
    """Return the name of the nearest colour of the table."""
    wanted = _oklab(colour)
    return min(NAMES, key=lambda name: _distance(wanted, _oklab(NAMES[name])))


def _distance(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=4096)
def _oklab(colour: RGB) -> tuple[float, float, float]:
    """Convert from sRGB. Source: Björn Ottosson, "A perceptual color space for image processing" (2020)."""
    red, green, blue = (_linear(channel / 255) for channel in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(channel: float) -> float:
    """Undo sRGB's transfer curve (IEC 61966-2-1); the channel runs from 0 to 1."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
