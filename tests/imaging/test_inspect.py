"""What a header tells, of every format, and that nothing else is touched to learn it."""

from __future__ import annotations

import gzip
import os
import socket
import struct
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import pictures
from vision_studio.core.draft import Trait
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging.formats import media_type
from vision_studio.imaging.inspect import inspect, inspect_quickly
from vision_studio.imaging.refusal import Refused

LOSSLESS = {"PNG", "GIF", "BMP", "TIFF", "ICO", "PNM", "TGA"}
QUICK = {"JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "HEIC", "AVIF"}


def refusal(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        inspect(path)
    return caught.value


@pytest.mark.parametrize("name", pictures.FORMATS)
def test_every_format_tells_its_size(tmp_path: Path, name: str) -> None:
    file, options = pictures.FORMATS[name]
    path = tmp_path / file
    pictures.gradient().save(path, **options)
    facts = inspect(path)
    assert (facts.format, facts.size, facts.frames) == (name, Size(40, 24), 1)
    assert facts.size_bytes == path.stat().st_size
    assert facts.traits == ({Trait.LOSSLESS} if name in LOSSLESS else set())


@pytest.mark.parametrize("name", pictures.FORMATS)
def test_the_type_comes_from_the_bytes(tmp_path: Path, name: str) -> None:
    file, options = pictures.FORMATS[name]
    pictures.gradient().save(tmp_path / file, **options)
    disguised = (tmp_path / file).rename(tmp_path / "holiday.txt")
    assert inspect(disguised).format == name


@pytest.mark.parametrize("name", sorted(pictures.FORMATS))
def test_only_strange_formats_need_their_decoder(tmp_path: Path, name: str) -> None:
    file, options = pictures.FORMATS[name]
    pictures.gradient().save(tmp_path / file, **options)
    assert (inspect_quickly(tmp_path / file) is not None) == (name in QUICK)


def test_the_api_takes_four_formats() -> None:
    taken = {name: media_type(name) for name in pictures.FORMATS if media_type(name)}
    assert taken == {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_sizes_are_upright(tmp_path: Path, name: str, orientation: int) -> None:
    card = pictures.turned_card(orientation)
    data = pictures.encoded(card, name, exif=pictures.exif(orientation))
    facts = inspect(pictures.write(tmp_path / "card", data))
    assert facts.size == Size(160, 96)
    assert (Trait.ROTATED in facts.traits) == (orientation > 1)


def test_an_orientation_behind_the_pixels_counts(tmp_path: Path) -> None:
    plain = pictures.encoded(pictures.turned_card(6), "PNG")
    late = pictures.png_chunk(b"eXIf", pictures.exif(6, place=True).tobytes().removeprefix(b"Exif\0\0"))
    facts = inspect(pictures.write(tmp_path / "card.png", plain[:-12] + late + plain[-12:]))
    assert facts.size == Size(160, 96)
    assert {Trait.ROTATED, Trait.GPS, Trait.METADATA} <= facts.traits


@pytest.mark.parametrize(
    ("data", "traits"),
    [
        pytest.param(
            pictures.jpeg_with_everything(pictures.gradient()), {Trait.GPS, Trait.METADATA}, id="JPEG, all"
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "JPEG", exif=pictures.exif()),
            {Trait.METADATA},
            id="JPEG, EXIF",
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "JPEG", comment="hello"),
            {Trait.METADATA},
            id="JPEG, comment",
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "JPEG", icc_profile=pictures.srgb_profile()),
            set(),
            id="JPEG, ICC",
        ),
        pytest.param(
            pictures.png_with_everything(pictures.gradient()),
            {Trait.GPS, Trait.METADATA, Trait.LOSSLESS},
            id="PNG, all",
        ),
        pytest.param(
            pictures.gif_with_everything(pictures.gradient()), {Trait.METADATA, Trait.LOSSLESS}, id="GIF, all"
        ),
        pytest.param(
            pictures.webp_with_everything(pictures.gradient()), {Trait.GPS, Trait.METADATA}, id="WebP, all"
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "WEBP", lossless=True),
            {Trait.LOSSLESS},
            id="WebP, lossless",
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "AVIF", exif=pictures.exif(place=True)),
            {Trait.GPS, Trait.METADATA},
            id="AVIF, place",
        ),
        pytest.param(
            pictures.encoded(Image.new("RGBA", (9, 9)), "PNG"),
            {Trait.TRANSPARENT, Trait.LOSSLESS},
            id="PNG, alpha",
        ),
        pytest.param(
            pictures.encoded(Image.new("P", (9, 9)), "PNG", transparency=0),
            {Trait.TRANSPARENT, Trait.LOSSLESS},
            id="PNG, palette with a clear colour",
        ),
        pytest.param(
            pictures.encoded(Image.new("P", (9, 9)), "GIF", transparency=0),
            {Trait.TRANSPARENT, Trait.LOSSLESS},
            id="GIF, clear colour",
        ),
        pytest.param(
            pictures.encoded(Image.new("RGBA", (9, 9)), "WEBP"), {Trait.TRANSPARENT}, id="WebP, alpha"
        ),
        pytest.param(
            pictures.encoded(Image.new("RGBA", (9, 9)), "TIFF"),
            {Trait.TRANSPARENT, Trait.LOSSLESS},
            id="TIFF, alpha",
        ),
        pytest.param(
            pictures.encoded(pictures.gradient(), "TIFF", compression="jpeg"), set(), id="TIFF, JPEG inside"
        ),
    ],
)
def test_traits(tmp_path: Path, data: bytes, traits: set[Trait]) -> None:
    assert inspect(pictures.write(tmp_path / "a", data)).traits == traits


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP", "AVIF"])
def test_frames_are_counted(tmp_path: Path, name: str) -> None:
    facts = inspect(pictures.write(tmp_path / "a", pictures.animated(name, 3)))
    assert facts.frames == 3
    assert Trait.ANIMATED in facts.traits


