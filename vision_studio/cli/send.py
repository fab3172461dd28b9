"""`vision-studio send`: asks about images with the window's own engine, and prints what happens."""

from __future__ import annotations

from vision_studio.cli.arguments import Command
from vision_studio.cli.console import Console, OutputClosed
from vision_studio.cli.inbox import Inbox, Interrupted
from vision_studio.cli.reports import JsonReport, Report, TextReport
from vision_studio.cli.sending import FilesRefused, Sending
from vision_studio.core.conversation import Answer, Outcome, Session, Turn
from vision_studio.core.events import (
    AnswerSilent,
    Event,
    Noticed,
    RetryDelayed,
    TextArrived,
    TurnEnded,
    TurnStarted,
    Uploaded,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.options import Options, Wish
from vision_studio.headless import build_engine, read_catalogue

INTERRUPTED = 130
"""The exit status of programs that Ctrl+C ended."""

_STOP_WITHIN_S = 30.0
_NETWORK_PATIENCE_S = 15.0
"""Nobody watches a command as a window is watched: it gives up on an unreachable server sooner."""


def send(asked: Command, console: Console) -> int:
    """Ask, and print the answer as it comes.

    Returns 0 for an answer, 1 for a failure, 130 after Ctrl+C, which keeps what had arrived.
    """
    inbox = Inbox()
    wish = Wish(practice=asked.practice, base_url=asked.base_url, api=True)
    engine, studio = build_engine(
        read_catalogue(), Options(asked.data_dir, wish, network_patience_s=_NETWORK_PATIENCE_S), inbox.put
    )
    report: Report = JsonReport(console) if asked.json else TextReport(console)
    with inbox.taking_interrupts():
        engine.start(studio.start, studio.close)
        try:
            return _Errand(Sending(engine, studio, inbox), asked, report).run()
        finally:
            engine.stop(_STOP_WITHIN_S)


class _Errand:
    """Carries one question out, and tells its one ending."""

    def __init__(self, sending: Sending, asked: Command, report: Report) -> None:
        self._sending = sending
        self._asked = asked
        self._report = report
        self._session: Session | None = None
        self._names: dict[str, str] = {}
        """Of the pictures, by the id of their card."""
        self._numbers: dict[int, str] = {}

    def run(self) -> int:
        try:
            session = self._session = self._sending.open_session(self._asked.session)
            self._sending.connect(practice=self._asked.practice)
            self._report.reading(len(self._asked.files))
            draft = self._sending.add(session, self._asked)
            for turn in session.turns:
                self._know(turn)
            self._sending.ask(session, draft, self._asked)
            return self._follow(session)
        except FilesRefused as error:
            for refusal in error.refusals:
                self._report.refused(refusal)
            return 1
        except Failed as error:
            return self._fail(error.failure)
        except Interrupted:
            stopped = Answer(self._asked.model or "", Outcome.STOPPED)
            self._report.ended(stopped, self._session.id if self._session else None)
            return INTERRUPTED

    def _follow(self, session: Session) -> int:
        """Tell what happens until the answer has ended. Ctrl+C stops it, and so does a reader that left."""
        left: OutputClosed | None = None
        while True:
            try:
                for event in self._sending.answering(session):
                    if isinstance(event, TurnEnded) and event.session_id == session.id:
                        if left is not None:
                            raise left
                        return self._end(event.turn.answer)
                    if left is None:
                        self._tell(event)
            except Interrupted:
                self._sending.stop(session)
            except OutputClosed as error:
                if left is not None:
                    raise
                left = error
                self._sending.stop(session)

    def _tell(self, event: Event) -> None:
        match event:
            case TurnStarted(_, turn):
                self._know(turn)
            case Uploaded(_, image_id):
                self._report.uploaded(self._names.get(image_id, ""), event)
            case TextArrived(_, _, text):
                self._report.text(text)
            case Noticed(failure):
                self._report.noticed(failure)
            case RetryDelayed(_, _, failure, wait_s):
                self._report.delayed(failure, wait_s)
            case AnswerSilent(_, _, silent_s):
                self._report.silent(silent_s)

    def _end(self, answer: Answer) -> int:
        session_id = self._session.id if self._session else None
        match answer.outcome:
            case Outcome.ANSWERED:
                self._report.ended(answer, session_id)
                return 0
            case Outcome.STOPPED:
                self._report.ended(answer, session_id)
                return INTERRUPTED
            case _:
                return self._fail(answer.failure or Failure(FailureKind.INTERRUPTED))

    def _fail(self, failure: Failure) -> int:
        self._report.failed(failure, self._session.id if self._session else None, self._numbers)
        return 1

    def _know(self, turn: Turn) -> None:
        self._names |= {sent.image.id: sent.image.name for sent in turn.images}
        self._numbers |= {sent.number: sent.image.name for sent in turn.images}
