"""Money, exactly: published examples, price bands, caches, and honesty where no price is known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE
from vision_studio.core.conversation import Usage
from vision_studio.core.cost import input_cost_usd, usage_cost_usd

tokens = st.integers(0, 2_000_000)


@pytest.mark.parametrize(
    ("model_id", "tokens_", "usd"),
    [
        ("claude-opus-5-5", 1296, "0.005184"),
        ("claude-opus-5-5", 4784, "0.019136"),
        ("claude-haiku-5-5", 1296, "0.0001296"),
        ("claude-sonnet-4-6", 1000, "0.003"),
    ],
)
def test_published_examples(model_id: str, tokens_: int, usd: str) -> None:
    """1000 × 1000 and 4K on Opus 5.5, 1000 × 1000 on Haiku 5.5: Pricing, 2026-10-07."""
    price = CATALOGUE.model(model_id).price(tokens_)
    assert input_cost_usd(tokens_, price.input) == Decimal(usd)


def test_an_answer_is_billed_for_all_it_read_and_wrote() -> None:
    usage = Usage(
        input_tokens=1000,
        output_tokens=500,
        cache_read_tokens=10_000,
        cache_write_5m_tokens=2000,
        cache_write_1h_tokens=3000,
        thinking_tokens=400,
    )
    # 1000·2 + 500·10 + 10000·0.10 + 2000·2.5 + 3000·4, a million each; thinking is in the output.
    assert usage_cost_usd(usage, CATALOGUE.model("claude-sonnet-5-5")) == Decimal("0.025")


@pytest.mark.parametrize(
    ("usage", "usd"),
    [
        pytest.param(Usage(input_tokens=100_000, output_tokens=1000), "0.0105", id="the last cheap token"),
        pytest.param(Usage(input_tokens=100_001, output_tokens=1000), "0.0525005", id="all of it dearer"),
        pytest.param(Usage(cache_read_tokens=100_000, input_tokens=1), "0.0050005", id="the cache counts"),
        pytest.param(Usage(input_tokens=50_000, output_tokens=90_000), "0.05", id="the output does not"),
    ],
)
def test_haiku_5_5_charges_by_the_whole_prompt(usage: Usage, usd: str) -> None:
    assert usage_cost_usd(usage, CATALOGUE.model("claude-haiku-5-5")) == Decimal(usd)


def test_an_unpublished_price_makes_the_cost_unknown_only_when_it_was_used() -> None:
    fable = CATALOGUE.model("claude-fable-5-2")  # no price for reading from the cache
    assert usage_cost_usd(Usage(input_tokens=1000, output_tokens=100), fable) == Decimal("0.012")
    assert usage_cost_usd(Usage(input_tokens=1000, cache_read_tokens=1), fable) is None


def test_an_unknown_model_costs_an_unknown_amount() -> None:
    unknown = CATALOGUE.model("somebody-elses-model")
    assert usage_cost_usd(Usage(input_tokens=1), unknown) is None
    assert usage_cost_usd(Usage(), unknown) == 0
    assert input_cost_usd(1000, unknown.price(1000).input) is None


@given(tokens, tokens, tokens, tokens, tokens)
def test_the_parts_of_a_bill_add_up(read: int, wrote: int, cached: int, kept: int, longer: int) -> None:
    model = CATALOGUE.model("claude-opus-5-5")
    whole = Usage(read, wrote, cached, kept, longer)
    parts = [
        Usage(read),
        Usage(0, wrote),
        Usage(0, 0, cached),
        Usage(0, 0, 0, kept),
        Usage(0, 0, 0, 0, longer),
    ]
    costs = [usage_cost_usd(part, model) for part in parts]
    assert usage_cost_usd(whole, model) == sum(cost for cost in costs if cost is not None)
