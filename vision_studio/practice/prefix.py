"""The prompt as a chain: the tokens of each piece, and a fingerprint of everything up to it.

Prompt caching and signed thinking both rest on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from vision_studio.core.tokens import text_tokens
from vision_studio.practice.blocks import Block, Json
from vision_studio.practice.pictures import Picture
from vision_studio.practice.refusals import invalid
from vision_studio.practice.request import MessageRequest

LOOKBACK = 20
"""Pieces before a breakpoint in which an earlier entry is still found."""

DEFAULT_MIN_CACHE_TOKENS = 1024
TTL_S = {"5m": 300.0, "1h": 3600.0}

BINDING_MODELS = frozenset(
    {
        "claude-fable-5-1",
        "claude-fable-5-2",
        "claude-mythos-5-1",
        "claude-mythos-5-2",
        "claude-opus-5-5",
        "claude-sonnet-5-5",
        "claude-haiku-5-5",
    }
)
"""Models that refuse a thinking block whose conversation was changed; the others drop the block."""

_THOUGHTS = ("thinking", "redacted_thinking")
_SIGNED_HERE = "practice"


@dataclass(frozen=True, slots=True)
class Piece:
    """One tool, system text or content block."""

    tokens: int
    fingerprint: str
    ttl: str | None
    """How long a cache breakpoint here lasts; None where there is none."""


@dataclass(frozen=True, slots=True)
class Bill:
    """The tokens of a prompt by what they cost; together they are the whole prompt."""

    input_tokens: int
    read_tokens: int = 0
    written_5m_tokens: int = 0
    written_1h_tokens: int = 0

    @property
    def prompt_tokens(self) -> int:
        return self.input_tokens + self.read_tokens + self.written_5m_tokens + self.written_1h_tokens

    def as_json(self, output_tokens: int) -> dict[str, Any]:
        return {
            "input_tokens": self.input_tokens,
            "cache_creation_input_tokens": self.written_5m_tokens + self.written_1h_tokens,
            "cache_read_input_tokens": self.read_tokens,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.written_5m_tokens,
                "ephemeral_1h_input_tokens": self.written_1h_tokens,
            },
            "output_tokens": output_tokens,
            "service_tier": "standard",
            "inference_geo": "global",
        }


def chain(request: MessageRequest, pictures: Mapping[str, Picture]) -> list[Piece]:
    """Return the prompt's pieces in the order they are cached: tools, system, messages."""
    pieces: list[Piece] = []
    fingerprint = sha256(request.model.id.encode())
    for role, json_block, content, tokens in _contents(request, pictures):
        fingerprint.update(json.dumps([role, content], sort_keys=True).encode())
        mark = json_block.get("cache_control")
        pieces.append(Piece(tokens, fingerprint.hexdigest(), mark and mark.get("ttl", "5m")))
    if request.caches_itself and pieces:
        last = pieces[-1]
        pieces[-1] = Piece(last.tokens, last.fingerprint, request.cache_ttl)
    return pieces


def signature(request: MessageRequest, pieces: Sequence[Piece]) -> str:
    """Sign a thinking block for the model and for all that it follows."""
    return f"{_SIGNED_HERE}.{request.model.id}.{pieces[-1].fingerprint}"


def check_thoughts(request: MessageRequest, pieces: Sequence[Piece]) -> None:
    """Refuse a thinking block of ours whose conversation was changed, on the models that insist."""
    if request.model.id not in BINDING_MODELS:
        return
    position = len(request.tools) + len(request.system) - 1
    for block in request.blocks:
        if block.type not in _THOUGHTS:
            position += 1
            continue
        signer, _, rest = str(block.json.get("signature", "")).partition(".")
        model_id, _, fingerprint = rest.partition(".")
        ours = signer == _SIGNED_HERE and model_id == request.model.id
        if ours and fingerprint != pieces[position].fingerprint:
            raise invalid(
                f"{block.path}: `thinking` block is bound to a different conversation. "
                "Thinking blocks cannot follow content that was changed, reordered or removed."
            )


class PromptCache:
    """The prefixes seen lately. One thread may use it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expiry: dict[str, float] = {}

    def bill(self, pieces: Sequence[Piece], min_tokens: int | None) -> Bill:
        """Tell cached from new tokens and remember the prefixes that are marked."""
        now = self._clock()
        self._expiry = {prefix: until for prefix, until in self._expiry.items() if until > now}
        upto = _running_totals(pieces)
        shortest = DEFAULT_MIN_CACHE_TOKENS if min_tokens is None else min_tokens
        marks = [at for at, piece in enumerate(pieces) if piece.ttl is not None and upto[at] >= shortest]
        found = self._longest_read(pieces, marks)
        done = read = 0 if found is None else upto[found]
        written = {"5m": 0, "1h": 0}
        for at in marks:
            ttl = pieces[at].ttl or "5m"
            written[ttl] += max(0, upto[at] - done)
            done = max(done, upto[at])
            self._expiry[pieces[at].fingerprint] = now + TTL_S[ttl]
        total = upto[-1] if upto else 0
        return Bill(total - done, read, written["5m"], written["1h"])

    def _longest_read(self, pieces: Sequence[Piece], marks: Sequence[int]) -> int | None:
        for mark in reversed(marks):
            for at in range(mark, max(mark - LOOKBACK, -1), -1):
                if pieces[at].fingerprint in self._expiry:
                    return at
        return None


def _contents(
    request: MessageRequest, pictures: Mapping[str, Picture]
) -> Iterator[tuple[str, Json, object, int]]:
    """Yield each piece's role, JSON, what identifies it, and its tokens. Thoughts are no pieces."""
    for tool in request.tools:
        content = _unmarked(tool)
        yield "tool", tool, content, text_tokens(json.dumps(content))
    for text in request.system:
        yield "system", text, text["text"], text_tokens(text["text"])
    for block in request.blocks:
        if block.type not in _THOUGHTS:
            yield block.role, block.json, *_identity(block, pictures)


def _identity(block: Block, pictures: Mapping[str, Picture]) -> tuple[object, int]:
    if block.type == "text":
        return block.text, text_tokens(block.text)
    if block.type == "image":
        # By content: the same picture under another file_id, or in base64, is the same picture.
        picture = pictures[block.path]
        return [picture.digest, block.json.get("transformations")], picture.tokens
    content = _unmarked(block.json)
    if block.type == "tool_result" and isinstance(content.get("content"), list):
        del content["content"]  # its blocks follow as pieces of their own
    return content, text_tokens(json.dumps(content))


def _unmarked(block: Json) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "cache_control"}


def _running_totals(pieces: Sequence[Piece]) -> list[int]:
    totals: list[int] = []
    for piece in pieces:
        totals.append(piece.tokens + (totals[-1] if totals else 0))
    return totals
