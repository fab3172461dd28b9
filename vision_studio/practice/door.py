"""What every request meets first and every response last: admission, identity, the record, the body."""

from __future__ import annotations

import email.utils
import json
import math
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vision_studio.practice.files import rfc3339
from vision_studio.practice.refusals import Refusal, invalid

_OWN_HOSTS = frozenset({"127.0.0.1", "localhost"})
_ORGANIZATION_ID = "00000000-0000-4000-8000-000000000000"
_LIMITS_PER_MINUTE = {"requests": 1000, "input-tokens": 2_000_000, "output-tokens": 400_000}
_PROXY_PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


@dataclass(slots=True)
class Recorded:
    """A request that arrived. ``json`` is None for a body that is none, or that was not read."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body_bytes: int = 0
    json: Any = None


class Door:
    """Lets requests in and names the responses."""

    def __init__(self, wrong_keys: frozenset[str], clock: Callable[[], float]) -> None:
        self._wrong_keys = wrong_keys
        self._clock = clock
        self._minute = 0
        self._used: Counter[str] = Counter()

    def admit(self, request: Request) -> None:
        """Raise ``Refusal`` for a request from a web page, without a good key, or without a version."""
        headers = request.headers
        # A page in a browser can reach this port: by its Origin it is known, by a foreign Host a page that
        # was given a name which resolves to 127.0.0.1.
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        if host not in _OWN_HOSTS or "origin" in headers:
            raise Refusal(403, "The practice server answers only programs on this computer.")
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        key = bearer.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")
        if not key:
            raise Refusal(401, "x-api-key or authorization header is required")
        if key in self._wrong_keys:
            raise Refusal(401, "invalid bearer token" if bearer else "invalid x-api-key")
        if "anthropic-version" not in headers:
            raise invalid("anthropic-version: header is required")

    def use(self, *, input_tokens: int, output_tokens: int) -> None:
        """Count tokens towards the limits that the response headers tell of. Nothing enforces them."""
        self._used["input-tokens"] += input_tokens
        self._used["output-tokens"] += output_tokens

    def headers(self, request_id: str, workspace_id: str) -> dict[str, str]:
        """Return what every response carries."""
        now = self._clock()
        if now // 60 != self._minute:
            self._minute = int(now // 60)
            self._used.clear()
        self._used["requests"] += 1
        carried = {
            "date": email.utils.formatdate(now, usegmt=True),
            "request-id": request_id,
            "anthropic-organization-id": _ORGANIZATION_ID,
            "anthropic-workspace-id": workspace_id,
        }
        for name, limit in _LIMITS_PER_MINUTE.items():
            carried |= {
                f"anthropic-ratelimit-{name}-limit": str(limit),
                f"anthropic-ratelimit-{name}-remaining": str(max(0, limit - self._used[name])),
                f"anthropic-ratelimit-{name}-reset": rfc3339(math.ceil((now + 1) / 60) * 60),
            }
        return carried


def new_request_id() -> str:
    return f"req_{secrets.token_hex(12)}"


def answer_json(content: Mapping[str, Any], status: int = 200) -> Response:
    # In ASCII: half of a surrogate pair, echoed from a request, has no UTF-8.
    return Response(json.dumps(content), status, media_type="application/json")


def refuse(refusal: Refusal, request_id: str) -> Response:
    response = answer_json(refusal.body(request_id), refusal.status)
    response.headers.update(refusal.headers)
    return response


def proxy_page(status: int) -> Response:
    """Return what comes from a proxy before the API: a page without JSON."""
    return Response(_PROXY_PAGE.format(status), status, media_type="text/html")


async def body_chunks(request: Request, recorded: Recorded, limit_bytes: int) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Raises ``Refusal`` (413) as soon as it is known to be too large."""
    if request.headers.get("content-encoding", "identity") != "identity":
        raise invalid("Content-Encoding is not supported", code="request_body_encoding_unsupported")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > limit_bytes:
        raise Refusal(413)
    async for chunk in request.stream():
        recorded.body_bytes += len(chunk)
        if recorded.body_bytes > limit_bytes:
            raise Refusal(413)
        if chunk:
            yield chunk


async def read_json(request: Request, recorded: Recorded, limit_bytes: int) -> Any:
    """Read the whole body. Raises ``Refusal`` (400, 413)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise invalid("content-type must be application/json")
    body = b"".join([chunk async for chunk in body_chunks(request, recorded, limit_bytes)])
    try:
        recorded.json = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid(f"The request body is not valid JSON: {error}") from None
    return recorded.json
