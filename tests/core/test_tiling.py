"""Parts of a long picture cover it, overlap, and are seen as they are."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.size import Size
from vision_studio.core.tiling import MOST_PARTS, Box, larger_parts, parts
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, fits

sizes = st.builds(Size, st.integers(1, 8000), st.integers(1, 40_000))
tiers = st.sampled_from([STANDARD, HIGH])


@given(sizes, tiers)
def test_the_parts_cover_the_picture_in_order(size: Size, tier: ResolutionTier) -> None:
    boxes = parts(size, tier)
    assert 1 <= len(boxes) <= MOST_PARTS
    along = [(box.top, box.bottom) if size.height >= size.width else (box.left, box.right) for box in boxes]
    assert along[0][0] == 0
    assert along[-1][1] == size.longest
    for (_, end), (start, _) in itertools.pairwise(along):
        assert start <= end
    assert len({box.size for box in boxes}) == 1
    assert all(0 <= box.left < box.right <= size.width for box in boxes)
    assert all(0 <= box.top < box.bottom <= size.height for box in boxes)


@given(sizes, tiers)
def test_a_turned_picture_is_cut_alike(size: Size, tier: ResolutionTier) -> None:
    if size.width != size.height:
        turned = parts(Size(size.height, size.width), tier)
        assert [Box(top, left, bottom, right) for left, top, right, bottom in turned] == list(
            parts(size, tier)
        )


@pytest.mark.parametrize(
    ("size", "tier", "count"),
    [
        (Size(1500, 12_000), HIGH, 6),
        (Size(1500, 12_000), STANDARD, 6),
        (Size(300, 12_000), HIGH, 5),
        (Size(12_000, 300), HIGH, 5),
        (Size(1000, 1000), HIGH, 1),
    ],
)
def test_in_figures(size: Size, tier: ResolutionTier, count: int) -> None:
    assert len(parts(size, tier)) == count


def test_parts_of_a_usual_screenshot_are_seen_as_they_are() -> None:
    for box in parts(Size(1080, 9000), HIGH):
        assert fits(box.size, HIGH)


@pytest.mark.parametrize(
    ("size", "worth"),
    [
        pytest.param(Size(2480, 3508), False, id="a sheet of paper"),
        pytest.param(Size(1200, 9000), True, id="a long page"),
        pytest.param(Size(9000, 1200), True, id="a long drawing"),
        pytest.param(Size(800, 600), False, id="seen as it is"),
    ],
)
def test_parts_are_offered_where_they_are_seen_larger(size: Size, worth: bool) -> None:
    assert bool(larger_parts(size, HIGH)) is worth
