"""A process that asks one question after another, and tells what the user has seen, until it is killed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import anthropic  # noqa: F401  # loaded once, in the process that all others are copies of
import starlette.applications  # noqa: F401  # likewise
import uvicorn  # noqa: F401  # likewise

from tests.engine.stage import CATALOGUE, MODEL, NoKeyring
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionState,
    Event,
    SessionOpened,
    TextArrived,
    TurnEnded,
    TurnStarted,
)
from vision_studio.engine.options import Options, Rhythm, Wish
from vision_studio.engine.studio import build_studio
from vision_studio.engine.thread import EngineThread
from vision_studio.practice import PracticeServer

PACE_TOKENS_PER_S = 100.0
"""An answer takes about a second."""
RHYTHM = Rhythm(save_s=0.1)
"""Five times as fast as in the window, and so are the questions: more moments in less time."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that was on the screen, and since when, on the clock that all processes share."""

    what: str
    """asked, text or ended."""
    turn_id: str
    text: str
    """The question; the new piece; the whole answer."""
    at: float


def ask_until_killed(folder: Path, say: Connection) -> None:
    opened: list[str] = []

    def tell(what: str, turn_id: str, text: str) -> None:
        say.send(Seen(what, turn_id, text, time.monotonic()))

    def report(event: Event) -> None:
        match event:
            case SessionOpened(session):
                opened[:] = [session.id]
            case ConnectionChanged(state=ConnectionState.UNTRIED):
                ask()
            case TurnStarted(_, turn):
                tell("asked", turn.id, turn.prompt)
            case TextArrived(_, turn_id, text):
                tell("text", turn_id, text)
            case TurnEnded(_, turn):
                tell("ended", turn.id, turn.answer.text)
                ask()

    def ask() -> None:
        engine.post(lambda: studio.send(opened[0], Draft(text=f"Question at {time.monotonic()}"), MODEL, ""))

    engine = EngineThread(report)
    studio = build_studio(
        report,
        CATALOGUE,
        lambda uploads: PracticeServer(CATALOGUE, uploads, PACE_TOKENS_PER_S),
        Options(folder, Wish(practice=True), rhythm=RHYTHM, environment={}, keys=NoKeyring()),
    )
    engine.start(studio.start, studio.close)
    threading.Event().wait()
