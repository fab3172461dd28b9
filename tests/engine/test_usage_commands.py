"""Spending as the engine tells it: from real bills, in the user's own days, and written to a file."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path

import pytest

from tests.engine.stage import MODEL, Stage
from vision_studio.core.draft import Draft
from vision_studio.core.failures import Failed, FailureKind
from vision_studio.core.spending_events import SpendingSaved, SpendingTold
from vision_studio.engine.options import Wish


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """With a key: what the practice server answers is not billed."""
    return Stage(tmp_path / "data", wish=Wish(api=True), environment={"ANTHROPIC_API_KEY": "sk-test-key"})


def test_a_bill_is_told_and_written_to_a_file(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "bills.csv"

    async def scenario() -> None:
        async with stage.open() as studio:
            turn = await stage.answered(studio, Draft(text="Tell me"))
            studio.rename_session(stage.session.id, "=Roof")
            await studio.usage.tell(7)
            told = stage.told(SpendingTold)[-1]
            assert told.days == 7
            assert told.spending.total.answers == 1
            assert told.spending.total.cost_usd == turn.answer.cost_usd
            assert told.spending.total.estimated_tokens == turn.estimated_tokens
            assert len(told.spending.by_time) == 7
            assert told.spending.by_time[-1].answers == 1
            assert [one.title for one in told.spending.by_session] == ["=Roof"]
            await studio.usage.save(None, file)
            assert stage.told(SpendingSaved) == [SpendingSaved("bills.csv", 1)]
            (row,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
            assert row["session"] == "'=Roof"
            assert row["model"] == MODEL
            assert row["cost_usd"] == str(turn.answer.cost_usd)

    asyncio.run(scenario())


def test_a_file_that_cannot_be_written_is_a_failure_and_leaves_no_half(stage: Stage, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with stage.open() as studio:
            with pytest.raises(Failed) as caught:
                await studio.usage.save(7, tmp_path / "nowhere" / "bills.csv")
            assert caught.value.failure.kind is FailureKind.NOT_EXPORTED
            assert stage.told(SpendingSaved) == []

    asyncio.run(scenario())