def test_a_tiff_tells_its_pages(tmp_path: Path) -> None:
    facts = inspect(pictures.write(tmp_path / "a", pictures.animated("TIFF", 3)))
    assert facts.frames == 3
    assert Trait.ANIMATED not in facts.traits


def test_a_large_animation_is_known_to_move_without_being_read(tmp_path: Path) -> None:
    first = pictures.palette_noise((1600, 900))
    data = pictures.encoded(first, "GIF", save_all=True, append_images=[first.rotate(180)], loop=0)
    assert len(data) > 2_000_000
    facts = inspect(pictures.write(tmp_path / "a.gif", data))
    assert facts.frames >= 2
    assert Trait.ANIMATED in facts.traits


def test_a_large_still_gif_is_still(tmp_path: Path) -> None:
    data = pictures.encoded(pictures.palette_noise((1600, 900)), "GIF")
    assert inspect(pictures.write(tmp_path / "a.gif", data)).frames == 1


def test_headers_behind_the_first_64_kilobytes_are_found(tmp_path: Path) -> None:
    jpeg = pictures.encoded(pictures.gradient((300, 200)), "JPEG")
    padding = struct.pack(">BBH", 0xFF, 0xEB, 60_002) + bytes(60_000)
    path = pictures.write(tmp_path / "a.jpg", jpeg[:2] + 4 * padding + jpeg[2:])
    assert inspect(path).size == Size(300, 200)


# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind", "detail"),
    [
        pytest.param(b"", RefusalKind.EMPTY, "", id="no bytes"),
        pytest.param(b"Dear diary,\n", RefusalKind.NOT_AN_IMAGE, "", id="text"),
        pytest.param(
            b"BMW makes cars and motorcycles", RefusalKind.NOT_AN_IMAGE, "", id="text that begins BM"
        ),
        pytest.param(b"P5 is a paper size", RefusalKind.NOT_AN_IMAGE, "", id="text that begins P5"),
        pytest.param(bytes(5000), RefusalKind.NOT_AN_IMAGE, "", id="zeros"),
        pytest.param(b"\x7fELF" + bytes(200), RefusalKind.NOT_AN_IMAGE, "", id="a program"),
        pytest.param(b"PK\x03\x04" + bytes(200), RefusalKind.NOT_AN_IMAGE, "", id="an archive"),
        pytest.param(b"\0\0\0\x20ftypisom" + bytes(20), RefusalKind.NOT_AN_IMAGE, "a video", id="a video"),
        pytest.param(b"\x1f\x8b" + bytes(200), RefusalKind.NOT_AN_IMAGE, "", id="a broken archive"),
        pytest.param(gzip.compress(b"hello"), RefusalKind.NOT_AN_IMAGE, "", id="a packed text"),
        pytest.param(b"8BPS\0\x01" + bytes(30), RefusalKind.UNSUPPORTED_FORMAT, "PSD", id="PSD"),
        pytest.param(b"\xff\x0a" + bytes(30), RefusalKind.UNSUPPORTED_FORMAT, "JPEG XL", id="JPEG XL"),
        pytest.param(b"<html><body>", RefusalKind.NOT_AN_IMAGE, "", id="a web page"),
    ],
)
def test_what_is_no_picture_is_named(tmp_path: Path, data: bytes, kind: RefusalKind, detail: str) -> None:
    refused = refusal(pictures.write(tmp_path / "a.jpg", data))
    assert (refused.kind, refused.detail) == (kind, detail)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
