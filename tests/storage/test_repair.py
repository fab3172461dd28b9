"""What is damaged is mended as far as it can be, kept aside as it was, and what stays lost has a name."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.storage.samples import NOW, picture, question
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.draft import Draft, Image, Rendition
from vision_studio.core.health import Health, LostImage, Repaired
from vision_studio.core.size import Size
from vision_studio.storage.backup import back_up
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.errors import DatabaseTooNew
from vision_studio.storage.examination import examine
from vision_studio.storage.renditions import Renditions
from vision_studio.storage.repair import repair
from vision_studio.storage.search import Search
from vision_studio.storage.sessions import Sessions

PAGE_BYTES = 4096
TALKS = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of thirty sessions, each with a picture, an answer and a draft."""
    folder = tmp_path_factory.mktemp("sound")
    blobs = Blobs(folder / "blobs")
    with closing(Database.open(folder / "studio.db")) as database:
        for number in range(TALKS):
            write(database, blobs, number)
    return folder


@pytest.fixture
def path(folder: Path, tmp_path: Path) -> Path:
    """A copy of it, to be ruined."""
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "studio.db"


def image_of(blobs: Blobs, text: str) -> Image:
    data = text.encode() * 100
    return replace(picture(f"{text}.png", blobs.add_bytes(data)), size_bytes=len(data))


def write(database: Database, blobs: Blobs, number: int) -> None:
    sessions = Sessions(database)
    session = sessions.create("claude-test", NOW)
    sessions.rename(session.id, f"Talk {number:02}")
    turn = question(
        f"turn {number}", f"Question {number}? " + "why " * 300, image_of(blobs, f"sent {number}")
    )
    sessions.add_turn(session.id, turn, NOW)
    text = f"Answer {number}. " + f"needle{number:02} " * 500
    sessions.save_answer(turn.id, Answer("claude-test", Outcome.ANSWERED, text))
    draft = Draft((image_of(blobs, f"drafted {number}"),), f"Draft {number} " + "and " * 300)
    sessions.save_draft(session.id, draft, NOW)


def talks(path: Path) -> dict[str, tuple[str, str, int]]:
    """By title: the draft's text and the answers, and how many pictures."""
    with closing(Database.open(path)) as database:
        assert database.problems() == ()
        assert Search(database).problems() == ()
        sessions = Sessions(database)
        return {
            row.title: (
                session.draft.text,
                " ".join(turn.answer.text for turn in session.turns),
                row.images,
            )
            for row in sessions.list()
            for session in [sessions.load(row.id)]
        }


@pytest.mark.parametrize("number", [0, TALKS - 1])
def test_the_first_and_the_last_page_may_be_the_lost_ones(path: Path, tmp_path: Path, number: int) -> None:
    ruin(path, b"Question %d? why" % number)
    repair(tmp_path, path)
    assert len([text for text in talks(path).values() if text[1]]) > TALKS - 5


def test_a_table_of_one_page_may_be_lost_whole(tmp_path: Path) -> None:
    path = tmp_path / "studio.db"
    with closing(Database.open(path)) as database:
        write(database, Blobs(tmp_path / "blobs"), 0)
    ruin(path, b"Question 0? why")
    repair(tmp_path, path)
    assert talks(path)["Talk 00"][0].startswith("Draft 0")


def count(path: Path) -> int:
    with closing(Database.open(path)) as database:
        return len(Sessions(database).list())


def ruin(path: Path, needle: bytes) -> None:
    """Overwrite the page that holds some text."""
    data = bytearray(path.read_bytes())
    first = data.index(needle) // PAGE_BYTES * PAGE_BYTES
    data[first : first + PAGE_BYTES] = b"\xff" * PAGE_BYTES
    path.write_bytes(data)


def test_a_sound_folder_is_left_as_it_is(path: Path, tmp_path: Path) -> None:
    before = talks(path)
    assert examine(path, tmp_path / "blobs") == Health()
    assert repair(tmp_path, path) == Repaired()
    assert talks(path) == before


@pytest.mark.parametrize(
    "needle",
    [
        pytest.param(b"needle07 " * 20, id="an answer"),
        pytest.param(b"Question 7? why", id="a question"),
        pytest.param(b"Draft 7 and", id="a draft"),
        pytest.param(b"Talk 07", id="the sessions"),
        pytest.param(b"sent 7.png", id="the pictures"),
    ],
)
def test_what_can_be_read_is_kept_without_a_backup(path: Path, tmp_path: Path, needle: bytes) -> None:
    before = talks(path)
    ruin(path, needle)
    damaged = path.read_bytes()
    assert examine(path, tmp_path / "blobs").database
    done = repair(tmp_path, path)
    assert done.unreadable
    assert (tmp_path / done.aside).read_bytes() == damaged
    after = talks(path)
    same = [title for title in before if after.get(title) == before[title]]
    assert len(same) >= TALKS // 3, "only what was on that page is lost"
    assert count(path) == TALKS, "a session whose row is lost is recovered by its turns and draft"


@pytest.mark.parametrize("needle", [b"needle07 " * 20, b"Question 7? why", b"Draft 7 and", b"Talk 07"])
def test_a_backup_fills_the_gaps_and_only_them(path: Path, tmp_path: Path, needle: bytes) -> None:
    backup = back_up(path, NOW)
    with closing(Database.open(path)) as database:
        write(database, Blobs(tmp_path / "blobs"), 99)  # after the backup
        gone = next(row.id for row in Sessions(database).list() if row.title == "Talk 20")
        Sessions(database).delete(gone)
    before = talks(path)
    ruin(path, needle)
    done = repair(tmp_path, path)
    assert done.backup == backup.name
    after = talks(path)
    assert {title: after[title] for title in before if "07" in title or "99" in title} == {
        title: before[title] for title in before if "07" in title or "99" in title
    }
    assert set(before) <= set(after)


