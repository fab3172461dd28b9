"""The size a picture is seen at and what that costs: golden tables, and what holds for every picture."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vision_studio.core.size import Size
from vision_studio.core.tokens import (
    HIGH,
    STANDARD,
    TIERS,
    ResolutionTier,
    fits,
    image_tokens,
    patches,
    rule_of_thumb_tokens,
    seen_size,
    text_tokens,
)

sides = st.integers(1, 12_000)
sizes = st.builds(Size, sides, sides)
tiers = st.sampled_from([STANDARD, HIGH])


@pytest.mark.parametrize(
    ("size", "standard", "standard_tokens", "high", "high_tokens"),
    [
        ((200, 200), (200, 200), 64, (200, 200), 64),
        ((1000, 1000), (1000, 1000), 1296, (1000, 1000), 1296),
        ((1092, 1092), (1092, 1092), 1521, (1092, 1092), 1521),
        ((1280, 720), (1280, 720), 1196, (1280, 720), 1196),
        ((1920, 1080), (1456, 819), 1560, (1920, 1080), 2691),
        ((2000, 1500), (1270, 952), 1564, (2000, 1500), 3888),
        ((2000, 2000), (1092, 1092), 1521, (1932, 1932), 4761),
        ((2560, 1440), (1456, 819), 1560, (2560, 1440), 4784),
        ((4032, 3024), (1270, 952), 1564, (2212, 1659), 4740),
        ((3840, 2160), (1456, 819), 1560, (2576, 1449), 4784),
        ((1075, 1520), (924, 1307), 1551, (1075, 1520), 2145),
        ((8000, 200), (1568, 39), 112, (2576, 64), 276),
        ((8000, 6000), (1270, 952), 1564, (2212, 1659), 4740),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else str(value),
)
def test_published_sizes_and_tokens(
    size: tuple[int, int],
    standard: tuple[int, int],
    standard_tokens: int,
    high: tuple[int, int],
    high_tokens: int,
) -> None:
    """Claude platform documentation, "Vision", 2026-09-20, computed with its reference code.

    Its table prints 1269 × 952 for 2000 × 1500, where its code yields 1270 × 952; the tokens are the same.
    The bill for 8000 × 6000 was seen on 2026-09-29: 4,788 with a short prompt.
    """
    assert seen_size(Size(*size), STANDARD) == standard
    assert seen_size(Size(*size), HIGH) == high
    assert image_tokens(Size(*size), STANDARD) == standard_tokens
    assert image_tokens(Size(*size), HIGH) == high_tokens


@pytest.mark.parametrize("tier", [STANDARD, HIGH], ids=["standard", "high"])
@pytest.mark.parametrize(
    "size",
    [(1092, 1092), (951, 1268), (896, 1344), (819, 1456), (784, 1568)],
    ids=["1:1", "3:4", "2:3", "9:16", "1:2"],
)
def test_sizes_that_the_guides_promise_not_to_resize(size: tuple[int, int], tier: ResolutionTier) -> None:
    """Both published vision guides (Sonnet 4.5 and Sonnet 4.6 era): "will not be resized"."""
    assert seen_size(Size(*size), tier) == size
    assert seen_size(Size(*reversed(size)), tier) == tuple(reversed(size))


@pytest.mark.parametrize(
    ("size", "tokens", "cost_usd"),
    [((200, 200), 54, 0.00016), ((1000, 1000), 1334, 0.004), ((1092, 1092), 1590, 0.0048)],
    ids=["200x200", "1000x1000", "1092x1092"],
)
def test_the_guides_rule_of_thumb(size: tuple[int, int], tokens: int, cost_usd: float) -> None:
    """The table of both guides: about so many tokens, and dollars at 3 a million."""
    assert rule_of_thumb_tokens(Size(*size)) == tokens
    assert tokens * 3 / 1_000_000 == pytest.approx(cost_usd, rel=0.03)


@given(sizes, tiers)
def test_a_picture_is_never_seen_larger_than_it_is(size: Size, tier: ResolutionTier) -> None:
    seen = seen_size(size, tier)
    assert 1 <= seen.width <= size.width
    assert 1 <= seen.height <= size.height


@given(sizes, tiers)
def test_what_is_seen_fits_and_stays_as_it_is(size: Size, tier: ResolutionTier) -> None:
    seen = seen_size(size, tier)
    assert fits(seen, tier)
    assert seen_size(seen, tier) == seen
    assert 1 <= patches(seen) <= tier.tokens
    padded = math.ceil(seen.longest / 28) * 28
    assert padded <= tier.edge_px


@given(sizes, tiers)
def test_turning_a_picture_changes_nothing_but_its_orientation(size: Size, tier: ResolutionTier) -> None:
    turned = Size(size.height, size.width)
    assert seen_size(turned, tier) == tuple(reversed(seen_size(size, tier)))
    assert image_tokens(turned, tier) == image_tokens(size, tier)
    assert rule_of_thumb_tokens(turned) == rule_of_thumb_tokens(size)


@given(sizes, sides, sides, tiers)
def test_of_two_pictures_shown_as_they_are_the_larger_costs_no_less(
    size: Size, wider: int, higher: int, tier: ResolutionTier
) -> None:
    larger = Size(size.width + wider, size.height + higher)
    if fits(larger, tier):
        assert fits(size, tier)
        assert image_tokens(larger, tier) >= image_tokens(size, tier)


@given(sizes, st.integers(2, 6), tiers)
def test_enlarging_a_picture_in_its_shape_never_makes_it_cheaper(
    size: Size, times: int, tier: ResolutionTier
) -> None:
    enlarged = Size(size.width * times, size.height * times)
    assert image_tokens(enlarged, tier) >= image_tokens(size, tier)


def test_a_larger_picture_may_cost_less_in_another_shape() -> None:
    """Why it is not simply "larger costs more": a column more can bring a shape that fills fewer patches."""
    assert image_tokens(Size(1521, 1092), STANDARD) == 1564
    assert image_tokens(Size(1522, 1092), STANDARD) == 1518


@given(sizes, tiers)
@example(Size(12_000, 1), STANDARD)
def test_the_shape_is_kept_to_the_pixel(size: Size, tier: ResolutionTier) -> None:
    seen = seen_size(size, tier)
    longer, shorter = max(seen), min(seen)
    exact = longer * size.shortest / size.longest
    assert abs(shorter - max(exact, 1)) <= 0.5 + 1e-9


@given(sizes, tiers)
def test_no_larger_size_of_the_same_shape_would_fit(size: Size, tier: ResolutionTier) -> None:
    seen = seen_size(size, tier)
    if seen != size:
        longer = seen.longest + 1
        shorter = max(round(longer / (size.longest / size.shortest)), 1)
        assert not fits(Size(longer, shorter), tier)


def test_edges_of_tiers_are_whole_patches() -> None:
    """``fits`` rests on it: a side within the edge is within it when padded, too."""
    assert all(tier.edge_px % 28 == 0 for tier in TIERS.values())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ("a", 1),
        ("How are these images different?", 9),
        ("Größe und Übergröße", 6),
        ("画像の違いは何ですか", 10),
        ("日本 and more", 5),
        ("\ud800", 1),
    ],
)
def test_text_tokens(text: str, tokens: int) -> None:
    assert text_tokens(text) == tokens


@given(st.text(), st.text())
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert text_tokens(text) <= text_tokens(text + more)
