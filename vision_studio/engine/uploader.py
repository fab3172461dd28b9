"""Brings pictures to the server: each once, some at a time, reused while the server holds them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from vision_studio.core.events import Event, Noticed, Uploaded, UploadFailed, UploadProgressed
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.engine.attempts import may_be_stored
from vision_studio.engine.errands import Errand, Server
from vision_studio.engine.gateway import UploadedFile
from vision_studio.engine.held import Held
from vision_studio.engine.line import PATIENCE_S, Line
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.retry import UPLOADS, Persistence
from vision_studio.engine.slots import Slots
from vision_studio.engine.tasks import Tasks
from vision_studio.engine.transfers import Transfer, Transfers
from vision_studio.storage.uploads import Attempt

_STEPS = 50
"""A card's progress is told at most so many times."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    file_id: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class _GoesInline:
    """It is not to be uploaded after all."""


_Outcome = _Arrived | _GoesInline | Failure


@dataclass(eq=False, slots=True)
class _Job:
    """One upload under way and the cards that wait for it."""

    errand: Errand
    server: Server
    transfer: Transfer
    outcome: asyncio.Future[_Outcome]
    waiting: list[Errand] = field(default_factory=list)
    told_bytes: int = 0
    task: asyncio.Task[None] | None = None


class Uploader:
    """Digest → ``file_id``. An upload belongs to this class: whoever stops waiting does not stop it."""

    def __init__(
        self,
        held: Held,
        report: Callable[[Event], None],
        *,
        on_files_support: Callable[[str, bool], None] = lambda server, supported: None,
        settings: UploadSettings | None = None,
        persistence: Persistence = UPLOADS,
        patience_s: float = PATIENCE_S,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.held = held
        self._report = report
        self._on_files_support = on_files_support
        self._settings = settings or UploadSettings()
        self._slots = Slots(self._settings.at_once)
        self._persistence = persistence
        self._patience_s = patience_s
        self._sleep = sleep
        self._transfers = Transfers(report, waits_for=self._waits_for)
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._tasks = Tasks(lambda error: report(Noticed(failure_of(error))))
        self._lines: dict[str, Line] = {}
        self._without_files: set[str] = set()

    @property
    def is_idle(self) -> bool:
        return not self._jobs

    @property
    def settings(self) -> UploadSettings:
        return self._settings

    def line(self, server: Server) -> Line:
        """Return what every call waits for while the server cannot be reached."""
        if server.name not in self._lines:
            self._lines[server.name] = Line(
                lambda _: self._transfers.tell(), patience_s=self._patience_s, sleep=self._sleep
            )
        return self._lines[server.name]

    def try_now(self) -> None:
        """Look at once whether servers that could not be reached are back."""
        for line in self._lines.values():
            line.try_now()

    def goes_inline(self, server: Server) -> bool:
        """Tell whether pictures travel inside requests to this server."""
        return self._settings.inline or server.name in self._without_files

    def change(self, settings: UploadSettings) -> None:
        """Follow the user's settings from now on. What is not to be uploaded any more is not."""
        self._settings = settings
        self._slots.resize(settings.at_once)
        if settings.inline:
            for job in list(self._jobs.values()):
                self._finish(job, _GoesInline())

    async def prepare(self, digests: Iterable[str], server: Server) -> None:
        """Find out what a request about these pictures will have to upload."""
        if not self.goes_inline(server):
            await self.held.ask(digests, server)

    async def file_id(self, errand: Errand, server: Server) -> str | None:
        """Return the picture's id on the server, uploading it if need be; None where pictures go inline.

        Raises ``Failed`` when it cannot be brought there.
        """
        if self.goes_inline(server):
            self._report(Uploaded(errand.session_id, errand.image_id, None, reused=False))
            return None
        known = self.held.find(errand.digest, server)
        if known is not None:
            self._tell(errand, _Arrived(known.file_id, known.expires_at), reused=True)
            return known.file_id
        return await self._brought(errand, server)

    async def renewed(self, errand: Errand, server: Server) -> str:
        """Upload what the server holds already, to be kept for as long again; return its new id.

        Raises ``Failed``; then what is there stays in use.
        """
        arrived = None if self.goes_inline(server) else await self._brought(errand, server)
        if arrived is None:
            raise Failed(Failure(FailureKind.FILES_UNSUPPORTED))
        return arrived

    async def _brought(self, errand: Errand, server: Server) -> str | None:
        job = self._jobs.get((server.name, errand.digest)) or self._begin(errand, server)
        job.waiting.append(errand)
        self._transfers.join(job.transfer, errand.session_id)
        self._tell_progress(job, [errand])
        outcome = await asyncio.shield(job.outcome)
        if isinstance(outcome, Failure):
            raise Failed(outcome)
        return outcome.file_id if isinstance(outcome, _Arrived) else None

    def cancel(self, session_id: str | None = None, image_ids: Iterable[str] | None = None) -> None:
        """Cancel uploads: of these cards, of a session, or all. One that others wait for too goes on."""
        named = None if image_ids is None else frozenset(image_ids)
        cancelled = Failure(FailureKind.UPLOAD_CANCELLED)
        for job in list(self._jobs.values()):
            for errand in list(job.waiting):
                ours = session_id is None or errand.session_id == session_id
                if ours and (named is None or errand.image_id in named):
                    job.waiting.remove(errand)
                    self._report(UploadFailed(errand.session_id, errand.image_id, cancelled))
            if not job.waiting:
                self._finish(job, cancelled)

    async def close(self) -> None:
        await self._tasks.close()
        self._transfers.close()

    # One upload

    def _begin(self, errand: Errand, server: Server) -> _Job:
        transfer = self._transfers.begin(errand.size_bytes)
        job = _Job(errand, server, transfer, asyncio.get_running_loop().create_future())
        self._jobs[server.name, errand.digest] = job
        job.task = self._tasks.start(self._bring(job), f"upload {errand.digest[:8]}")
        # A task that is cancelled before its first step never runs its own ``finally``.
        job.task.add_done_callback(lambda _: self._finish(job, None))
        return job

    async def _bring(self, job: _Job) -> None:
        """Upload and remember. What goes wrong is an outcome, not an exception."""
        try:
            async with self._slots:
                stored, attempt = await self._persist(job)
            self.held.remember(stored, attempt, job.server)
        except Exception as error:  # noqa: BLE001  # every card hears of it
            self._finish(job, replace(failure_of(error), of_upload=True))
            return
        self._on_files_support(job.server.name, True)
        self._finish(job, _Arrived(stored.file_id, stored.expires_at))
        if not self._jobs and self.held.attempts.in_doubt(job.server.name):
            await self.held.ask((), job.server)

    async def _persist(self, job: _Job) -> tuple[UploadedFile, Attempt]:
        errand, server, tried = job.errand, job.server, 0
        while True:
            if server.name in self._without_files:
                raise Failed(Failure(FailureKind.FILES_UNSUPPORTED))
            tried += 1
            attempt = self.held.attempts.begin(
                errand.digest, server.name, errand.name, errand.media_type, errand.size_bytes
            )
            try:
                return await self.line(server).call(partial(self._try, job, attempt)), attempt
            except Failed as error:
                failure = error.failure
                if not may_be_stored(failure, job.transfer.sent_bytes, errand.size_bytes):
                    self.held.attempts.settle(attempt)
                elif found := await self.held.attempts.look_for(
                    attempt, server.gateway, self.held.pace(server)
                ):
                    return found, attempt
                pause_s = self._persistence.wait_s(failure, tried, random.random())
                if pause_s is None:
                    raise
                if failure.retry_after_s is not None:
                    self.held.pace(server).hold(pause_s)
            except asyncio.CancelledError:
                if job.transfer.sent_bytes < errand.size_bytes:
                    self.held.attempts.settle(attempt)
                raise
            if failure.retry_after_s is None:
                await self._sleep(pause_s)

    async def _try(self, job: _Job, attempt: Attempt) -> UploadedFile:
        errand, line = job.errand, self.line(job.server)

        def progress(sent_bytes: int) -> None:
            line.restored()  # bytes leave only once there is a connection
            self._transfers.progress(job.transfer, sent_bytes)
            self._tell_progress(job, job.waiting)

        await self.held.pace(job.server).turn()
        if job.transfer.sent_bytes:
            self._transfers.progress(job.transfer, 0)
            self._tell_progress(job, job.waiting)
        return await job.server.gateway.upload(
            errand.path, attempt.name, errand.media_type, self._settings.lifetime_s, progress
        )

    def _finish(self, job: _Job, outcome: _Outcome | None) -> None:
        """End an upload, and tell every card that waits; None: the application ends."""
        if job.outcome.done():
            return
        key = (job.server.name, job.errand.digest)
        if self._jobs.get(key) is job:
            del self._jobs[key]
        if isinstance(outcome, Failure) and outcome.kind is FailureKind.FILES_UNSUPPORTED:
            self._do_without_files(job.server, outcome)
            outcome = _GoesInline()
        if outcome is None:
            job.outcome.cancel()
            return
        job.outcome.set_result(outcome)
        for place, errand in enumerate(job.waiting):
            if isinstance(outcome, Failure):
                self._report(UploadFailed(errand.session_id, errand.image_id, outcome))
            elif isinstance(outcome, _GoesInline):
                self._report(Uploaded(errand.session_id, errand.image_id, None, reused=False))
            else:
                self._tell(errand, outcome, reused=place > 0)
        self._transfers.end(job.transfer)
        if job.task is not None and job.task is not asyncio.current_task():
            job.task.cancel()

    def _do_without_files(self, server: Server, failure: Failure) -> None:
        if server.name not in self._without_files:
            self._without_files.add(server.name)
            self._on_files_support(server.name, False)
            self._report(Noticed(failure))

    def _waits_for(self) -> Failure | None:
        names = {server for server, _ in self._jobs}
        lines = [line for name, line in self._lines.items() if name in names]
        return next((line.down for line in lines if line.down is not None), None)

    # What is told

    def _tell_progress(self, job: _Job, errands: Sequence[Errand]) -> None:
        sent, total = job.transfer.sent_bytes, job.errand.size_bytes
        if errands is job.waiting:
            if 0 < sent < total and 0 <= sent - job.told_bytes < total / _STEPS:
                return
            job.told_bytes = sent
        rate, left = self._transfers.speed_of(job.transfer)
        for errand in errands:
            self._report(UploadProgressed(errand.session_id, errand.image_id, sent, total, rate, left))

    def _tell(self, errand: Errand, arrived: _Arrived, *, reused: bool) -> None:
        self._report(
            Uploaded(errand.session_id, errand.image_id, arrived.file_id, reused, arrived.expires_at)
        )
