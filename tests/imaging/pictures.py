"""Pictures made for tests: every format, every orientation, every kind of thing that may hide in a file."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from random import Random
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin, TiffImagePlugin

pillow_heif.register_heif_opener()  # it encodes, too; the program has a decoder of its own

SECRET = "Secret Street 1"
"""Put wherever a file can hold words, and never to be found in what is sent."""

SECRETS = (b"Secret", b"S\0e\0c\0r\0e\0t", b"Exif", b"xpacket", b"ns.adobe", b"8BIM", b"GPS", b"Canon")

FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("a.jpg", {"quality": 90}),
    "PNG": ("a.png", {}),
    "GIF": ("a.gif", {}),
    "WEBP": ("a.webp", {}),
    "BMP": ("a.bmp", {}),
    "TIFF": ("a.tif", {"compression": "tiff_lzw"}),
    "ICO": ("a.ico", {"sizes": [(40, 24)]}),
    "PNM": ("a.ppm", {}),
    "TGA": ("a.tga", {}),
    "JPEG2000": ("a.jp2", {}),
    "AVIF": ("a.avif", {}),
    "HEIC": ("a.heic", {}),
}


def encoded(image: Image.Image, name: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    if name == "HEIC":
        name = "HEIF"
        if isinstance(options.get("exif"), Image.Exif):
            # Only from bytes does the encoder take the orientation over into the file's own turns.
            options["exif"] = options["exif"].tobytes()
    image.save(buffer, name, **options)
    return buffer.getvalue()


def gradient(size: tuple[int, int] = (40, 24), mode: str = "RGB") -> Image.Image:
    """Return something smooth, as photographs are."""
    return Image.radial_gradient("L").resize(size).convert(mode)


def photo(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """Return soft coloured patches with a little noise: like a photograph to any encoder."""
    random = Random(seed)
    coarse = (max(2, size[0] // 16), max(2, size[1] // 16))
    patches = Image.frombytes("RGB", coarse, random.randbytes(3 * coarse[0] * coarse[1]))
    noise = Image.frombytes("RGB", size, random.randbytes(3 * size[0] * size[1]))
    return Image.blend(patches.resize(size, Image.Resampling.BICUBIC), noise, 0.04)


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", size, Random(seed).randbytes(3 * size[0] * size[1]))


def palette_noise(size: tuple[int, int]) -> Image.Image:
    """Return what no GIF can make small."""
    image = Image.frombytes("P", size, Random(1).randbytes(size[0] * size[1]))
    image.putpalette(Random(2).randbytes(768))
    return image


def page(size: tuple[int, int] = (800, 600), ink: str = "black") -> Image.Image:
    """Return lines of text on white."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for y in range(10, size[1] - 20, 22):
        draw.text((10, y), "Quick brown foxes jump over the lazy dog. " * 4, ink)
    return image


# Where the stored picture's first row and first column belong on an upright one (EXIF 2.32, 4.6.4, 0x0112).
_SIDES = {
    1: ("top", "left"),
    2: ("top", "right"),
    3: ("bottom", "right"),
    4: ("bottom", "left"),
    5: ("left", "top"),
    6: ("right", "top"),
    7: ("right", "bottom"),
    8: ("left", "bottom"),
}
_OPPOSITE = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}

CORNERS = {
    frozenset({"top", "left"}): (220, 30, 30),
    frozenset({"top", "right"}): (30, 160, 40),
    frozenset({"bottom", "left"}): (30, 60, 220),
    frozenset({"bottom", "right"}): (240, 240, 240),
}
"""The colours of an upright test card's quarters."""


