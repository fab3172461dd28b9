"""A process that does what the engine does, and tells each step before and after, until it is killed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from tests.faults.keeping import BUNDLED, Kept, Kind, Plan, Work, after, data_of, digest_of
from tests.storage.samples import picture
from vision_studio import assets
from vision_studio.core.catalogue import parse_catalogue
from vision_studio.core.conversation import Answer, Outcome, SentImage, Turn
from vision_studio.core.draft import Draft, Image, Rendition
from vision_studio.core.size import Size
from vision_studio.engine.bundling import Bundling
from vision_studio.engine.home import Home
from vision_studio.engine.originals import Original, keep
from vision_studio.storage import sweep
from vision_studio.storage.backup import back_up, restore
from vision_studio.storage.database import Database
from vision_studio.storage.repair import repair
from vision_studio.storage.sweep import Sweep
from vision_studio.storage.uploads import Attempt

CATALOGUE = parse_catalogue(assets.text("models.toml"))
MODEL = "claude-test"
BUNDLE = "one.vstudio"


def image_of(digest: str) -> Image:
    return picture(digest[:8], digest)


def prepare(folder: Path) -> None:
    """Lay down beside the data folder what is imported: pictures as files, and a bundle."""
    for number in range(12):
        (folder.parent / f"{number}.png").write_bytes(data_of(number))
    other = folder.parent / "other"
    home = Home.open(other)
    session = home.sessions.create(MODEL, datetime.now(UTC))
    home.sessions.rename(session.id, BUNDLED.title or "")
    home.blobs.add_bytes(data_of(99))
    home.sessions.save_draft(session.id, Draft((image_of(digest_of(99)),), BUNDLED.text), datetime.now(UTC))
    asyncio.run(_bundling(home).export("", [session.id], folder.parent / BUNDLE))
    home.close()
    shutil.rmtree(other)


def work_until_killed(folder: Path, seed: int, kept: Kept, say: Connection) -> None:
    """Open the folder, which holds ``kept``, and do one thing after another."""
    # What was deleted in an earlier run is purged, and what came in one may be swept.
    sweep.GRACE = sweep.DELETED_KEPT = timedelta(0)
    say.send(Work(Kind.OPEN))
    worker = Worker(folder)
    kept = after(kept, Work(Kind.OPEN))
    plan = Plan(seed, kept)
    say.send("")
    while True:
        work = plan.next(kept)
        say.send(work)
        made_id = worker.do(work, kept)
        kept = after(kept, work, made_id)
        say.send(made_id)


class Worker:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._home = home = Home.open(folder)
        self._sweep = Sweep(home.database, home.database.path, home.blobs, home.thumbnails)
        self._steps = self._sweeping()

    def do(self, work: Work, kept: Kept) -> str:
        """Return the id of the session that came of it, if one did."""
        home, now = self._home, datetime.now(UTC)
        match work.kind:
            case Kind.NEW:
                return home.sessions.create(MODEL, now).id
            case Kind.BUNDLE:
                taken = asyncio.run(_bundling(home).take_in("", self._folder.parent / BUNDLE))
                return taken.session_ids[0]
            case Kind.IMPORT:
                path = self._folder.parent / f"{work.number}.png"
                keep(Original(path, path.stat().st_size, path.stat().st_mtime_ns), home.blobs)
            case Kind.DRAFT:
                draft = Draft(tuple(map(image_of, work.pictures)), work.text)
                home.sessions.save_draft(work.session_id, draft, now)
            case Kind.RENAME:
                home.sessions.rename(work.session_id, work.text)
            case Kind.INSTRUCT:
                home.sessions.set_system(work.session_id, work.text)
            case Kind.SEND:
                talk = kept.talks[work.session_id]
                sent = tuple(
                    SentImage(image_of(digest), number)
                    for number, digest in enumerate(talk.pictures, start=1)
                )
                turn = Turn(work.text, talk.text, sent, Answer(MODEL), now)
                home.sessions.add_turn(work.session_id, turn, now)
            case Kind.AGAIN:
                other = home.sessions.load(work.session_id).turns[work.number]
                again = replace(other, id=work.text, answer=Answer(MODEL))
                draft = home.sessions.load(work.session_id).draft
                home.sessions.add_turn(work.session_id, again, now, beside=other.id, draft=draft)
            case Kind.SHOW:
                home.sessions.show_branch(work.session_id, work.text)
            case Kind.STREAM | Kind.END:
                outcome = Outcome.STREAMING if work.kind is Kind.STREAM else Outcome.ANSWERED
                turn_id = kept.talks[work.session_id].turns[-1].id
                home.sessions.save_answer(turn_id, Answer(MODEL, outcome, work.text))
            case Kind.MAKE:
                self._make(work.pictures[0])
            case Kind.FIT:
                asked = kept.talks[work.session_id].turns[-1]
                fitted = tuple(
                    SentImage(image_of(digest), number, self._make(digest))
                    for number, digest in enumerate(asked.pictures, start=1)
                )
                home.sessions.save_sent_images(asked.id, fitted)
            case Kind.UPLOAD:
                self._upload(work.pictures[0], now)
            case Kind.TAKE_BACK:
                asked = kept.talks[work.session_id].turns[-1]
                back = Draft(tuple(map(image_of, asked.pictures)), asked.prompt)
                home.sessions.remove_turn(asked.id, back)
            case Kind.DELETE:
                home.sessions.delete(work.session_id)
            case Kind.RESTORE:
                home.sessions.restore(work.session_id)
            case Kind.SWEEP:
                for _, _ in zip(range(work.number), self._steps, strict=False):
                    pass
            case Kind.OPEN:
                raise ValueError(work.kind)
        return ""

    def _sweeping(self) -> Iterator[None]:
        yield from self._sweep.mark()
        yield from self._sweep.clear()

    def _make(self, original: str) -> Rendition:
        data = b"made of " + original.encode() * 20
        temporary = self._home.blobs.temporary()
        temporary.write_bytes(data)
        rendition = Rendition(self._home.blobs.adopt(temporary), "image/png", Size(10, 10), len(data))
        self._home.renditions.remember(original, "recipe", rendition)
        self._home.thumbnails.save(original, b"small")
        return rendition

    def _upload(self, digest: str, now: datetime) -> None:
        attempt = Attempt(f"{digest[:8]} {now.isoformat()}", digest, "server", 1000, now)
        self._home.uploads.begin(attempt)
        self._home.uploads.remember(digest, "server", "", f"file_{digest[:8]}", None, now, attempt.name)


def migrate_until_killed(folder: Path, say: Connection) -> None:
    """Open an older database again and again from its copy, which brings it up to date each time."""
    say.send("")
    Database.open(folder / "studio.db").close()
    say.send("done")


def copy_until_killed(folder: Path, say: Connection) -> None:
    """Back a database up, and put the backup in its place, again and again; the clock runs fast."""
    path, now = folder / "studio.db", datetime.now(UTC)
    while True:
        say.send("backs up")
        now += timedelta(days=1)
        backup = back_up(path, now)
        say.send("puts back")
        restore(path, backup, now)


def repair_until_killed(folder: Path, say: Connection) -> None:
    """Mend a folder once."""
    say.send("")
    repair(folder, folder / "studio.db")
    say.send("done")


def _bundling(home: Home) -> Bundling:
    return Bundling(home, CATALOGUE, lambda event: None)
