"""The one door to a server that speaks the Messages API: what the engine asks of it, and in what values."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from vision_studio.core.conversation import Usage
from vision_studio.core.listing import ListedModel
from vision_studio.core.request_settings import Cache, ThinkingSent
from vision_studio.core.server_files import ServerFile
from vision_studio.core.size import Size


@dataclass(frozen=True, slots=True)
class TextPart:
    text: str


@dataclass(frozen=True, slots=True)
class FilePart:
    """A picture the server holds already."""

    file_id: str
    number: int | None = None
    """The picture's number in the conversation, so that a failure can point at it."""


@dataclass(frozen=True, slots=True)
class InlinePart:
    """A picture that travels in the request, as base64 of the file's bytes."""

    path: Path
    media_type: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class UrlPart:
    """A picture that the server fetches itself."""

    url: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class BlankPart:
    """Stands for a picture where only its size matters: when tokens are counted."""

    size: Size
    number: int | None = None


@dataclass(frozen=True, slots=True)
class VerbatimPart:
    """An assistant's content blocks to send back as they came: a JSON array."""

    content_json: str


PicturePart = FilePart | InlinePart | UrlPart | BlankPart
Part = TextPart | PicturePart | VerbatimPart


@dataclass(frozen=True, slots=True)
class RequestMessage:
    role: Literal["user", "assistant"]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Request:
    model_id: str
    max_tokens: int
    messages: tuple[RequestMessage, ...]
    system: str = ""
    effort: str | None = None
    thinking: ThinkingSent | None = None
    cache: Cache = Cache.OFF
    cached: tuple[int, ...] = ()
    """Rows of the messages up to whose end the server is to keep the prompt for ``cache``."""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    file_id: str
    workspace_id: str
    """"" where the server names none."""
    expires_at: datetime | None
    """By this computer's clock, however wrong that is: it is compared with nothing else."""


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """Those of the files asked for that can be used, and the workspace that was looked in."""

    ids: frozenset[str]
    workspace_id: str = ""
    """"" where the server names none."""


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some of a workspace's files, the newest first."""

    files: tuple[ServerFile, ...]
    next_cursor: str | None = None
    """Gets the page that follows; None: this is the last one."""
    workspace_id: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When this was so, by the server's clock."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    text: str


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """Text of a thinking block's summary."""

    text: str


@dataclass(frozen=True, slots=True)
class UsageKnown:
    """Usage as far as the stream has told it; the last one is the bill."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """The stream's proper end. ``stop_reason`` is None when it ended without saying why."""

    stop_reason: str | None
    stop_detail: str
    content_json: str
    usage: Usage
    request_id: str | None


@dataclass(frozen=True, slots=True)
class RequestAccepted:
    """The server began to answer."""

    request_id: str | None
    workspace_id: str


AnswerEvent = RequestAccepted | ThoughtDelta | TextDelta | UsageKnown | MessageEnded


IDS_PER_CALL = 100
"""How many file ids one listing takes."""
LONGEST_PAGE = 1000
"""How many files one listing gives."""


class Gateway(Protocol):
    """A server, reached with one key. Every method raises ``core.failures.Failed`` and nothing else
    (besides ``asyncio.CancelledError``)."""

    async def upload(
        self,
        path: Path,
        name: str,
        media_type: str,
        expires_in_s: int | None,
        on_progress: Callable[[int], None],
    ) -> UploadedFile:
        """Send a file's bytes, read as they go; ``on_progress`` gets the bytes sent so far.

        It is called on the thread of the loop. ``name`` is one that the Files API takes
        (``imaging.names.upload_name``). A server without a Files API raises ``FILES_UNSUPPORTED``.
        """
        ...

    def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        """Ask, and yield the answer as it streams; closing the generator hangs up."""
        ...

    async def existing_files(self, file_ids: Sequence[str]) -> HeldFiles:
        """Tell which of the ids the server still holds and that have not expired, by its own clock.

        It takes one call for every ``IDS_PER_CALL`` of them.
        """
        ...

    async def list_files(self, cursor: str | None, limit: int) -> FilePage:
        """Return so many of the newest files, at most ``LONGEST_PAGE``, or those that follow a page."""
        ...

    async def forget_file(self, file_id: str) -> str:
        """Delete a file; one that is gone already is no failure. Return the workspace it was looked for in,
        "" where the server names none.
        """
        ...

    async def count_tokens(self, request: Request) -> int:
        """Return what a request would cost to be read; its pictures are blanks, and nothing is billed."""
        ...

    async def models(self) -> tuple[ListedModel, ...]:
        """Return every model the server tells of, retired ones too."""
        ...

    async def preload(self) -> None:
        """Do what the first call would otherwise wait for, such as loading a library."""
        ...

    async def check(self) -> None:
        """Make the cheapest call that proves key and address: list one model, else count one token."""
        ...

    async def close(self) -> None: ...
