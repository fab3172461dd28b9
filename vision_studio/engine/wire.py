"""A request as the JSON that travels, and the way back from a place in it to the picture standing there."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from vision_studio.core.request_json import mark_cached
from vision_studio.engine.gateway import (
    BlankPart,
    FilePart,
    InlinePart,
    Part,
    PicturePart,
    Request,
    TextPart,
    UrlPart,
    VerbatimPart,
)
from vision_studio.imaging.blank import blank_png

_POSITION = re.compile(r"messages\.(\d+)\.content\.(\d+)")


def messages_json(request: Request) -> list[dict[str, Any]]:
    """Return the ``messages`` of a request. Reads the inline pictures: call it on a worker thread.

    Raises ``OSError`` when one of them cannot be read.
    """
    said: list[dict[str, Any]] = [
        {"role": message.role, "content": [block for part in message.parts for block in _blocks(part)]}
        for message in request.messages
    ]
    mark_cached(said, request.cached, request.cache)
    return said


def is_read_from_disk(request: Request) -> bool:
    """Tell whether some of a request's pictures are in files that are still to be read."""
    return any(isinstance(part, InlinePart) for part in _pictures(request))


def numbers_at(request: Request, path: str) -> Iterator[int]:
    """Yield the numbers of the pictures at the places a text names, as in ``messages.0.content.1``."""
    for message, block in _POSITION.findall(path):
        number = _placed(request).get((int(message), int(block)))
        if number is not None:
            yield number


def numbers_of_sources(request: Request, text: str) -> Iterator[int]:
    """Yield the numbers of the pictures whose ``file_id`` or address occurs in a text."""
    for part in _pictures(request):
        source = part.file_id if isinstance(part, FilePart) else getattr(part, "url", None)
        if part.number is not None and source is not None and source in text:
            yield part.number


def names_thinking(request: Request, text: str) -> bool:
    """Tell whether a text names the place of a thinking block that goes back, or only that one is misplaced.

    There is no error code for it, so its place is looked for, and the API's own name of what is wrong.
    """
    thoughts = set(_thoughts(request))
    named = {(int(message), int(block)) for message, block in _POSITION.findall(text)}
    return bool(thoughts & named) or (bool(thoughts) and "bound to a different conversation" in text)


def has_files(request: Request) -> bool:
    return any(isinstance(part, FilePart) for part in _pictures(request))


def _pictures(request: Request) -> Iterator[PicturePart]:
    for message in request.messages:
        for part in message.parts:
            if isinstance(part, PicturePart):
                yield part


def _thoughts(request: Request) -> Iterator[tuple[int, int]]:
    """Yield the place of every thinking block: its message, and its place in that."""
    for row, message in enumerate(request.messages):
        column = 0
        for part in message.parts:
            blocks = json.loads(part.content_json) if isinstance(part, VerbatimPart) else [{}]
            for block in blocks:
                if block.get("type") in ("thinking", "redacted_thinking"):
                    yield row, column
                column += 1


def _placed(request: Request) -> dict[tuple[int, int], int]:
    """Map the index of a message and of a block in it to a picture's number."""
    places = {}
    for row, message in enumerate(request.messages):
        column = 0
        for part in message.parts:
            if isinstance(part, VerbatimPart):
                column += len(json.loads(part.content_json))
                continue
            if isinstance(part, PicturePart) and part.number is not None:
                places[row, column] = part.number
            column += 1
    return places


def _blocks(part: Part) -> list[Any]:
    match part:
        case TextPart(text):
            return [{"type": "text", "text": text}]
        case FilePart(file_id):
            return [{"type": "image", "source": {"type": "file", "file_id": file_id}}]
        case InlinePart(path, media_type):
            return [_inline(path.read_bytes(), media_type)]
        case UrlPart(url):
            return [{"type": "image", "source": {"type": "url", "url": url}}]
        case BlankPart(size):
            return [_inline(blank_png(size), "image/png")]
        case VerbatimPart(content_json):
            blocks: list[Any] = json.loads(content_json)
            return blocks


def _inline(data: bytes, media_type: str) -> dict[str, Any]:
    text = base64.b64encode(data).decode("ascii")
    return {"type": "image", "source": {"type": "base64", "media_type": media_type, "data": text}}
