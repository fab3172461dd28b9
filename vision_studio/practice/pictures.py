"""The images of a request: fetched, held to the API's limits, looked at, and remembered."""

from __future__ import annotations

import binascii
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TypeVar

from vision_studio.core.catalogue import Limits, Model
from vision_studio.core.size import Size
from vision_studio.core.tokens import fits, image_tokens, seen_size
from vision_studio.imaging.look import Heading, Look, NotAPicture, look, read_heading
from vision_studio.practice.blocks import MEDIA_TYPES, Block
from vision_studio.practice.files import FileStore
from vision_studio.practice.refusals import dimensions_too_large, invalid

REMEMBERED = 4096
"""Pictures whose measurements are kept; about 4 kB each."""

_CAPTION = re.compile(
    r"\s*(Image \d+)\s*(?::[^\S\n]*(?P<words>[^\n]{0,120}))?\s*(?:\n\s*Marks on [^\n]*)?\s*", re.IGNORECASE
)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of a request, as far as it can be known without decoding it.

    ``heading`` and ``seen`` are None for a link, which nobody follows.
    """

    block: Block
    name: str
    """"Image 1", as its caption says."""
    words: str
    """What the caption says besides: "after repair"."""
    digest: str
    heading: Heading | None = None
    seen: Size | None = None
    tokens: int = 0


class Gallery:
    """Fetches and measures images, each content once. Any thread may use it."""

    def __init__(self, files: FileStore, limits: Limits) -> None:
        self._files = files
        self._limits = limits
        self._headings = _Memory[Heading]()
        self._looks = _Memory[Look]()

    def fetch(self, block: Block, caption: tuple[str, str], model: Model) -> Picture:
        """Return an image with its heading. Raises ``Refusal`` where the API would."""
        name, words = caption
        source = block.json["source"]
        if source["type"] == "url":
            return Picture(block, name, words, sha256(source["url"].encode("utf-8", "replace")).hexdigest())
        digest, declared = self._identify(block)
        try:
            heading = self._headings.recall(digest, lambda: read_heading(self._bytes(block)))
        except NotAPicture:
            raise _unprocessable(block) from None
        if heading.media_type != declared:
            raise invalid(
                f"{block.path}.image.source: Image does not match the provided media type {declared}"
            )
        return Picture(
            block,
            name,
            words,
            digest,
            heading,
            seen_size(heading.size, model.tier),
            image_tokens(heading.size, model.tier),
        )

    def look(self, picture: Picture) -> Look:
        """Return the measurements of an image. Raises ``Refusal`` when it cannot be decoded."""
        most_pixels = self._limits.side_px**2
        try:
            return self._looks.recall(picture.digest, lambda: look(self._bytes(picture.block), most_pixels))
        except NotAPicture:
            raise _unprocessable(picture.block) from None

    def _identify(self, block: Block) -> tuple[str, str]:
        """Return the digest and the declared media type, without reading a stored file."""
        source = block.json["source"]
        if source["type"] == "file":
            file = self._files.usable(source["file_id"])
            if file.mime_type not in MEDIA_TYPES:
                raise invalid(
                    f"{block.path}.image.source.file: File {file.id} is {file.mime_type}; "
                    f"an image block takes {', '.join(MEDIA_TYPES)}"
                )
            self._check_weight(block, -(-file.size_bytes // 3) * 4)
            return file.sha256, file.mime_type
        self._check_weight(block, len(source["data"]))
        return sha256(self._bytes(block)).hexdigest(), source["media_type"]

    def _check_weight(self, block: Block, base64_bytes: int) -> None:
        limit = self._limits.image_base64_bytes
        if base64_bytes > limit:
            raise invalid(
                f"{block.path}.image.source: image exceeds {limit / 2**20:g} MB maximum: "
                f"{base64_bytes} bytes > {limit} bytes"
            )

    def _bytes(self, block: Block) -> bytes:
        source = block.json["source"]
        if source["type"] == "file":
            return self._files.read(self._files.usable(source["file_id"]))
        try:
            return binascii.a2b_base64(source["data"], strict_mode=True)
        except ValueError:
            raise invalid(f"{block.path}.image.source.base64.data: Invalid base64 data") from None


def check_count(images: Sequence[Block], model: Model) -> None:
    """Refuse more images than the model takes."""
    if len(images) > model.max_images:
        raise invalid(f"Too many media: 0 document pages + {len(images)} images > {model.max_images}")


def check_dimensions(pictures: Sequence[Picture], model: Model, limits: Limits) -> None:
    """Refuse images that are too long for a request with so many, all of them at once."""
    limit_px = limits.side_limit_px(len(pictures))
    paths = [
        picture.block.path
        for picture in pictures
        if picture.heading is not None and picture.heading.size.longest > limit_px
    ]
    if paths:
        raise dimensions_too_large(limit_px, paths, crowded=len(pictures) > limits.crowd)
    for picture in pictures:
        size = picture.heading.size if picture.heading is not None else None
        wish = (picture.block.json.get("transformations") or {}).get("oversized_image")
        if wish == "error" and size is not None and not fits(size, model.tier):
            place = f"{picture.block.path}: " if picture.block.json["source"]["type"] == "base64" else ""
            seen = seen_size(size, model.tier)
            raise invalid(
                f"{place}Image of {size.width}x{size.height} pixels exceeds the maximum size for {model.id}; "
                f"the largest that fits is {seen.width}x{seen.height} pixels"
            )


def captions(blocks: Iterable[Block]) -> dict[str, tuple[str, str]]:
    """Name each image, by its path: after the caption before it, or else by its place in the conversation."""
    named: dict[str, tuple[str, str]] = {}
    before: Block | None = None
    for block in blocks:
        if block.type == "image":
            caption = _caption(before, block)
            named[block.path] = caption or (f"Image {len(named) + 1}", "")
        before = block
    return named


def is_caption(block: Block, following: Block | None) -> bool:
    """Tell whether a text block does nothing but name the image after it."""
    return following is not None and following.type == "image" and _caption(block, following) is not None


def _caption(before: Block | None, image: Block) -> tuple[str, str] | None:
    if before is None or before.message != image.message:
        return None
    found = _CAPTION.fullmatch(before.text)
    return (found[1].capitalize(), (found["words"] or "").strip()) if found else None


def _unprocessable(block: Block) -> Exception:
    return invalid(f"{block.path}.image.source: Could not process image")


class _Memory(OrderedDict[str, _T]):
    """The most recent results by the digest of what they were made from."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def recall(self, digest: str, make: Callable[[], _T]) -> _T:
        with self._lock:
            if digest in self:
                self.move_to_end(digest)
                return self[digest]
        made = make()
        with self._lock:
            self[digest] = made
            while len(self) > REMEMBERED:
                self.popitem(last=False)
        return made
