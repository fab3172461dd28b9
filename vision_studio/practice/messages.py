"""The Messages API: a request becomes pictures, a prompt, a bill and an answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import Executor
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from vision_studio.core.catalogue import Catalogue
from vision_studio.imaging.look import Look
from vision_studio.practice import wire
from vision_studio.practice.answer import compose
from vision_studio.practice.door import Door, Recorded, answer_json, read_json
from vision_studio.practice.events import THOUGHT, Event, Thought, cut, events, message
from vision_studio.practice.faults import Endpoint, Fault, FaultKind, Faults, Moment
from vision_studio.practice.files import FileStore
from vision_studio.practice.pictures import Gallery, Picture, captions, check_count, check_dimensions
from vision_studio.practice.prefix import PromptCache, chain, check_thoughts, signature
from vision_studio.practice.refusals import Refusal, invalid
from vision_studio.practice.request import MessageRequest, read_request

_T = TypeVar("_T")


class Messages:
    """Answers messages. Pictures are measured on ``workers``, everything else happens on the loop."""

    def __init__(
        self,
        catalogue: Catalogue,
        files: FileStore,
        faults: Faults,
        door: Door,
        workers: Executor,
        clock: Callable[[], float],
        pace_tokens_per_s: float | None,
    ) -> None:
        self._catalogue = catalogue
        self._files = files
        self._faults = faults
        self._door = door
        self._workers = workers
        self._pace = pace_tokens_per_s
        self._gallery = Gallery(files, catalogue.limits)
        self._cache = PromptCache(clock)

    async def answer(self, request: Request, recorded: Recorded) -> Response:
        asked = await self._read(request, recorded)
        pictures, looks = await _unless_gone(request, self._see(asked))
        pieces = chain(asked, {picture.block.path: picture for picture in pictures})
        check_thoughts(asked, pieces)
        thought = None
        if asked.thinks:
            shown = asked.thinking.get("display") == "summarized"
            thought = Thought(THOUGHT if shown else "", signature(asked, pieces))
        bill = self._cache.bill(pieces, asked.model.min_cache_tokens)
        if bill.prompt_tokens > asked.model.context_tokens:
            raise invalid(
                f"prompt is too long: {bill.prompt_tokens} tokens > {asked.model.context_tokens} maximum"
            )
        text = await _unless_gone(request, self._work(compose, asked, pictures, looks))
        reply = cut(text, thought, asked.model.id, bill, asked.max_tokens, asked.stop_sequences)
        self._door.use(input_tokens=bill.prompt_tokens, output_tokens=reply.output_tokens)
        if not asked.stream:
            return answer_json(message(reply))
        fault = self._faults.take(Endpoint.MESSAGES, Moment.TRANSFER)
        return StreamingResponse(
            self._stream(request, list(events(reply)), fault),
            media_type="text/event-stream",
            headers={"cache-control": "no-cache"},
        )

    async def _read(self, request: Request, recorded: Recorded, *, counting: bool = False) -> MessageRequest:
        body = await read_json(request, recorded, self._catalogue.limits.request_bytes)
        return read_request(body, self._catalogue, counting=counting)

    async def _see(
        self, asked: MessageRequest, *, decode: bool = True
    ) -> tuple[list[Picture], dict[str, Look]]:
        """Fetch, check and measure the images one by one, so that a request can be given up between two."""
        images = list(asked.images)
        check_count(images, asked.model)
        self._let_a_file_expire(asked)
        names = captions(asked.blocks)
        pictures = [
            await self._work(self._gallery.fetch, image, names[image.path], asked.model) for image in images
        ]
        check_dimensions(pictures, asked.model, self._catalogue.limits)
        looks: dict[str, Look] = {}
        if decode:
            for picture in pictures:
                if picture.heading is not None and picture.digest not in looks:
                    looks[picture.digest] = await self._work(self._gallery.look, picture)
        return pictures, looks

    def _let_a_file_expire(self, asked: MessageRequest) -> None:
        named = [
            image.json["source"]["file_id"]
            for image in asked.images
            if image.json["source"]["type"] == "file"
        ]
        if named and self._faults.take(Endpoint.MESSAGES, Moment.CHECK):
            self._files.expire(named[0])

    async def _work(self, work: Callable[..., _T], *arguments: object) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, *arguments)

    async def _stream(
        self, request: Request, stream: Sequence[Event], fault: Fault | None
    ) -> AsyncIterator[bytes]:
        strikes_at = None if fault is None else min(fault.after, len(stream) - 1)
        for position, event in enumerate(stream):
            if fault is not None and fault.kind is FaultKind.SLOW:
                await asyncio.sleep(fault.delay_s)
            elif fault is not None and position == strikes_at:
                if fault.kind is FaultKind.DROP:
                    await wire.hang_up(request)
                elif fault.kind is FaultKind.STALL:
                    await wire.silence()
                elif fault.kind is FaultKind.ERROR_EVENT:
                    yield _error_event(fault, request.state.request_id)
                return
            yield event.encode()
            if self._pace is not None:
                await asyncio.sleep(event.tokens / self._pace)

    async def count_tokens(self, request: Request, recorded: Recorded) -> Response:
        asked = await self._read(request, recorded, counting=True)
        for image in asked.images:
            kind = image.json["source"]["type"]
            if kind != "base64":
                raise invalid(f"{image.path}.image.source: {kind} sources cannot be counted; send base64")
        pictures, _ = await _unless_gone(request, self._see(asked, decode=False))
        pieces = chain(asked, {picture.block.path: picture for picture in pictures})
        check_thoughts(asked, pieces)
        return answer_json({"input_tokens": sum(piece.tokens for piece in pieces)})


async def _unless_gone(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """Do the work for as long as the client waits for it; the body must have been read."""

    async def leaving() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            continue

    working, left = asyncio.create_task(work), asyncio.create_task(leaving())
    try:
        await asyncio.wait({working, left}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        left.cancel()
        await asyncio.gather(working, left, return_exceptions=True)


def _error_event(fault: Fault, request_id: str) -> bytes:
    body = Refusal(fault.status, code=fault.code).body(request_id)
    return f"event: error\ndata: {json.dumps(body)}\n\n".encode()
