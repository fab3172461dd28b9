"""What nothing needs goes; what anything may need stays, whatever happens in between."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.storage.samples import NOW, picture, question
from vision_studio.core.draft import Draft, Image, Rendition
from vision_studio.core.size import Size
from vision_studio.storage import sweep
from vision_studio.storage.backup import back_up
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.cells import time_cell
from vision_studio.storage.database import Database, set_aside
from vision_studio.storage.errors import StorageFailed
from vision_studio.storage.preferences import Preferences
from vision_studio.storage.renditions import Renditions
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.sweep import Sweep, Swept
from vision_studio.storage.thumbnails import Thumbnails

DAY_S = 24 * 3600.0


class Run:
    """One run of the application over a folder, with a sweep that goes on when it is told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database.open(folder / "studio.db")
        self.sessions = Sessions(self.database)
        self.blobs = Blobs(folder / "blobs")
        self.thumbnails = Thumbnails(folder / "thumbnails")
        self.renditions = Renditions(self.database)
        self.sweep = Sweep(self.database, self.database.path, self.blobs, self.thumbnails)
        self.steps = self._steps()

    def _steps(self) -> Iterator[None]:
        yield from self.sweep.mark()
        yield from self.sweep.clear()

    def tidy(self) -> Swept:
        for _ in self.steps:
            pass
        return self.sweep.swept

    def add(self, text: str, days_old: float = 2) -> Image:
        """Keep a picture as if it had come so many days ago."""
        data = text.encode()
        digest = self.blobs.add_bytes(data)
        grow_old(self.folder / "blobs" / digest[:2] / digest, days_old)
        return replace(picture(text, digest), id=text)

    def made_of(self, image: Image, text: str, days_old: float = 2) -> Rendition:
        made = self.add(text, days_old)
        assert image.digest is not None
        assert made.digest is not None
        rendition = Rendition(made.digest, "image/png", Size(10, 10), 10)
        self.renditions.remember(image.digest, text, rendition)
        return rendition

    def close(self) -> None:
        self.sweep.close()
        self.database.close()


def grow_old(path: Path, days: float) -> None:
    at = datetime.now(UTC).timestamp() - days * DAY_S
    os.utime(path, (at, at))


def forget(run: Run, session_id: str, days: float) -> None:
    """Delete a session as if that had been so many days ago."""
    run.sessions.delete(session_id)
    with run.database.writing() as transaction:
        at = time_cell(datetime.now(UTC) - timedelta(days=days))
        transaction.execute("UPDATE sessions SET deleted_at = ? WHERE id = ?", (at, session_id))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(folder: Path) -> set[str]:
    return {path.name for path in (folder / "blobs").rglob("*") if path.is_file()}


def names(folder: Path, *texts: str) -> set[str]:
    return {text for text in texts if digest_of(text) in kept(folder)}


