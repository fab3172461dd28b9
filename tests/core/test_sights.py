"""What models of each tier are shown of a picture, and the words for it."""

from __future__ import annotations

import pytest

from tests.core.builders import CATALOGUE, HAIKU_4_5, SONNET, TODAY, linked, picture
from vision_studio.core.draft import Fidelity, Image, Rendition
from vision_studio.core.sight_words import comparison_text, original_text, scale_text, sent_text
from vision_studio.core.sights import Look, Sight, observers, sight
from vision_studio.core.size import Size

SONNET_4_6 = "claude-sonnet-4-6"


def seen_by(model_id: str, image: Image, rendition: Rendition | None = None) -> Sight:
    model = CATALOGUE.model(model_id)
    found = sight(Look(image, model.tier, CATALOGUE.limits, 1, rendition), model)
    assert found is not None
    return found


def test_a_phone_s_photograph_is_compared_as_the_issue_says_it() -> None:
    photo = picture(size=(4032, 3024))
    assert comparison_text(seen_by(SONNET, photo), seen_by(SONNET_4_6, photo)) == (
        "Sonnet 4.6 would see 1270 × 952, Sonnet 5.5 sees 2212 × 1659 for 3× the tokens."
    )


@pytest.mark.parametrize(
    ("asked", "size", "said"),
    [
        pytest.param(
            SONNET,
            (1000, 1000),
            "Sonnet 4.6 would see the same 1000 × 1000 for the same 1,296 tokens.",
            id="seen alike",
        ),
        pytest.param(
            SONNET_4_6,
            (4032, 3024),
            "Sonnet 5.5 would see 2212 × 1659, Sonnet 4.6 sees 1270 × 952 for 0.3× the tokens.",
            id="from the smaller tier",
        ),
        pytest.param(
            SONNET,
            (1920, 1080),
            "Sonnet 4.6 would see 1456 × 819, Sonnet 5.5 sees 1920 × 1080 for 1.7× the tokens.",
            id="by less than twice",
        ),
    ],
)
def test_the_comparison(asked: str, size: tuple[int, int], said: str) -> None:
    other = SONNET_4_6 if asked == SONNET else SONNET
    assert comparison_text(seen_by(asked, picture(size=size)), seen_by(other, picture(size=size))) == said


def test_another_tier_is_shown_by_the_same_line_where_there_is_one() -> None:
    names = {
        model_id: [one.id for one in observers(CATALOGUE.model(model_id), CATALOGUE, TODAY)]
        for model_id in (SONNET, SONNET_4_6, HAIKU_4_5)
    }
    assert names == {
        SONNET: [SONNET, SONNET_4_6],
        SONNET_4_6: [SONNET_4_6, SONNET],
        HAIKU_4_5: [HAIKU_4_5, "claude-haiku-5-5"],
    }


def test_what_was_sent_stays_as_it_was_for_every_model() -> None:
    rendition = Rendition("d", "image/jpeg", Size(2212, 1659), 812_000)
    changed = picture(size=(4032, 3024), fidelity=Fidelity.ECONOMY)
    found = seen_by(SONNET_4_6, changed, rendition)
    assert (found.sent, found.seen) == (Size(2212, 1659), Size(1270, 952))
    assert sent_text(found, rendition) == (
        "1,564 tokens · sent as JPEG, 812 KB · sent at 2212 × 1659; the server shrinks it"
    )


def test_nothing_is_known_of_an_address_nobody_looked_at() -> None:
    model = CATALOGUE.model(SONNET)
    assert sight(Look(linked(), model.tier, CATALOGUE.limits, 1), model) is None


def test_an_original_that_is_not_shown_whole_says_so() -> None:
    assert original_text(Size(800, 600), Size(800, 600)) == "Original · 800 × 600"
    assert original_text(Size(6000, 4000), Size(3464, 2309)) == "Original · 6000 × 4000, shown at 3464 × 2309"


def test_a_screen_that_draws_larger_says_what_a_pixel_is() -> None:
    assert scale_text(1.0) == ""
    assert scale_text(2.0) == "1:1 is one pixel of this screen, which is scaled to 200 %"