@pytest.mark.parametrize(
    "wreck",
    [
        pytest.param(lambda path: path.write_bytes(b"\0" * path.stat().st_size), id="zeros"),
        pytest.param(lambda path: os.truncate(path, 0), id="empty"),
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: os.truncate(path, 3 * PAGE_BYTES), id="cut off"),
        pytest.param(lambda path: path.write_bytes(b"<html>" + path.read_bytes()[6:]), id="no header"),
    ],
)
def test_a_database_of_which_nothing_is_left_comes_from_the_backup(
    path: Path, tmp_path: Path, wreck: Callable[[Path], object]
) -> None:
    back_up(path, NOW)
    before = talks(path)
    wreck(path)
    assert repair(tmp_path, path).sessions == TALKS
    assert talks(path) == before


def test_with_nothing_left_and_no_backup_there_is_an_empty_one(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"\0" * 10_000)
    done = repair(tmp_path, path)
    assert (done.sessions, done.backup) == (0, "")
    assert (tmp_path / done.aside).exists()
    assert talks(path) == {}


def test_rows_that_belong_to_none_and_turns_without_answers_are_mended(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:  # foreign keys are off in it
        plain.execute("DELETE FROM answers WHERE turn_id = 'turn 3'")
        plain.execute("INSERT INTO session_tags VALUES ('nowhere', 'lost')")
        plain.execute("DELETE FROM drafts WHERE session_id = (SELECT id FROM sessions LIMIT 1)")
        plain.execute("DELETE FROM sessions WHERE title = 'Talk 05'")
        plain.commit()
    found = examine(path, tmp_path / "blobs")
    assert (found.orphans, found.incomplete) == (3, 2)
    assert found.needs_repair
    assert repair(tmp_path, path).rows == 4
    assert examine(path, tmp_path / "blobs") == Health()
    assert talks(path)["Talk 03"][1] == ""
    assert talks(path)["Recovered"][1].startswith("Answer 5")


def blob(folder: Path, text: str) -> Path:
    digest = hashlib.sha256(text.encode() * 100).hexdigest()
    return folder / "blobs" / digest[:2] / digest


def test_lost_images_are_named_and_come_back_with_their_file(path: Path, tmp_path: Path) -> None:
    blob(tmp_path, "sent 3").unlink()
    blob(tmp_path, "drafted 4").write_bytes(b"cut")
    ruined = blob(tmp_path, "sent 5")
    ruined.write_bytes(b"!" * ruined.stat().st_size)  # only reading all of it tells
    with closing(Database.open(path)) as database:
        ids = {row.title: row.id for row in Sessions(database).list()}
    sent = LostImage(ids["Talk 03"], "Talk 03", 1, 1, "sent 3.png")
    drafted = LostImage(ids["Talk 04"], "Talk 04", None, 1, "drafted 4.png", is_damaged=True)
    assert examine(path, tmp_path / "blobs").lost == (sent, drafted)
    done = repair(tmp_path, path)
    assert done.damaged_blobs == 2
    assert {image.name: image.is_damaged for image in done.lost} == {
        "sent 3.png": False,
        "sent 5.png": False,  # it was moved aside
        "drafted 4.png": False,
    }
    assert (tmp_path / "damaged" / ruined.name).read_bytes() == b"!" * ruined_size(ruined, tmp_path)
    blobs = Blobs(tmp_path / "blobs")
    for text in ("sent 3", "drafted 4", "sent 5"):
        image_of(blobs, text)
    assert examine(path, tmp_path / "blobs") == Health()


def ruined_size(path: Path, folder: Path) -> int:
    return (folder / "damaged" / path.name).stat().st_size


def test_notes_of_renditions_without_files_and_half_written_files_go(path: Path, tmp_path: Path) -> None:
    with closing(Database.open(path)) as database:
        made = Rendition("e" * 64, "image/png", Size(10, 10), 10)
        Renditions(database).remember("c" * 64, "recipe", made)
    (tmp_path / "studio.backup-20261120-120000.db.part").write_bytes(b"half")
    found = examine(path, tmp_path / "blobs")
    assert (found.dangling, found.unfinished) == (1, 1)
    done = repair(tmp_path, path)
    assert (done.dangling, done.unfinished) == (1, 1)
    assert examine(path, tmp_path / "blobs") == Health()


def test_what_can_still_be_sent_is_said(path: Path, tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    with closing(Database.open(path)) as database:
        sessions = Sessions(database)
        row = next(row for row in sessions.list() if row.title == "Talk 03")
        (turn,) = sessions.load(row.id).turns
        data = b"made for sending"
        made = Rendition(blobs.add_bytes(data), "image/png", Size(10, 10), len(data))
        sessions.save_sent_images(turn.id, [replace(turn.images[0], rendition=made)])
    blob(tmp_path, "sent 3").unlink()
    (lost,) = examine(path, tmp_path / "blobs").lost
    assert lost.can_be_sent


def test_a_search_index_that_is_wrong_is_made_anew(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("INSERT INTO turn_words (turn_words) VALUES ('delete-all')")
        plain.commit()
    repair(tmp_path, path)
    assert len(talks(path)) == TALKS


def test_a_newer_database_is_not_touched(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 99")
    ruin(path, b"needle07 " * 20)
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew):
        repair(tmp_path, path)
    assert path.read_bytes() == before
