"""The prompt being composed: ordered pictures and a text, as a frozen value with pure edits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from vision_studio.core.edits import Edits
from vision_studio.core.edits_text import edits_from_text, edits_text
from vision_studio.core.framing import edited_size
from vision_studio.core.mentions import Mention, Passage, mended
from vision_studio.core.size import Size


class Fidelity(StrEnum):
    """How much of a picture is sent."""

    FIT = "fit"
    """As large as the model is shown, so that it is shrunk once, here, and not again by the server."""
    ECONOMY = "economy"
    """At a third of the tokens the model would be shown at most."""
    ORIGINAL = "original"
    """Unchanged when the API takes it, else the least change that makes it acceptable."""
    CUSTOM = "custom"
    """With a longest side of the user's choice."""


USUAL_EDGE_PX = 1568
"""Where a custom edge begins: what models of the standard tier are shown."""


@dataclass(frozen=True, slots=True)
class FidelityChoice:
    """A fidelity with what it needs to be known."""

    fidelity: Fidelity = Fidelity.FIT
    edge_px: int = USUAL_EDGE_PX
    """The longest side that ``Fidelity.CUSTOM`` sends."""


def fidelity_choice(text: str) -> FidelityChoice | None:
    """Read "custom 1568", as a preference keeps it; None for anything else."""
    fidelity, _, edge_px = text.partition(" ")
    if fidelity not in tuple(Fidelity) or not (edge_px.isascii() and edge_px.isdigit()):
        return None
    return FidelityChoice(Fidelity(fidelity), int(edge_px))


class Trait(StrEnum):
    """Something worth telling about the original file."""

    GPS = "gps"
    METADATA = "metadata"
    ROTATED = "rotated"
    ANIMATED = "animated"
    TRANSPARENT = "transparent"
    LOSSLESS = "lossless"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture on the strip. Its pixels are elsewhere, under ``digest``."""

    id: str
    """Names this card; a duplicate of the same picture has another."""
    name: str
    """The file's name, made safe to show."""
    format: str
    """As sniffed from the bytes: JPEG, PNG, GIF, WEBP, TIFF…; "" while they are not known."""
    size: Size | None
    """Upright and unedited: EXIF orientation applied. None for one at an address that nobody looked at."""
    size_bytes: int
    digest: str | None = None
    """SHA-256 of the original bytes, in hexadecimal; None until they are stored."""
    frames: int = 1
    frame: int = 0
    """Which of the frames, or pages, is sent; from 0."""
    traits: frozenset[Trait] = frozenset()
    label: str = ""
    """The user's words behind the number: "after repair"."""
    included: bool = True
    fidelity: Fidelity = Fidelity.FIT
    edge_px: int = 0
    """With ``Fidelity.CUSTOM``: the longest side to send."""
    url: str | None = None
    """Where the API fetches it; what is stored of it here is a look somebody took, and is never sent."""
    edits: Edits = ()
    """What is done to it before it is sent, in normal form; none for a picture at an address."""
    file_time: int | None = None
    """When its file was last changed: microseconds since 1970 in UTC. None where there was no file."""
    came: int = 0
    """Pictures that came later to the strip have larger numbers."""

    @property
    def is_read(self) -> bool:
        """Tell whether nothing more has to be read before it can be sent."""
        return self.digest is not None or self.url is not None

    @property
    def edited_size(self) -> Size | None:
        """Upright, and as its edits leave it: what there is to be sent."""
        return self.size if self.size is None or not self.edits else edited_size(self.size, self.edits)

    @property
    def choice(self) -> FidelityChoice:
        return FidelityChoice(self.fidelity, self.edge_px or USUAL_EDGE_PX)

    def with_choice(self, choice: FidelityChoice) -> Image:
        edge_px = choice.edge_px if choice.fidelity is Fidelity.CUSTOM else 0
        if (self.fidelity, self.edge_px) == (choice.fidelity, edge_px):
            return self  # hundreds are dropped at once, and a copy costs
        return replace(self, fidelity=choice.fidelity, edge_px=edge_px)

    def found_out(self, read: Image) -> Image:
        """Return the picture as it stands on the strip, with what reading told about it."""
        return replace(
            self,
            format=read.format,
            size=read.size,
            size_bytes=read.size_bytes,
            digest=read.digest,
            frames=read.frames,
            traits=read.traits,
        )

    @property
    def pixels(self) -> str | None:
        """What its thumbnail is known by; None while there is none."""
        if self.digest is None:
            return None
        return pixels_key(self.digest, self.frame, self.edits_text)

    @property
    def edits_text(self) -> str:
        """Its edits as they are kept; "" for none."""
        return "" if self.size is None else edits_text(self.size, self.edits)


