"""An answer as the API sends it: one JSON message, or the events of a stream, cut where a limit cuts it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from vision_studio.core.tokens import CHARACTERS_PER_TOKEN, text_tokens
from vision_studio.practice.prefix import Bill

THOUGHT = "The practice server does not think. It measures the pictures and reports what it found."
"""What stands in a thinking block when its display is asked for."""

_WORDS = re.compile(r"(?:\S+\s*){1,3}|\s+")


@dataclass(frozen=True, slots=True)
class Thought:
    """A thinking block: its text (empty unless its display was asked for) and its signature."""

    text: str
    signature: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer."""

    model_id: str
    thought: Thought | None
    text: str
    stop_reason: str
    stop_sequence: str | None
    bill: Bill

    @property
    def thinking_tokens(self) -> int:
        return 0 if self.thought is None else text_tokens(THOUGHT)

    @property
    def output_tokens(self) -> int:
        return self.thinking_tokens + text_tokens(self.text)


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event, and the tokens that were made for it."""

    name: str
    fields: dict[str, Any]
    tokens: int = 0

    def encode(self) -> bytes:
        data = json.dumps({"type": self.name, **self.fields})
        return f"event: {self.name}\ndata: {data}\n\n".encode()


def cut(
    text: str, thought: Thought | None, model_id: str, bill: Bill, max_tokens: int, stops: Sequence[str]
) -> Reply:
    """Return the answer as far as ``max_tokens`` and the stop sequences let it go."""
    reply = Reply(model_id, thought, text, "end_turn", None, bill)
    found = min(((text.find(stop), stop) for stop in stops if stop in text), default=None)
    if found is not None:
        reply = Reply(model_id, thought, text[: found[0]], "stop_sequence", found[1], bill)
    if reply.output_tokens <= max_tokens:
        return reply
    left = max(0, max_tokens - reply.thinking_tokens)
    short = reply.text[: int(left * CHARACTERS_PER_TOKEN)]
    while text_tokens(short) > left:
        short = short[:-1]
    return Reply(model_id, thought, short, "max_tokens", None, bill)


def message(reply: Reply) -> dict[str, Any]:
    """Return the answer to a request that does not stream."""
    content: list[dict[str, Any]] = []
    if reply.thought is not None:
        content.append(
            {"type": "thinking", "thinking": reply.thought.text, "signature": reply.thought.signature}
        )
    if reply.text:
        content.append({"type": "text", "text": reply.text, "citations": None})
    usage = reply.bill.as_json(reply.output_tokens)
    usage["output_tokens_details"] = {"thinking_tokens": reply.thinking_tokens}
    return _envelope(reply) | {
        "content": content,
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "usage": usage,
    }


def events(reply: Reply) -> Iterator[Event]:
    """Yield the answer as a stream, in the API's order."""
    yield Event("message_start", {"message": _envelope(reply) | {"usage": reply.bill.as_json(1)}})
    index = 0
    if reply.thought is not None:
        yield from _thinking(index, reply.thought, reply.thinking_tokens)
        index += 1
    if index == 0 or reply.text:
        block = {"type": "text", "text": "", "citations": None}
        yield Event("content_block_start", {"index": index, "content_block": block})
        yield Event("ping", {})
        for piece in _WORDS.findall(reply.text):
            delta = {"type": "text_delta", "text": piece}
            yield Event("content_block_delta", {"index": index, "delta": delta}, text_tokens(piece))
        yield Event("content_block_stop", {"index": index})
    ending = {"stop_reason": reply.stop_reason, "stop_sequence": reply.stop_sequence, "stop_details": None}
    usage = {
        "input_tokens": reply.bill.input_tokens,
        "cache_creation_input_tokens": reply.bill.written_5m_tokens + reply.bill.written_1h_tokens,
        "cache_read_input_tokens": reply.bill.read_tokens,
        "output_tokens": reply.output_tokens,
        "output_tokens_details": {"thinking_tokens": reply.thinking_tokens},
    }
    yield Event("message_delta", {"delta": ending, "usage": usage})
    yield Event("message_stop", {})


def _thinking(index: int, thought: Thought, tokens: int) -> Iterator[Event]:
    block = {"type": "thinking", "thinking": "", "signature": ""}
    yield Event("content_block_start", {"index": index, "content_block": block})
    if thought.text:
        delta = {"type": "thinking_delta", "thinking": thought.text}
        yield Event("content_block_delta", {"index": index, "delta": delta})
    delta = {"type": "signature_delta", "signature": thought.signature}
    yield Event("content_block_delta", {"index": index, "delta": delta}, tokens)
    yield Event("content_block_stop", {"index": index})


def _envelope(reply: Reply) -> dict[str, Any]:
    return {
        "id": f"msg_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": reply.model_id,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
    }
