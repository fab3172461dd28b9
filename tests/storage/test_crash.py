"""Nothing that was said to be saved is lost when the process is killed, whatever it was doing."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
from contextlib import closing

import pytest

from tests.storage.writer import kept_after, kept_in, write_until_killed
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.sessions import Sessions

KILLS = 40


@pytest.fixture(scope="module")
def processes():
    """Copies of a process that has everything imported: a new interpreter for each would take minutes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.storage.writer"])
    return context


def write_and_die(processes, folder, steps):
    """Let a writer confirm some steps and kill it; return its session and how many it confirmed in all."""
    listen, say = processes.Pipe(duplex=False)
    writer = processes.Process(target=write_until_killed, args=(folder, say))
    writer.start()
    say.close()
    with listen:
        session_id = listen.recv()
        confirmed = 0
        try:
            while True:
                if confirmed == steps:
                    writer.kill()
                listen.recv()
                confirmed += 1
        except EOFError:
            writer.join()
            writer.close()
    return session_id, confirmed


def test_what_was_confirmed_is_there_after_every_kill(processes, tmp_path):
    choices = random.Random(20261120)
    kept = {}
    for _ in range(KILLS):
        session_id, confirmed = write_and_die(processes, tmp_path, choices.randrange(1, 20))
        folder = DataFolder.open(tmp_path)
        blobs = Blobs(tmp_path / "blobs")
        with closing(Database.open(tmp_path / "studio.db")) as database:
            assert database.problems() == ()
            sessions = Sessions(database)
            sessions.mark_interrupted()
            session = sessions.load(session_id)
            # The step it was killed in took effect whole, or not at all.
            assert kept_in(session) in (kept_after(confirmed), kept_after(confirmed + 1))
            assert all(turn.answer.outcome.is_over for turn in session.turns)
            for image in (*(sent.image for sent in session.sent_images), *session.draft.images):
                data = blobs.path(image.digest).read_bytes()
                assert hashlib.sha256(data).hexdigest() == image.digest
            kept[session_id] = kept_in(session)
            assert {row.id: kept_in(sessions.load(row.id)) for row in sessions.list()} == kept
        folder.close()
    assert len(kept) == KILLS
