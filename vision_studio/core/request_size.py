"""How many bytes a request has, known before it is built: with uploaded pictures, and with inline ones.

The shapes are those of the Messages API as the SDK writes them: UTF-8, no spaces between the parts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from vision_studio.core.catalogue import Limits, Model
from vision_studio.core.conversation import Answer, Turn, caption_of
from vision_studio.core.draft import Image, Trait
from vision_studio.core.limits import base64_bytes, sent_unchanged
from vision_studio.core.prompt import Message, Picture, Text, messages
from vision_studio.core.size import Size

BYTES_PER_PIXEL = 0.35
"""Of a photograph as JPEG at quality 85 to 90; measured on 12 and 24 MP photographs."""

BYTES_PER_LOSSLESS_PIXEL = 0.6
"""Of a screenshot kept lossless; noise takes several times as much."""


_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json_bytes(value: object) -> int:
    return len(_encoder.encode(value).encode("utf-8", "surrogatepass"))


_FILE_ID = "file_011CNha8iCJcU1wXNR6q4V8w"
_TEXT_BLOCK = _json_bytes({"type": "text", "text": ""})
_FRAMES = {role: _json_bytes({"role": role, "content": []}) for role in ("user", "assistant")}
_FILE_BLOCK = _json_bytes({"type": "image", "source": {"type": "file", "file_id": _FILE_ID}})
_URL_BLOCK = _json_bytes({"type": "image", "source": {"type": "url", "url": ""}})
_INLINE_BLOCK = _json_bytes(
    {"type": "image", "source": {"type": "base64", "media_type": "image/jpeg", "data": ""}}
)
_COMMA = 1
_ESCAPED = b'"\\\n\r\t\b\f'
"""What JSON writes with one character more. Other control characters, with five, are not worth their time."""


def envelope_bytes(model: Model, system: str) -> int:
    """Return the bytes around the conversation."""
    body: dict[str, object] = {"model": model.id, "max_tokens": model.answer_tokens, "messages": []}
    if system.strip():
        body["system"] = system
    return _json_bytes({**body, "stream": True})


def text_block_bytes(text: str) -> int:
    """Return the bytes of a text block, with its comma; 0 for a text that is not sent."""
    if not text or text.isspace():
        return 0
    encoded = text.encode("utf-8", "surrogatepass")
    escapes = len(encoded) - len(encoded.translate(None, _ESCAPED))
    return _TEXT_BLOCK + len(encoded) + escapes + _COMMA


def picture_bytes(image: Image, number: int) -> int:
    """Return the bytes, commas included, of a picture's two blocks; its own bytes are elsewhere."""
    return text_block_bytes(caption_of(image, number)) + _block_bytes(image) + _COMMA


def _block_bytes(image: Image) -> int:
    return _FILE_BLOCK if image.url is None else _URL_BLOCK + _json_bytes(image.url) - len('""')


def inline_extra_bytes(image_bytes: int) -> int:
    """Return what a picture of so many bytes adds when it travels in the request itself."""
    return _INLINE_BLOCK - _FILE_BLOCK + base64_bytes(image_bytes)


def image_bytes(image: Image, sent: Size, limits: Limits) -> tuple[int, bool]:
    """Return the bytes a picture will have when it is sent, and whether they are known: estimated if not."""
    if sent_unchanged(image, sent, limits):
        return image.size_bytes, True
    per_pixel = BYTES_PER_LOSSLESS_PIXEL if Trait.LOSSLESS in image.traits else BYTES_PER_PIXEL
    cap = limits.image_base64_bytes // 4 * 3
    return min(cap, round(sent.width * sent.height * per_pixel)), False


def history_bytes(turns: Sequence[Turn]) -> int:
    """Return the bytes of the conversation so far, with the next message's frame, its pictures uploaded."""
    if not turns:
        return _FRAMES["user"]
    question = replace(turns[-1], prompt="", images=(), answer=Answer(model_id=""))
    return sum(_message_bytes(message) for message in messages((*turns, question)))


def _message_bytes(message: Message) -> int:
    size = _FRAMES[message.role] + _COMMA
    for block in message.blocks:
        if isinstance(block, Text):
            size += text_block_bytes(block.text)
        elif isinstance(block, Picture):
            size += _block_bytes(block.sent.image) + _COMMA
        else:
            size += len(block.content_json.encode("utf-8", "surrogatepass"))
    return size
