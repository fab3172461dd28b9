"""The endpoints: which path is answered how, and where a fault strikes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from vision_studio.core.catalogue import Catalogue
from vision_studio.practice import wire
from vision_studio.practice.door import (
    Door,
    Recorded,
    answer_json,
    body_chunks,
    new_request_id,
    proxy_page,
    refuse,
)
from vision_studio.practice.faults import Endpoint, Fault, FaultKind, Faults, Moment
from vision_studio.practice.files import FileStore
from vision_studio.practice.messages import Messages
from vision_studio.practice.models import find_model, list_models
from vision_studio.practice.refusals import Refusal, invalid
from vision_studio.practice.uploads import receive

_FORM_BYTES = 64 * 1024
"""What a multipart body may hold besides its file."""

_logger = logging.getLogger(__name__)
_Handler = Callable[[Request, Recorded], Awaitable[Response]]


class Service:
    """Routes requests, and makes every response an API response whatever happens."""

    def __init__(
        self,
        catalogue: Catalogue,
        files: FileStore,
        faults: Faults,
        door: Door,
        messages: Messages,
        record: Callable[[Recorded], None],
    ) -> None:
        self._catalogue = catalogue
        self._files = files
        self._faults = faults
        self._door = door
        self._messages = messages
        self._record = record

    def application(self) -> Starlette:
        """Return the ASGI application."""
        file, model = "/v1/files/{file_id}", "/v1/models/{model_id}"
        routes = [
            self._route("POST", "/v1/messages", Endpoint.MESSAGES, self._messages.answer),
            self._route(
                "POST", "/v1/messages/count_tokens", Endpoint.COUNT_TOKENS, self._messages.count_tokens
            ),
            self._route("POST", "/v1/files", Endpoint.UPLOAD, self._upload),
            self._route("GET", "/v1/files", Endpoint.LIST_FILES, self._list_files),
            self._route("GET", file, Endpoint.FILE, self._file),
            self._route("DELETE", file, Endpoint.DELETE_FILE, self._delete_file),
            self._route("GET", f"{file}/content", Endpoint.DOWNLOAD, self._download),
            self._route("GET", "/v1/models", Endpoint.LIST_MODELS, self._list_models),
            self._route("GET", model, Endpoint.MODEL, self._model),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: self._no_such_place})

    def _route(self, method: str, path: str, endpoint: Endpoint, handler: _Handler) -> Route:
        async def answer(request: Request) -> Response:
            return await self._answer(request, endpoint, handler)

        return Route(path, answer, methods=[method])

    async def _answer(self, request: Request, endpoint: Endpoint | None, handler: _Handler) -> Response:
        request_id = request.state.request_id = new_request_id()
        # Not from request.url, which trusts the Host header.
        query = request.scope["query_string"].decode("latin-1")
        recorded = Recorded(request.method, request.scope["path"], query, dict(request.headers.items()))
        self._record(recorded)
        try:
            self._door.admit(request)
            struck = await self._strike_on_arrival(request, endpoint)
            response = struck or await handler(request, recorded)
        except Refusal as refusal:
            response = refuse(refusal, request_id)
        except ClientDisconnect:
            response = Response()  # nobody is there to get it
        except Exception:
            _logger.exception("The practice server failed at %s", endpoint)
            response = refuse(Refusal(500), request_id)
        response.headers.update(self._door.headers(request_id, self._files.workspace_id))
        return response

    async def _no_such_place(self, request: Request, error: Exception) -> Response:
        async def refuse_it(request: Request, recorded: Recorded) -> Response:
            status = error.status_code if isinstance(error, HTTPException) else 500
            raise Refusal(status, "Method Not Allowed" if status == 405 else "")

        return await self._answer(request, None, refuse_it)

    async def _strike_on_arrival(self, request: Request, endpoint: Endpoint | None) -> Response | None:
        fault = None if endpoint is None else self._faults.take(endpoint, Moment.ARRIVAL)
        if fault is None:
            return None
        if fault.kind is FaultKind.RESET:
            raise wire.reset(request)
        if fault.kind is FaultKind.LATE:
            await asyncio.sleep(fault.delay_s)
            return None
        if not fault.with_json:
            return proxy_page(fault.status)
        raise Refusal(fault.status, code=fault.code, retry_after_s=fault.retry_after_s)

    # Files

    async def _upload(self, request: Request, recorded: Recorded) -> Response:
        limit = self._catalogue.limits.file_bytes
        fault = self._faults.take(Endpoint.UPLOAD, Moment.TRANSFER)
        chunks = body_chunks(request, recorded, limit + _FORM_BYTES)
        incoming = self._files.incoming()
        try:
            upload = await receive(
                chunks if fault is None else _troubled(chunks, request, fault),
                request.headers.get("content-type", ""),
                incoming,
                limit,
            )
            stored = self._files.keep(
                incoming, upload.filename, upload.mime_type, upload.sha256, upload.expires_in_s
            )
        finally:
            incoming.unlink(missing_ok=True)
        if self._faults.take(Endpoint.UPLOAD, Moment.STORED):
            raise wire.reset(request)
        return answer_json(stored.as_json())

    async def _list_files(self, request: Request, recorded: Recorded) -> Response:
        query = request.query_params
        ids = list(dict.fromkeys(query.getlist("ids[]") + query.getlist("ids")))
        if not ids:
            page, following = self._files.page(_limit(request), query.get("page"))
        elif "page" in query or "limit" in query:
            raise invalid("ids: cannot be combined with page or limit")
        elif len(ids) > 100:
            raise invalid("ids: at most 100 ids are allowed")
        else:
            page, following = self._files.named(ids), None
        return answer_json({"data": [file.as_json() for file in page], "next_page": following})

    async def _file(self, request: Request, recorded: Recorded) -> Response:
        return answer_json(self._files.find(request.path_params["file_id"]).as_json())

    async def _delete_file(self, request: Request, recorded: Recorded) -> Response:
        file_id = request.path_params["file_id"]
        self._files.delete(file_id)
        return answer_json({"id": file_id, "type": "file_deleted"})

    async def _download(self, request: Request, recorded: Recorded) -> Response:
        file = self._files.usable(request.path_params["file_id"])
        raise invalid(f"File {file.id} is not downloadable", code="file_not_downloadable")

    # Models

    async def _list_models(self, request: Request, recorded: Recorded) -> Response:
        query = request.query_params
        return answer_json(
            list_models(
                self._catalogue,
                _limit(request),
                query.get("after_id"),
                query.get("before_id"),
                query.getlist("lifecycle[]"),
            )
        )

    async def _model(self, request: Request, recorded: Recorded) -> Response:
        return answer_json(find_model(self._catalogue, request.path_params["model_id"]))


async def _troubled(chunks: AsyncIterator[bytes], request: Request, fault: Fault) -> AsyncIterator[bytes]:
    """Pass an upload's chunks on until the fault strikes, at the latest when they have all come."""
    received = 0
    async for chunk in chunks:
        if fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.delay_s)
        elif received >= fault.after:
            break
        received += 1
        yield chunk
    if fault.kind is FaultKind.STALL:
        await wire.silence()
    elif fault.kind is FaultKind.DROP:
        raise wire.reset(request)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "20")
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise invalid("limit: Input should be between 1 and 1000")
    return int(text)
