"""A process that writes as the engine does and says after each step that it is done, until it is killed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from tests.storage.samples import NOW, picture, question
from vision_studio.core.conversation import Answer, Outcome, Session
from vision_studio.core.draft import Draft
from vision_studio.storage.blobs import Blobs
from vision_studio.storage.database import Database
from vision_studio.storage.folder import DataFolder
from vision_studio.storage.sessions import Sessions

PART = "A sentence of the answer. " * 40

Kept = tuple[str, tuple[str, ...]]
"""What a session holds after some steps: the draft's text, and the text of every answer."""


def write_until_killed(folder: Path, say: Connection) -> None:
    held = DataFolder.open(folder)
    database = Database.open(held.path / "studio.db")
    sessions, blobs = Sessions(database), Blobs(held.path / "blobs")
    session = sessions.create("claude-test", NOW)
    say.send(session.id)
    for number in count():
        for step in _steps(sessions, blobs, session, number):
            step()
            say.send("done")


def _steps(sessions: Sessions, blobs: Blobs, session: Session, number: int) -> list[Callable[[], object]]:
    """One question and its answer, from the drop to the end of the stream."""
    turn_id = f"{session.id}/{number}"
    data = turn_id.encode() * 1000
    image = picture(f"{number}.png", hashlib.sha256(data).hexdigest())
    answer = Answer("claude-test", Outcome.STREAMING)
    return [
        lambda: blobs.add_bytes(data),
        lambda: sessions.save_draft(session.id, Draft((image,), f"question {number}"), NOW),
        lambda: sessions.add_turn(session.id, question(turn_id, f"question {number}", image), NOW),
        lambda: sessions.save_answer(turn_id, replace(answer, text=PART)),
        lambda: sessions.save_answer(turn_id, replace(answer, text=PART * 2)),
        lambda: sessions.save_answer(turn_id, replace(answer, text=PART * 3, outcome=Outcome.ANSWERED)),
    ]


def kept_after(steps: int) -> Kept:
    """Say what a session must hold once so many steps are done."""
    finished, begun = divmod(steps, 6)
    answers = [PART * 3] * finished
    if begun >= 3:
        answers.append(PART * (begun - 3))
    return (f"question {finished}" if begun == 2 else "", tuple(answers))


def kept_in(session: Session) -> Kept:
    return session.draft.text, tuple(turn.answer.text for turn in session.turns)
