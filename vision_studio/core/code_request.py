"""A request for people to make themselves: its body with open places, and the files that go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from vision_studio.core.catalogue import Model
from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.request_json import request_json

ORDER = ("model", "max_tokens", "system", "thinking", "output_config", "messages")
"""In which people write a request's fields. The libraries' code says by its call that it streams."""

_THOUGHTS = ("thinking", "redacted_thinking")
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}


class Language(StrEnum):
    PYTHON = "python"
    TYPESCRIPT = "typescript"
    CURL = "curl"


class Flavour(StrEnum):
    """How the pictures travel. One that stays at its own address stays there in each."""

    INLINE = "inline"
    """Inside the request, as base64 of the files next to the code."""
    URL = "url"
    """From where the user puts the files on the web."""
    FILES = "files"
    """Uploaded first, through the Files API."""


@dataclass(frozen=True, slots=True)
class CodeImage:
    """A file that the code needs."""

    name: str
    """Of letters, digits, a hyphen and a dot: it needs no quoting anywhere."""
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands in a body where the source of a picture goes."""

    image: CodeImage


@dataclass(frozen=True, slots=True)
class CodeRequest:
    body: dict[str, Any]
    """As it is sent, but for a ``Slot`` as the source of each picture that has bytes here."""
    images: tuple[CodeImage, ...]


def code_request(session: Session, asked: Turn, model: Model) -> CodeRequest:
    """Return the request that asks a question after the turns of a session; each picture was fitted."""
    images: dict[str, CodeImage] = {}

    def source(sent: SentImage) -> Any:
        if sent.image.url is not None:
            return {"type": "url", "url": sent.image.url}
        made = sent.rendition
        if made is None:
            raise ValueError("a picture that was not fitted")
        name = f"image-{len(images) + 1}.{_ENDINGS[made.media_type]}"
        return Slot(images.setdefault(made.digest, CodeImage(name, made.media_type, made.digest)))

    body = request_json((*session.turns, asked), session.system, session.settings, model, source)
    return CodeRequest(body, tuple(images.values()))


def question_only(request: CodeRequest) -> CodeRequest:
    """Return the request without what was said before its question."""
    body = {**request.body, "messages": request.body["messages"][-1:]}
    names = {slot.image.name for slot in slots(body["messages"])}
    return replace(request, body=body, images=tuple(one for one in request.images if one.name in names))


def without_thoughts(request: CodeRequest) -> CodeRequest:
    """Return the request without what was thought before.

    Signed thoughts only follow the very history they were written after. Images that come from elsewhere are
    another.
    """
    said = [
        {**message, "content": [block for block in message["content"] if block.get("type") not in _THOUGHTS]}
        for message in request.body["messages"]
    ]
    return replace(request, body={**request.body, "messages": said})


def slots(value: Any) -> Sequence[Slot]:
    """Return every open place in a part of a body, in order."""
    if isinstance(value, Slot):
        return [value]
    if isinstance(value, dict):
        return [slot for one in value.values() for slot in slots(one)]
    if isinstance(value, list | tuple):
        return [slot for one in value for slot in slots(one)]
    return []
