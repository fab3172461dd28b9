"""The steps of asking a question, each a command to the engine and the events that answer it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from vision_studio.cli.arguments import Command
from vision_studio.cli.inbox import Inbox, Mark
from vision_studio.core.conversation import Session
from vision_studio.core.documents import every_page
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    DocumentsFound,
    Event,
    ImagesFound,
    ImagesRefused,
    ImagesStored,
    Noticed,
    Refusal,
    SessionOpened,
    TurnEnded,
    TurnStarted,
)
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.request_settings import Cache
from vision_studio.engine.drop import new_id
from vision_studio.engine.studio import Studio
from vision_studio.engine.thread import EngineThread


class FilesRefused(Exception):
    """Some of the files cannot be used, so nothing was sent."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        super().__init__()
        self.refusals = refusals


class Sending:
    """Talks to an engine that was started. Every step may raise ``Failed``, and ``Interrupted``."""

    def __init__(self, engine: EngineThread, studio: Studio, inbox: Inbox) -> None:
        self._engine = engine
        self._studio = studio
        self._inbox = inbox
        self._connection: ConnectionChanged | None = None
        self._started = False

    def open_session(self, session_id: str | None) -> Session:
        """Return a session to ask in: the named one, else a new one."""
        self._mark("started")
        failure = _first_failure(self._until_mark("started"))
        if session_id is None:
            self._engine.post(self._studio.new_session)
        else:
            self._engine.post(self._studio.open_session, session_id)
        self._mark("opened")
        events = self._until_mark("opened")
        opened = [event.session for event in events if isinstance(event, SessionOpened)]
        if not opened:
            # What went wrong at the start is the reason for what goes wrong now.
            raise Failed(failure or _first_failure(events) or Failure(FailureKind.STORAGE))
        return opened[-1]

    def connect(self, *, practice: bool) -> None:
        """Wait until it is settled where requests go.

        Without a key nothing is asked of the practice server unless that is wanted: its answer might be taken
        for Claude's.
        """
        events = self._events()
        while self._connection is None or self._connection.state is ConnectionState.STARTING:
            next(events)
        if self._connection.failure is not None:
            raise Failed(self._connection.failure)
        if self._connection.kind is ConnectionKind.PRACTICE and not practice:
            raise Failed(Failure(FailureKind.NO_KEY))

    def add(self, session: Session, asked: Command) -> Draft:
        """Return a draft with the files, all of them read and kept. Raises ``FilesRefused``."""

        async def add_files() -> None:
            await self._studio.add_files(session.id, 0, asked.files)
            await self._studio.images_read()

        async def add_and_mark() -> None:
            try:
                await add_files()
            finally:
                self._inbox.put(Mark("read"))

        draft = Draft(text=asked.prompt)
        refusals: tuple[Refusal, ...] = ()
        self._engine.post(add_and_mark)
        for event in self._until_mark("read"):
            match event:
                case ImagesFound(_, row, images):
                    draft = draft.with_inserted(row, images)
                case ImagesStored(_, images):
                    draft = draft.with_replaced(images)
                case DocumentsFound(_, row, documents):
                    pages = (every_page(document, new_id) for document in documents)
                    draft = draft.with_inserted(row, tuple(chain.from_iterable(pages)))
                case ImagesRefused(_, refused):
                    refusals += refused
        if refusals:
            raise FilesRefused(refusals)
        return draft

    def ask(self, session: Session, draft: Draft, asked: Command) -> None:
        """Send the draft; ``answering`` tells what comes of it."""
        model_id = asked.model or session.model_id
        system = session.system if asked.system is None else asked.system
        chosen = session.settings
        # A question that nobody follows up would pay for a cache that nobody reads.
        cache = chosen.cache if asked.session else Cache.OFF
        settings = replace(
            chosen,
            effort=asked.effort or chosen.effort,
            max_tokens=asked.max_tokens or chosen.max_tokens,
            cache=Cache(asked.cache) if asked.cache else cache,
        )
        self._engine.post(self._studio.send, session.id, draft, model_id, system, settings)
        if not session.draft.is_empty:
            # Sending empties the session's draft, but this one was being composed in the window.
            self._engine.post(self._studio.save_draft, session.id, session.draft)

    def answering(self, session: Session) -> Iterator[Event]:
        """Yield what happens, up to the answer's end; after ``Interrupted``, from where that left off."""
        for event in self._events():
            if isinstance(event, Noticed) and event.session_id == session.id and not self._started:
                raise Failed(event.failure)
            self._started = self._started or isinstance(event, TurnStarted)
            if not isinstance(event, Mark):
                yield event
            if isinstance(event, TurnEnded) and event.session_id == session.id:
                return

    def stop(self, session: Session) -> None:
        """End the answer; its end will still be told."""
        self._engine.post(self._studio.stop, session.id)

    def _events(self) -> Iterator[Event | Mark]:
        for event in self._inbox.events():
            if isinstance(event, ConnectionChanged):
                self._connection = event
            yield event

    def _until_mark(self, name: str) -> list[Event]:
        """Return the events before a mark."""
        before: list[Event] = []
        for event in self._events():
            if event == Mark(name):
                break
            if not isinstance(event, Mark):
                before.append(event)
        return before

    def _mark(self, name: str) -> None:
        self._engine.post(self._inbox.put, Mark(name))


def _first_failure(events: Sequence[Event]) -> Failure | None:
    """Return what the first notice among the events is about."""
    return next((event.failure for event in events if isinstance(event, Noticed)), None)