@pytest.mark.parametrize("length", [8, 14, 20])
def test_a_header_that_ends_early_is_damaged(tmp_path: Path, name: str, length: int) -> None:
    data = pictures.encoded(pictures.gradient(), name)[:length]
    kind = refusal(pictures.write(tmp_path / "a", data)).kind
    # In 8 or 14 bytes, a BMP or a WebP may not yet have said what it is.
    unknown = length < 20 and name in ("BMP", "WEBP")
    assert kind in ({RefusalKind.DAMAGED, RefusalKind.NOT_AN_IMAGE} if unknown else {RefusalKind.DAMAGED})


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.png_header(50_000, 50_000), id="PNG, 1 bit"),
        pytest.param(b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;", id="GIF"),
        pytest.param(b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + bytes(40), id="WebP"),
        pytest.param(
            b"BM" + bytes(12) + struct.pack("<LllHH", 40, 60_000, -60_000, 1, 24) + bytes(40), id="BMP"
        ),
        pytest.param(b"P6 90000 90000 255\n" + bytes(10), id="PNM"),
        pytest.param(
            bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 24, 0]) + bytes(9), id="TGA"
        ),
    ],
)
def test_more_pixels_than_a_machine_has_room_for(tmp_path: Path, data: bytes) -> None:
    assert refusal(pictures.write(tmp_path / "bomb", data)).kind is RefusalKind.TOO_MANY_PIXELS


def test_the_largest_photographs_are_accepted(tmp_path: Path) -> None:
    header = bytearray(pictures.encoded(pictures.gradient(), "JPEG"))
    at = header.index(b"\xff\xc0") + 5
    header[at : at + 4] = struct.pack(">HH", 12_240, 16_320)
    assert inspect(pictures.write(tmp_path / "a.jpg", bytes(header))).size == Size(16_320, 12_240)


def test_a_file_too_long_for_the_api_is_refused_unread(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a.png", pictures.encoded(pictures.gradient(), "PNG"))
    os.truncate(path, 500_000_001)  # a hole: it takes no room
    assert refusal(path).kind is RefusalKind.TOO_MANY_BYTES


def test_special_files_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for a writer
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        assert refusal(tmp_path / "socket").kind is RefusalKind.SPECIAL_FILE
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path / "link", Path("/dev/zero"), Path("/dev/tty")):
        assert refusal(path).kind is RefusalKind.SPECIAL_FILE


def test_a_link_to_a_picture_is_a_picture(tmp_path: Path) -> None:
    pictures.gradient().save(tmp_path / "a.png")
    (tmp_path / "link").symlink_to(tmp_path / "a.png")
    assert inspect(tmp_path / "link").format == "PNG"


def test_folders_and_absent_files(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert refusal(tmp_path).kind is RefusalKind.FOLDER
    assert refusal(tmp_path / "absent").kind is RefusalKind.NOT_FOUND
    assert refusal(tmp_path / "a\0b").kind is RefusalKind.NOT_FOUND
    assert refusal(tmp_path / "round").kind is RefusalKind.UNREADABLE


def test_no_permission_is_told_apart(tmp_path: Path) -> None:
    """Permissions do not hold the administrator, so the look is taken as somebody else."""
    path = tmp_path / "private.png"
    pictures.gradient().save(path)
    path.chmod(0)
    code = """
        import os, sys
        from pathlib import Path
        from vision_studio.imaging.inspect import inspect
        from vision_studio.imaging.refusal import Refused
        folder = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECTORY)
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        os.fchdir(folder) if os.access(".", os.X_OK, dir_fd=folder) else None
        try:
            inspect(Path(sys.argv[2]))
        except Refused as refused:
            print(refused.kind.value)
    """
    for parent in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        if parent.stat().st_uid == os.getuid():
            parent.chmod(0o755)
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "no_permission"


def test_details_tell_no_path(tmp_path: Path) -> None:
    for path in (tmp_path / "absent", tmp_path, Path("/dev/zero")):
        assert str(tmp_path) not in str(refusal(path))


def test_a_place_is_only_what_has_coordinates(tmp_path: Path) -> None:
    block = pictures.exif()
    block[0x8825] = {0: b"\x02\x02\0\0", 29: "2026:01:01"}
    data = pictures.encoded(pictures.gradient(), "JPEG", exif=block)
    assert Trait.GPS not in inspect(pictures.write(tmp_path / "a.jpg", data)).traits


@pytest.mark.parametrize("name", sorted(QUICK))
def test_pixels_are_not_needed(tmp_path: Path, name: str) -> None:
    data = pictures.encoded(pictures.noise((300, 200)), name)
    assert inspect(pictures.write(tmp_path / "a", data[: len(data) // 2])).size == Size(300, 200)


def test_the_application_looks_at_files_without_loading_a_decoder() -> None:
    code = "import sys, vision_studio.engine.importer; print('PIL' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
