"""Shrinks, colours and turns decoded pictures: never more than one of them at full size in memory."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from typing import cast

from PIL import Image, ImageCms

from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.imaging.texture import has_lines_anywhere

_BAND_PIXELS = 4_000_000
"""How much of a large picture is converted at once: 16 MB."""

_BLACK: dict[str, int | tuple[int, ...]] = {
    "L": 0,
    "RGB": (0, 0, 0),
    "RGBA": (0, 0, 0, 255),
    "CMYK": (0, 0, 0, 255),
    "I": 0,
    "F": 0,
}

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture upright, given its EXIF orientation."""
    return image.transpose(_TURNS[orientation]) if orientation in _TURNS else image


def stored_size(upright: Size, orientation: int) -> Size:
    """Return the size that becomes ``upright`` once the orientation is applied."""
    return Size(upright.height, upright.width) if orientation >= 5 else upright


def stored_box(box: Box, upright: Size, orientation: int) -> Box:
    """Return where a box of the upright picture is in the stored one, given its EXIF orientation."""
    left, top, right, bottom = box
    width, height = upright
    return {
        2: Box(width - right, top, width - left, bottom),
        3: Box(width - right, height - bottom, width - left, height - top),
        4: Box(left, height - bottom, right, height - top),
        5: Box(top, left, bottom, right),
        6: Box(top, width - right, bottom, width - left),
        7: Box(height - bottom, width - right, height - top, width - left),
        8: Box(height - bottom, left, height - top, right),
    }.get(orientation, box)


def black_out(image: Image.Image, boxes: Iterable[Box]) -> None:
    """Paint boxes of a picture black and opaque, whatever was there; what lies outside it is passed over."""
    for left, top, right, bottom in boxes:
        inside = max(left, 0), max(top, 0), min(right, image.width), min(bottom, image.height)
        if inside[0] < inside[2] and inside[1] < inside[3]:
            image.paste(_BLACK[image.mode], inside)


def shrunk(
    image: Image.Image,
    size: Size,
    gap: float,
    resampling: Image.Resampling | None = None,
    covered: Sequence[Box] = (),
) -> Image.Image:
    """Decode a picture and scale it, in sRGB, to ``size``. The result is L, RGB or RGBA.

    What can be done fast is done first: a JPEG decoder's own scaling down to no less than ``gap`` times the
    size, or an average over whole blocks, which blurs more, down to no less than twice that. Without a
    ``resampling`` the rest is done with as much care as the picture needs.

    ``covered``: boxes, as the picture is stored, that are made black first. Then every pixel is decoded: a
    JPEG decoder that scales mixes what is beside a box with what is in it.
    """
    width, height = image.size
    profile = image.info.get("icc_profile")
    across, down = float(width), float(height)
    wanted = (_ceil(size.width * gap), _ceil(size.height * gap))
    drafted = None if covered else image.draft(image.mode, wanted)
    if drafted:
        _, (_, _, across, down) = drafted
    factor = max(1, int(min(across / size.width, down / size.height) / (2 * gap)))
    small = _plain(image, factor, covered)
    if small.size != size:
        box = (0, 0, across / factor, down / factor)
        if resampling is None:
            left = min(box[2] / size.width, box[3] / size.height)
            resampling = _resampling(small, left, is_whole=factor == 1 and image.size == (width, height))
        small = small.resize(size, resampling, box=box)
    return _in_srgb(small, profile)


def _resampling(image: Image.Image, left: float, *, is_whole: bool) -> Image.Resampling:
    """Return the fastest filter that keeps what there is to read.

    ``left`` tells how many times larger than wanted the picture is, ``is_whole`` that it has every pixel of
    its file. On pages of text of 14 to 60 px, the structural similarity to Lanczos throughout is at least
    .995 for bicubic, from every pixel or from twice the size, and .992 for Lanczos from 1.25 times the size.
    Hamming takes two thirds of bicubic's time; it is as low as .967 on such a page, but at least .99 on one
    that was photographed too softly to have sharp lines in it.
    """
    if not has_lines_anywhere(image):
        return Image.Resampling.HAMMING
    return Image.Resampling.BICUBIC if is_whole or left >= 2 else Image.Resampling.LANCZOS


