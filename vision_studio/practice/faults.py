"""How the practice server is told to misbehave, so that every failure can be met on purpose."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto


class Endpoint(StrEnum):
    """What can be asked of the server."""

    MESSAGES = "messages"
    COUNT_TOKENS = "count_tokens"
    UPLOAD = "files.upload"
    LIST_FILES = "files.list"
    FILE = "files.retrieve_metadata"
    DELETE_FILE = "files.delete"
    DOWNLOAD = "files.download"
    LIST_MODELS = "models.list"
    MODEL = "models.retrieve"


class Moment(Enum):
    """When, in the course of a request, a fault strikes."""

    ARRIVAL = auto()
    """Before the body is read."""
    TRANSFER = auto()
    """While an answer streams out, or an upload comes in."""
    CHECK = auto()
    """When the images of a message are looked up."""
    STORED = auto()
    """After an upload is kept, before its answer."""


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    """Answer with an HTTP status and do nothing."""
    LATE = "late"
    """Wait before the request is looked at."""
    RESET = "reset"
    """Reset the connection without an answer."""
    SLOW = "slow"
    """Wait between the events of a stream, or the chunks of an upload."""
    DROP = "drop"
    """Cut the connection in the middle of a stream or an upload."""
    STALL = "stall"
    """Fall silent in the middle of a stream or an upload, and keep the connection."""
    ERROR_EVENT = "error_event"
    """Send an error event in the middle of a stream."""
    UNFINISHED = "unfinished"
    """End a stream properly, but before the message has stopped."""
    EXPIRE_FILE = "expire_file"
    """Let the first file that a message names expire, for good."""
    LOSE_ANSWER = "lose_answer"
    """Keep an upload, then reset the connection."""

    @property
    def moment(self) -> Moment:
        return _MOMENTS.get(self, Moment.TRANSFER)

    @property
    def endpoints(self) -> frozenset[Endpoint]:
        """Where it can strike."""
        return _PLACES.get(self, frozenset(Endpoint))


_MOMENTS = {
    FaultKind.STATUS: Moment.ARRIVAL,
    FaultKind.LATE: Moment.ARRIVAL,
    FaultKind.RESET: Moment.ARRIVAL,
    FaultKind.EXPIRE_FILE: Moment.CHECK,
    FaultKind.LOSE_ANSWER: Moment.STORED,
}
_TRANSFERS = frozenset({Endpoint.MESSAGES, Endpoint.UPLOAD})
_PLACES = {
    FaultKind.SLOW: _TRANSFERS,
    FaultKind.DROP: _TRANSFERS,
    FaultKind.STALL: _TRANSFERS,
    FaultKind.ERROR_EVENT: frozenset({Endpoint.MESSAGES}),
    FaultKind.UNFINISHED: frozenset({Endpoint.MESSAGES}),
    FaultKind.EXPIRE_FILE: frozenset({Endpoint.MESSAGES}),
    FaultKind.LOSE_ANSWER: frozenset({Endpoint.UPLOAD}),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to do wrong, for the next ``times`` requests that it can strike."""

    endpoint: Endpoint
    kind: FaultKind
    times: int = 1
    status: int = 529
    """The HTTP status of ``STATUS``, and the error that ``ERROR_EVENT`` tells of."""
    code: str | None = None
    """The ``error_code`` that goes with the status."""
    with_json: bool = True
    """Without it the body is a proxy's page."""
    retry_after_s: float | None = None
    after: int = 3
    """Events sent, or chunks received, before ``DROP``, ``STALL``, ``ERROR_EVENT`` or ``UNFINISHED``."""
    delay_s: float = 1.0
    """How long ``LATE`` waits once, and ``SLOW`` each time."""

    def __post_init__(self) -> None:
        if self.endpoint not in self.kind.endpoints:
            raise ValueError(f"{self.kind} cannot strike {self.endpoint}")
        if self.times < 1 or self.after < 0 or self.delay_s < 0:
            raise ValueError("times is at least 1; after and delay_s are not negative")


NAMED_FAULTS = {
    "429": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429),
    "429-retry-after": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429, retry_after_s=5),
    "529": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=529),
    "drop": Fault(Endpoint.MESSAGES, FaultKind.DROP, after=20),
    "slow": Fault(Endpoint.MESSAGES, FaultKind.SLOW, delay_s=1),
    "stall": Fault(Endpoint.MESSAGES, FaultKind.STALL, after=20),
    "expired-file": Fault(Endpoint.MESSAGES, FaultKind.EXPIRE_FILE),
}
"""The faults of the application's developer menu, each to strike once."""


class Faults:
    """The faults still to come, in the order they were added. Any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._pending.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._pending.clear()

    @property
    def pending(self) -> tuple[Fault, ...]:
        """What is still to go wrong, each with the times that are left."""
        with self._lock:
            return tuple(self._pending)

    def take(self, endpoint: Endpoint, moment: Moment) -> Fault | None:
        """Use up the first fault that strikes here and now."""
        with self._lock:
            for position, fault in enumerate(self._pending):
                if fault.endpoint is endpoint and fault.kind.moment is moment:
                    if fault.times > 1:
                        self._pending[position] = replace(fault, times=fault.times - 1)
                    else:
                        del self._pending[position]
                    return fault
        return None
