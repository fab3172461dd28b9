"""What a picture looks like, measured: all that the practice server can say about one."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageChops, ImageFile, ImageFilter, ImageOps, ImageStat
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from vision_studio.core.size import Size
from vision_studio.imaging.colours import RGB, colour_name

MEASURED_SIDE_PX = 512
"""Everything is measured on a copy of at most this side, so that large and small pictures compare."""

_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,  # where warnings are errors
)
"""What Pillow raises for bytes that are not the picture they set out to be."""

_FINGERPRINT_SIDE_PX = 32
_SAMPLED_SIDE_PX = 128
_ORIENTATION_TAG = 0x0112
_PALETTE = 12
_LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


class NotAPicture(ValueError):
    """The bytes are no JPEG, PNG, GIF or WebP, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says of itself before a pixel is decoded. The size is that of the upright picture."""

    media_type: str
    size: Size


@dataclass(frozen=True, slots=True)
class ColourShare:
    name: str
    share: float
    """Of the picture's area, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Look:
    """Measurements of one picture."""

    colours: tuple[ColourShare, ...]
    """The most frequent ones, at most three."""
    brightness: float
    """Mean luma, from 0 (black) to 255 (white)."""
    contrast: float
    """Standard deviation of the luma, from 0 to 127.5."""
    sharpness: float
    """Variance of the Laplacian of the luma; a photograph in focus has hundreds."""
    animated: bool
    fingerprint: bytes
    """The picture at 32 × 32 in RGB."""


def read_heading(data: bytes) -> Heading:
    """Read format and size; nothing is decoded. Raises ``NotAPicture``."""
    try:
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            # Pillow's decoder sets the whole canvas aside as it opens a WebP, so its size is read first.
            size, orientation = _webp_size(data), 1
            media_type = "image/webp"
        else:
            with _open(data) as image:
                size, orientation = Size(*image.size), _orientation(image)
                media_type = Image.MIME[image.format or ""]
    except _DAMAGE as error:
        raise NotAPicture(str(error)) from error
    if size.shortest < 1:
        raise NotAPicture("it has no pixels")
    return Heading(media_type, Size(size.height, size.width) if orientation >= 5 else size)


def look(data: bytes, most_pixels: int) -> Look:
    """Decode and measure a picture. Raises ``NotAPicture``, also for one of more than ``most_pixels``."""
    size = read_heading(data).size
    if size.width * size.height > most_pixels:
        raise NotAPicture(f"it has more than {most_pixels} pixels")
    try:
        with _open(data) as image:
            animated = bool(getattr(image, "is_animated", False))
            measured = _measured_copy(image)
    except _DAMAGE as error:
        raise NotAPicture(str(error)) from error
    luma = measured.convert("L")
    tone = ImageStat.Stat(luma)
    return Look(
        colours=_colours(measured),
        brightness=tone.mean[0],
        contrast=tone.stddev[0],
        sharpness=_sharpness(luma),
        animated=animated,
        fingerprint=measured.resize((_FINGERPRINT_SIDE_PX,) * 2, Image.Resampling.BOX).tobytes(),
    )


def mean_difference(one: Look, other: Look) -> float:
    """Return how far two pictures differ, stretched to the same small square: 0 (alike) to 1 (negatives)."""
    side = (_FINGERPRINT_SIDE_PX,) * 2
    first, second = (Image.frombytes("RGB", side, each.fingerprint) for each in (one, other))
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3 / 255


def _open(data: bytes) -> ImageFile.ImageFile:
    """Open by the first bytes. Pillow's own ``open`` would warn of a size that is ours to judge."""
    file = BytesIO(data)
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile(file)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PngImageFile(file)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GifImageFile(file)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WebPImageFile(file)
    raise NotAPicture("it is no JPEG, PNG, GIF or WebP")


def _webp_size(data: bytes) -> Size:
    """Read the canvas from a WebP's first chunk. Source: RFC 9649."""
    kind = data[12:16]
    if kind == b"VP8X":
        width, width_high, height, height_high = struct.unpack_from("<HBHB", data, 24)
        return Size((width_high << 16 | width) + 1, (height_high << 16 | height) + 1)
    if kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Size(width & 0x3FFF, height & 0x3FFF)
    raise NotAPicture("it is a damaged WebP")


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8, without decoding (as ``getexif`` would for some formats)."""
    packed = image.info.get("exif")
    if not packed:
        return 1
    tags = Image.Exif()
    tags.load(packed)
    orientation = tags.get(_ORIENTATION_TAG, 1)
    return orientation if isinstance(orientation, int) else 1


def _measured_copy(image: ImageFile.ImageFile) -> Image.Image:
    """Return the upright picture in RGB on white, scaled down to ``MEASURED_SIDE_PX``."""
    side = (MEASURED_SIDE_PX, MEASURED_SIDE_PX)
    image.draft("RGB", side)
    if image.mode.startswith("I;16"):
        # Pillow would clip sixteen bits to eight, not scale them.
        small = image.point(lambda value: value / 256).convert("L")
    else:
        small = image.convert("RGBA" if image.has_transparency_data else "RGB")
    small.thumbnail(side)
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, "white")
        paper.alpha_composite(small)
        paper.info = small.info  # its orientation still counts
        small = paper
    return ImageOps.exif_transpose(small).convert("RGB")


def _colours(measured: Image.Image) -> tuple[ColourShare, ...]:
    # Nearest: a blend of two colours is a third one that is not in the picture.
    sample = measured.copy()
    sample.thumbnail((_SAMPLED_SIDE_PX,) * 2, Image.Resampling.NEAREST)
    few = sample.quantize(_PALETTE, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = few.getpalette() or []
    named: Counter[str] = Counter()
    for pixels, entry in few.getcolors() or []:
        assert isinstance(entry, int)
        red, green, blue = palette[entry * 3 : entry * 3 + 3]
        colour: RGB = (red, green, blue)
        named[colour_name(colour)] += pixels
    area = sample.width * sample.height
    frequent = sorted(named.items(), key=lambda item: (-item[1], item[0]))[:3]
    return tuple(ColourShare(name, pixels / area) for name, pixels in frequent if pixels / area >= 0.04)


def _sharpness(luma: Image.Image) -> float:
    if min(luma.size) < 3:
        return 0.0
    edges = luma.filter(_LAPLACIAN)
    # The filter leaves the outermost pixels as they were.
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))
    return ImageStat.Stat(inner).var[0]