def _ceil(value: float) -> int:
    return int(-(-value // 1))


def _plain(image: Image.Image, factor: int, covered: Sequence[Box]) -> Image.Image:
    """Return the picture as L, RGB, RGBA or CMYK, averaged over blocks of ``factor``² pixels.

    What is ``covered`` is black before it is averaged.

    It goes band by band, so that no second picture of full size is made on the way to a small one.
    """
    image.load()
    if image.mode in ("I", "F"):
        black_out(image, covered)  # how these are stretched depends on all of their pixels
    mode, convert = _conversion(image)
    if image.mode == mode and "transparency" not in image.info:
        black_out(image, covered)
        return image if factor == 1 else image.reduce(factor)
    width, height = image.size
    result = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = factor * max(1, _BAND_PIXELS // (width * factor))
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        band = convert(image.crop((0, top, width, bottom)))
        black_out(band, [Box(box.left, box.top - top, box.right, box.bottom - top) for box in covered])
        result.paste(band.reduce(factor), (0, top // factor))
    return result


def _conversion(image: Image.Image) -> tuple[str, Callable[[Image.Image], Image.Image]]:
    mode = image.mode
    if image.has_transparency_data:
        return "RGBA", lambda band: band.convert("RGBA")
    if mode.startswith("I;16"):
        return "L", lambda band: _rescaled(band, 255 / 65535, 0)
    if mode in ("I", "F"):
        darkest, brightest = cast(tuple[float, float], image.getextrema())
        # 32 bits have no agreed white: what is beyond 8 and 16 bits, or fractional, is stretched.
        if mode == "I" and darkest >= 0 and brightest <= 65535:
            scale = 1.0 if brightest <= 255 else 255 / 65535
            return "L", lambda band: _rescaled(band, scale, 0)
        scale = 255 / ((brightest - darkest) or 1)
        return "L", lambda band: _rescaled(band, scale, -darkest * scale)
    if mode in ("1", "L"):
        return "L", lambda band: band.convert("L")
    if mode == "CMYK":
        return "CMYK", lambda band: band
    if mode == "LAB":
        lab = ImageCms.buildTransform(ImageCms.createProfile("LAB"), _SRGB, "LAB", "RGB")
        return "RGB", lambda band: lab.apply(band)
    return "RGB", lambda band: band.convert("RGB")


def _rescaled(band: Image.Image, scale: float, offset: float) -> Image.Image:
    whole = band if band.mode == "F" else band.convert("I").convert("F")
    return whole.point(lambda value: value * scale + offset).convert("L")


_SRGB = ImageCms.createProfile("sRGB")


def is_srgb(profile: bytes | None) -> bool:
    """Tell whether a picture without, or with this ICC profile is to be read as sRGB."""
    if not profile:
        return True
    try:
        return "sRGB" in ImageCms.getProfileDescription(_profile(profile))
    except (OSError, ImageCms.PyCMSError):
        return True  # A profile that cannot be read changes no colour anywhere.


def _profile(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and not is_srgb(profile):
        converted = _by_profile(image, profile)
        if converted is not None:
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return the picture's colours in sRGB; None where the profile is for another kind of picture."""
    colours = image.convert("RGB") if image.mode == "RGBA" else image
    mode = "L" if image.mode == "L" else "RGB"
    try:
        transform = ImageCms.buildTransform(_profile(profile), _SRGB, colours.mode, "RGB")
        converted = transform.apply(colours).convert(mode)
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None
    if image.mode == "RGBA":
        converted.putalpha(image.getchannel("A"))
    return converted
