"""The faults of a request, what the server does for each, and how the session is expected to take it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tests.engine.loopback import HANG_UP, SILENCE, Piece, error, event, reply, stream_head
from tests.faults.server import EVENTS, TEXT, WORDS
from vision_studio.core.conversation import Outcome
from vision_studio.core.failures import FailureKind as Kind

ALWAYS = 20
"""More tries than anybody makes."""
PAGE = b"<html><body><h1>The proxy is unwell</h1></body></html>"
OVERLOADED = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


@dataclass(frozen=True, slots=True)
class Fault:
    """``script`` is what every struck request gets."""

    name: str
    script: Sequence[Piece]
    kind: Kind | None
    """None: the answer comes all the same."""
    tries: int = 1
    """Requests in all: more than one only where none can have been billed."""
    outcome: Outcome = Outcome.FAILED
    keeps: str = ""
    """The text that arrived before."""
    times: int = ALWAYS


def status(code: int, kind: str, message: str = "No.", *, tries: int = 1, as_: Kind, **headers: str) -> Fault:
    return Fault(f"{code} {kind}", [error(code, kind, message, **headers)], as_, tries)


def coded(code: int, kind: str, error_code: str, as_: Kind) -> Fault:
    body = {
        "type": "error",
        "error": {
            "type": kind,
            "message": "No.",
            "error_code": error_code,
            "details": {"error_code": error_code, "error_visibility": "user_facing"},
        },
    }
    return Fault(f"{code} {error_code}", [reply(json.dumps(body).encode(), f"{code} Error")], as_)


def page(code: int, as_: Kind, tries: int = 1) -> Fault:
    return Fault(f"{code} with a proxy's page", [reply(PAGE, f"{code} Error", "text/html")], as_, tries)


STATUSES = (
    status(400, "invalid_request_error", as_=Kind.BAD_REQUEST),
    status(401, "authentication_error", as_=Kind.KEY_REJECTED),
    status(402, "billing_error", as_=Kind.PAYMENT_REQUIRED),
    status(403, "permission_error", as_=Kind.NOT_PERMITTED),
    status(404, "not_found_error", "model: claude-opus-5-5", as_=Kind.MODEL_UNKNOWN),
    status(409, "conflict_error", as_=Kind.SERVER_ERROR, tries=3),
    status(413, "request_too_large", as_=Kind.TOO_LARGE),
    page(413, Kind.TOO_LARGE),
    coded(413, "request_too_large", "request_body_too_large_after_decoding", Kind.TOO_LARGE),
    status(429, "rate_limit_error", as_=Kind.RATE_LIMITED, tries=3),
    Fault(
        "429 with retry-after: 7",
        [error(429, "rate_limit_error", "Slow down", retry_after="7")],
        Kind.RATE_LIMITED,
        3,
    ),
    Fault(
        "429 with retry-after: 3600",
        [error(429, "rate_limit_error", "Slow down", retry_after="3600")],
        Kind.RATE_LIMITED,
    ),
    Fault(
        "429 with a retry-after of another clock",
        [error(429, "rate_limit_error", "Slow down", retry_after="Thu, 01 Jan 1998 00:00:00 GMT")],
        Kind.RATE_LIMITED,
        3,
    ),
    coded(429, "rate_limit_error", "enforced_spend_limit_reached", Kind.SPEND_LIMIT),
    coded(429, "rate_limit_error", "contract_spend_limit_reached", Kind.SPEND_LIMIT),
    coded(429, "rate_limit_error", "ramp_limit_exceeded", Kind.SPEND_LIMIT),
    status(500, "api_error", as_=Kind.SERVER_ERROR, tries=3),
    page(502, Kind.SERVER_ERROR, tries=3),
    status(503, "api_error", as_=Kind.SERVER_ERROR, tries=3),
    status(504, "timeout_error", as_=Kind.TIMED_OUT),
    status(529, "overloaded_error", as_=Kind.OVERLOADED, tries=3),
    Fault(
        "503 with the wrong date",
        [error(503, "api_error", "No.", date="Thu, 01 Jan 1998 00:00:00 GMT")],
        Kind.SERVER_ERROR,
        3,
    ),
)

CONNECTIONS = (
    Fault("reset before the answer", [HANG_UP], Kind.INTERRUPTED, outcome=Outcome.INTERRUPTED),
    Fault("silence before the answer", [SILENCE], Kind.TIMED_OUT),
    Fault(
        "half of the head, then a reset",
        [stream_head()[:40], HANG_UP],
        Kind.INTERRUPTED,
        outcome=Outcome.INTERRUPTED,
    ),
    Fault(
        "something that is not HTTP",
        [b"SSH-2.0-OpenSSH_9.6\r\n", HANG_UP],
        Kind.INTERRUPTED,
        outcome=Outcome.INTERRUPTED,
    ),
    Fault(
        "a JSON answer that is cut",
        [b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{"id":', HANG_UP],
        Kind.INTERRUPTED,
        outcome=Outcome.INTERRUPTED,
    ),
)

_BEGUN = EVENTS[:8]
"""Through the second piece of text."""
_SO_FAR = "".join(WORDS[:2])

STREAMS = (
    Fault(
        "reset in the middle",
        [stream_head(), *_BEGUN, HANG_UP],
        Kind.INTERRUPTED,
        outcome=Outcome.INTERRUPTED,
        keeps=_SO_FAR,
    ),
    Fault("silence in the middle", [stream_head(), *_BEGUN, SILENCE], Kind.TIMED_OUT, keeps=_SO_FAR),
    Fault(
        "pings and nothing else",
        [stream_head(), *_BEGUN, *[event("ping")] * 3, SILENCE],
        Kind.TIMED_OUT,
        keeps=_SO_FAR,
    ),
    Fault(
        "an error in the middle",
        [stream_head(), *_BEGUN, event("error", error=OVERLOADED["error"])],
        Kind.OVERLOADED,
        keeps=_SO_FAR,
    ),
    Fault(
        "a clean end without message_stop",
        [stream_head(), *_BEGUN],
        Kind.INTERRUPTED,
        outcome=Outcome.INTERRUPTED,
        keeps=_SO_FAR,
    ),
    Fault("JSON instead of a stream", [reply(b'{"id": "msg_1", "content": []}')], Kind.UNREADABLE_ANSWER),
    Fault("a page instead of a stream", [reply(PAGE, content_type="text/html")], Kind.UNREADABLE_ANSWER),
    Fault(
        "the right stream under the wrong type",
        [stream_head("text/plain"), *EVENTS],
        None,
        outcome=Outcome.ANSWERED,
        keeps=TEXT,
    ),
    Fault(
        "events nobody knows",
        [stream_head(), EVENTS[0], event("from_the_future", what=1), *EVENTS[1:]],
        None,
        outcome=Outcome.ANSWERED,
        keeps=TEXT,
    ),
    Fault(
        "garbage in the middle",
        [stream_head(), *_BEGUN, b'event: content_block_delta\ndata: {"type": \xff\xfe\x00\n\n', *EVENTS[8:]],
        Kind.UNREADABLE_ANSWER,
        keeps=_SO_FAR,
    ),
    Fault("garbage and nothing else", [stream_head(), bytes(range(256))], Kind.UNREADABLE_ANSWER),
    Fault(
        "one byte at a time",
        [stream_head(), *(bytes([byte]) for byte in b"".join(EVENTS))],
        None,
        outcome=Outcome.ANSWERED,
        keeps=TEXT,
    ),
)

FAULTS = (*STATUSES, *CONNECTIONS, *STREAMS)