def turned_card(orientation: int, size: tuple[int, int] = (160, 96)) -> Image.Image:
    """Return a card, ``size`` once upright, as a camera held another way would store it."""
    row, column = _SIDES[orientation]
    width, height = size if row in ("top", "bottom") else size[::-1]
    stored = Image.new("RGB", (width, height))
    for down, sides in enumerate((row, _OPPOSITE[row])):
        for across, others in enumerate((column, _OPPOSITE[column])):
            colour = CORNERS[frozenset({sides, others})]
            left, top = across * width // 2, down * height // 2
            stored.paste(colour, (left, top, left + width // 2, top + height // 2))
    return stored


def quarters(image: Image.Image) -> dict[frozenset[str], tuple[int, int, int]]:
    """Return which of ``CORNERS`` stands where on a picture."""
    seen = {}
    for vertical, y in (("top", 0.25), ("bottom", 0.75)):
        for horizontal, x in (("left", 0.25), ("right", 0.75)):
            pixel = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))
            assert isinstance(pixel, tuple)
            seen[frozenset({vertical, horizontal})] = min(
                CORNERS.values(),
                key=lambda colour: sum(abs(a - b) for a, b in zip(colour, pixel, strict=True)),
            )
    return seen


def exif(orientation: int = 1, place: bool = False) -> Image.Exif:
    block = Image.Exif()
    block[ExifTags.Base.Orientation] = orientation
    block[ExifTags.Base.Make] = "Canon"
    block[ExifTags.Base.ImageDescription] = SECRET
    if place:
        block[ExifTags.IFD.GPSInfo] = {1: "N", 2: (51.0, 27.0, 0.5), 3: "W", 4: (2.0, 35.0, 0.9)}
    return block


XMP = f'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>'.encode()


def tiff_with_everything(image: Image.Image, big: bool = False) -> bytes:
    """Return a TIFF with names, words, EXIF, a place, XMP and IPTC."""
    info = TiffImagePlugin.ImageFileDirectory_v2()
    for tag in (270, 271, 305, 306, 315, 33432):
        info[tag] = SECRET
    info[700], info.tagtype[700] = XMP, 1
    info[33723], info.tagtype[33723] = b"\x1c\x02\x50\0\x0f" + SECRET.encode(), 1
    info[34853] = {1: "N", 2: (51.0, 27.0, 0.5), 3: "W", 4: (2.0, 35.0, 0.9)}
    info[34665] = {37510: b"ASCII\0\0\0" + SECRET.encode()}
    return encoded(image, "TIFF", tiffinfo=info, big_tiff=big)


def exif_with_preview(preview: bytes, orientation: int = 1) -> bytes:
    """Return an EXIF block as cameras write it, with a small JPEG in its second directory."""
    first = struct.pack("<H HHLHH L", 1, 0x0112, 3, 1, orientation, 0, 26)
    second = struct.pack("<H HHLL HHLL L", 2, 0x0201, 4, 1, 56, 0x0202, 4, 1, len(preview), 0)
    return b"Exif\0\0II*\0\x08\0\0\0" + first + second + preview


def jpeg_with_everything(image: Image.Image, **options: Any) -> bytes:
    """Return a JPEG with EXIF, a place, a preview, XMP, IPTC, a comment, a maker's block and a tail."""
    plain = encoded(image, "JPEG", exif=exif(place=True), xmp=XMP, comment=SECRET, **options)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\x18\x1c\x02\x50\0\x0fSecret Street 1\0"
    blocks = _segment(0xED, iptc) + _segment(0xE7, b"Canon" + SECRET.encode())
    return plain[:2] + blocks + plain[2:] + b"\0\0MotionPhoto" + SECRET.encode()


