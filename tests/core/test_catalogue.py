"""The shipped table of models is complete, well-formed and as honest as its sources."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest

from vision_studio.core.catalogue import Catalogue, Limits, Model, Price, parse_catalogue
from vision_studio.core.tokens import HIGH, STANDARD

TABLE = Path(__file__).parents[2] / "resources" / "models.toml"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return parse_catalogue(TABLE.read_text(encoding="utf-8"))


def test_every_model_of_the_installed_sdk_is_listed(catalogue: Catalogue) -> None:
    from anthropic.types.model import Model as Ids

    literal = next(member for member in get_args(Ids) if get_origin(member) is Literal)
    known = set(get_args(literal))
    listed = {model.id for model in catalogue.models}
    assert listed == known, f"missing {sorted(known - listed)}, unknown to the SDK {sorted(listed - known)}"


def test_the_dates_on_which_the_sdk_says_models_end(catalogue: Catalogue) -> None:
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    ends = {model.id: model.retires_on for model in catalogue.models if model.retires_on}
    said = {id_: day for id_, day in DEPRECATED_MODELS.items() if id_ in {m.id for m in catalogue.models}}
    assert {id_: f"{day:%B} {day.day}" for id_, day in ends.items()} == {
        id_: day.split(",")[0].removesuffix("th") for id_, day in said.items()
    }
    assert all(catalogue.model(id_).lifecycle == "deprecated" for id_ in said)


def test_newest_useful_first_and_dated_names_last(catalogue: Catalogue) -> None:
    ids = [model.id for model in catalogue.models]
    assert ids[0] == catalogue.default_id == "claude-sonnet-5-5"
    assert ids[-3:] == ["claude-haiku-4-5-20251001", "claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929"]
    assert ids.index("claude-opus-5-5") < ids.index("claude-opus-5") < ids.index("claude-opus-4-6")


def test_a_dated_name_is_the_same_model(catalogue: Catalogue) -> None:
    short = catalogue.model("claude-sonnet-4-5")
    dated = catalogue.model("claude-sonnet-4-5-20250929")
    assert dataclasses.replace(dated, id=short.id, name=short.name) == short


def test_every_entry_tells_its_source_and_its_guesses(catalogue: Catalogue) -> None:
    fields = {field.name for field in dataclasses.fields(Model)}
    for model in catalogue.models:
        assert model.source, model.id
        assert model.assumed <= fields, model.id
        assert model.name.startswith("Claude "), model.id
        assert model.lifecycle in ("active", "legacy", "deprecated"), model.id
        assert model.max_output_tokens < model.context_tokens, model.id


def test_no_key_of_the_table_is_passed_over() -> None:
    read = {field.name for field in dataclasses.fields(Model)} | {"same_as"}
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    assert {key for entry in table["models"].values() for key in entry} <= read
    bands = [band for entry in table["models"].values() for band in entry.get("prices", ())]
    assert {key for band in bands for key in band} <= {f.name for f in dataclasses.fields(Price)} | {
        "prompt_tokens"
    }


def test_images_follow_the_context_window(catalogue: Catalogue) -> None:
    for model in catalogue.models:
        assert model.max_images == (600 if model.context_tokens == 1_000_000 else 100), model.id


def test_claude_4_7_and_later_see_more(catalogue: Catalogue) -> None:
    standard = {model.id for model in catalogue.models if model.tier == STANDARD}
    assert standard == {
        "claude-opus-4-6",
        "claude-sonnet-4-6",
        "claude-haiku-4-5",
        "claude-haiku-4-5-20251001",
        "claude-opus-4-5",
        "claude-opus-4-5-20251101",
        "claude-sonnet-4-5",
        "claude-sonnet-4-5-20250929",
    }


@pytest.mark.parametrize(
    ("model_id", "input_usd", "output_usd", "read_usd"),
    [
        ("claude-fable-5-2", "8", "40", None),
        ("claude-fable-5-1", "10", "50", "0.25"),
        ("claude-fable-5", "10", "50", "1"),
        ("claude-opus-5-5", "4", "20", "0.20"),
        ("claude-opus-5", "5", "25", "0.5"),
        ("claude-opus-4-8", "5", "25", "0.5"),
        ("claude-sonnet-5-5", "2", "10", "0.10"),
        ("claude-sonnet-5", "2", "10", "0.2"),
        ("claude-sonnet-4-6", "3", "15", "0.3"),
        ("claude-haiku-4-5", "1", "5", "0.1"),
        ("claude-mythos-preview", None, None, None),
    ],
)
def test_published_prices(
    catalogue: Catalogue,
    model_id: str,
    input_usd: str | None,
    output_usd: str | None,
    read_usd: str | None,
) -> None:
    """Pricing page of 2026-10-07; Fable 5.2 by the release notes of 2026-11-09."""
    price = catalogue.model(model_id).price(50_000)
    expected = [None if usd is None else Decimal(usd) for usd in (input_usd, output_usd, read_usd)]
    assert [price.input, price.output, price.cache_read] == expected


def test_cache_writes_cost_a_quarter_more_or_double(catalogue: Catalogue) -> None:
    for model in catalogue.models:
        for band in model.prices:
            assert band.price.input is not None
            assert band.price.cache_write_5m == band.price.input * Decimal("1.25"), model.id
            assert band.price.cache_write_1h == band.price.input * 2, model.id


def test_haiku_5_5_costs_five_times_as_much_past_100_000_tokens(catalogue: Catalogue) -> None:
    haiku = catalogue.model("claude-haiku-5-5")
    assert haiku.price(100_000).input == Decimal("0.10")
    assert haiku.price(100_001).input == Decimal("0.50")
    assert haiku.price(100_001).output == Decimal("2.50")


def test_an_unlisted_model_is_estimated_high_and_says_so(catalogue: Catalogue) -> None:
    model = catalogue.model("claude-next")
    assert model.name == "claude-next"
    assert model.tier == HIGH
    assert {"tier", "context_tokens", "max_images"} <= model.assumed
    assert model.price(1000) == Price(None, None)


def test_limits_of_the_api(catalogue: Catalogue) -> None:
    assert catalogue.limits == Limits()
    assert catalogue.limits.side_limit_px(20) == 8000
    assert catalogue.limits.side_limit_px(21) == 2000


def test_the_table_is_dated(catalogue: Catalogue) -> None:
    assert catalogue.dated == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("models = ", "Invalid value", id="not TOML"),
        pytest.param("[models.claude-x]\nname = 'X'", "claude-x: KeyError", id="incomplete entry"),
        pytest.param("[models.claude-x]\nsame_as = 'claude-y'", "claude-x: KeyError", id="twin of nobody"),
        pytest.param("dated = 2026-01-01\ndefault = 'claude-x'", "claude-x", id="default not listed"),
        pytest.param("dated = 2026-01-01", "default", id="no default"),
        pytest.param("[limits]\nsides = 3", "sides", id="unknown limit"),
    ],
)
def test_a_broken_table_says_what_is_wrong(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_catalogue(text)