def test_what_no_session_refers_to_goes_in_the_next_run(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        run.sessions.save_draft(session.id, Draft((run.add("drafted"),)), NOW)
        run.sessions.add_turn(session.id, question("t1", "?", run.add("sent"), run.add("gone")), NOW)
        run.sessions.save_draft(session.id, Draft((run.add("drafted"),)), NOW)
        run.sessions.remove_turn("t1")
        run.sessions.add_turn(session.id, question("t2", "?", run.add("sent")), NOW)
        run.sessions.save_draft(session.id, Draft((run.add("drafted"),)), NOW)
        assert run.tidy() == Swept(), "it came during this run: it may still be undone"
    with closing(Run(tmp_path)) as run:
        swept = run.tidy()
        assert (swept.blobs, swept.regained_bytes) == (1, len("gone"))
        assert Swept.last(Preferences(run.database)) == swept
    assert names(tmp_path, "drafted", "sent", "gone") == {"drafted", "sent"}


def test_what_a_run_began_with_stays_in_it_though_it_is_taken_off(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        run.sessions.save_draft(session.id, Draft((run.add("card"),)), NOW)
    with closing(Run(tmp_path)) as run:
        run.sessions.save_draft(session.id, Draft(), NOW)
        assert run.tidy().blobs == 0  # Ctrl+Z would bring the card back
    with closing(Run(tmp_path)) as run:
        assert run.tidy().blobs == 1


def test_a_picture_that_comes_again_while_it_is_to_go_stays(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        run.add("again")
        run.add("shown")
        run.add("pasted")
        session = run.sessions.create("claude-test", NOW)
    with closing(Run(tmp_path)) as run:
        for _ in run.sweep.mark():
            pass
        run.add("again")
        run.blobs.path(digest_of("shown"))
        pasted = picture("pasted", digest_of("pasted"))
        run.sessions.save_draft(session.id, Draft((pasted,)), datetime.now(UTC))
        for _ in run.sweep.clear():
            pass
    assert names(tmp_path, "again", "shown", "pasted") == {"again", "shown", "pasted"}


def test_what_came_just_before_the_application_ended_stays_for_a_day(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        run.add("young", days_old=0.9)
        run.add("old", days_old=1.1)
    with closing(Run(tmp_path)) as run:
        run.tidy()
    assert names(tmp_path, "young", "old") == {"young"}


def test_a_deleted_session_is_purged_after_a_month_with_its_pictures(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        for text, days in (("29 days", 29), ("31 days", 31)):
            session = run.sessions.create("claude-test", NOW)
            run.sessions.add_turn(session.id, question(text, "?", run.add(text)), NOW)
            forget(run, session.id, days)
    with closing(Run(tmp_path)) as run:
        assert (run.tidy().sessions, run.sweep.swept.blobs) == (1, 1)
        assert run.database.problems() == ()
        assert run.database.read("SELECT id FROM turns") == [("29 days",)]
    assert names(tmp_path, "29 days", "31 days") == {"29 days"}


def test_what_was_made_of_a_picture_goes_with_it(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        stays, goes = run.add("stays"), run.add("goes")
        run.sessions.save_draft(session.id, Draft((stays,)), NOW)
        run.made_of(stays, "small")
        run.made_of(stays, "looked at long ago", days_old=40)
        run.made_of(goes, "small of what goes")
        for image in (stays, goes):
            assert image.pixels
            run.thumbnails.save(image.pixels, b"thumbnail")
            run.thumbnails.save(f"{image.pixels}-3", b"thumbnail of a page")
    for path in (tmp_path / "thumbnails").rglob("*-*"):
        grow_old(path, 2)
    for path in (tmp_path / "thumbnails").rglob("?" * 64):
        grow_old(path, 2)
    with closing(Run(tmp_path)) as run:
        swept = run.tidy()
        assert (swept.blobs, swept.thumbnails) == (3, 2)
        assert run.database.read("SELECT recipe FROM renditions") == [("small",)]
    assert names(tmp_path, "stays", "small", "goes") == {"stays", "small"}
    assert sorted(path.name for path in (tmp_path / "thumbnails").rglob("*") if path.is_file()) == [
        digest_of("stays"),
        digest_of("stays") + "-3",
    ]


def test_what_was_made_of_a_picture_that_comes_again_stays(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        run.made_of(run.add("again"), "small")
    with closing(Run(tmp_path)) as run:
        for _ in run.sweep.mark():
            pass
        run.add("again")
        for _ in run.sweep.clear():
            pass
        assert run.database.read("SELECT recipe FROM renditions") == [("small",)]
    assert names(tmp_path, "again", "small") == {"again", "small"}


def test_thumbnails_are_bounded_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "THUMBNAILS_BYTES", 250)
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        images = [run.add(f"{days} days") for days in range(2, 6)]
        run.sessions.save_draft(session.id, Draft(tuple(images)), NOW)
        for days, image in enumerate(images, start=2):
            assert image.pixels
            run.thumbnails.save(image.pixels, b"x" * 100)
            grow_old(tmp_path / "thumbnails" / image.pixels[:2] / image.pixels, days)
        stray = tmp_path / "thumbnails" / "00"
        stray.mkdir(exist_ok=True)
        (stray / "tmpabc").write_bytes(b"half")
        grow_old(stray / "tmpabc", 2)
    with closing(Run(tmp_path)) as run:
        assert run.tidy().thumbnails == 3
        assert [bool(run.thumbnails.find(image.pixels or "")) for image in images] == [
            True,
            True,
            False,
            False,
        ]


def test_a_backup_refers_to_its_pictures_too(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        run.sessions.save_draft(session.id, Draft((run.add("in the backup"),)), NOW)
        backup = back_up(tmp_path / "studio.db", datetime.now(UTC))
        run.sessions.save_draft(session.id, Draft(), NOW)
    with closing(Run(tmp_path)) as run:
        assert run.tidy().blobs == 0
    backup.unlink()
    with closing(Run(tmp_path)) as run:
        assert run.tidy().blobs == 1


def test_nothing_goes_while_a_damaged_database_lies_beside_it(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        run.add("of the damaged one")
        aside = set_aside(Path(shutil.copy(tmp_path / "studio.db", tmp_path / "x.db")), NOW)
        aside.rename(tmp_path / "studio.damaged-20261120-120000.db")
    with closing(Run(tmp_path)) as run:
        assert run.tidy().blobs == 0


def test_nothing_goes_when_a_table_cannot_be_read_whole(tmp_path: Path) -> None:
    with closing(Run(tmp_path)) as run:
        session = run.sessions.create("claude-test", NOW)
        run.sessions.save_draft(session.id, Draft(text="needle " * 4000), NOW)
        run.add("whose?")
    data = bytearray((tmp_path / "studio.db").read_bytes())
    first = data.index(b"needle") // 4096 * 4096
    data[first : first + 4096] = b"\xff" * 4096
    (tmp_path / "studio.db").write_bytes(data)
    with closing(Run(tmp_path)) as run, pytest.raises(StorageFailed, match="Nothing was tidied"):
        run.tidy()
    assert names(tmp_path, "whose?") == {"whose?"}


def test_a_copy_made_before_an_update_goes_after_a_month(tmp_path: Path) -> None:
    Database.open(tmp_path / "studio.db").close()
    for version, days in ((2, 31), (3, 29)):
        copy = Path(shutil.copy(tmp_path / "studio.db", tmp_path / f"studio.version-{version}.db"))
        grow_old(copy, days)
    (tmp_path / "studio.version-4.db.part").write_bytes(b"half")
    grow_old(tmp_path / "studio.version-4.db.part", 2)
    with closing(Run(tmp_path)) as run:
        run.tidy()
    assert sorted(path.name for path in tmp_path.glob("studio.*-*")) == ["studio.version-3.db"]


NAMES = ("a", "b", "c", "d", "e")
SLOTS = st.integers(0, 2)


class Sweeping(RuleBasedStateMachine):
    """Three sessions and five pictures, saved, sent, deleted, restored and undone while sweeps go on."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vs-"))
        self.run = Run(self.folder)
        self.ids = [self.run.sessions.create("claude-test", NOW).id for _ in range(3)]
        self.drafts: dict[int, set[str]] = {slot: set() for slot in range(3)}
        self.sent: dict[int, set[str]] = {slot: set() for slot in range(3)}
        self.gone: dict[int, float] = {}
        self.purged: set[int] = set()
        self.turns = 0
        self.at_hand: set[str] = set()
        """What may be put into a draft by undo: it was referred to when the run began, or came during it."""

    def referred_to(self) -> set[str]:
        slots = set(range(3)) - self.purged
        return {text for slot in slots for text in self.drafts[slot] | self.sent[slot]}

    def is_live(self, slot: int) -> bool:
        return slot not in self.gone and slot not in self.purged

    @rule(slot=SLOTS, texts=st.sets(st.sampled_from(NAMES)))
    def drop(self, slot: int, texts: set[str]) -> None:
        if self.is_live(slot):
            images = tuple(self.run.add(text) for text in sorted(texts))
            self.at_hand |= texts
            self.run.sessions.save_draft(self.ids[slot], Draft(images), datetime.now(UTC))
            self.drafts[slot] = texts

    @rule(slot=SLOTS, texts=st.sets(st.sampled_from(NAMES)))
    def undo(self, slot: int, texts: set[str]) -> None:
        if self.is_live(slot):
            texts = texts & self.at_hand
            images = tuple(picture(text, digest_of(text)) for text in sorted(texts))
            self.run.sessions.save_draft(self.ids[slot], Draft(images), NOW)
            self.drafts[slot] = texts

    @rule(slot=SLOTS)
    def send(self, slot: int) -> None:
        if self.is_live(slot):
            self.turns += 1
            images = [picture(text, digest_of(text)) for text in sorted(self.drafts[slot])]
            turn = question(f"t{self.turns}", "?", *images)
            self.run.sessions.add_turn(self.ids[slot], turn, datetime.now(UTC))
            self.sent[slot] |= self.drafts[slot]
            self.drafts[slot] = set()

    @rule(slot=SLOTS, days=st.sampled_from([0.0, 29.0, 31.0]))
    def delete(self, slot: int, days: float) -> None:
        if self.is_live(slot):
            forget(self.run, self.ids[slot], days)
            self.gone[slot] = days

    @rule(slot=SLOTS)
    def restore(self, slot: int) -> None:
        if slot in self.gone:
            self.run.sessions.restore(self.ids[slot])
            del self.gone[slot]

    @rule(steps=st.sampled_from([1, 5, 300, 2000]))
    def go_on(self, steps: int) -> None:
        for _, _ in zip(range(steps), self.run.steps, strict=False):
            pass

    @rule()
    def reopen(self) -> None:
        self.run.close()
        self.purged |= {slot for slot, days in self.gone.items() if days > 30}
        for slot in self.purged:
            self.gone.pop(slot, None)
        self.at_hand = self.referred_to()
        self.run = Run(self.folder)

    @precondition(lambda self: hasattr(self, "run"))
    @invariant()
    def what_is_referred_to_is_there(self) -> None:
        assert names(self.folder, *NAMES) >= self.referred_to()

    def teardown(self) -> None:
        if hasattr(self, "run"):
            self.reopen()
            self.run.tidy()
            assert names(self.folder, *NAMES) == self.referred_to()
            assert self.run.database.problems() == ()
            self.run.close()
            shutil.rmtree(self.folder)


TestSweeping = Sweeping.TestCase
TestSweeping.settings = settings(
    max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)
