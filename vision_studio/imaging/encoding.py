"""Pixels → the bytes that are sent: sharp where there is text, small where there is a photograph."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from vision_studio.core.draft import Fidelity
from vision_studio.core.limits import base64_bytes
from vision_studio.core.size import Size
from vision_studio.imaging.texture import texture

_USUAL_QUALITIES = (88, 80, 70, 60, 50)
_QUALITIES = {Fidelity.ORIGINAL: (95, 90, *_USUAL_QUALITIES[1:])}
"""Qualities of JPEG and WebP, tried until one fits. 88 keeps text readable; below 50, smaller is better."""

_SMALLER = 0.8
"""By how much each side shrinks when no quality fits."""

_WEBP_LONGEST_PX = 16_383


@dataclass(frozen=True, slots=True)
class Encoded:
    media_type: str
    size: Size
    data: bytes


def encoded(image: Image.Image, lossless: bool, fidelity: Fidelity, max_base64_bytes: int) -> Encoded:
    """Return the best coding of an L, RGB or RGBA picture whose base64 text is not too long.

    ``lossless`` tells that the source kept every pixel; then so do we, if it is a drawing, has transparency,
    or was asked for as it is. The same pixels always give the same bytes.
    """
    image = _opaque_if_possible(image)
    for attempt in _attempts(image, lossless, fidelity):
        if base64_bytes(len(attempt.data)) <= max_base64_bytes:
            return attempt
    size = (max(1, int(image.width * _SMALLER)), max(1, int(image.height * _SMALLER)))
    if size == image.size:
        raise ValueError(f"{max_base64_bytes} bytes cannot hold a picture")
    smaller = image.resize(size, Image.Resampling.LANCZOS)
    return encoded(smaller, lossless, fidelity, max_base64_bytes)


def _attempts(image: Image.Image, lossless: bool, fidelity: Fidelity) -> Iterator[Encoded]:
    look = texture(image)
    transparent = image.mode == "RGBA"
    if lossless and (transparent or look.is_drawing or fidelity is Fidelity.ORIGINAL):
        yield _lossless(image)
    for quality in _QUALITIES.get(fidelity, _USUAL_QUALITIES):
        yield _lossy_webp(image, quality) if transparent else _jpeg(image, quality, look.has_lines)


def _opaque_if_possible(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    return image.convert("RGB") if image.getchannel("A").getextrema() == (255, 255) else image


def _lossless(image: Image.Image) -> Encoded:
    """WebP at its fastest is half to three quarters of a PNG's size, in two thirds of its time."""
    if max(image.size) > _WEBP_LONGEST_PX:
        return _saved(image, "PNG", compress_level=1)
    return _saved(image, "WEBP", lossless=True, method=0, quality=20)


def _lossy_webp(image: Image.Image, quality: int) -> Encoded:
    if max(image.size) > _WEBP_LONGEST_PX:
        return _saved(image, "PNG", compress_level=6)
    return _saved(image, "WEBP", method=2, quality=quality)


def _jpeg(image: Image.Image, quality: int, has_lines: bool) -> Encoded:
    return _saved(image, "JPEG", quality=quality, subsampling="4:4:4" if has_lines else "4:2:0")


def _saved(image: Image.Image, name: str, **options: object) -> Encoded:
    # What is known of the old picture (profile, text, EXIF) must not get into the encoder.
    bare = image.copy()
    bare.info.clear()
    buffer = io.BytesIO()
    bare.save(buffer, name, **options)
    return Encoded(f"image/{name.lower()}", Size(*image.size), buffer.getvalue())
