"""Killed at random points of edits, sends, imports, migrations, sweeps, backups: what was told is there."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.faults import kill_points
from tests.faults.conftest import copies_of_one_process, in_memory
from tests.faults.keeping import Kind

SERIES, WORKING = 4, 110
MIGRATING, COPYING, REPAIRING = 70, 30, 10
"""With those while working: 550 kills."""


@pytest.fixture(scope="module")
def light() -> Iterator[ForkServerContext]:
    with copies_of_one_process(kill_points.LOADED) as processes:
        yield processes


@pytest.fixture
def folder() -> Iterator[Path]:
    with in_memory() as place:
        yield place / "data"


@pytest.mark.slow
@pytest.mark.parametrize("series", range(SERIES))
def test_nothing_that_was_told_is_lost(light: ForkServerContext, folder: Path, series: int) -> None:
    hit = kill_points.kill_while_working(light, folder, series, WORKING)
    assert hit.total() == WORKING
    assert len(hit) > len(Kind) // 2, hit


@pytest.mark.slow
def test_a_migration_takes_effect_whole_or_not_at_all(light: ForkServerContext, folder: Path) -> None:
    early = kill_points.kill_while_migrating(light, folder, 1, MIGRATING)
    assert early > MIGRATING // 4


@pytest.mark.slow
def test_a_backup_is_whole_or_not_there(light: ForkServerContext, folder: Path) -> None:
    kill_points.kill_while_copying(light, folder, 1, COPYING)


@pytest.mark.slow
def test_a_repair_leaves_the_damaged_file_or_a_whole_one(light: ForkServerContext, folder: Path) -> None:
    early = kill_points.kill_while_repairing(light, folder, 1, REPAIRING)
    assert early > REPAIRING // 4
