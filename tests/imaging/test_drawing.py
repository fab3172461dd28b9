"""Documents that are drawn: how large their cards are, and what any page of them looks like at any size."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from PIL import Image

from tests.imaging import documents, pictures
from vision_studio.core.draft import Fidelity, Trait
from vision_studio.core.events import RefusalKind
from vision_studio.core.limits import base64_bytes
from vision_studio.core.size import Size
from vision_studio.imaging.inspect import inspect, inspect_frame, inspect_quickly
from vision_studio.imaging.pages import Pages, read_pages
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import examine, thumbnail

CAP = 10_485_760
A4 = (595.0, 842.0)
WHITE, RED = (255, 255, 255), (255, 0, 0)


def sent(source: Path, size: tuple[int, int], page: int = 0) -> Image.Image:
    """Return what is sent of a page at a size."""
    target = source.with_suffix(".sent")
    rendered = render(source, Recipe(Size(*size), Fidelity.FIT, CAP, page), target)
    with Image.open(target) as image:
        image.load()
    assert image.size == rendered.size
    return image


def refusal(path: Path, page: int = 0) -> RefusalKind:
    with pytest.raises(Refused) as caught:
        examine(path, 64, page)
    return caught.value.kind


# --- PDF --------------------------------------------------------------------------------------------------


def test_a_page_has_a_card_at_200_dpi(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([A4, (842, 595)]))
    facts = inspect(path)
    assert (facts.format, facts.frames, facts.traits) == ("PDF", 2, {Trait.LOSSLESS})
    assert facts.size == (1653, 2339)
    assert inspect_frame(path, 1).size == (2339, 1653)
    assert inspect_quickly(path) is None  # it takes a decoder, and so a worker


@pytest.mark.parametrize(
    ("points", "size"),
    [
        pytest.param((100, 50), (1000, 500), id="a stamp"),
        pytest.param((2384, 3370), (5659, 8000), id="A0"),
        pytest.param((14_400, 14_400), (8000, 8000), id="the largest page there can be"),
    ],
)
def test_a_page_of_unusual_size(tmp_path: Path, points: tuple[float, float], size: tuple[int, int]) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([points]))
    assert inspect(path).size == size


@pytest.mark.parametrize("size", [(100, 140), (1653, 2339), (2500, 3537)], ids=str)
def test_a_page_is_drawn_at_the_size_asked_for(tmp_path: Path, size: tuple[int, int]) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([A4]))
    image = sent(path, size)
    assert image.size == size
    assert image.mode == "RGB"
    assert image.getpixel((size[0] // 4, size[1] // 2)) == RED
    assert image.getpixel((size[0] * 3 // 4, size[1] // 2)) == WHITE


@pytest.mark.parametrize(
    ("rotation", "size", "red"),
    [
        (0, (200, 100), "left"),
        (90, (100, 200), "top"),
        (180, (200, 100), "right"),
        (270, (100, 200), "bottom"),
    ],
)
def test_a_page_is_turned_as_it_says(tmp_path: Path, rotation: int, size: tuple[int, int], red: str) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([(200, 100)], rotation))
    assert read_pages(path).sizes == (size,)
    image = sent(path, size)
    places = {"left": (10, 50), "right": (190, 50), "top": (50, 10), "bottom": (50, 190)}
    assert image.getpixel(places[red]) == RED


def test_every_page_has_its_own_picture(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", documents.pdf([A4, (300, 100)]))
    assert read_pages(path) == Pages("PDF", (A4, (300.0, 100.0)))
    made = thumbnail(path, 90, 1)
    assert (made.width, made.height) == (90, 30)
    examined = examine(path, 90, 1)
    assert (examined.facts.size, examined.facts.frames) == ((1000, 333), 2)
    assert sent(path, (600, 200), 1).size == (600, 200)
    assert refusal(path, 2) is RefusalKind.DAMAGED


def test_a_broken_page_is_refused_by_itself(tmp_path: Path) -> None:
    data = documents.pdf([A4, (300, 100), (400, 100)]).replace(b"5 0 R 7 0 R", b"99 0 R 7 0 R")
    path = pictures.write(tmp_path / "a", data)
    assert read_pages(path).sizes == (A4, (612, 792), (400, 100))
    assert refusal(path, 1) is RefusalKind.DAMAGED
    assert examine(path, 90, 2).facts.size == (1111, 278)


NOTE = (
    "<< /Type /Annot /Subtype /Square /Rect [120 20 180 80] /IC [0 0 1] /AP << /N 5 0 R >> >>",
    "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /F 4 /Rect [120 20 180 80] /AP << /N 5 0 R >> >>",
)


@pytest.mark.parametrize("note", NOTE, ids=["a remark", "a field of a form"])
def test_what_was_put_onto_a_page_is_drawn(tmp_path: Path, note: str) -> None:
    blue = "0 0 1 rg 0 0 60 60 re f"
    data = documents.pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R] >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R /Annots [6 0 R] >>",
            "<< /Length 0 >>\nstream\n\nendstream",
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 60 60] /Length {len(blue)} >>"
            f"\nstream\n{blue}\nendstream",
            note,
        ]
    )
    image = sent(pictures.write(tmp_path / "a", data), (200, 100))
    assert image.getpixel((150, 50)) == (0, 0, 255)
    assert image.getpixel((20, 20)) == WHITE


def test_a_locked_document_says_so(tmp_path: Path) -> None:
    pages = documents.pdf([A4]).replace(b"/Root 1 0 R ", b"/Root 1 0 R " + documents.LOCKED.encode())
    path = pictures.write(tmp_path / "a", pages)
    assert refusal(path) is RefusalKind.ENCRYPTED
    with pytest.raises(Refused) as caught:
        read_pages(path)
    assert caught.value.kind is RefusalKind.ENCRYPTED


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n", id="a heading"),
        pytest.param(b"junk\n%PDF-1.4\n", id="a heading behind junk"),
        pytest.param(documents.pdf([]), id="no pages"),
        pytest.param(documents.pdf([A4])[:200], id="a third of it"),
        pytest.param(documents.pdf_of(["<< /Type /Catalog >>"]), id="a catalogue of nothing"),
    ],
)
def test_a_broken_document_is_damaged(tmp_path: Path, data: bytes) -> None:
    assert refusal(pictures.write(tmp_path / "a", data)) is RefusalKind.DAMAGED


def test_what_has_no_pages_has_none_to_choose_from(tmp_path: Path) -> None:
    path = pictures.write(tmp_path / "a", pictures.encoded(pictures.gradient(), "PNG"))
    with pytest.raises(Refused) as caught:
        read_pages(path)
    assert caught.value.kind is RefusalKind.UNSUPPORTED_FORMAT


def test_the_pages_of_a_picture(tmp_path: Path) -> None:
    pages = [pictures.gradient((40, 24)), pictures.gradient((30, 50))]
    path = tmp_path / "a"
    pages[0].save(path, "TIFF", save_all=True, append_images=pages[1:])
    assert read_pages(path) == Pages("TIFF", ((40, 24), (30, 50)))


# --- SVG --------------------------------------------------------------------------------------------------

LEFT = '<rect width="100" height="100" fill="red"/>'


@pytest.mark.parametrize(
    ("root", "size"),
    [
        pytest.param('width="1200" height="600"', (1200, 600), id="its own"),
        pytest.param('width="24" height="12"', (1000, 500), id="an icon is sharp at any size"),
        pytest.param('width="100000" height="50000"', (8000, 4000), id="a wall"),
        pytest.param('viewBox="0 0 30 60"', (500, 1000), id="none told: the shape of the view"),
        pytest.param('width="100%" viewBox="0 0 30 60"', (500, 1000), id="a share of nothing"),
        pytest.param('width="2in" height="25.4mm"', (1000, 500), id="units"),
        pytest.param('width="3000" viewBox="0 0 30 60"', (3000, 6000), id="one side"),
        pytest.param("", (1000, 500), id="nothing told"),
    ],
)
def test_the_size_of_a_drawing(tmp_path: Path, root: str, size: tuple[int, int]) -> None:
    facts = inspect(pictures.write(tmp_path / "a", documents.svg(root=root)))
    assert (facts.format, facts.frames, facts.size) == ("SVG", 1, size)
    assert facts.traits == {Trait.LOSSLESS}


@pytest.mark.parametrize(
    "root",
    ['width="200" height="100"', 'viewBox="0 0 200 100"', 'width="9" height="4.5" viewBox="0 0 200 100"'],
)
@pytest.mark.parametrize("size", [(50, 25), (333, 167), (2000, 1000)], ids=str)
def test_a_drawing_fills_the_size_asked_for_and_keeps_its_transparency(
    tmp_path: Path, root: str, size: tuple[int, int]
) -> None:
    image = sent(pictures.write(tmp_path / "a", documents.svg(LEFT, root)), size)
    assert (image.size, image.mode) == (size, "RGBA")
    if "viewBox" in root or 'width="200"' in root:
        assert image.getpixel((size[0] // 4, size[1] - 1)) == (*RED, 255)
    assert image.getpixel((size[0] * 3 // 4, size[1] // 2))[3] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(documents.svg(LEFT), id="plain"),
        pytest.param(gzip.compress(documents.svg(LEFT)), id="packed"),
        pytest.param(
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->\n" + documents.svg(LEFT), id="a preamble"
        ),
        pytest.param(documents.svg(LEFT).decode().encode("utf-16"), id="UTF-16"),
        pytest.param(documents.svg(LEFT).replace(b' xmlns="http://www.w3.org/2000/svg"', b""), id="by hand"),
        pytest.param(
            documents.svg(LEFT)
            .replace(b"<svg xmlns", b"<s:svg xmlns:s")
            .replace(b"</svg", b"</s:svg")
            .replace(b"<rect", b"<s:rect"),
            id="with a prefix",
        ),
        pytest.param(
            b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"'
            b'[<!ENTITY ink "red">]>' + documents.svg(LEFT.replace("red", "&ink;")),
            id="as drawing programs write it",
        ),
    ],
)
def test_every_way_to_write_one(tmp_path: Path, data: bytes) -> None:
    path = pictures.write(tmp_path / "a", data)
    assert inspect(path).format == "SVG"
    assert sent(path, (200, 100)).getpixel((50, 50)) == (*RED, 255)


def test_words_are_drawn_whatever_their_typeface(tmp_path: Path) -> None:
    words = '<text x="10" y="60" font-size="40" font-family="No Such Letters">Words</text>'
    path = pictures.write(tmp_path / "a", documents.svg(words))
    assert sent(path, (200, 100)).getchannel("A").getbbox() is not None


# --- both -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cap", [60_000, 8_000])
@pytest.mark.parametrize("name", ["PDF", "SVG"])
def test_the_base64_text_never_exceeds_the_cap(tmp_path: Path, name: str, cap: int) -> None:
    noise = pictures.noise((300, 200))
    data = documents.svg_of_picture(noise) if name == "SVG" else pictures.encoded(noise, "PDF")
    recipe = Recipe(Size(600, 400), Fidelity.FIT, cap)
    rendered = render(pictures.write(tmp_path / "a", data), recipe, tmp_path / "sent")
    assert base64_bytes(rendered.size_bytes) <= cap
    assert rendered.size_bytes == (tmp_path / "sent").stat().st_size
