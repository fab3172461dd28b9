"""A process that asks a session's question, or asks it again, and tells of its uploads until it is killed."""

from __future__ import annotations

import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tests.engine.stage import CATALOGUE, MODEL, IdlePractice, NoKeyring
from tests.faults.killed import Seen
from vision_studio.core.conversation import Outcome, Session
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionState,
    Event,
    SessionOpened,
    TurnEnded,
    TurnStarted,
    Uploaded,
    UploadFailed,
    UploadProgressed,
)
from vision_studio.engine.options import Options, Wish
from vision_studio.engine.studio import build_studio
from vision_studio.engine.thread import EngineThread


def upload_until_killed(folder: Path, url: str, key: str, session_id: str, say: Connection) -> None:
    begun: list[str] = []

    def tell(what: str, of: str, text: str = "") -> None:
        say.send(Seen(what, of, text, time.monotonic()))

    def report(event: Event) -> None:
        match event:
            case ConnectionChanged(state=ConnectionState.UNTRIED):
                engine.post(lambda: studio.open_session(session_id))
            case SessionOpened(session) if session.id == session_id and not begun:
                begun.append(session_id)
                go_on(session)
            case TurnStarted(_, turn):
                tell("asked", turn.id, turn.prompt)
            case UploadProgressed(_, image_id, sent_bytes) if sent_bytes:
                tell("sending", image_id)
            case Uploaded(_, image_id):
                tell("uploaded", image_id)
            case UploadFailed(_, image_id, failure):
                tell("failed", image_id, str(failure))
            case TurnEnded(_, turn):
                tell("ended", turn.id, turn.answer.text)

    def go_on(session: Session) -> None:
        """Ask what is in the draft, or the question that was interrupted; what was answered is told."""
        if not session.turns:
            engine.post(lambda: studio.send(session_id, session.draft, MODEL, ""))
            return
        turn = session.turns[-1]
        if turn.answer.outcome is Outcome.ANSWERED:
            tell("ended", turn.id, turn.answer.text)
        else:
            engine.post(lambda: studio.retry(session_id, turn.id))

    engine = EngineThread(report)
    studio = build_studio(
        report,
        CATALOGUE,
        lambda folder: IdlePractice(),
        Options(folder, Wish(base_url=url), environment={"ANTHROPIC_API_KEY": key}, keys=NoKeyring()),
    )
    engine.start(studio.start, studio.close)
    threading.Event().wait()
