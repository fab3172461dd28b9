"""The shipped table with a server's list and the user's entries over it: what wins, and what is marked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.core.builders import CATALOGUE, SONNET, TODAY
from vision_studio.core import limits, model_words
from vision_studio.core.catalogue import Price
from vision_studio.core.findings import ModelRetired, ModelRetiring, Severity
from vision_studio.core.listing import ListedModel, ModelEdit, merged
from vision_studio.core.tokens import HIGH, STANDARD

OLD = "claude-sonnet-4-5"


def test_a_list_brings_a_known_model_up_to_date():
    listed = ListedModel(
        OLD, "renamed", "deprecated", date(2026, 12, 24), 300_000, 32_000, efforts=("low",), thinking=()
    )
    model = merged(CATALOGUE, [listed]).model(OLD)
    assert (model.retires_on, model.lifecycle) == (date(2026, 12, 24), "deprecated")
    assert (model.context_tokens, model.max_output_tokens) == (300_000, 32_000)
    assert (model.efforts, model.thinking) == (("low",), ())
    assert model.name == "Claude Sonnet 4.5"
    assert model.prices == CATALOGUE.model(OLD).prices
    assert "max_output_tokens" in CATALOGUE.model(OLD).assumed
    assert "max_output_tokens" not in model.assumed


def test_what_a_list_leaves_out_stays():
    listed = ListedModel(SONNET, "", "active")
    before, after = CATALOGUE.model(SONNET), merged(CATALOGUE, [listed]).model(SONNET)
    assert (after.context_tokens, after.efforts, after.assumed) == (
        before.context_tokens,
        before.efforts,
        before.assumed,
    )


def test_a_list_without_it_takes_no_model_away():
    assert merged(CATALOGUE, [ListedModel(SONNET, "", "active")]).model(OLD) == CATALOGUE.model(OLD)


@pytest.mark.parametrize(("context", "images"), [(1_000_000, 600), (200_000, 100), (None, 100)])
def test_a_new_model_appears_with_its_assumptions_marked(context, images):
    listed = ListedModel(
        "claude-opus-6", "Claude Opus 6", "active", context_tokens=context, takes_images=True
    )
    catalogue = merged(CATALOGUE, [listed])
    model = catalogue.model("claude-opus-6")
    assert model in catalogue.models
    assert (model.name, model.tier, model.max_images, model.prices) == ("Claude Opus 6", HIGH, images, ())
    assert {"tier", "max_images"} <= model.assumed
    assert ("context_tokens" in model.assumed) is (context is None)
    assert model_words.picked(model, TODAY) == "Claude Opus 6 · new, partly assumed"
    assert "Price unknown." in model_words.about(model, TODAY)


def test_a_new_model_that_sees_nothing_is_not_offered():
    listed = ListedModel("claude-scribe", "Scribe", "active", takes_images=False)
    assert len(merged(CATALOGUE, [listed]).models) == len(CATALOGUE.models)


def test_the_servers_stage_is_the_signal_not_the_date():
    past = date(2026, 11, 1)
    overdue = merged(CATALOGUE, [ListedModel(OLD, "", "deprecated", past)]).model(OLD)
    assert [type(finding) for finding in limits.about_model(overdue, TODAY)] == [ModelRetiring]
    assert model_words.picked(overdue, TODAY).endswith("· may retire any day")
    retired = merged(CATALOGUE, [ListedModel(OLD, "", "retired", None)]).model(OLD)
    assert next(limits.about_model(retired, TODAY)) == ModelRetired(
        severity=Severity.REJECT, model="Claude Sonnet 4.5", on=None
    )
    assert model_words.picked(retired, TODAY).endswith("· retired")


def test_the_table_alone_goes_by_the_day():
    model = CATALOGUE.model(OLD)
    assert model_words.picked(model, date(2026, 11, 22)).endswith("· retires 30 November 2026")
    assert model_words.picked(model, date(2026, 11, 30)).endswith("· retired")


def test_the_users_own_price_comes_before_any():
    price = Price(Decimal("1.5"), Decimal(7))
    model = merged(CATALOGUE, [ListedModel(SONNET, "", "active")], [ModelEdit(SONNET, price=price)]).model(
        SONNET
    )
    assert model.price(10) == model.price(900_000) == price
    assert model.yours
    assert model.tier == CATALOGUE.model(SONNET).tier


def test_a_model_of_ones_own_is_offered_as_it_was_described():
    edit = ModelEdit("house/vision", "House", 32_000, 4_000, "standard", 8, Price(Decimal(1), None))
    model = merged(CATALOGUE, (), [edit]).models[-1]
    assert (model.id, model.name, model.tier, model.max_images) == ("house/vision", "House", STANDARD, 8)
    assert (model.context_tokens, model.max_output_tokens, model.assumed) == (32_000, 4_000, frozenset())
