"""One picture as other models would see it: another tier, other lines, nobody who is leaving."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.core.builders import CATALOGUE, SONNET, TODAY, linked, picture
from vision_studio.core.elsewhere import elsewhere
from vision_studio.core.size import Size

PHOTO = picture("photo.jpg", (4032, 3024))


def seen(model_id: str = SONNET, image=PHOTO, prompt_tokens: int = 5000, today: date = TODAY):
    return elsewhere(image, CATALOGUE.model(model_id), CATALOGUE, 1, prompt_tokens, today)


def test_another_tier_and_other_lines_are_told_with_their_price():
    told = [(one.model.id, one.seen, one.tokens, one.cost_usd) for one in seen()]
    assert told == [
        ("claude-opus-4-6", Size(1270, 952), 1564, Decimal("0.00782")),
        ("claude-haiku-5-5", Size(2212, 1659), 4740, Decimal("0.000474")),
        ("claude-fable-5-2", Size(2212, 1659), 4740, Decimal("0.03792")),
    ]


def test_a_long_prompt_has_its_own_price():
    (haiku,) = [one for one in seen(prompt_tokens=200_000) if one.model.id == "claude-haiku-5-5"]
    assert haiku.cost_usd == Decimal("0.00237")


def test_the_model_itself_and_those_that_leave_are_not_told():
    for model in CATALOGUE.models:
        for one in seen(model.id):
            assert one.model.id != model.id
            assert one.model.retires_on is None


def test_of_a_picture_that_nobody_looked_at_nothing_is_told():
    assert seen(image=linked()) == ()
