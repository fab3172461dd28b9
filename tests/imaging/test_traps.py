"""Documents made to exhaust a machine, in a worker like the application's: each costs its own job only."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.imaging import documents, pictures
from tests.support.worker import Worker
from vision_studio.core.draft import Fidelity
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.engine.workers import MEMORY_LIMIT_BYTES
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.pages import Pages, read_pages
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import examine

TAKEN = "taken"
DAMAGED, TOO_SLOW = RefusalKind.DAMAGED.value, RefusalKind.TOO_SLOW.value
TOO_MANY_PIXELS = RefusalKind.TOO_MANY_PIXELS.value


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker() as worker:
        yield worker


def all_of(path: Path) -> int:
    """Do what is done with every picture, and return the most memory the process has had, in bytes."""
    inspect(path)
    examine(path, 64)
    render(path, Recipe(Size(300, 200), Fidelity.FIT, 1_000_000), path.with_suffix(".sent"))
    status = Path("/proc/self/status")
    return int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024 if status.exists() else 0


def ending(worker: Worker, path: Path, timeout_s: float) -> tuple[str, int]:
    try:
        return TAKEN, worker.run(all_of, path, timeout_s=timeout_s)
    except Refused as refused:
        return refused.kind.value, 0


def packed_stream(operators: bytes, times: int) -> bytes:
    """Return a page whose drawing is many times as long as the file."""
    packer = zlib.compressobj(9)
    block = operators * 1000
    packed = b"".join(packer.compress(block) for _ in range(times // 1000)) + packer.flush()
    stream = packed.decode("latin-1")
    return documents.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>",
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{stream}\nendstream",
        ]
    )


def self_drawing_form() -> bytes:
    """Return a page that draws a form that draws itself."""
    form = "/Fm Do 0 0 9 9 re f"
    resources = "/Resources << /XObject << /Fm 5 0 R >> >>"
    return documents.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R {resources} >>",
            "<< /Length 6 >>\nstream\n/Fm Do\nendstream",
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 200 100] {resources} /Length {len(form)} >>"
            f"\nstream\n{form}\nendstream",
        ]
    )


def doubling(levels: int, times: int) -> bytes:
    """Return a drawing that uses a thing that uses a thing many times, and so on."""
    groups = ["<g id='a0'><circle r='9'/></g>"]
    for level in range(1, levels):
        use = f"<use href='#a{level - 1}'/>"
        groups.append(f"<g id='a{level}'>{use * times}</g>")
    return documents.svg("".join(groups))


def sized(data: bytes, width: int, height: int) -> bytes:
    """Return a HEIC of tiles that promises another size, in both places where it does."""
    changed = data.replace(struct.pack(">LL", 130, 70), struct.pack(">LL", width, height))
    return changed.replace(struct.pack(">HH", 130, 70), struct.pack(">HH", width, height))


TILES = pictures.encoded(pictures.photo((130, 70)), "HEIC", tile_size=64)
ALL = "width='200' height='100'"
HUGE_PNG = base64.b64encode(pictures.png_header(60_000, 60_000, 8, 2)).decode()


FILTERS = "<feMorphology operator='dilate' radius='900'/>" * 500
INNER_PICTURE = f"<image href='data:image/png;base64,{HUGE_PNG}' width='9' height='9'/>"

ANYHOW = {TAKEN, DAMAGED, TOO_SLOW}
"""It depends on the machine; what counts is that it ends."""

TRAPS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "a page of two miles": (lambda: documents.pdf([(1e7, 1e7)]), {TAKEN}),
    "a page as thin as a line": (lambda: documents.pdf([(1e6, 1)]), {TAKEN}),
    "20,000 pages": (lambda: documents.pdf([(200, 100)] * 20_000), {TAKEN}),
    "a form that draws itself": (self_drawing_form, {TAKEN, DAMAGED}),
    "100 MB of blanks": (lambda: packed_stream(b" " * 1000, 100_000), ANYHOW),
    "4,000,000 lines": (lambda: packed_stream(b"0 0 m 200 100 l S ", 4_000_000), ANYHOW),
    "a thing that uses itself": (lambda: documents.svg("<g id='a'><use href='#a'/></g>"), {TAKEN}),
    "a thing used 10,000,000,000 times": (lambda: doubling(10, 10), {DAMAGED, TOO_SLOW}),
    "60,000 px inside": (lambda: documents.svg(INNER_PICTURE), {TAKEN, DAMAGED}),
    "500 filters": (
        lambda: documents.svg(f"<filter id='f'>{FILTERS}</filter><rect {ALL} filter='url(#f)'/>"),
        ANYHOW,
    ),
    "a long word": (lambda: documents.svg(f"<text>{'x' * 3_000_000}</text>"), ANYHOW),
    "as large as a country": (lambda: documents.svg(root="width='1e9' height='1e9'"), {TAKEN}),
    "HEIC, 50,000 px": (lambda: sized(TILES, 50_000, 50_000), {TOO_MANY_PIXELS}),
    "HEIC, tiles for a hundredth of it": (lambda: sized(TILES, 15_000, 15_000), {DAMAGED}),
}


@pytest.mark.parametrize("name", TRAPS)
def test_it_ends_in_time_and_within_memory(tmp_path: Path, worker: Worker, name: str) -> None:
    make, endings = TRAPS[name]
    path = pictures.write(tmp_path / "trap", make())
    # What may take for ever is not waited for as long as what must succeed.
    end, memory = ending(worker, path, timeout_s=5.0 if TOO_SLOW in endings else 30.0)
    assert end in endings
    assert memory < MEMORY_LIMIT_BYTES
    # Whatever it did to the process, the next picture has one.
    good = pictures.write(tmp_path / "good", pictures.encoded(pictures.photo((30, 20)), "PNG"))
    assert ending(worker, good, timeout_s=60.0)[0] == TAKEN


def test_a_document_may_lie_about_its_pages(tmp_path: Path, worker: Worker) -> None:
    data = documents.pdf([(200, 100)] * 2).replace(b"/Count 2", b"/Count 2147483647")
    pages = worker.run(read_pages, pictures.write(tmp_path / "a", data), timeout_s=20.0)
    assert pages.sizes[:2] == ((200, 100), (200, 100))
    assert len(pages.sizes) <= 2000


def test_thousands_of_pages_are_measured_in_part(tmp_path: Path, worker: Worker) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([(200, 100)] * 5000))
    pages = worker.run(read_pages, path, timeout_s=20.0)
    assert pages == Pages("PDF", ((200, 100),) * 2000, left_out=3000)
