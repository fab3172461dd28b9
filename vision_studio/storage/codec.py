"""Drafts and failures as JSON, and back: fields from the future are ignored, nonsense is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from vision_studio.core.draft import Draft, Editing, Fidelity, Image, Trait
from vision_studio.core.edits import Edits
from vision_studio.core.edits_text import edits_from_text
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mentions import Mention, SentMention, mended
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking
from vision_studio.core.size import Size
from vision_studio.storage.cells import Undecodable, frame_from, size_or_unknown

DRAFT_VERSION = 1
MAX_NUMBER = 1e15
"""Larger numbers of seconds are damage."""

Kind = TypeVar("Kind")


def draft_cell(draft: Draft) -> str:
    fields = {"version": DRAFT_VERSION, **_draft_fields(draft)}
    if draft.editing is not None:
        fields["editing"] = {"turn_id": draft.editing.turn_id, "aside": _draft_fields(draft.editing.aside)}
    return _json(fields)


def draft_from(cell: str) -> Draft:
    """Raises ``Undecodable``."""
    fields = _Fields(_parsed(cell))
    if fields.integer("version") > DRAFT_VERSION:
        raise Undecodable("it was saved by a newer Vision Studio")
    draft, editing = _draft(fields), fields.object_or_none("editing")
    if editing is None:
        return draft
    aside = editing.object_or_none("aside")
    kept = Draft() if aside is None else _draft(aside)
    return replace(draft, editing=Editing(editing.text("turn_id"), kept))


def mentions_cell(mentions: Sequence[SentMention]) -> str:
    if not mentions:
        return ""
    return _json(
        [
            {"start": one.start, "length": one.length, "image_id": one.image_id, "name": one.name}
            for one in mentions
        ]
    )


def mentions_from(cell: str) -> tuple[SentMention, ...]:
    """Raises ``Undecodable``."""
    if not cell:
        return ()
    return tuple(
        SentMention(
            fields.integer("start"),
            fields.integer("length"),
            fields.text("image_id"),
            fields.text("name", ""),
        )
        for fields in map(_Fields, _typed(_parsed(cell), list, "mentions"))
    )


def numbering_cell(numbering: Numbering) -> str:
    return "" if numbering is Numbering.CONTINUE else numbering


def numbering_from(cell: str) -> Numbering:
    """A way this version does not know becomes the usual one: what was sent has its numbers."""
    return Numbering(cell) if cell in tuple(Numbering) else Numbering.CONTINUE


def failure_cell(failure: Failure) -> str:
    return _json(
        {
            "kind": failure.kind,
            "message": failure.message,
            "status": failure.status,
            "type": failure.type,
            "request_id": failure.request_id,
            "retry_after_s": failure.retry_after_s,
            "images": failure.images,
            "limit_px": failure.limit_px,
            "of_upload": failure.of_upload,
        }
    )


def failure_from(cell: str) -> Failure:
    """A kind this version does not know becomes ``UNEXPECTED``. Raises ``Undecodable``."""
    fields = _Fields(_parsed(cell))
    try:
        kind = FailureKind(fields.text("kind"))
    except ValueError:
        kind = FailureKind.UNEXPECTED
    return Failure(
        kind=kind,
        message=fields.text("message", ""),
        status=fields.integer_or_none("status"),
        type=fields.text_or_none("type"),
        request_id=fields.text_or_none("request_id"),
        retry_after_s=fields.number_or_none("retry_after_s"),
        images=tuple(_typed(number, int, "images") for number in fields.array("images")),
        limit_px=fields.integer_or_none("limit_px"),
        of_upload=fields.flag("of_upload", False),
    )


def settings_cell(settings: RequestSettings) -> str:
    if settings == RequestSettings():
        return ""
    return _json(
        {
            "effort": settings.effort,
            "thinking": settings.thinking,
            "max_tokens": settings.max_tokens,
            "cache": settings.cache,
        }
    )


def settings_from(cell: str) -> RequestSettings:
    """What this version does not know is left to its default. Raises ``Undecodable``."""
    if not cell:
        return RequestSettings()
    fields, usual = _Fields(_parsed(cell)), RequestSettings()
    thinking, cache = fields.text("thinking", usual.thinking), fields.text("cache", usual.cache)
    return RequestSettings(
        effort=fields.text_or_none("effort"),
        thinking=Thinking(thinking) if thinking in tuple(Thinking) else usual.thinking,
        max_tokens=fields.integer_or_none("max_tokens"),
        cache=Cache(cache) if cache in tuple(Cache) else usual.cache,
    )


def traits_cell(traits: Iterable[Trait]) -> str:
    return _json(sorted(traits))


@lru_cache(maxsize=256)
def traits_from(cell: str) -> frozenset[Trait]:
    """Raises ``Undecodable``."""
    return _traits(_typed(_parsed(cell), list, "traits"))


def fidelity_from(cell: str) -> Fidelity:
    """Raises ``Undecodable``: another fidelity would send another picture than the user chose."""
    try:
        return Fidelity(cell)
    except ValueError as error:
        raise Undecodable("an unknown fidelity") from error


def _draft_fields(draft: Draft) -> dict[str, Any]:
    fields = {"text": draft.text, "images": [_image_fields(image) for image in draft.images]}
    if draft.mentions:
        fields["mentions"] = [{"image_id": one.image_id, "name": one.name} for one in draft.mentions]
    return fields


def _draft(fields: _Fields) -> Draft:
    images = tuple(_image(_Fields(entry)) for entry in fields.array("images"))
    mentions = map(_mention, map(_Fields, fields.array("mentions")))
    return Draft(images).with_passage(mended(fields.text("text"), tuple(mentions)))


def edits_from(cell: str, size: Size | None, url: str | None) -> Edits:
    """Return the edits of an upright picture of a size.

    Raises ``Undecodable`` for any that this version does not know: without it, another picture would be sent
    than the user chose, and perhaps with what was to be hidden.
    """
    if not cell:
        return ()
    try:
        measured, edits = edits_from_text(cell)
    except ValueError as error:
        raise Undecodable("an unknown edit of a picture") from error
    if measured != size or url is not None:
        raise Undecodable("edits of another picture")
    return edits


def _image_fields(image: Image) -> dict[str, Any]:
    return {
        "id": image.id,
        "name": image.name,
        "format": image.format,
        "width": image.size.width if image.size else None,
        "height": image.size.height if image.size else None,
        "size_bytes": image.size_bytes,
        "digest": image.digest,
        "frames": image.frames,
        "frame": image.frame,
        "traits": sorted(image.traits),
        "label": image.label,
        "included": image.included,
        "fidelity": image.fidelity,
        "edge_px": image.edge_px,
        "url": image.url,
        "edits": image.edits_text,
        "file_time": image.file_time,
        "came": image.came,
    }


def _image(fields: _Fields) -> Image:
    url = fields.text_or_none("url")
    size = size_or_unknown(fields.integer_or_none("width"), fields.integer_or_none("height"), url)
    return Image(
        id=fields.text("id"),
        name=fields.text("name"),
        format=fields.text("format"),
        size=size,
        size_bytes=fields.integer("size_bytes"),
        digest=fields.text_or_none("digest"),
        frames=fields.integer("frames", 1),
        frame=frame_from(fields.integer("frame", 0)),
        traits=_traits(fields.array("traits")),
        label=fields.text("label", ""),
        included=fields.flag("included", True),
        fidelity=fidelity_from(fields.text("fidelity", Fidelity.FIT)),
        edge_px=fields.integer("edge_px", 0),
        url=url,
        edits=edits_from(fields.text("edits", ""), size, url),
        file_time=fields.integer_or_none("file_time"),
        came=fields.integer("came", 0),
    )


def _mention(fields: _Fields) -> Mention:
    return Mention(fields.text("image_id"), fields.text("name", ""))


def _traits(names: list[object]) -> frozenset[Trait]:
    # A trait only tells something about the file: one this version does not know is no loss.
    return frozenset(trait for trait in Trait if trait.value in names)


def _json(value: object) -> str:
    # ASCII, so that half a surrogate pair in a pasted text survives.
    return json.dumps(value, separators=(",", ":"))


def _parsed(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise Undecodable("it is not JSON") from error


def _typed(value: object, kind: type[Kind], name: str) -> Kind:
    # bool is an int to Python, not to us.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Undecodable(f"“{name}” is not what it should be")
    return value


class _Fields:
    """A JSON object, read field by field, so that what is wrong can be named."""

    def __init__(self, value: object) -> None:
        self._values = _typed(value, dict, "object")

    def text(self, name: str, default: str | None = None) -> str:
        return _typed(self._values.get(name, default), str, name)

    def text_or_none(self, name: str) -> str | None:
        return None if self._values.get(name) is None else self.text(name)

    def integer(self, name: str, default: int | None = None) -> int:
        return _typed(self._values.get(name, default), int, name)

    def integer_or_none(self, name: str) -> int | None:
        return None if self._values.get(name) is None else self.integer(name)

    def number_or_none(self, name: str) -> float | None:
        value = self._values.get(name)
        if value is None:
            return None
        value = _typed(value, float if isinstance(value, float) else int, name)
        if not -MAX_NUMBER < value < MAX_NUMBER:
            raise Undecodable(f"“{name}” is not what it should be")
        return float(value)

    def flag(self, name: str, default: bool) -> bool:
        return _typed(self._values.get(name, default), bool, name)

    def object_or_none(self, name: str) -> _Fields | None:
        return None if self._values.get(name) is None else _Fields(self._values[name])

    def array(self, name: str) -> list[Any]:
        return _typed(self._values.get(name, []), list, name)
