"""Files made to exhaust a machine: measured in a process that may not have the memory they ask for."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import pictures

ROOM_BYTES = 400_000_000
"""What the process may allocate. The decoded bombs would take a gigabyte and more."""

CODE = f"""
    import json, resource, sys
    from pathlib import Path
    resource.setrlimit(resource.RLIMIT_DATA, ({ROOM_BYTES}, {ROOM_BYTES}))
    from vision_studio.core.draft import Fidelity
    from vision_studio.core.size import Size
    from vision_studio.imaging.inspect import inspect
    from vision_studio.imaging.refusal import Refused
    from vision_studio.imaging.rendition import Recipe, render
    from vision_studio.imaging.thumbnails import examine, verify
    from PIL import Image
    Image.init()
    def peak_kb():
        # Unlike ru_maxrss, this does not begin with what the parent process had.
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])
    before = peak_kb()
    path = Path(sys.argv[1])
    recipe = Recipe(Size(100, 100), Fidelity.FIT, 1_000_000)
    told = []
    for look in (
        lambda: inspect(path),
        lambda: verify(path),
        lambda: examine(path, 64),
        lambda: render(path, recipe, path.with_suffix(".made")),
    ):
        try:
            look()
            told.append("taken")
        except Refused as refused:
            told.append(refused.kind.value)
    print(json.dumps([told, (peak_kb() - before) // 1024]))
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to a size")


def outcome(path: Path) -> tuple[list[str], int]:
    """Return what inspecting, verifying, examining and rendering said, and the memory they took, in MB."""
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CODE), str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kinds, grown_mb = json.loads(told.stdout)
    return kinds, grown_mb


def tiff(width: int, height: int, next_directory: int = 0) -> bytes:
    """Return a TIFF that promises a size and has one byte of pixels."""
    entries = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 4),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, 1),
    ]
    body = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + body + struct.pack("<L", next_directory)


def promising(width: int, height: int, name: str) -> bytes:
    """Return a HEIC or an AVIF that promises a size and has the pixels of a small one."""
    data = pictures.encoded(pictures.photo((64, 64)), name)
    assert data.count(struct.pack(">LL", 64, 64)) == 1
    return data.replace(struct.pack(">LL", 64, 64), struct.pack(">LL", width, height))


def icon_of(png: bytes) -> bytes:
    return struct.pack("<HHH", 0, 1, 1) + struct.pack("<BBBBHHLL", 64, 64, 0, 0, 1, 32, len(png), 22) + png


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.png_header(50_000, 50_000), id="PNG of 1 bit"),
        pytest.param(b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;", id="GIF"),
        pytest.param(
            b"GIF89a\x0a\0\x0a\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\0;", id="GIF with a huge frame"
        ),
        pytest.param(b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff" * 6 + bytes(40), id="WebP"),
        pytest.param(tiff(60_000, 60_000), id="TIFF"),
        pytest.param(b"P5 90000 90000 255\n" + bytes(10), id="PNM"),
        pytest.param(promising(50_000, 50_000, "HEIC"), id="HEIC"),
        pytest.param(promising(50_000, 50_000, "AVIF"), id="AVIF"),
    ],
)
def test_a_bomb_is_refused_for_its_size_and_never_unpacked(tmp_path: Path, data: bytes) -> None:
    kinds, grown_mb = outcome(pictures.write(tmp_path / "bomb", data))
    assert kinds == ["too_many_pixels"] * 4
    assert grown_mb < 20


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(icon_of(pictures.png_header(50_000, 50_000)), id="icon with a huge picture in it"),
        pytest.param(tiff(15_000, 15_000), id="TIFF within the budget, without its pixels"),
        pytest.param(tiff(20, 20, next_directory=8), id="TIFF whose pages go round in a circle"),
    ],
)
def test_a_trap_is_refused(tmp_path: Path, data: bytes) -> None:
    kinds, grown_mb = outcome(pictures.write(tmp_path / "trap", data))
    assert set(kinds[1:]) <= {"damaged", "too_many_pixels"}
    assert grown_mb < 300


def test_text_that_unpacks_to_much_more_is_not_unpacked(tmp_path: Path) -> None:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(160)) + packer.flush()
    plain = pictures.encoded(pictures.photo((100, 100)), "PNG")
    text = pictures.png_chunk(b"zTXt", b"Comment\0\0" + packed)
    _, grown_mb = outcome(pictures.write(tmp_path / "a.png", plain[:33] + text + plain[33:]))
    assert grown_mb < 100


def test_a_large_photograph_shrinks_in_little_room(tmp_path: Path) -> None:
    Image.new("L", (12_000, 9_000), 90).save(tmp_path / "a.jpg", quality=50)
    kinds, grown_mb = outcome(tmp_path / "a.jpg")
    assert kinds == ["taken"] * 4
    assert grown_mb < 100
