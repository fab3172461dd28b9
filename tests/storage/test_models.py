"""Lists of models and the user's entries: kept as they were, and damage is no reason to fail."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.storage.samples import NOW, later
from vision_studio.core.catalogue import Price
from vision_studio.core.listing import ListedModel, ModelEdit
from vision_studio.storage.models import Listing, ModelLedger

SERVER = "https://api.anthropic.com"
FULL = ListedModel("a", "A", "deprecated", date(2026, 11, 30), 1, 2, ("low",), ("adaptive",), True)
BARE = ListedModel("b", "B", "active")


@pytest.fixture
def ledger(database):
    return ModelLedger(database)


def test_a_list_is_kept_for_its_server_and_replaced(ledger):
    assert ledger.listing(SERVER) is None
    ledger.put_listing(SERVER, [FULL, BARE], NOW)
    assert ledger.listing(SERVER) == Listing((FULL, BARE), NOW)
    assert ledger.listing("https://gateway.example.com") is None
    ledger.put_listing(SERVER, [BARE], later(60))
    assert ledger.listing(SERVER) == Listing((BARE,), later(60))


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"id": "a"}]', "3"])
def test_a_damaged_list_is_none(ledger, database, content):
    with database.writing() as transaction:
        transaction.execute("INSERT INTO model_lists VALUES (?, 1, ?)", (SERVER, content))
    assert ledger.listing(SERVER) is None


def test_an_entry_is_kept_replaced_and_dropped(ledger):
    whole = ModelEdit(
        "x", "X", 32_000, 4_000, "high", 20, Price(Decimal("0.10"), Decimal(2), None, None, Decimal("0.001"))
    )
    ledger.put_edit(ModelEdit("x", price=Price(Decimal(1), None)))
    ledger.put_edit(whole)
    ledger.put_edit(ModelEdit("y"))
    assert ledger.edits() == (whole, ModelEdit("y"))
    ledger.drop_edit("x")
    assert ledger.edits() == (ModelEdit("y"),)


@pytest.mark.parametrize("content", ["[]", '{"tier": "huge"}', '{"price": {"input": "much"}}'])
def test_a_damaged_entry_is_passed_over(ledger, database, content):
    with database.writing() as transaction:
        transaction.execute("INSERT INTO model_edits VALUES ('x', ?)", (content,))
    assert ledger.edits() == ()
