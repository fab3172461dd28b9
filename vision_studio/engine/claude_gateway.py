"""The Gateway over the anthropic library: the only module that knows it, and loads it when first needed."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vision_studio.core.failures import Failed, Failure, FailureKind
from vision_studio.core.listing import ListedModel
from vision_studio.core.request_json import thinking_json
from vision_studio.engine.addresses import is_loopback
from vision_studio.engine.api_failures import (
    LONGEST_MESSAGE,
    Said,
    answer_failure,
    failure_from,
    upload_failure,
)
from vision_studio.engine.aside import aside
from vision_studio.engine.gateway import (
    IDS_PER_CALL,
    AnswerEvent,
    FilePage,
    HeldFiles,
    Request,
    RequestAccepted,
    TextDelta,
    ThoughtDelta,
    UploadedFile,
    UsageKnown,
)
from vision_studio.engine.mishaps import failure_of
from vision_studio.engine.outgoing_file import CountedFile
from vision_studio.engine.sdk_files import file_page, uploaded_file, workspace_of
from vision_studio.engine.sdk_values import ending_of, listed_model, said_by, usage_of
from vision_studio.engine.wire import is_read_from_disk, messages_json

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

logger = logging.getLogger(__name__)

MODELS_PER_PAGE = 1000
MOST_MODELS = 2000
"""A server that goes on past these is not believed."""
PROBE_MODEL = "claude-haiku-4-5"
"""The model that ``check`` counts one word for on a server that lists none."""

_SHORTEST_KEY = 16
"""Characters. What is shorter stands for no key, and is a word that any message may hold."""

_UNREACHED = ("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server before calling it lost, in seconds."""

    connect_s: float = 10.0
    silence_s: float = 120.0
    """Without a byte, pings included."""
    nothing_new_s: float = 600.0
    """Without an event of the answer: pings alone do not count, but thinking may take its time."""


