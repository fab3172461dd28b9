"""A loopback server that answers well, but for the faults it is told to have, by the place they strike."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Sequence

from tests.engine.loopback import (
    Loopback,
    Piece,
    error,
    event,
    message_end,
    message_start,
    reply,
    stream_head,
    text_block,
)

MESSAGES, COUNT, MODELS = "/v1/messages", "/v1/messages/count_tokens", "/v1/models"
TEXT = "There are two roofs, and one of them is red."
THOUGHT = [
    event(
        "content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""}
    ),
    event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Roofs."}),
    event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": "c2ln"}),
    event("content_block_stop", index=0),
]
WORDS = [TEXT[start : start + 11] for start in range(0, len(TEXT), 11)]
EVENTS = (message_start(), *THOUGHT, *text_block(1, *WORDS), *message_end())
"""A whole answer: ``TEXT``, behind a thought."""
MODEL = {
    "id": "claude-opus-5-5",
    "type": "model",
    "display_name": "Claude Opus 5.5",
    "created_at": "2026-09-22T00:00:00Z",
    "lifecycle": "active",
    "max_input_tokens": 1_000_000,
    "max_tokens": 128_000,
    "capabilities": None,
}
_GOOD: dict[str, Sequence[Piece]] = {
    MESSAGES: (stream_head(), *EVENTS),
    COUNT: (reply(b'{"input_tokens": 42}'),),
    MODELS: (
        reply(json.dumps({"data": [MODEL], "has_more": False, "first_id": None, "last_id": None}).encode()),
    ),
}


class FaultyServer(Loopback):
    """Each place has a queue of scripts; an empty queue answers as the API does."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: defaultdict[str, deque[Sequence[Piece]]] = defaultdict(deque)
        self.asked: defaultdict[str, int] = defaultdict(int)

    def strike(self, place: str, script: Sequence[Piece], times: int = 1) -> None:
        self.faults[place].extend([script] * times)

    def _script(self, head: bytes) -> Sequence[Piece]:
        place = head.split(b" ", 2)[1].decode().partition("?")[0]
        self.asked[place] += 1
        if self.faults[place]:
            return self.faults[place].popleft()
        return _GOOD.get(place) or (error(404, "not_found_error", "There is nothing here"),)
