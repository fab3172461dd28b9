"""Brings pictures to the server: each once, some at a time, reused while the server holds them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vision_studio.core.events import Event, Noticed, Uploaded, UploadFailed, UploadProgressed
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.engine.gateway import Gateway, UploadedFile
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.retry import UPLOADS, Persistence
from vision_studio.engine.tasks import Tasks
from vision_studio.storage.uploads import Uploads

AT_ONCE = 8
LIFETIME_S = 30 * 24 * 3600
"""How long the server keeps a file; it is uploaded again when a later request needs it."""
_MARGIN = timedelta(minutes=10)
"""A file about to expire is uploaded anew, rather than found missing by the request that names it."""
_STEPS = 50
"""A card's progress is told at most so many times."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests and files go: a door, and the name its files are remembered under."""

    gateway: Gateway
    name: str
    practice: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """One picture to bring to the server, on behalf of one card."""

    session_id: str
    image_id: str
    digest: str
    """Of the bytes at ``path``."""
    path: Path
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Arrived:
    file_id: str
    expires_at: datetime | None


@dataclass(slots=True)
class _Job:
    """One upload under way and the cards that wait for it."""

    errand: Errand
    server: Server
    waiting: list[Errand] = field(default_factory=list)
    sent_bytes: int = 0
    told_bytes: int = 0
    task: asyncio.Task[_Arrived | Failure] | None = None


class Uploader:
    """Digest → ``file_id``. An upload belongs to this class: whoever stops waiting does not stop it."""

    def __init__(
        self,
        ledger: Uploads,
        report: Callable[[Event], None],
        *,
        on_files_support: Callable[[str, bool], None] = lambda server, supported: None,
        at_once: int = AT_ONCE,
        lifetime_s: int | None = LIFETIME_S,
        persistence: Persistence = UPLOADS,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ledger = ledger
        self._report = report
        self._on_files_support = on_files_support
        self._slots = asyncio.Semaphore(at_once)
        self._lifetime_s = lifetime_s
        self._persistence = persistence
        self._sleep = sleep
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._tasks = Tasks(lambda error: report(Noticed(failure_of(error))))
        self._inline: set[str] = set()

    async def file_id(self, errand: Errand, server: Server) -> str | None:
        """Return the picture's id on the server, uploading it if need be; None where pictures go inline.

        Raises ``Failed`` when it cannot be brought there.
        """
        if server.name in self._inline:
            self._report(Uploaded(errand.session_id, errand.image_id, None, reused=False))
            return None
        workspace = self._ledger.workspace(server.name)
        known = self._ledger.find(errand.digest, server.name, workspace, datetime.now(UTC) + _MARGIN)
        if known is not None:
            self._tell(errand, _Arrived(known.file_id, known.expires_at), reused=True)
            return known.file_id
        job = self._jobs.get((server.name, errand.digest))
        if job is None:
            job = self._begin(errand, server)
        job.waiting.append(errand)
        assert job.task is not None
        outcome = await asyncio.shield(job.task)
        if isinstance(outcome, _Arrived):
            return outcome.file_id
        if outcome.kind is FailureKind.FILES_UNSUPPORTED:
            return None
        raise Failed(outcome)

    def forget(self, file_ids: Iterable[str]) -> None:
        """Have pictures uploaded anew when they are needed next: the server does not hold these ids."""
        for file_id in file_ids:
            self._ledger.forget(file_id)

    def learn_workspace(self, server: Server, workspace_id: str) -> None:
        """Note which collection of files the key belongs to; ids from another one mean nothing there."""
        if workspace_id and workspace_id != self._ledger.workspace(server.name):
            self._ledger.set_workspace(server.name, workspace_id)

    async def close(self) -> None:
        await self._tasks.close()

    def _begin(self, errand: Errand, server: Server) -> _Job:
        job = _Job(errand, server)
        key = (server.name, errand.digest)
        self._jobs[key] = job
        job.task = self._tasks.start(self._bring(job), f"upload {errand.digest[:8]}")
        job.task.add_done_callback(lambda _: self._jobs.pop(key, None))
        return job

    async def _bring(self, job: _Job) -> _Arrived | Failure:
        """Upload, remember, and tell every card that waits. What goes wrong is a result, not an exception."""
        try:
            async with self._slots:
                stored = await self._persist(job)
            self.learn_workspace(job.server, stored.workspace_id)
            self._ledger.remember(
                job.errand.digest,
                job.server.name,
                stored.workspace_id,
                stored.file_id,
                stored.expires_at,
                datetime.now(UTC),
            )
        except Exception as error:  # noqa: BLE001  # every card hears of it
            return self._tell_failure(job, failure_of(error))
        self._on_files_support(job.server.name, True)
        arrived = _Arrived(stored.file_id, stored.expires_at)
        for place, errand in enumerate(job.waiting):
            self._tell(errand, arrived, reused=place > 0)
        return arrived

    async def _persist(self, job: _Job) -> UploadedFile:
        errand, tried = job.errand, 0
        while True:
            if job.server.name in self._inline:
                raise Failed(Failure(FailureKind.FILES_UNSUPPORTED))
            tried += 1
            self._progress(job, 0)
            try:
                return await job.server.gateway.upload(
                    errand.path,
                    errand.name,
                    errand.media_type,
                    self._lifetime_s,
                    lambda sent: self._progress(job, sent),
                )
            except Failed as error:
                pause_s = self._persistence.wait_s(error.failure, tried, random.random())
                if pause_s is None:
                    raise
            await self._sleep(pause_s)

    def _progress(self, job: _Job, sent_bytes: int) -> None:
        total = job.errand.size_bytes
        step = total / _STEPS
        if 0 < sent_bytes < total and sent_bytes - job.told_bytes < step:
            return
        job.told_bytes = sent_bytes
        for errand in job.waiting:
            self._report(UploadProgressed(errand.session_id, errand.image_id, sent_bytes, total))

    def _tell(self, errand: Errand, arrived: _Arrived, *, reused: bool) -> None:
        self._report(
            Uploaded(errand.session_id, errand.image_id, arrived.file_id, reused, arrived.expires_at)
        )

    def _tell_failure(self, job: _Job, failure: Failure) -> Failure:
        if failure.kind is not FailureKind.FILES_UNSUPPORTED:
            for errand in job.waiting:
                self._report(UploadFailed(errand.session_id, errand.image_id, failure))
            return failure
        if job.server.name not in self._inline:
            self._inline.add(job.server.name)
            self._on_files_support(job.server.name, False)
            self._report(Noticed(failure))
        for errand in job.waiting:
            self._report(Uploaded(errand.session_id, errand.image_id, None, reused=False))
        return failure