class ClaudeGateway:
    """A server that speaks the Messages API, reached with one key. It promises what ``Gateway`` does.

    The library's own retries are off: they would repeat a request whose answer may have been billed, and wait
    for as long as a server asks. Who calls decides what is worth another try.
    """

    def __init__(self, base_url: str, api_key: str, patience: Patience | None = None) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._patience = patience or Patience()
        self._client: AsyncAnthropic | None = None
        self._loading = asyncio.Lock()
        self._without_files: Failure | None = None

    def __repr__(self) -> str:
        return f"ClaudeGateway({self._base_url!r})"

    async def preload(self) -> None:
        """Load the library, which takes seconds, on another thread."""
        await self._ready()

    async def upload(
        self,
        path: Path,
        name: str,
        media_type: str,
        expires_in_s: int | None,
        on_progress: Callable[[int], None],
    ) -> UploadedFile:
        if self._without_files is not None:
            raise Failed(self._without_files)
        client = await self._ready()
        from anthropic import omit

        with self._told(self._upload_failure), CountedFile(path, on_progress) as file:
            response = await client.files.with_raw_response.upload(
                file=(name, file, media_type),
                expires_in_seconds=omit if expires_in_s is None else expires_in_s,
            )
            return uploaded_file(await response.parse(), response.headers)

    async def answer(self, request: Request) -> AsyncGenerator[AnswerEvent, None]:
        client = await self._ready()
        from anthropic import omit

        with self._told(lambda said: answer_failure(said, request)):
            # Another thread costs milliseconds on a busy machine.
            reads = is_read_from_disk(request)
            messages: Any = (
                await asyncio.to_thread(messages_json, request) if reads else messages_json(request)
            )
            thinking: Any = omit if request.thinking is None else thinking_json(request.thinking)
            config: Any = omit if request.effort is None else {"effort": request.effort}
            with warnings.catch_warnings():
                # The catalogue says which models are going away; the library says it on stderr.
                warnings.simplefilter("ignore", DeprecationWarning)
                asking = client.messages.stream(
                    model=request.model_id,
                    max_tokens=request.max_tokens,
                    messages=messages,
                    system=request.system or omit,
                    thinking=thinking,
                    output_config=config,
                )
            async with asking as stream:
                yield RequestAccepted(stream.request_id, stream.workspace_id or "")
                started = False
                events = aiter(stream)
                while (event := await self._next(events)) is not None:
                    if event.type == "text":
                        yield TextDelta(event.text)
                    elif event.type == "thinking":
                        yield ThoughtDelta(event.thinking)
                    elif event.type in ("message_start", "message_delta"):
                        started = True
                        yield UsageKnown(usage_of(stream.current_message_snapshot.usage))
                if not started:
                    raise Failed(Failure(FailureKind.UNREADABLE_ANSWER, "The server sent no message"))
                yield ending_of(stream.current_message_snapshot, stream.request_id)

    async def existing_files(self, file_ids: Sequence[str]) -> HeldFiles:
        client = await self._ready()
        found: set[str] = set()
        workspace_id = ""
        with self._told(upload_failure):
            for start in range(0, len(file_ids), IDS_PER_CALL):
                ids = list(file_ids[start : start + IDS_PER_CALL])
                response = await client.files.with_raw_response.list(ids=ids)
                page = file_page(await response.parse(), response.headers)
                found |= {file.id for file in page.files if not file.is_past(page.at)}
                workspace_id = page.workspace_id
        return HeldFiles(frozenset(found), workspace_id)

    async def list_files(self, cursor: str | None, limit: int) -> FilePage:
        client = await self._ready()
        from anthropic import omit

        with self._told(upload_failure):
            response = await client.files.with_raw_response.list(
                limit=limit, page=omit if cursor is None else cursor
            )
            return file_page(await response.parse(), response.headers)

    async def forget_file(self, file_id: str) -> str:
        client = await self._ready()
        gone_from: list[str] = []

        def unless_gone(said: Said) -> Failure:
            if said.status == 404:
                gone_from.append(said.workspace_id or "")
            return failure_from(said)

        try:
            with self._told(unless_gone):
                response = await client.files.with_raw_response.delete(file_id)
                return workspace_of(response.headers)
        except Failed:
            if not gone_from:
                raise
            return gone_from[0]

    async def count_tokens(self, request: Request) -> int:
        client = await self._ready()
        from anthropic import omit

        with self._told(lambda said: answer_failure(said, request)):
            messages: Any = await asyncio.to_thread(messages_json, request)
            thinking: Any = omit if request.thinking is None else thinking_json(request.thinking)
            config: Any = omit if request.effort is None else {"effort": request.effort}
            counted = await client.messages.count_tokens(
                model=request.model_id,
                messages=messages,
                system=request.system or omit,
                thinking=thinking,
                output_config=config,
            )
            if not isinstance(counted.input_tokens, int):
                raise TypeError("not a number of tokens")
            return counted.input_tokens

    async def models(self) -> tuple[ListedModel, ...]:
        client = await self._ready()
        found: list[ListedModel] = []
        with self._told(failure_from):
            pages = client.models.list(limit=MODELS_PER_PAGE, lifecycle=["active", "deprecated", "retired"])
            async for info in pages:
                found.append(listed_model(info))
                if len(found) >= MOST_MODELS:
                    break
        return tuple(found)

    async def check(self) -> None:
        client = await self._ready()
        try:
            with self._told(failure_from):
                models = await client.models.list(limit=1)
                if not isinstance(models.data, list):
                    raise TypeError("not a list of models")
        except Failed as error:
            if error.failure.status not in (404, 405, 501):
                raise
            await self._count_one_word(client)

    async def close(self) -> None:
        async with self._loading:
            client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _count_one_word(self, client: AsyncAnthropic) -> None:
        try:
            with self._told(failure_from):
                await client.messages.count_tokens(
                    model=PROBE_MODEL, messages=[{"role": "user", "content": "Hello"}]
                )
        except Failed as error:
            # A server that refuses our model in the API's own words has looked at the key.
            if error.failure.kind is not FailureKind.BAD_REQUEST or error.failure.type is None:
                raise

    async def _ready(self) -> AsyncAnthropic:
        async with self._loading:
            if self._client is None:
                try:
                    self._client = await aside(_client, self._base_url, self._api_key, self._patience)
                except Exception as error:
                    raise Failed(failure_of(error)) from error
            return self._client

    async def _next(self, events: AsyncIterator[Any]) -> Any:
        """Return the next event, or None at the end of the stream."""
        try:
            async with asyncio.timeout(self._patience.nothing_new_s):
                return await anext(events, None)
        except TimeoutError:
            message = f"Nothing new arrived for {self._patience.nothing_new_s:.0f} s"
            raise Failed(Failure(FailureKind.TIMED_OUT, message)) from None

    @contextmanager
    def _told(self, translate: Callable[[Said], Failure]) -> Iterator[None]:
        """Turn whatever the library raises into ``Failed``."""
        try:
            yield
        except (Failed, GeneratorExit):
            raise
        except Exception as error:
            raise Failed(_failure(error, translate, self._hidden)) from error

    def _hidden(self, text: str) -> str:
        """Return a server's words without the key: there are proxies that repeat the one they refuse."""
        return text.replace(self._api_key, "…") if len(self._api_key) >= _SHORTEST_KEY else text

    def _upload_failure(self, said: Said) -> Failure:
        failure = upload_failure(said)
        if failure.kind is FailureKind.FILES_UNSUPPORTED:
            self._without_files = failure
        return failure


