"""The faults of an upload, what the server does for each, and what the question with the image comes to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.engine.loopback import HANG_UP, SILENCE, Piece, error, reply
from tests.faults.catalogue import ALWAYS, PAGE
from tests.faults.files_server import CUT, KEEP, KEPT_AS_TEXT, SLOWLY
from vision_studio.core.failures import FailureKind as Kind

TRIES = 6
"""Uploads in all, of what another try may mend."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """``script`` is what every struck upload gets."""

    name: str
    script: Sequence[Piece]
    kind: Kind | None = None
    """What the question fails with; None: it is answered all the same."""
    uploads: int = 1
    """Uploads that began until then."""
    times: int = ALWAYS
    inline: bool = False
    """The image travels inside the request."""


def status(code: int, kind: str, as_: Kind, uploads: int = 1, **headers: str) -> FileFault:
    return FileFault(f"{code} {kind}", [error(code, kind, "No.", **headers)], as_, uploads)


def coded(code: int, kind: str, error_code: str, as_: Kind) -> FileFault:
    said = {"type": kind, "message": "No.", "error_code": error_code, "details": {"error_code": error_code}}
    body = json.dumps({"type": "error", "error": said}).encode()
    return FileFault(f"{code} {error_code}", [reply(body, f"{code} Error")], as_)


def page(code: int, as_: Kind, uploads: int = 1) -> FileFault:
    return FileFault(f"{code} with a proxy's page", [reply(PAGE, f"{code} Error", "text/html")], as_, uploads)


def once(fault: FileFault, name: str, times: int = 1) -> FileFault:
    """The same fault, gone when it is tried again."""
    return FileFault(name, fault.script, None, times + 1, times)


_LIMITED = status(429, "rate_limit_error", Kind.RATE_LIMITED, TRIES)
_SOON = FileFault("", [error(429, "rate_limit_error", "No.", retry_after="7")])

FILE_FAULTS = (
    status(400, "invalid_request_error", Kind.BAD_REQUEST),
    coded(400, "invalid_request_error", "storage_quota_exceeded", Kind.STORAGE_QUOTA),
    status(401, "authentication_error", Kind.KEY_REJECTED),
    status(402, "billing_error", Kind.PAYMENT_REQUIRED),
    status(403, "permission_error", Kind.NOT_PERMITTED),
    status(409, "conflict_error", Kind.SERVER_ERROR, TRIES),
    status(413, "request_too_large", Kind.TOO_LARGE),
    page(413, Kind.TOO_LARGE),
    _LIMITED,
    once(_SOON, "429 with retry-after: 7, once"),
    FileFault(
        "429 with retry-after: 3600",
        [error(429, "rate_limit_error", "No.", retry_after="3600")],
        Kind.RATE_LIMITED,
    ),
    coded(429, "rate_limit_error", "enforced_spend_limit_reached", Kind.SPEND_LIMIT),
    status(500, "api_error", Kind.SERVER_ERROR, TRIES),
    page(502, Kind.SERVER_ERROR, TRIES),
    status(503, "api_error", Kind.SERVER_ERROR, TRIES),
    status(529, "overloaded_error", Kind.OVERLOADED, TRIES),
    once(status(529, "overloaded_error", Kind.OVERLOADED), "529 three times", 3),
    once(FileFault("", [CUT]), "reset in the middle of the image, once"),
    FileFault("reset in the middle of the image", [CUT], Kind.INTERRUPTED, TRIES),
    once(FileFault("", [HANG_UP]), "reset before the answer, once"),
    FileFault("the answer is lost", [KEEP, HANG_UP], None, 1, 1),
    FileFault("a proxy's 502 for an upload that was kept", [KEEP, *page(502, Kind.SERVER_ERROR).script]),
    FileFault("silence", [SILENCE], Kind.TIMED_OUT, TRIES),
    FileFault("one bit at a time", [SLOWLY], None, 1, 1),
    FileFault("garbage", [reply(b"\x00\xff\xfe not JSON")], Kind.UNREADABLE_ANSWER),
    FileFault("a page instead of JSON", [reply(PAGE, content_type="text/html")], Kind.UNREADABLE_ANSWER),
    FileFault("JSON of something else", [reply(b'{"ok": true}')], Kind.UNREADABLE_ANSWER),
    FileFault("the right answer under the wrong type", [KEPT_AS_TEXT], None, 1, 1),
    FileFault(
        "something that is not HTTP", [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", HANG_UP], Kind.INTERRUPTED, TRIES
    ),
)
WITHOUT_FILES = (
    FileFault("404: no Files API", [error(404, "not_found_error", "Not found")], inline=True),
    FileFault("405: no Files API", [reply(PAGE, "405 Error", "text/html")], inline=True),
)
