"""The size a picture is sent at: never larger than it is, never larger than the API takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import picture, sent
from vision_studio.core.catalogue import Limits
from vision_studio.core.draft import Fidelity
from vision_studio.core.fitting import capped, resent_size, sent_size
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD, ResolutionTier, image_tokens, patches, seen_size

LIMITS = Limits()
sizes = st.builds(Size, st.integers(1, 30_000), st.integers(1, 30_000))
tiers = st.sampled_from([STANDARD, HIGH])
fidelities = st.sampled_from(list(Fidelity))
counts = st.integers(1, 600)


@given(sizes, fidelities, tiers, counts)
def test_what_is_sent_is_no_larger_than_the_picture_and_within_the_limit(
    size: Size, fidelity: Fidelity, tier: ResolutionTier, count: int
) -> None:
    planned = sent_size(size, fidelity, tier, LIMITS, count)
    assert 1 <= planned.width <= size.width
    assert 1 <= planned.height <= size.height
    assert planned.longest <= LIMITS.side_limit_px(count)


@given(sizes, tiers, counts)
def test_a_fitted_picture_is_seen_exactly_as_it_is_sent(size: Size, tier: ResolutionTier, count: int) -> None:
    planned = sent_size(size, Fidelity.FIT, tier, LIMITS, count)
    assert seen_size(planned, tier) == planned
    assert patches(planned) == image_tokens(planned, tier)


@given(sizes, fidelities, tiers, counts)
def test_orientation_does_not_matter(
    size: Size, fidelity: Fidelity, tier: ResolutionTier, count: int
) -> None:
    turned = Size(size.height, size.width)
    planned = sent_size(size, fidelity, tier, LIMITS, count)
    assert sent_size(turned, fidelity, tier, LIMITS, count) == tuple(reversed(planned))


def test_an_original_is_left_alone_as_long_as_the_api_takes_it() -> None:
    photo = Size(6000, 4000)
    assert sent_size(photo, Fidelity.ORIGINAL, HIGH, LIMITS, 20) == photo
    assert sent_size(photo, Fidelity.ORIGINAL, HIGH, LIMITS, 21) == Size(2000, 1333)
    assert sent_size(Size(9000, 3000), Fidelity.ORIGINAL, HIGH, LIMITS, 1) == Size(8000, 2667)


def test_fitted_pictures_keep_to_the_crowded_limit_before_there_is_a_crowd() -> None:
    photo = Size(4032, 3024)
    assert sent_size(photo, Fidelity.FIT, HIGH, LIMITS, 10) == Size(2212, 1659)
    assert sent_size(photo, Fidelity.FIT, HIGH, LIMITS, 11) == Size(2000, 1500)


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
