"""Writes docs/formats.md from what the code does (``python -m tests.docs.formats``); a test compares them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from tests.imaging import documents, pictures
from vision_studio.core.amounts import bytes_text, count
from vision_studio.core.draft import Fidelity
from vision_studio.core.size import Size
from vision_studio.engine.pictures import JOB_TIMEOUT_S
from vision_studio.engine.workers import MEMORY_LIMIT_BYTES
from vision_studio.imaging.budget import BYTE_BUDGET, MOST_PAGES, PIXEL_BUDGET
from vision_studio.imaging.drawing import DRAWN_FORMATS
from vision_studio.imaging.formats import PLUGINS
from vision_studio.imaging.inspect import inspect, inspect_quickly
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.svg_source import MOST_BYTES, MOST_DEPTH

PAGE = Path(__file__).parents[2] / "docs" / "formats.md"
TEMPLATE = Path(__file__).with_name("formats.template.md")
"""The words around the tables."""

FORMATS = (*sorted(PLUGINS), *sorted(DRAWN_FORMATS))

_NAMES = {
    "JPEG2000": "JPEG 2000",
    "WEBP": "WebP",
    "HEIC": "HEIC, HEIF",
    "PNM": "PBM, PGM, PPM",
    "JPEG": "JPEG, MPO",
    "PNG": "PNG, APNG",
}
_READ_BY = {"HEIC": "libheif", "PDF": "PDFium", "SVG": "resvg"}
_ALPHA = frozenset({"AVIF", "GIF", "HEIC", "ICO", "JPEG2000", "PNG", "SVG", "TGA", "TIFF", "WEBP"})
_CAP = 10_485_760

_PHOTO_SIZE, _PAGE_SIZE = (400, 300), (1600, 1200)


def page() -> str:
    """Return the whole page."""
    text = TEMPLATE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        tables = {
            "sent": _table(
                (
                    "Format",
                    "Read by",
                    "Facts",
                    "Photograph that fits",
                    "Photograph",
                    "Drawing",
                    "On nothing",
                ),
                [_sent_row(Path(folder), name) for name in FORMATS],
            ),
            "fidelity": _fidelity_table(Path(folder)),
            "frames": _frames_table(Path(folder)),
            "budgets": _budget_table(),
        }
    for name, table in tables.items():
        text = text.replace(f"{{{{{name}}}}}\n", table + "\n")
    return text.replace("{{pages}}", count(MOST_PAGES))


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def photo(name: str) -> bytes:
    """Return a photograph in a format."""
    image = pictures.photo(_PHOTO_SIZE)
    if name == "PDF":
        return pictures.encoded(image, "PDF", resolution=200)
    if name == "SVG":
        return documents.svg_of_picture(image)
    return _saved(image, name)


def drawing(name: str) -> bytes:
    """Return a page of text, or in a document something drawn, in a format."""
    if name == "PDF":
        return documents.pdf([(500, 300)])
    if name == "SVG":
        return documents.svg(
            '<rect width="1600" height="1200" fill="white"/><rect width="400" height="900"/>', _SVG_ROOT
        )
    return _saved(pictures.page(_PAGE_SIZE), name)


def clear(name: str) -> bytes:
    """Return a drawing on nothing, in a format that can say so."""
    if name == "SVG":
        return documents.svg('<rect width="400" height="900"/>', _SVG_ROOT)
    image = pictures.page(_PAGE_SIZE).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 1200))
    return _saved(image, name)


_SVG_ROOT = 'width="1600" height="1200"'


def _saved(image: Image.Image, name: str) -> bytes:
    if name == "ICO":
        image = image.crop((0, 0, 256, 192))
        return pictures.encoded(image, "ICO", sizes=[(256, 192)])
    return pictures.encoded(image, {"PNM": "PPM"}.get(name, name), **pictures.FORMATS[name][1])


def sent(folder: Path, data: bytes, share: float, fidelity: Fidelity = Fidelity.FIT, cap: int = _CAP) -> str:
    """Return in words how a file is sent, at a share of its size."""
    source, target = folder / "source", folder / "target"
    source.write_bytes(data)
    size = inspect(source).size
    wanted = Size(max(1, int(size.width * share)), max(1, int(size.height * share)))
    rendered = render(source, Recipe(wanted, fidelity, cap), target)
    made = target.read_bytes()
    if made == data:
        return "unchanged"
    kind = rendered.media_type.removeprefix("image/").upper().replace("WEBP", "WebP")
    if kind == "PNG" or b"VP8L" in made[:64]:
        return "lossless"
    with Image.open(io.BytesIO(made)) as image:
        full = kind == "JPEG" and image.layer[0][1:3] == (1, 1)  # type: ignore[attr-defined]
    return f"{kind} 4:4:4" if full else kind


def _sent_row(folder: Path, name: str) -> tuple[str, ...]:
    source = folder / "source"
    source.write_bytes(photo(name))
    return (
        _NAMES.get(name, name),
        _READ_BY.get(name, "Pillow"),
        "header" if inspect_quickly(source) else "decoder",
        sent(folder, photo(name), 1),
        sent(folder, photo(name), 0.5),
        sent(folder, drawing(name), 1 if name == "ICO" else 0.5),
        sent(folder, clear(name), 0.5) if name in _ALPHA else "–",
    )


def _fidelity_table(folder: Path) -> str:
    files = {
        "A JPEG photograph": photo("JPEG"),
        "A PNG screenshot": drawing("PNG"),
        "A PNG photograph": photo("PNG"),
        "A TIFF photograph": photo("TIFF"),
        "A HEIC photograph": photo("HEIC"),
    }
    rows = []
    for what, data in files.items():
        cells = [sent(folder, data, 1, fidelity) for fidelity in (Fidelity.FIT, Fidelity.ORIGINAL)]
        cells += [sent(folder, data, 0.5, fidelity) for fidelity in (Fidelity.ECONOMY, Fidelity.CUSTOM)]
        rows.append((what, *cells))
    return _table(("What", "Fit, fits already", "Original", "Economy, shrunk", "Custom edge, shrunk"), rows)


def _frames_table(folder: Path) -> str:
    many: dict[str, Callable[[], bytes]] = {
        "GIF": lambda: pictures.animated("GIF", 3),
        "WebP": lambda: pictures.animated("WEBP", 3),
        "APNG": lambda: pictures.animated("PNG", 3),
        "AVIF": lambda: pictures.animated("AVIF", 3),
        "TIFF": lambda: pictures.animated("TIFF", 3),
        "PDF": lambda: documents.pdf([(200, 100)] * 3),
        "MPO": lambda: pictures.mpo_with_everything(pictures.photo((60, 40))),
        "ICO": lambda: pictures.encoded(pictures.photo((64, 64)), "ICO", sizes=[(16, 16), (64, 64)]),
    }
    rows = []
    for name, make in many.items():
        source = folder / "source"
        source.write_bytes(make())
        frames = inspect(source).frames
        words = "pages" if name in ("TIFF", "PDF") else "frames"
        rows.append((name, f"any of its {words}" if frames == 3 else _ONE[name]))
    return _table(("Of", "can be sent"), [*rows, ("HEIC", "the main picture")])


_ONE = {"MPO": "the first picture", "ICO": "the largest picture"}


def _budget_table() -> str:
    return _table(
        ("What", "At most"),
        [
            ("Pixels of a picture", count(PIXEL_BUDGET)),
            ("A file", bytes_text(BYTE_BUDGET)),
            ("Pages to choose from", count(MOST_PAGES)),
            ("Memory of a worker (Linux)", bytes_text(MEMORY_LIMIT_BYTES)),
            ("Time for a picture", f"{JOB_TIMEOUT_S:.0f} s"),
            ("An SVG, unpacked and unfolded", bytes_text(MOST_BYTES)),
            ("Elements of an SVG within each other", count(MOST_DEPTH)),
        ],
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
