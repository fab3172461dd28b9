"""The size a picture is sent at: never larger than it is, never larger than the API takes."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import linked, picture, sent
from vision_studio.core.catalogue import Limits
from vision_studio.core.draft import Fidelity, Image
from vision_studio.core.fitting import capped, resent_size, sent_size
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, image_tokens, patches, seen_size

LIMITS = Limits()
sizes = st.builds(Size, st.integers(1, 30_000), st.integers(1, 30_000))
tiers = st.sampled_from([STANDARD, HIGH])
fidelities = st.sampled_from(list(Fidelity))
counts = st.integers(1, 600)
images = st.builds(
    lambda size, fidelity, edge_px: picture(size=size, fidelity=fidelity, edge_px=edge_px),
    sizes,
    fidelities,
    st.integers(1, 9000),
)


def planned_size(image: Image, tier: ResolutionTier, count: int) -> Size:
    size = sent_size(image, tier, LIMITS, count)
    assert size is not None
    return size


@given(images, tiers, counts)
def test_what_is_sent_is_no_larger_than_the_picture_and_within_the_limit(
    image: Image, tier: ResolutionTier, count: int
) -> None:
    planned = planned_size(image, tier, count)
    assert image.size is not None
    assert 1 <= planned.width <= image.size.width
    assert 1 <= planned.height <= image.size.height
    assert planned.longest <= LIMITS.side_limit_px(count)


@given(sizes, tiers, counts)
def test_a_fitted_picture_is_seen_exactly_as_it_is_sent(size: Size, tier: ResolutionTier, count: int) -> None:
    planned = planned_size(picture(size=size), tier, count)
    assert seen_size(planned, tier) == planned
    assert patches(planned) == image_tokens(planned, tier)


@given(images, tiers, counts)
def test_orientation_does_not_matter(image: Image, tier: ResolutionTier, count: int) -> None:
    assert image.size is not None
    turned = replace(image, size=Size(image.size.height, image.size.width))
    assert planned_size(turned, tier, count) == tuple(reversed(planned_size(image, tier, count)))


@given(sizes, tiers, counts)
def test_an_economical_picture_takes_a_third_of_the_tokens_at_most(
    size: Size, tier: ResolutionTier, count: int
) -> None:
    planned = planned_size(picture(size=size, fidelity=Fidelity.ECONOMY), tier, count)
    assert image_tokens(planned, tier) <= tier.tokens / 3
    assert seen_size(planned, tier) == planned


def test_economy_in_figures() -> None:
    photo = picture(size=(4032, 3024), fidelity=Fidelity.ECONOMY)
    assert planned_size(photo, HIGH, 1) == Size(1270, 952)
    assert planned_size(photo, STANDARD, 1) == Size(728, 546)


def test_an_original_is_left_alone_as_long_as_the_api_takes_it() -> None:
    photo = picture(size=(6000, 4000), fidelity=Fidelity.ORIGINAL)
    assert planned_size(photo, HIGH, 20) == photo.size
    assert planned_size(photo, HIGH, 21) == Size(2000, 1333)
    wide = picture(size=(9000, 3000), fidelity=Fidelity.ORIGINAL)
    assert planned_size(wide, HIGH, 1) == Size(8000, 2667)


def test_a_custom_edge_is_kept_to_unless_the_api_refuses_it() -> None:
    photo = picture(size=(6000, 4000), fidelity=Fidelity.CUSTOM, edge_px=3000)
    assert planned_size(photo, STANDARD, 1) == Size(3000, 2000)
    assert planned_size(photo, STANDARD, 21) == Size(2000, 1333)
    assert planned_size(replace(photo, edge_px=7000), STANDARD, 1) == photo.size


def test_a_picture_at_an_address_goes_as_it_is_there() -> None:
    assert sent_size(linked(), HIGH, LIMITS, 1) is None
    assert sent_size(linked(size=(9000, 9000)), HIGH, LIMITS, 30) == Size(9000, 9000)


def test_fitted_pictures_keep_to_the_crowded_limit_before_there_is_a_crowd() -> None:
    photo = picture(size=(4032, 3024))
    assert planned_size(photo, HIGH, 10) == Size(2212, 1659)
    assert planned_size(photo, HIGH, 11) == Size(2000, 1500)


def test_a_hair_is_still_a_pixel_wide() -> None:
    assert capped(Size(30_000, 1), 2000) == Size(2000, 1)


def test_a_picture_of_an_earlier_turn_stays_as_it_was_sent() -> None:
    before = sent(picture("a.jpg", (4032, 3024)), 1, (2212, 1659))
    assert resent_size(before, HIGH, LIMITS, 20) == Size(2212, 1659)
    assert resent_size(before, STANDARD, LIMITS, 20) == Size(2212, 1659)


def test_a_crowd_makes_pictures_of_earlier_turns_smaller() -> None:
    before = sent(picture("a.jpg", (4032, 3024)), 1, (2212, 1659))
    assert resent_size(before, HIGH, LIMITS, 21) == Size(2000, 1500)


def test_a_picture_that_was_never_made_is_planned_like_a_new_one() -> None:
    assert resent_size(sent(picture("a.jpg", (4032, 3024)), 1), HIGH, LIMITS, 2) == Size(2212, 1659)
