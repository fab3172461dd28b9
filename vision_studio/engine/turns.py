"""The answers in progress: one per session, each saved as it comes, each with exactly one ending."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal

from vision_studio.core.catalogue import ModelTable
from vision_studio.core.conversation import Answer, Outcome, Session
from vision_studio.core.cost import usage_cost_usd
from vision_studio.core.events import Event, Noticed, RetryDelayed, TurnEnded
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.asking import Asking
from vision_studio.engine.endings import Endings
from vision_studio.engine.errands import Server
from vision_studio.engine.gateway import (
    MessageEnded,
    Request,
    RequestAccepted,
    TextDelta,
    ThoughtDelta,
    UsageKnown,
)
from vision_studio.engine.incoming import Incoming
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.options import Rhythm
from vision_studio.engine.retry import ANSWERS, Persistence
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.uploader import Uploader
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.usage import UsageLedger


@dataclass(frozen=True, slots=True)
class Contact:
    """What turns learn about the connection: it answered, or why it did not."""

    server: Server
    failure: Failure | None = None


class Turns:
    """Asks, streams and ends.

    ``on_contact`` hears whether the server could be reached; ``on_ended`` is called last for every turn.
    """

    def __init__(
        self,
        sessions: Sessions,
        usage: UsageLedger,
        asking: Asking,
        uploader: Uploader,
        catalogue: ModelTable,
        report: Callable[[Event], None],
        *,
        on_contact: Callable[[Contact], None] = lambda contact: None,
        on_ended: Callable[[str], None] = lambda session_id: None,
        rhythm: Rhythm | None = None,
        persistence: Persistence = ANSWERS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._sessions = sessions
        self._endings = Endings(sessions, usage)
        self._asking = asking
        self._uploader = uploader
        self._catalogue = catalogue
        self._report = report
        self._on_contact = on_contact
        self._on_ended = on_ended
        self._rhythm = rhythm or Rhythm()
        self._persistence = persistence
        self._sleep = sleep
        self._tasks = Tasks(lambda error: None)  # a turn's exception is its ending
        self._running: dict[str, tuple[Incoming, asyncio.Task[MessageEnded]]] = {}
        self._closing = False

    @property
    def is_idle(self) -> bool:
        return not self._running

    def is_answering(self, session_id: str) -> bool:
        return session_id in self._running

    def start(
        self, session: Session, connect: Callable[[], Awaitable[Server]], *, resumed: bool = False
    ) -> None:
        """Ask the session's last question, which is saved already. It will end with one ``TurnEnded``.

        ``resumed``: its answer paused, and what comes now is put behind what is there.
        """
        incoming = Incoming(
            session.id,
            session.turns[-1],
            report=self._report,
            save=self._sessions.save_answer,
            on_error=lambda error: self._report(Noticed(failure_of(error), session.id)),
            rhythm=self._rhythm,
            resumed=resumed,
        )
        task = self._tasks.start(self._answer(incoming, session, connect), f"turn {incoming.turn.id}")
        self._running[session.id] = incoming, task
        # A task that is cancelled before its first step never runs its own ``except``; its callbacks do.
        task.add_done_callback(lambda done: self._end(incoming, done))

    def stop(self, session_id: str) -> None:
        """End the answer at once, and keep what arrived. Uploads go on, for the next time."""
        if session_id in self._running:
            self._running[session_id][1].cancel()

    def catch_up(self, session_id: str) -> None:
        """Tell and save all that has arrived, so that the session on disk is the one on the screen."""
        if session_id in self._running:
            incoming = self._running[session_id][0]
            incoming.tell()
            incoming.keep()

    def keep_endings(self) -> None:
        """Save the answers that the disk has not taken yet. Raises ``Failed``."""
        self._endings.keep()

    def completed(self, session: Session) -> Session:
        """Return a session as it was read from the disk with the answers that are not there yet."""
        return self._endings.completed(session)

    def end_lost(self) -> None:
        """End the answers that a lost process left open, and enter what they are known to cost."""
        for session_id, turn_id, answer in self._sessions.unfinished():
            cost_usd = self._cost_usd(answer)
            costs = [cost for cost in (answer.cost_usd, cost_usd) if cost is not None]
            total_usd = sum(costs, Decimal()) if costs else None
            lost = replace(answer, outcome=Outcome.INTERRUPTED, cost_usd=total_usd)
            self._endings.add(session_id, turn_id, lost, cost_usd)
        self._endings.keep()
        self._sessions.mark_interrupted()  # and those that could not be read

    async def close(self) -> None:
        """End every answer as interrupted."""
        self._closing = True
        await self._tasks.close()
        try:
            self._endings.keep()
        except Failed as error:
            self._report(Noticed(error.failure))

    async def _answer(
        self, incoming: Incoming, session: Session, connect: Callable[[], Awaitable[Server]]
    ) -> MessageEnded:
        server = await connect()
        incoming.practice = server.practice
        try:
            return await self._persist(incoming, session, server)
        except Failed as error:
            self._on_contact(Contact(server, error.failure))
            raise

    async def _persist(self, incoming: Incoming, session: Session, server: Server) -> MessageEnded:
        """Ask until there is an answer, or a failure that another try would not mend or might bill again."""
        session = await self._asking.fitted(session)
        incoming.turn = session.turns[-1]
        request = await self._asking.request(session, server, resumed=incoming.resumed)
        tried, renewed, forgot = 0, False, False
        while True:
            tried += 1
            try:
                return await self._stream(incoming, request, server)
            except Failed as error:
                failure = error.failure
            if failure.kind is FailureKind.FILE_MISSING and not (renewed or incoming.text):
                renewed = True
                if not await self._asking.forget_missing(request, failure, server):
                    raise Failed(failure)
                request = await self._asking.request(session, server, resumed=incoming.resumed)
                continue
            if failure.kind is FailureKind.THINKING_REJECTED and not (forgot or incoming.accepted):
                forgot = True
                session = self._asking.without_thinking(session)
                request = await self._asking.request(session, server, resumed=incoming.resumed)
                continue
            pause_s = self._persistence.wait_s(failure, tried, random.random())
            if incoming.accepted or pause_s is None:
                raise Failed(failure)
            incoming.pause()
            self._report(RetryDelayed(incoming.session_id, incoming.turn.id, failure, pause_s))
            await self._sleep(pause_s)

    async def _stream(self, incoming: Incoming, request: Request, server: Server) -> MessageEnded:
        incoming.asked_at = asyncio.get_running_loop().time()
        incoming.hear()
        async with aclosing(server.gateway.answer(request)) as events:
            async for event in events:
                incoming.hear()
                match event:
                    case TextDelta(text):
                        incoming.add(text)
                    case ThoughtDelta(text):
                        incoming.add_thought(text)
                    case UsageKnown(usage):
                        incoming.usage = usage
                    case RequestAccepted(request_id, workspace_id):
                        incoming.accepted = True
                        incoming.request_id = request_id
                        self._learn_workspace(incoming, server, workspace_id)
                        self._on_contact(Contact(server))
                    case MessageEnded():
                        incoming.usage = event.usage
                        incoming.request_id = event.request_id or incoming.request_id
                        return event
        raise Failed(Failure(FailureKind.INTERRUPTED, "The stream ended before the message did"))

    def _learn_workspace(self, incoming: Incoming, server: Server, workspace_id: str) -> None:
        """Note where the key belongs. What cannot be noted now is with the next answer: this one goes on."""
        try:
            self._uploader.held.learn_workspace(server, workspace_id)
        except Failed as error:
            self._report(Noticed(error.failure, incoming.session_id))

    def _end(self, incoming: Incoming, task: asyncio.Task[MessageEnded]) -> None:
        """Save first, then say so; what cannot be saved is still said."""
        del self._running[incoming.session_id]
        incoming.finish()
        cost_usd = self._cost_usd(incoming.answer(Outcome.STREAMING))
        answer = self._ending(incoming, task, cost_usd)
        turn = replace(incoming.turn, answer=answer)
        self._endings.add(incoming.session_id, turn.id, answer, cost_usd)
        try:
            self._endings.keep()
        except Exception as error:  # noqa: BLE001  # reported to the user and logged
            self._report(Noticed(failure_of(error), incoming.session_id))
        self._report(TurnEnded(incoming.session_id, turn))
        self._on_ended(incoming.session_id)

    def _cost_usd(self, answer: Answer) -> Decimal | None:
        """Return what this try cost, as far as the server told; practice costs nothing."""
        if answer.usage is None or answer.practice:
            return None
        return usage_cost_usd(answer.usage, self._catalogue.model(answer.model_id))

    def _ending(
        self, incoming: Incoming, task: asyncio.Task[MessageEnded], cost_usd: Decimal | None
    ) -> Answer:
        if task.cancelled():
            outcome = Outcome.INTERRUPTED if self._closing else Outcome.STOPPED
            return incoming.answer(outcome, cost_usd=cost_usd)
        if (error := task.exception()) is not None:
            failure = failure_of(error)
            hung_up = failure.kind is FailureKind.INTERRUPTED
            outcome = Outcome.INTERRUPTED if hung_up else Outcome.FAILED
            return incoming.answer(outcome, failure=failure, cost_usd=cost_usd)
        ended = task.result()
        if ended.stop_reason is None:
            failure = Failure(
                FailureKind.INTERRUPTED,
                "The stream ended before the message did",
                request_id=incoming.request_id,
            )
            return incoming.answer(Outcome.INTERRUPTED, failure=failure, cost_usd=cost_usd)
        return replace(
            incoming.answer(Outcome.ANSWERED, cost_usd=cost_usd),
            content_json=incoming.whole_content(ended.content_json),
            stop_reason=ended.stop_reason,
            stop_detail=ended.stop_detail,
        )
