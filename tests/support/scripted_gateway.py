"""A server in memory that keeps the promises of ``Gateway`` and does what a test has written down."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from vision_studio.core.conversation import Usage
from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.listing import ListedModel
from vision_studio.core.server_files import ServerFile
from vision_studio.engine.gateway import (
    AnswerEvent,
    FilePage,
    FilePart,
    HeldFiles,
    MessageEnded,
    Request,
    RequestAccepted,
    TextDelta,
    ThoughtDelta,
    UploadedFile,
    UsageKnown,
)

_MARK = re.compile(r"-[0-9a-f]{8}(?=\.\w+$)")

USAGE = Usage(input_tokens=100, output_tokens=20)
WORKSPACE = "wrkspc_test"


class Gate:
    """Where a script waits until the test opens it; ``reached`` tells the test that it waits."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()

    def open(self) -> None:
        self._open.set()

    async def wait(self) -> None:
        self.reached.set()
        await self._open.wait()


Step = str | ThoughtDelta | Usage | Failure | MessageEnded | Gate | None
"""Text or thoughts to stream, usage to tell, a failure or an ending, a wait; None ends without saying why."""


def ending(
    content_json: str = "", stop_reason: str | None = "end_turn", usage: Usage = USAGE
) -> MessageEnded:
    return MessageEnded(stop_reason, "", content_json, usage, "req_scripted")


def says(*texts: str) -> tuple[Step, ...]:
    """A whole answer."""
    return (Usage(input_tokens=USAGE.input_tokens, output_tokens=1), *texts, ending())


@dataclass
class ScriptedGateway:
    """Answers in the order given; when the script is used up, it says "Seen."."""

    answers: deque[Sequence[Step]] = field(default_factory=deque)
    upload_failures: deque[Failure] = field(default_factory=deque)
    """Met by the uploads to come, one each."""
    upload_gate: Gate | None = None
    """Where every upload waits with half its bytes sent."""
    workspace_id: str = WORKSPACE
    expires_at: datetime | None = None
    has_files: bool = True
    check_failure: Failure | None = None
    listed: tuple[ListedModel, ...] | Failure = ()
    counts: deque[int | Failure | Gate] = field(default_factory=deque)
    """What the counts to come say; used up, each says 1000. A gate is waited at before the next."""
    counted: list[Request] = field(default_factory=list)
    lists: int = 0
    """How often it was asked for its models."""
    requests: list[Request] = field(default_factory=list)
    uploads: list[str] = field(default_factory=list)
    """Names without their marks, in the order the uploads began."""
    loses_answers: bool = False
    """An upload that fails is kept all the same."""
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """Of the files, as they were uploaded: with the mark of their attempt."""
    looks: int = 0
    """How often it was asked what files there are."""
    uploading: int = 0
    most_uploading: int = 0
    hung_up: int = 0
    """Answers that were closed before their end."""
    closed: bool = False

    def script(self, *steps: Step) -> None:
        self.answers.append(steps)

    async def preload(self) -> None: ...

    async def upload(
        self,
        path: Path,
        name: str,
        media_type: str,
        expires_in_s: int | None,
        on_progress: Callable[[int], None],
    ) -> UploadedFile:
        if not self.has_files:
            raise Failed(Failure(FailureKind.FILES_UNSUPPORTED, status=404))
        data = path.read_bytes()
        self.uploads.append(_MARK.sub("", name))
        self.uploading += 1
        self.most_uploading = max(self.most_uploading, self.uploading)
        try:
            if self.upload_failures and self.upload_failures[0].kind is FailureKind.OFFLINE:
                raise Failed(self.upload_failures.popleft())  # not a byte leaves
            on_progress(len(data) // 2)
            if self.upload_gate is not None:
                await self.upload_gate.wait()
            failure = self.upload_failures.popleft() if self.upload_failures else None
            if failure is not None and not self.loses_answers:
                raise Failed(failure)
            on_progress(len(data))
        finally:
            self.uploading -= 1
        file_id = f"file_{len(self.uploads):03}"
        self.files[file_id], self.names[file_id] = data, name
        if failure is not None:
            raise Failed(failure)
        return UploadedFile(file_id, self.workspace_id, self.expires_at)

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        self.requests.append(request)
        if missing := [
            part
            for message in request.messages
            for part in message.parts
            if isinstance(part, FilePart) and part.file_id not in self.files
        ]:
            numbers = tuple(part.number for part in missing if part.number is not None)
            raise Failed(Failure(FailureKind.FILE_MISSING, status=404, images=numbers))
        steps = self.answers.popleft() if self.answers else says("Seen.")
        accepted = False
        try:
            for step in steps:
                if isinstance(step, Failure):
                    raise Failed(step)
                if isinstance(step, Gate):
                    await step.wait()
                    continue
                if not accepted:
                    accepted = True
                    yield RequestAccepted("req_scripted", self.workspace_id)
                if step is None:
                    yield ending(stop_reason=None)
                elif isinstance(step, str):
                    yield TextDelta(step)
                elif isinstance(step, ThoughtDelta):
                    yield step
                elif isinstance(step, Usage):
                    yield UsageKnown(step)
                else:
                    yield step
        except (GeneratorExit, asyncio.CancelledError):
            self.hung_up += 1
            raise

    async def existing_files(self, file_ids: Sequence[str]) -> HeldFiles:
        self.looks += 1
        return HeldFiles(frozenset(file_ids) & self.files.keys(), self.workspace_id)

    async def list_files(self, cursor: str | None, limit: int) -> FilePage:
        self.looks += 1
        newest = list(reversed(self.files))
        start = int(cursor or 0)
        page = tuple(
            ServerFile(file_id, self.names[file_id], "image/png", len(self.files[file_id]), datetime.now(UTC))
            for file_id in newest[start : start + limit]
        )
        more = start + limit < len(newest)
        return FilePage(page, str(start + limit) if more else None, self.workspace_id)

    async def forget_file(self, file_id: str) -> str:
        self.files.pop(file_id, None)
        return self.workspace_id

    async def count_tokens(self, request: Request) -> int:
        self.counted.append(request)
        while self.counts:
            said = self.counts.popleft()
            if isinstance(said, Failure):
                raise Failed(said)
            if isinstance(said, int):
                return said
            await said.wait()
        return 1000

    async def models(self) -> tuple[ListedModel, ...]:
        self.lists += 1
        if isinstance(self.listed, Failure):
            raise Failed(self.listed)
        return self.listed

    async def check(self) -> None:
        if self.check_failure is not None:
            raise Failed(self.check_failure)

    async def close(self) -> None:
        self.closed = True
