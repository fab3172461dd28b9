"""Not one word of what a file hides is in the bytes that are sent, whatever its format and its fidelity."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import documents, pictures, walker
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.imaging.inspect import inspect_frame
from vision_studio.imaging.rendition import Recipe, render

PHOTO = pictures.photo((160, 96))
SECRET = pictures.SECRET

TALKATIVE: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: pictures.jpeg_with_everything(PHOTO),
    "progressive JPEG": lambda: pictures.jpeg_with_everything(PHOTO, progressive=True),
    "JPEG of four inks": lambda: pictures.jpeg_with_everything(PHOTO.convert("CMYK")),
    "MPO": lambda: pictures.mpo_with_everything(PHOTO),
    "PNG": lambda: pictures.png_with_everything(PHOTO),
    "APNG": lambda: pictures.apng_with_everything(PHOTO),
    "GIF": lambda: pictures.gif_with_everything(PHOTO),
    "WebP": lambda: pictures.webp_with_everything(PHOTO),
    "lossless WebP": lambda: pictures.webp_with_everything(PHOTO, lossless=True),
    "moving WebP": lambda: pictures.webp_with_everything(
        PHOTO, save_all=True, append_images=[PHOTO.rotate(180)]
    ),
    "HEIC": lambda: pictures.encoded(PHOTO, "HEIC", exif=pictures.exif(place=True), xmp=pictures.XMP),
    "AVIF": lambda: pictures.encoded(PHOTO, "AVIF", exif=pictures.exif(place=True), xmp=pictures.XMP),
    "TIFF": lambda: pictures.tiff_with_everything(PHOTO),
    "JPEG 2000": lambda: pictures.jpeg2000_with_everything(PHOTO),
    "TGA": lambda: pictures.tga_with_everything(PHOTO),
    "PNM": lambda: pictures.pnm_with_everything(PHOTO),
    "BMP": lambda: pictures.encoded(PHOTO, "BMP") + SECRET.encode(),
    "ICO": lambda: pictures.icon_with_everything(PHOTO),
    "PDF": lambda: documents.pdf_with_everything(SECRET, pictures.XMP.decode()),
    "SVG": lambda: documents.svg_with_everything(SECRET, pictures.XMP.decode()),
}


def sent(folder: Path, data: bytes, share: float, fidelity: Fidelity, frame: int = 0) -> bytes:
    source = pictures.write(folder / "source", data)
    size = inspect_frame(source, frame).size
    wanted = Size(max(1, int(size.width * share)), max(1, int(size.height * share)))
    render(source, Recipe(wanted, fidelity, 10_485_760, frame), folder / "target")
    return (folder / "target").read_bytes()


@pytest.mark.parametrize("fidelity", Fidelity)
@pytest.mark.parametrize("share", [1, 0.5], ids=["as large", "smaller"])
@pytest.mark.parametrize("name", TALKATIVE)
def test_nothing_but_the_picture_is_sent(tmp_path: Path, name: str, share: float, fidelity: Fidelity) -> None:
    source = TALKATIVE[name]()
    assert b"Secret" in source
    data = sent(tmp_path, source, share, fidelity)
    assert walker.extras(data) == []
    assert [secret for secret in pictures.SECRETS if secret in data] == []
    with Image.open(io.BytesIO(data)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "comment", "photoshop", "icc_profile"} & set(image.info)


@pytest.mark.parametrize("name", ["APNG", "moving WebP"])
def test_nor_is_it_with_another_frame(tmp_path: Path, name: str) -> None:
    assert walker.extras(sent(tmp_path, TALKATIVE[name](), 1, Fidelity.ORIGINAL, frame=1)) == []


def test_the_walker_misses_nothing() -> None:
    """What is proved above is worth as much as this."""
    assert len(walker.extras(TALKATIVE["JPEG"]())) >= 6
    assert walker.extras(TALKATIVE["MPO"]())[-1].startswith("a tail")
    assert len(walker.extras(TALKATIVE["PNG"]())) == 8
    assert walker.extras(TALKATIVE["GIF"]()) == ["extension fe", "extension ff", "a tail: b'Secret Street 1'"]
    assert len(walker.extras(TALKATIVE["moving WebP"]())) >= 5
    profile = pictures.srgb_profile()
    for name in ("JPEG", "PNG", "WEBP"):
        assert walker.extras(pictures.encoded(PHOTO, name, icc_profile=profile))[0] in (
            walker.PROFILE,
            "a promise of metadata or movement",
        )
