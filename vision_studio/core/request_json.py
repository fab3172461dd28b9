"""The body of a request as plain values, in the order the SDK writes them: for the wire, bundles and code."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from vision_studio.core.caching import marked_messages
from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import SentImage, Turn
from vision_studio.core.prompt import Block, Message, Picture, Text, Verbatim, messages
from vision_studio.core.request_settings import (
    Cache,
    RequestSettings,
    SettingsSent,
    ThinkingSent,
    settings_sent,
)

Source = Callable[[SentImage], dict[str, Any]]
"""What stands as the ``source`` of a picture's block."""


def thinking_json(sent: ThinkingSent) -> dict[str, Any]:
    """Return the ``thinking`` of a request."""
    said: dict[str, Any] = {"type": sent.kind}
    if sent.budget_tokens is not None:
        said["budget_tokens"] = sent.budget_tokens
    if sent.summarised:
        said["display"] = "summarized"
    return said


def cache_mark(cache: Cache) -> dict[str, str]:
    """Return a ``cache_control``. Five minutes is what the API takes for granted."""
    return {"type": "ephemeral"} if cache is Cache.MINUTES else {"type": "ephemeral", "ttl": cache.value}


def mark_cached(said: Sequence[dict[str, Any]], rows: Iterable[int], cache: Cache) -> None:
    """Mark the last block of these messages, which are changed in place, unless nothing is to be kept."""
    if cache is not Cache.OFF:
        for row in rows:
            said[row]["content"][-1]["cache_control"] = cache_mark(cache)


def digest_source(sent: SentImage) -> dict[str, Any]:
    """Name a picture by what is in it: how it travels, under which ``file_id``, is the server's matter."""
    image, made = sent.image, sent.rendition
    if image.url is not None:
        return {"type": "url", "url": image.url}
    if made is None:
        return {"type": "original", "sha256": image.digest}
    return {"type": "rendition", "media_type": made.media_type, "sha256": made.digest}


def request_json(
    turns: Sequence[Turn], system: str, settings: RequestSettings, model: Model, source: Source
) -> dict[str, Any]:
    """Return the body of the request that asks the last of the turns."""
    said = messages(turns)
    sent = settings_sent(settings, model)
    content = [_message(message, source) for message in said]
    mark_cached(content, marked_messages(said), sent.cache)
    return request_body(model.id, content, system.strip(), sent)


def request_body(
    model_id: str, said: Sequence[dict[str, Any]], system: str, sent: SettingsSent
) -> dict[str, Any]:
    """Return a whole body; what is not asked for is not in it."""
    body: dict[str, Any] = {"max_tokens": sent.max_tokens, "messages": list(said), "model": model_id}
    if sent.effort is not None:
        body["output_config"] = {"effort": sent.effort}
    if system:
        body["system"] = system
    if sent.thinking is not None:
        body["thinking"] = thinking_json(sent.thinking)
    body["stream"] = True
    return body


def _message(message: Message, source: Source) -> dict[str, Any]:
    return {
        "role": message.role,
        "content": [part for block in message.blocks for part in _parts(block, source)],
    }


def _parts(block: Block, source: Source) -> list[Any]:
    match block:
        case Text(text):
            return [{"type": "text", "text": text}]
        case Picture(sent):
            return [{"type": "image", "source": source(sent)}]
        case Verbatim(content_json):
            blocks: list[Any] = json.loads(content_json)
            return blocks
