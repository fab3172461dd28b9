"""Which of our few kinds of failure an error of the API is: by its code, else its type, else its status.

Source: the error classes of anthropic 2.12 and the platform documentation, "Errors" (2026-09). The wording of
a message is never looked at; only places and names that are our own are looked for in it.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vision_studio.core.failures import Failure, FailureKind
from vision_studio.engine.gateway import Request
from vision_studio.engine.wire import has_files, names_thinking, numbers_at, numbers_of_sources

LONGEST_MESSAGE = 600
"""Characters of a server's words that are kept: a proxy may answer with a whole page."""

_BY_CODE = {
    "image_dimensions_too_large": FailureKind.IMAGE_REJECTED,
    "storage_quota_exceeded": FailureKind.STORAGE_QUOTA,
    "file_expired": FailureKind.FILE_MISSING,
    "request_body_too_large_after_decoding": FailureKind.TOO_LARGE,
    "enforced_spend_limit_reached": FailureKind.SPEND_LIMIT,
    "contract_spend_limit_reached": FailureKind.SPEND_LIMIT,
    "linked_organization_spend_limit_reached": FailureKind.SPEND_LIMIT,
    "ramp_limit_exceeded": FailureKind.SPEND_LIMIT,
    "linked_organization_billing_unavailable": FailureKind.PAYMENT_REQUIRED,
    "organization_on_hold": FailureKind.NOT_PERMITTED,
}
_BY_TYPE = {
    "invalid_request_error": FailureKind.BAD_REQUEST,
    "authentication_error": FailureKind.KEY_REJECTED,
    "billing_error": FailureKind.PAYMENT_REQUIRED,
    "permission_error": FailureKind.NOT_PERMITTED,
    "request_too_large": FailureKind.TOO_LARGE,
    "rate_limit_error": FailureKind.RATE_LIMITED,
    "timeout_error": FailureKind.TIMED_OUT,
    "overloaded_error": FailureKind.OVERLOADED,
    "conflict_error": FailureKind.SERVER_ERROR,
    "api_error": FailureKind.SERVER_ERROR,
}
_BY_STATUS = {
    401: FailureKind.KEY_REJECTED,
    402: FailureKind.PAYMENT_REQUIRED,
    403: FailureKind.NOT_PERMITTED,
    407: FailureKind.OFFLINE,
    408: FailureKind.TIMED_OUT,
    409: FailureKind.SERVER_ERROR,
    413: FailureKind.TOO_LARGE,
    429: FailureKind.RATE_LIMITED,
    504: FailureKind.TIMED_OUT,
    529: FailureKind.OVERLOADED,
}
_NO_SUCH_ENDPOINT = (404, 405, 501)


@dataclass(frozen=True, slots=True)
class Said:
    """What a server said went wrong. ``status`` is 200 for an error in the middle of a stream."""

    status: int
    type: str | None = None
    code: str | None = None
    message: str = ""
    request_id: str | None = None
    workspace_id: str | None = None
    """The workspace the request was for."""
    retry_after_s: float | None = None
    paths: tuple[str, ...] = ()
    """Positions of pictures, as in ``messages.0.content.1``."""
    limit_px: int | None = None


def failure_from(said: Said) -> Failure:
    """Translate an error whatever was asked for."""
    return Failure(
        _kind(said),
        message=said.message.strip()[:LONGEST_MESSAGE],
        status=said.status,
        type=said.code or said.type,
        request_id=said.request_id,
        retry_after_s=said.retry_after_s,
        limit_px=said.limit_px,
    )


def answer_failure(said: Said, request: Request) -> Failure:
    """Translate an error of a request for an answer, and say which pictures it is about."""
    failure = failure_from(said)
    named = {number for path in said.paths for number in numbers_at(request, path)}
    if not named:
        named = {*numbers_at(request, said.message), *numbers_of_sources(request, said.message)}
    failure = replace(failure, images=tuple(sorted(named)))
    if failure.kind is FailureKind.BAD_REQUEST and said.status == 404:
        missing = bool(named) or (has_files(request) and request.model_id not in said.message)
        return replace(failure, kind=FailureKind.FILE_MISSING if missing else FailureKind.MODEL_UNKNOWN)
    if failure.kind is FailureKind.BAD_REQUEST and names_thinking(request, said.message):
        return replace(failure, kind=FailureKind.THINKING_REJECTED)
    if failure.kind is FailureKind.BAD_REQUEST and named:
        return replace(failure, kind=FailureKind.IMAGE_REJECTED)
    return failure


def upload_failure(said: Said) -> Failure:
    """Translate an error of an upload: an address that is not there means a server without a Files API."""
    failure = failure_from(said)
    if said.status in _NO_SUCH_ENDPOINT:
        return replace(failure, kind=FailureKind.FILES_UNSUPPORTED)
    return failure


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read how long a server asks to be left alone: milliseconds, seconds or an HTTP date. Never negative."""
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit_s)
        except (KeyError, ValueError):
            continue
    date = email.utils.parsedate_tz(headers.get("retry-after", ""))
    return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())


def _kind(said: Said) -> FailureKind:
    if said.code in _BY_CODE:
        return _BY_CODE[said.code]
    if said.type in _BY_TYPE:
        return _BY_TYPE[said.type]
    if said.status in _BY_STATUS:
        return _BY_STATUS[said.status]
    return FailureKind.SERVER_ERROR if said.status >= 500 or said.status == 200 else FailureKind.BAD_REQUEST
