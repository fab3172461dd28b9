"""Pixels out of hostile bytes: one decoder, within a budget, and nothing but ``Refused`` comes out."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.imaging.budget import PIXEL_BUDGET, check_pixels
from vision_studio.imaging.files import open_regular
from vision_studio.imaging.formats import PLUGINS
from vision_studio.imaging.headers import Header
from vision_studio.imaging.refusal import Refused

_MODULES = {
    "JPEG": "Jpeg",
    "PNG": "Png",
    "GIF": "Gif",
    "WEBP": "WebP",
    "BMP": "Bmp",
    "TIFF": "Tiff",
    "ICO": "Ico",
    "PNM": "Ppm",
    "TGA": "Tga",
    "JPEG2000": "Jpeg2K",
    "AVIF": "Avif",
}
_LOSSY = frozenset({"JPEG", "MPO", "AVIF", "JPEG2000", "HEIF"})
_TIFF_COMPRESSION_TAG = 259
_TIFF_JPEG = (6, 7)


@contextmanager
def opened(path: Path, image_format: str, frame: int = 0) -> Iterator[Image.Image]:
    """Open one frame of a picture, from 0, with the one decoder of its format.

    Whatever goes wrong with it is ``Refused``.
    """
    with (
        open_regular(path) as file,
        decoding(),
        io.BufferedReader(file) as buffered,
        _open(buffered, image_format) as image,
    ):
        check_pixels(*image.size)
        if frame:
            image.seek(frame)
            check_pixels(*image.size)
        yield image


def _open(file: IO[bytes], image_format: str) -> Image.Image:
    if image_format == "HEIC":
        from pi_heif import options
        from pi_heif.as_plugin import HeifImageFile

        # What is beside the picture is never looked at; hostile files must not profit from it.
        options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
        # Opened by itself, it does not mind the order of the brands in the file's first box.
        return HeifImageFile(file)  # type: ignore[no-untyped-call]  # pi_heif annotates no constructors
    # Otherwise the first picture of a rare format would have Pillow load every decoder it has.
    import_module(f"PIL.{_MODULES[image_format]}ImagePlugin")
    return Image.open(file, formats=(PLUGINS[image_format],))


@contextmanager
def decoding() -> Iterator[None]:
    """Turn a decoder's complaints into ``Refused``. For one thread at a time: warning filters are global."""
    Image.MAX_IMAGE_PIXELS = PIXEL_BUDGET
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with warnings.catch_warnings():
        # A camera's broken EXIF block is no reason to refuse its picture; a bomb is.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except Refused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused(RefusalKind.TOO_MANY_PIXELS) from error
        except MemoryError as error:
            raise Refused(RefusalKind.DAMAGED, "it needs more memory than a picture may take") from error
        except Exception as error:
            # On bytes made to hurt them, decoders raise nearly every kind of exception there is.
            raise Refused(RefusalKind.DAMAGED, _reason(error)) from error


def _reason(error: Exception) -> str:
    """Return what of a decoder's words helps a person: mostly nothing, as they are about its own insides."""
    if "truncated" in str(error).lower():
        return "the end of the file is missing"
    return "its decoder makes no sense of it" if isinstance(error, UnidentifiedImageError) else ""


def header_by_decoder(path: Path, image_format: str) -> Header:
    """Return what a decoder says of a file that it has opened but not decoded."""
    with opened(path, image_format) as image:
        return Header(*image.size, _orientation(image), _frame_count(image), _traits(image))


def _orientation(image: Image.Image) -> int:
    # Pillow turns TIFF upright by itself; the others keep the duty in their EXIF block.
    if image.format == "TIFF":
        return 1
    value = image.getexif().get(ExifTags.Base.Orientation, 1)
    return value if value in range(1, 9) else 1


def _frame_count(image: Image.Image) -> int:
    # An icon's frames are the same picture at several sizes; Pillow opens the largest. What else a camera
    # puts beside the main picture of a HEIC is no animation and no page.
    return 1 if image.format in ("ICO", "HEIF") else max(1, getattr(image, "n_frames", 1))


def _traits(image: Image.Image) -> frozenset[Trait]:
    found = set()
    exif = image.getexif()
    if image.format not in ("TIFF", "ICO") and exif:
        found.add(Trait.METADATA)
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if ExifTags.GPS.GPSLatitude in place or ExifTags.GPS.GPSLongitude in place:
        found |= {Trait.GPS, Trait.METADATA}
    if _frame_count(image) > 1 and image.format == "AVIF":
        found.add(Trait.ANIMATED)
    if image.has_transparency_data:
        found.add(Trait.TRANSPARENT)
    if not _is_lossy(image):
        found.add(Trait.LOSSLESS)
    return frozenset(found)


def _is_lossy(image: Image.Image) -> bool:
    """Tell whether the file's own coding has already thrown detail away."""
    if image.format == "TIFF":
        return getattr(image, "tag_v2", {}).get(_TIFF_COMPRESSION_TAG) in _TIFF_JPEG
    return image.format in _LOSSY
