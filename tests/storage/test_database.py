"""The database file: opened with care, refused in words, written in whole transactions."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.storage.samples import NOW, question
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.failures import FailureKind
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database, set_aside
from vision_studio.storage.errors import DatabaseDamaged, DatabaseTooNew, StorageFailed
from vision_studio.storage.migrations import MIGRATIONS
from vision_studio.storage.sessions import Sessions

PAGE_BYTES = 4096


def saved(path, text="A cat."):
    """Leave a database with one answered question behind and return the session's id."""
    with closing(Database.open(path)) as database:
        sessions = Sessions(database)
        session = sessions.create("claude-test", NOW)
        sessions.add_turn(session.id, question("t1"), NOW)
        sessions.save_answer("t1", Answer("claude-test", Outcome.ANSWERED, text))
    return session.id


def test_a_new_file_is_ours_and_private(tmp_path):
    path = tmp_path / "studio.db"
    with closing(Database.open(path)) as database:
        Sessions(database).create("claude-test", NOW)
        for file in tmp_path.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert database.problems() == ()
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA application_id").fetchone()[0].to_bytes(4, "big") == b"VSTU"
        assert plain.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
        assert plain.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_flags_that_windows_lacks_are_not_needed(tmp_path, monkeypatch):
    for flag in ("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW"):
        monkeypatch.delattr(os, flag)
    Database.open(tmp_path / "studio.db").close()
    assert Blobs(tmp_path / "blobs").add_bytes(b"bytes")


def test_a_block_that_fails_changes_nothing(database, sessions):
    session = sessions.create("claude-test", NOW)

    def fail_half_way():
        with database.writing() as transaction:
            transaction.execute("UPDATE sessions SET title = 'half done'")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        fail_half_way()
    assert sessions.load(session.id) == session


def test_a_row_cannot_refer_to_one_that_is_not_there(database):
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), database.writing() as transaction:
        transaction.execute("INSERT INTO drafts VALUES ('nowhere', '')")


@pytest.mark.parametrize("durable", [True, False])
def test_only_a_durable_commit_waits_for_the_disk(database, durable):
    with database.writing(durable=durable) as transaction:
        transaction.execute("INSERT INTO preferences VALUES ('theme', 'dark')")
    assert database.read("PRAGMA synchronous") == [(2 if durable else 1,)]


def test_a_newer_file_is_refused_in_words_and_not_touched(tmp_path):
    path = tmp_path / "studio.db"
    saved(path)
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="saved by a newer Vision Studio") as caught:
        Database.open(path)
    assert (caught.value.found, caught.value.known) == (99, len(MIGRATIONS))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["studio.db"]


def test_another_applications_database_is_refused_and_not_touched(tmp_path):
    path = tmp_path / "studio.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("CREATE TABLE songs (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged, match="not a Vision Studio file"):
        Database.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "ruin",
    [
        pytest.param(lambda data: b"<html>" + data[6:], id="another file's beginning"),
        pytest.param(lambda data: data[: 2 * PAGE_BYTES], id="cut off"),
        pytest.param(
            lambda data: data[:100] + b"\xff" * (PAGE_BYTES - 100) + data[PAGE_BYTES:], id="no schema"
        ),
        pytest.param(lambda data: b"\0" * len(data), id="zeros"),
    ],
)
def test_a_damaged_file_is_reported_and_can_be_set_aside(tmp_path, ruin):
    path = tmp_path / "studio.db"
    saved(path)
    damaged = ruin(path.read_bytes())
    path.write_bytes(damaged)
    with pytest.raises(DatabaseDamaged, match=r"studio\.db, is damaged .* Nothing was deleted") as caught:
        Database.open(path)
    assert str(tmp_path) not in caught.value.failure.message
    assert path.read_bytes() == damaged

    aside = set_aside(caught.value.path, datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    assert aside.name == "studio.damaged-20261120-083000.db"
    assert aside.read_bytes() == damaged
    saved(path)


def test_setting_aside_keeps_the_log_and_what_was_set_aside_before(tmp_path):
    path = tmp_path / "studio.db"
    for content in (b"first", b"second"):
        path.write_bytes(content)
        (tmp_path / "studio.db-wal").write_bytes(content + b" log")
        set_aside(path, NOW)
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert kept == {
        "studio.damaged-20261120-120000.db": b"first",
        "studio.damaged-20261120-120000.db-wal": b"first log",
        "studio.damaged-20261120-120000-2.db": b"second",
        "studio.damaged-20261120-120000-2.db-wal": b"second log",
    }


def test_damage_inside_one_answer_leaves_the_library_readable(tmp_path):
    path = tmp_path / "studio.db"
    session_id = saved(path, "needle " * PAGE_BYTES)
    data = bytearray(path.read_bytes())
    first_page = data.index(b"needle") // PAGE_BYTES
    data[first_page * PAGE_BYTES : (first_page + 1) * PAGE_BYTES] = b"\xff" * PAGE_BYTES
    path.write_bytes(data)
    with closing(Database.open(path)) as database:
        sessions = Sessions(database)
        assert [summary.id for summary in sessions.list()] == [session_id]
        assert database.problems()
        with pytest.raises(DatabaseDamaged):
            sessions.load(session_id)


def test_a_folder_that_may_not_be_written_to_is_said_so(folder_of_nobody):
    folder_of_nobody.chmod(0o500)
    with pytest.raises(StorageFailed, match=r"You are not allowed to write there\."):
        Database.open(folder_of_nobody / "studio.db")


def test_a_file_that_may_only_be_read_is_said_so(folder_of_nobody):
    path = folder_of_nobody / "studio.db"
    saved(path)
    path.chmod(0o400)
    with pytest.raises(StorageFailed, match=r"You are not allowed to write there\."):
        Database.open(path)


def test_a_full_disk_is_said_so_and_loses_nothing(database, sessions):
    session = sessions.create("claude-test", NOW)
    sessions.add_turn(session.id, question("t1"), NOW)
    before = sessions.load(session.id)
    with database.writing() as transaction:
        (pages,) = transaction.execute("PRAGMA page_count")[0]
        transaction.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed) as caught:
        sessions.save_answer("t1", Answer("claude-test", Outcome.ANSWERED, "x" * 100 * PAGE_BYTES))
    assert caught.value.failure.kind is FailureKind.DISK_FULL
    assert caught.value.failure.message == "The disk is full."
    assert sessions.load(session.id) == before

    with database.writing() as transaction:
        transaction.execute(f"PRAGMA max_page_count = {pages + 1000}")
    sessions.save_answer("t1", Answer("claude-test", Outcome.ANSWERED, "now it fits"))
    assert sessions.load(session.id).turns[0].answer.text == "now it fits"


def test_a_refused_file_is_not_kept_open(tmp_path):
    path = tmp_path / "studio.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(DatabaseDamaged):
        Database.open(path)
    open_files = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    assert str(path.resolve()) not in open_files
