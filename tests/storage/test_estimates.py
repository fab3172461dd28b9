"""Estimates and their bills: kept in order, forgotten for one model, and never more than are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.storage.samples import NOW, later
from vision_studio.core.accuracy import Comparison, Estimate
from vision_studio.storage import estimates
from vision_studio.storage.estimates import EstimateLedger

ONE = Comparison(NOW, "a", "high", Estimate(12, 4740, 30, 4790), 4788, practice=True)
TWO = Comparison(later(60), "a", "standard", Estimate(0, 0, 3), 4)


@pytest.fixture
def ledger(database):
    return EstimateLedger(database)


def test_they_come_back_as_they_were(ledger):
    for one in (ONE, TWO):
        ledger.record(one)
    assert ledger.all() == (ONE, TWO)


def test_one_model_is_forgotten_on_one_tier(ledger):
    for one in (ONE, TWO, replace(ONE, model_id="b")):
        ledger.record(one)
    ledger.forget("a", "high")
    assert ledger.all() == (TWO, replace(ONE, model_id="b"))


def test_the_oldest_make_way(ledger, monkeypatch):
    monkeypatch.setattr(estimates, "MOST_KEPT", 3)
    for number in range(5):
        ledger.record(replace(ONE, billed_tokens=number))
    assert [one.billed_tokens for one in ledger.all()] == [2, 3, 4]