class Pixels(NamedTuple):
    """What a thumbnail is made of."""

    digest: str
    frame: int
    size: Size | None
    """Of the upright original, where it is edited."""
    edits: Edits


def pixels_key(digest: str, frame: int, edits: str = "") -> str:
    """Name one frame of an original: its digest, with the frame's number behind it unless it is the first.

    ``edits``, as ``edits_text`` has them, stand behind both.
    """
    if edits:
        return f"{digest}-{frame}-{edits}"
    return digest if frame == 0 else f"{digest}-{frame}"


def pixels_named(key: str) -> Pixels:
    """Return what ``pixels_key`` named. Raises ``ValueError`` for another text."""
    digest, _, rest = key.partition("-")
    frame, _, edits = rest.partition("-")
    size, done = edits_from_text(edits) if edits else (None, ())
    return Pixels(digest, int(frame or 0), size, done)


@dataclass(frozen=True, slots=True)
class Rendition:
    """The bytes made from an original for sending."""

    digest: str
    media_type: str
    size: Size
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Editing:
    """That a draft is to be another version of a turn that was sent."""

    turn_id: str
    aside: Draft
    """What was being composed before; it comes back when the version is sent, or not made after all."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the next request adds to the conversation. Edits return another draft."""

    images: tuple[Image, ...] = ()
    text: str = ""
    """With a ``mentions.MARK`` wherever it mentions a picture."""
    mentions: tuple[Mention, ...] = ()
    """Which picture each mark stands for, in order."""
    editing: Editing | None = None
    """What it is another version of; None for a question behind all others."""

    @property
    def passage(self) -> Passage:
        """The text with its mentions; a mark without one is none."""
        return mended(self.text, self.mentions)

    @property
    def included(self) -> tuple[Image, ...]:
        """The pictures that will be sent, in order."""
        return tuple(image for image in self.images if image.included)

    @property
    def kept_images(self) -> tuple[Image, ...]:
        """Its pictures, and those of what is kept aside while it edits a turn."""
        return self.images if self.editing is None else (*self.images, *self.editing.aside.images)

    @property
    def is_empty(self) -> bool:
        return not self.images and not self.text.strip()

    def row(self, image_id: str) -> int | None:
        """Return where a picture stands, from 0; None when it is not here."""
        return next((row for row, image in enumerate(self.images) if image.id == image_id), None)

    def numbers(self, first: int = 1) -> tuple[int | None, ...]:
        """Return each row's number as sent, from ``first``; None for a picture that is left out."""
        numbers: list[int | None] = []
        following = first
        for image in self.images:
            numbers.append(following if image.included else None)
            following += image.included
        return tuple(numbers)

    def with_text(self, text: str) -> Draft:
        """Say something that mentions no picture."""
        return replace(self, text=text, mentions=())

    def with_passage(self, passage: Passage) -> Draft:
        return replace(self, text=passage.text, mentions=passage.mentions)

    def with_inserted(self, row: int, images: Sequence[Image]) -> Draft:
        return replace(self, images=(*self.images[:row], *images, *self.images[row:]))

    def without(self, image_ids: Iterable[str]) -> Draft:
        gone = set(image_ids)
        return replace(self, images=tuple(image for image in self.images if image.id not in gone))

    def moved(self, image_ids: Iterable[str], row: int) -> Draft:
        """Move pictures, as one block in their present order, to stand before today's ``row``."""
        moving = set(image_ids)
        block = [image for image in self.images if image.id in moving]
        before = [image for image in self.images[:row] if image.id not in moving]
        after = [image for image in self.images[row:] if image.id not in moving]
        return replace(self, images=(*before, *block, *after))

    def arranged(self, image_ids: Sequence[str]) -> Draft:
        """Put pictures into the order of these ids; unknown ones are passed over, unnamed ones go last."""
        places = {image_id: place for place, image_id in enumerate(image_ids)}
        last = len(places)
        return replace(self, images=tuple(sorted(self.images, key=lambda image: places.get(image.id, last))))

    def with_replaced(self, images: Iterable[Image]) -> Draft:
        """Put pictures in the places of those with the same ids; unknown ids are passed over."""
        new = {image.id: image for image in images}
        return replace(self, images=tuple(new.get(image.id, image) for image in self.images))