def _segment(code: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def png_with_everything(image: Image.Image) -> bytes:
    """Return a PNG with text of three kinds, EXIF, a time, a maker's chunk and a tail."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET)
    text.add_text("Comment", SECRET * 40, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    plain = encoded(image, "PNG", pnginfo=text, exif=exif(place=True), dpi=(144, 144))
    late = png_chunk(b"tEXt", b"Late\0" + SECRET.encode()) + png_chunk(b"caNv", SECRET.encode())
    return plain[:-12] + png_chunk(b"tIME", bytes(7)) + late + plain[-12:] + SECRET.encode()


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def png_header(width: int, height: int, depth: int = 1, colour: int = 0) -> bytes:
    """Return a PNG that promises a size and has hardly any pixels."""
    header = struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    chunks = png_chunk(b"IHDR", header), png_chunk(b"IDAT", pixels), png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def gif_with_everything(image: Image.Image) -> bytes:
    plain = encoded(image.quantize(64), "GIF", comment=SECRET.encode())
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(XMP[:200])]) + XMP[:200] + b"\0"
    return plain[:-1] + xmp + b"\x3b" + SECRET.encode()


def webp_with_everything(image: Image.Image, **options: Any) -> bytes:
    return encoded(image, "WEBP", exif=exif(place=True), xmp=XMP, **options) + SECRET.encode()


def apng_with_everything(image: Image.Image) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET)
    return encoded(image, "PNG", save_all=True, append_images=[image.rotate(180)], pnginfo=text, exif=exif())


def mpo_with_everything(image: Image.Image) -> bytes:
    """Return a pair of pictures as cameras with two lenses take them; the second has words of its own."""
    other = image.rotate(180)
    other.info["exif"] = exif(place=True).tobytes()
    other.encoderinfo = {"exif": exif(place=True), "comment": SECRET}
    return encoded(image, "MPO", save_all=True, append_images=[other], exif=exif(place=True), comment=SECRET)


def jpeg2000_with_everything(image: Image.Image) -> bytes:
    plain = encoded(image, "JPEG2000", comment=SECRET)
    boxes = [b"xml " + XMP, b"uuid" + b"JpgTiffExif->JP2" + exif(place=True).tobytes()]
    words = b"".join(struct.pack(">L", len(box) + 4) + box for box in boxes)
    at = plain.index(b"jp2c") - 4
    return plain[:at] + words + plain[at:] + struct.pack(">L", 8 + len(SECRET)) + b"xml " + SECRET.encode()


def tga_with_everything(image: Image.Image) -> bytes:
    """Return a TGA with words before the pixels, and an author and comments behind them (TGA 2.0, C.6)."""
    plain = encoded(image, "TGA", id_section=SECRET.encode())[:-26]
    author, comments = SECRET.encode().ljust(41, b"\0"), SECRET.encode().ljust(324, b"\0")
    extension = struct.pack("<H", 495) + author + comments + bytes(495 - 2 - 41 - 324)
    return plain + extension + struct.pack("<LL", len(plain), 0) + b"TRUEVISION-XFILE.\0"


def pnm_with_everything(image: Image.Image) -> bytes:
    plain = encoded(image.convert("RGB"), "PPM")
    return b"P6\n# " + SECRET.encode() + b"\n" + plain[3:]


def icon_with_everything(image: Image.Image) -> bytes:
    png = png_with_everything(image.resize((64, 64)))
    return struct.pack("<HHHBBBBHHLL", 0, 1, 1, 64, 64, 0, 0, 1, 32, len(png), 22) + png


def animated(name: str, frames: int, size: tuple[int, int] = (40, 24)) -> bytes:
    first, *others = (Image.new("RGB", size, (60 * number, 0, 90)) for number in range(frames))
    return encoded(first, name, save_all=True, append_images=others, duration=50, loop=0)


def swapped_profile() -> bytes:
    """Return an ICC profile of a camera that calls red what everybody else calls green.

    It is the sRGB profile of this very library with two tags' names exchanged, so that its effect is known.
    """
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    count = struct.unpack_from(">L", srgb, 128)[0]
    data = bytearray(srgb)
    for entry in range(count):
        at = 132 + 12 * entry
        if data[at : at + 4] == b"rXYZ":
            data[at : at + 4] = b"gXYZ"
        elif data[at : at + 4] == b"gXYZ":
            data[at : at + 4] = b"rXYZ"
    # Whoever reads the description must not take it for sRGB.
    return bytes(data).replace("sRGB".encode("utf-16-be"), "Camr".encode("utf-16-be"))


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
