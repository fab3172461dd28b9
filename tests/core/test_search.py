"""Whatever is typed is a query: words, phrases and filters, and what is half typed does no harm."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.search import Filters, Query, filter_words, parse, typed


def only(**filters):
    return Query(filters=Filters(**filters))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("", Query(), id="nothing"),
        pytest.param("two  words", Query(("two", "words")), id="words"),
        pytest.param('"in this order" x', Query(("x",), ("in this order",)), id="a phrase"),
        pytest.param('"still typ', Query((), ("still typ",)), id="a phrase being typed"),
        pytest.param('tag:"north wing"', only(tags=("north wing",)), id="in quotes"),
        pytest.param("model:a model:b", only(models=("a", "b")), id="one of two models"),
        pytest.param("HAS:image", only(has_image=True), id="in capitals"),
        pytest.param("cost>0.50", only(cost_over_usd=Decimal("0.50")), id="a sum"),
        pytest.param("cost:>$2", only(cost_over_usd=Decimal(2)), id="a sum in dollars"),
        pytest.param("after:2026", only(after=date(2026, 1, 1)), id="a year"),
        pytest.param("before:2026-3", only(before=date(2026, 3, 1)), id="a month"),
        pytest.param("before:2026-02-30", Query(("before:2026-02-30",)), id="no such day is a word"),
        pytest.param("cost>NaN", Query(("cost>NaN",)), id="no number is a word"),
        pytest.param("is:archived", only(archived=True), id="the archive"),
        pytest.param("tag: roof", Query(("roof",)), id="a filter still without its value"),
        pytest.param("http://x.org note:this", Query(("http://x.org", "note:this")), id="colons in words"),
        pytest.param("a - ( b", Query(("a", "b")), id="signs beside words"),
        pytest.param("😀", Query(("😀",)), id="a sign alone"),
        pytest.param("a\0b", Query(("a", "b")), id="a byte of zero"),
        pytest.param('""', Query(), id="an empty phrase"),
    ],
)
def test_what_was_typed_is_understood(text, query):
    assert parse(text) == query


filters = st.builds(
    Filters,
    models=st.lists(st.sampled_from(["opus", "claude-x"]), max_size=2, unique=True).map(tuple),
    tags=st.lists(st.sampled_from(["roof", "north wing", "é"]), max_size=2, unique=True).map(tuple),
    after=st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    before=st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    has_image=st.booleans(),
    cost_over_usd=st.none() | st.decimals("0", "1000", places=2),
    archived=st.booleans(),
)


@given(filters)
def test_filters_can_be_typed(chosen):
    query = Query(("roof",), ("as it is",), chosen)
    assert parse(typed(query)) == query


@given(filters)
def test_each_filter_says_what_it_is_and_can_be_taken_away(chosen):
    while said := filter_words(chosen):
        text, rest = said[0]
        assert text
        assert len(filter_words(rest)) == len(said) - 1
        chosen = rest
    assert chosen == Filters()


@given(st.text(max_size=60))
def test_nothing_that_is_typed_is_an_error(text):
    query = parse(text)
    assert parse(text) == query
    assert all(word.strip() for word in (*query.words, *query.phrases))