def _client(base_url: str, api_key: str, patience: Patience) -> AsyncAnthropic:
    import anthropic
    import httpx2

    for name in ("anthropic", "httpx2"):
        # At DEBUG they write whole requests, pictures included; ANTHROPIC_LOG may have asked for that.
        logging.getLogger(name).setLevel(logging.WARNING)
    timeout = anthropic.Timeout(patience.silence_s, connect=patience.connect_s)
    # A proxy of the environment is not asked for what stays on this machine.
    direct = (
        anthropic.DefaultAsyncHttpxClient(transport=httpx2.AsyncHTTPTransport())
        if is_loopback(base_url)
        else None
    )
    return anthropic.AsyncAnthropic(
        api_key=api_key,
        base_url=base_url,
        max_retries=0,
        timeout=timeout,
        open_telemetry=False,
        http_client=direct,
    )


def _failure(error: Exception, translate: Callable[[Said], Failure], hidden: Callable[[str], str]) -> Failure:
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIStatusError):
        said = said_by(error)
        return translate(replace(said, message=hidden(said.message)))
    cause = error
    if isinstance(error, anthropic.APIConnectionError) and isinstance(error.__cause__, Exception):
        cause = error.__cause__
    if isinstance(cause, httpx2.LocalProtocolError):
        # Its words quote the header that cannot be sent, and that may be the key.
        return Failure(FailureKind.BAD_REQUEST, type(cause).__name__)
    if isinstance(cause, httpx2.HTTPError | anthropic.APIConnectionError):
        return Failure(_lost(cause), message=hidden(str(cause))[:LONGEST_MESSAGE] or type(cause).__name__)
    if isinstance(cause, OSError):
        return Failure(FailureKind.IMAGE_LOST, cause.strerror or type(cause).__name__)
    # What is left is the library stumbling over an answer that is not the API's.
    logger.warning("The server's answer could not be read", exc_info=error)
    return Failure(FailureKind.UNREADABLE_ANSWER, type(error).__name__)


def _lost(error: Exception) -> FailureKind:
    """Tell a server that was never reached from one that fell silent and one that hung up."""
    import anthropic
    import httpx2

    if type(error).__name__ in _UNREACHED:
        return FailureKind.OFFLINE
    if isinstance(error, httpx2.TimeoutException | anthropic.APITimeoutError):
        return FailureKind.TIMED_OUT
    if isinstance(error, httpx2.DecodingError | httpx2.TooManyRedirects):
        return FailureKind.UNREADABLE_ANSWER
    return FailureKind.INTERRUPTED
