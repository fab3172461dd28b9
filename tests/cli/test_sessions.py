"""`vision-studio sessions`: what is kept, even while the window has it open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from vision_studio.core.conversation import Answer, Outcome, Turn, Usage
from vision_studio.engine.home import Home

THEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
Keep = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def keep(home: Home, prompt: str, days: int = 0) -> str:
    """Put a session with one answered question into a folder."""
    at = THEN + timedelta(days=days)
    session = home.sessions.create("claude-sonnet-5-5", at)
    answer = Answer(
        "claude-sonnet-5-5", Outcome.ANSWERED, "Yes.", usage=Usage(1000, 10), cost_usd=Decimal("0.0021")
    )
    home.sessions.add_turn(session.id, Turn(f"turn {prompt}", prompt, (), Answer("m"), at), at)
    home.sessions.save_answer(f"turn {prompt}", answer)
    return session.id


def test_nothing_is_kept_yet_and_nothing_is_made(run: Run, folder: Path) -> None:
    assert run("sessions", "--data-dir", folder).out == "No sessions yet.\n"
    assert run("sessions", "--json", "--data-dir", folder).json == []
    assert not folder.exists()


def test_the_last_changed_comes_first(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)) as home:
        older, newer = keep(home, "What is on the sign?"), keep(home, "Which one is sharper?", days=1)
    done = run("sessions", "--data-dir", folder)
    heading, *rows = done.out.splitlines()
    assert heading.split() == ["Changed", "Title", "Turns", "Images", "Cost", "Session"]
    assert ["Which one is sharper?" in rows[0], "What is on the sign?" in rows[1]] == [True, True]
    assert [row.split()[-1] for row in rows] == [newer, older]
    assert rows[0].split()[-4:-1] == ["1", "0", "$0.0021"]
    assert done.status == 0


def test_as_json(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)) as home:
        session = keep(home, "What is on the sign?")
    assert run("sessions", "--json", "--data-dir", folder).json == [
        {
            "id": session,
            "title": "What is on the sign?",
            "updated_at": "2026-11-20T09:30:00+00:00",
            "turns": 1,
            "images": 0,
            "cost_usd": 0.0021,
        }
    ]


def test_while_the_window_is_open(run: Run, folder: Path) -> None:
    with closing(Home.open(folder)) as home:
        session = keep(home, "What is on the sign?")
        assert [one["id"] for one in run("sessions", "--json", "--data-dir", folder).json] == [session]
        keep(home, "And this?", days=1)  # the window can still write


def test_a_damaged_file_is_told_in_a_sentence(run: Run, folder: Path) -> None:
    folder.mkdir()
    (folder / "studio.db").write_bytes(b"not a database at all" * 100)
    done = run("sessions", "--data-dir", folder)
    assert (done.status, done.out) == (1, "")
    assert "is damaged" in done.err
    assert "vision-studio doctor" in done.err
