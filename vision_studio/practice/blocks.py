"""Reads the content blocks of a conversation and refuses those the API does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from vision_studio.practice.refusals import invalid

MEDIA_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
MOST_MESSAGES = 100_000

_BLOCKS = frozenset(
    {
        "text",
        "image",
        "document",
        "search_result",
        "thinking",
        "redacted_thinking",
        "tool_use",
        "tool_result",
        "server_tool_use",
        "web_search_tool_result",
        "web_fetch_tool_result",
        "code_execution_tool_result",
        "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result",
        "tool_search_tool_result",
        "container_upload",
    }
)
_SOURCES = {"base64": "data", "file": "file_id", "url": "url"}

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """One content block of the conversation and where it stands ("messages.0.content.1")."""

    path: str
    message: int
    role: str
    json: Json

    @property
    def type(self) -> str:
        return cast(str, self.json["type"])

    @property
    def text(self) -> str:
        """The words of a text block, "" for another."""
        return cast(str, self.json["text"]) if self.type == "text" else ""


def read_blocks(messages: object) -> Iterator[Block]:
    """Yield every block of every message in order; those in a tool's result follow it. Raises ``Refusal``."""
    if not isinstance(messages, list):
        raise invalid("messages: Input should be a valid list")
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MOST_MESSAGES:
        raise invalid(f"messages: at most {MOST_MESSAGES} messages are allowed")
    for number, message in enumerate(messages):
        path = f"messages.{number}"
        if not isinstance(message, dict):
            raise invalid(f"{path}: Input should be an object")
        if message.get("role") not in ("user", "assistant", "system"):
            raise invalid(f"{path}.role: Input should be 'user', 'assistant' or 'system'")
        if "content" not in message:
            raise invalid(f"{path}.content: Field required")
        yield from _content(message["content"], f"{path}.content", number, message["role"])


def _content(
    content: object, path: str, message: int, role: str, within_tool: bool = False
) -> Iterator[Block]:
    if isinstance(content, str):
        block = {"type": "text", "text": content}
        check_text(block, path)
        yield Block(path, message, role, block)
        return
    if not isinstance(content, list):
        raise invalid(f"{path}: Input should be a valid string or list")
    if not content:
        raise invalid(f"{path}: messages must have non-empty content")
    for position, block in enumerate(content):
        place = f"{path}.{position}"
        if not isinstance(block, dict):
            raise invalid(f"{place}: Input should be an object")
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in _BLOCKS or (within_tool and kind == "tool_result"):
            raise invalid(f"{place}: Input tag {kind!r} found using 'type' does not match any expected tag")
        if kind == "text":
            check_text(block, place)
        elif kind == "image":
            _check_image(block, place)
            if role != "user":
                raise invalid(f"{place}: images are only allowed in user messages")
        elif kind in ("thinking", "redacted_thinking") and role != "assistant":
            raise invalid(f"{place}: thinking blocks are only allowed in assistant messages")
        yield Block(place, message, role, block)
        if kind == "tool_result" and isinstance(block.get("content"), list):
            yield from _content(block["content"], f"{place}.content", message, role, within_tool=True)


def check_text(block: Json, path: str) -> None:
    """Refuse a text block without words."""
    text = block.get("text")
    if not isinstance(text, str):
        raise invalid(f"{path}.text.text: Input should be a valid string")
    if not text:
        raise invalid(f"{path}: text content blocks must be non-empty")
    if not text.strip():
        raise invalid(f"{path}: text content blocks must contain non-whitespace text")


def _check_image(block: Json, path: str) -> None:
    source = block.get("source")
    kind = source.get("type") if isinstance(source, dict) else None
    if not isinstance(source, dict) or not isinstance(kind, str) or kind not in _SOURCES:
        raise invalid(f"{path}.image.source: Input should be a base64, file or url source")
    field = _SOURCES[kind]
    if not isinstance(source.get(field), str) or not source[field]:
        raise invalid(f"{path}.image.source.{kind}.{field}: Field required")
    if kind == "base64" and source.get("media_type") not in MEDIA_TYPES:
        raise invalid(
            f"{path}.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' "
            "or 'image/webp'"
        )
    if kind == "url" and not source["url"].startswith("https://"):
        raise invalid(f"{path}.image.source.url.url: Only HTTPS URLs are supported")
    transformations = block.get("transformations") or {}
    if not isinstance(transformations, dict):
        raise invalid(f"{path}.image.transformations: Input should be an object")
    if transformations.get("oversized_image", "downsize") not in ("downsize", "error"):
        raise invalid(f"{path}.image.transformations.oversized_image: Input should be 'downsize' or 'error'")
