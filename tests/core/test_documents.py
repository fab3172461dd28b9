"""Which pages of a file are wanted, and how large they are drawn."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.documents import Document, Resolution, naming, page_images, page_size, pages_named
from vision_studio.core.size import Size

A4 = (595.276, 841.89)
REPORT = Document("d" * 64, "report.pdf", "PDF", 1000, (A4, A4, (841.89, 595.276)))
SCAN = Document("e" * 64, "scan.tiff", "TIFF", 1000, ((1700, 2200), (800, 600)))


@pytest.mark.parametrize(
    ("resolution", "size"),
    [
        (Resolution.SHARPEST, Size(1821, 2576)),
        (Resolution.DPI_100, Size(827, 1169)),
        (Resolution.DPI_300, Size(2480, 3508)),
    ],
)
def test_a_page_is_drawn_as_finely_as_asked(resolution: Resolution, size: Size) -> None:
    assert page_size(REPORT, 0, resolution) == size
    assert page_size(REPORT, 2, resolution) == Size(size.height, size.width)


def test_a_poster_is_drawn_no_larger_than_the_api_takes() -> None:
    poster = Document("d" * 64, "poster.pdf", "PDF", 1000, ((14_400, 7_200),))
    assert page_size(poster, 0, Resolution.DPI_300) == Size(8000, 4000)


def test_a_sliver_is_still_a_pixel_wide() -> None:
    assert page_size(Document("d" * 64, "a.pdf", "PDF", 1, ((0.0, 900.0),)), 0, Resolution.DPI_100).width == 1


def test_the_pages_of_a_tiff_have_the_sizes_they_have() -> None:
    assert [page_size(SCAN, page, Resolution.DPI_300) for page in (0, 1)] == [
        Size(1700, 2200),
        Size(800, 600),
    ]


def test_every_chosen_page_is_a_card_of_its_own() -> None:
    ids = count()
    images = page_images(REPORT, [2, 0, 2], Resolution.DPI_100, lambda: str(next(ids)))
    assert [(image.name, image.frame, image.frames) for image in images] == [
        ("report.pdf, page 1", 0, 3),
        ("report.pdf, page 3", 2, 3),
    ]
    assert [image.pixels for image in images] == ["d" * 64, "d" * 64 + "-2"]
    assert len({image.id for image in images}) == 2


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("1-3, 7", (0, 1, 2, 6)),
        ("2", (1,)),
        (" 3 – 4 ;1", (0, 2, 3)),
        ("1,1,2-2", (0, 1)),
        ("", ()),
        ("0", None),
        ("9", None),
        ("3-1", None),
        ("1-9", None),
        ("all", None),
        ("1--2", None),
        ("1" * 5000, None),
    ],
)
def test_pages_as_people_name_them(text: str, pages: tuple[int, ...] | None) -> None:
    assert pages_named(text, 8) == pages


@given(st.sets(st.integers(0, 40)))
def test_what_is_named_is_read_back(pages: set[int]) -> None:
    assert pages_named(naming(list(pages)), 41) == tuple(sorted(pages))


@given(st.text("0123456789-–,; x", max_size=20), st.integers(0, 9))
def test_no_text_names_a_page_that_is_not_there(text: str, pages: int) -> None:
    named = pages_named(text, pages)
    assert named is None or all(0 <= page < pages for page in named)
