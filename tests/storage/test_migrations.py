"""Older databases are brought up to date, with a copy kept, or left exactly as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.storage.samples import NOW
from vision_studio.core.conversation import Answer, Outcome, SentImage, Usage
from vision_studio.core.draft import Draft, Fidelity, Image, Rendition, Trait
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.size import Size
from vision_studio.storage.database import Database
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.sessions import Sessions

FIXTURES = Path(__file__).parent / "fixtures"

STARS = "ALTER TABLE sessions ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;"


def of_version(version, path):
    """Lay down a database as that version of the application left it."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript((FIXTURES / f"version_{version}.sql").read_text(encoding="utf-8"))


def layout(path):
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))


@pytest.fixture(params=range(1, len(MIGRATIONS) + 1), ids="version {}".format)
def earlier(request, tmp_path):
    path = tmp_path / "studio.db"
    of_version(request.param, path)
    return path


def test_an_earlier_file_ends_up_with_todays_layout(earlier, tmp_path):
    Database.open(earlier).close()
    fresh = tmp_path / "fresh.db"
    Database.open(fresh).close()
    assert layout(earlier) == layout(fresh)


def test_an_earlier_file_still_tells_everything(earlier):
    with closing(Database.open(earlier)) as database:
        sessions = Sessions(database)
        assert database.problems() == ()
        (summary,) = sessions.list()
        session = sessions.load(summary.id)
    photo = Image(
        id="card-1",
        name="Grüße 猫.heic",
        format="HEIC",
        size=Size(4032, 3024),
        size_bytes=2_345_678,
        digest="a" * 64,
        frames=1,
        traits=frozenset({Trait.GPS, Trait.ROTATED}),
        label="after repair",
        fidelity=Fidelity.ORIGINAL,
    )
    made = Rendition("b" * 64, "image/jpeg", Size(1568, 1176), 345_678)
    assert session.title == "What changed?"
    assert session.system == "Be brief."
    assert session.draft == Draft((photo,), "And now?")
    assert [turn.images for turn in session.turns] == [(SentImage(photo, 1, made),), ()]
    assert [turn.answer for turn in session.turns] == [
        Answer(
            "claude-test",
            Outcome.ANSWERED,
            "The roof.",
            '[{"type":"text","text":"The roof."}]',
            "end_turn",
            usage=Usage(1600, 12, 3, 4, 5, 6),
            cost_usd=summary.cost_usd,
            request_id="req_1",
            duration_s=1.5,
            practice=True,
        ),
        Answer(
            "claude-test",
            Outcome.FAILED,
            failure=Failure(FailureKind.RATE_LIMITED, "Slow down.", 429, retry_after_s=2.5, images=(1,)),
        ),
    ]


def test_a_copy_is_kept_of_the_file_as_it_was(tmp_path):
    path = tmp_path / "studio.db"
    with closing(Database.open(path)) as still_open:
        # What is only in the write-ahead log belongs to the copy too.
        session = Sessions(still_open).create("claude-test", NOW)
        Database.open(path, (*MIGRATIONS, STARS)).close()
    copy = tmp_path / f"studio.version-{len(MIGRATIONS)}.db"
    with closing(Database.open(copy)) as database:
        assert Sessions(database).load(session.id) == session
    with closing(Database.open(path, (*MIGRATIONS, STARS))) as database:
        assert database.read("SELECT id, stars FROM sessions") == [(session.id, 0)]


def test_a_new_file_and_one_of_today_are_not_copied(tmp_path):
    for _ in range(2):
        Database.open(tmp_path / "studio.db").close()
    assert [file.name for file in tmp_path.iterdir()] == ["studio.db"]


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        pytest.param(
            (STARS, "CREATE TABLE half (a); CREATE TABLE half (a);"), "already exists", id="a mistake"
        ),
        pytest.param((STARS, "DELETE FROM sessions;"), "references broken", id="orphaned rows"),
    ],
)
def test_steps_that_fail_leave_the_file_as_it_was(tmp_path, steps, error):
    path = tmp_path / "studio.db"
    of_version(len(MIGRATIONS), path)
    before = layout(path)
    with pytest.raises(Exception, match=error):
        Database.open(path, (*MIGRATIONS, *steps))
    assert layout(path) == before
    with closing(Database.open(path)) as database:
        assert len(Sessions(database).list()) == 1
