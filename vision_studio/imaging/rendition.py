"""Makes what is sent of a picture: upright, sRGB, at the right size, without metadata; or keeps the file.

Pillow is imported inside the functions that need it: they are called in worker processes; the recipes are
known everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.core.edits import Edits
from vision_studio.core.edits_text import edits_text
from vision_studio.core.limits import base64_bytes
from vision_studio.core.size import Size
from vision_studio.imaging.files import Reader
from vision_studio.imaging.formats import media_type
from vision_studio.imaging.inspect import Facts, inspect_frame
from vision_studio.imaging.metadata import without_metadata

_VERSION = 2
"""Changes when the same recipe begins to give other bytes."""

_EDITING = 1
"""Changes when the same edits begin to look different."""

GAP = 1.25
"""How much larger than needed a picture is decoded, at least, before it is scaled with care.

On a 24 megapixel page of 40 px text this keeps a structural similarity of .995 to scaling with care all the
way, for less than half of the time; with no gap at all .977 is left.
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make a rendition; the same recipe of the same bytes gives the same bytes."""

    size: Size
    """Upright; never larger than the picture, unless that is drawn: a page of a PDF, or an SVG."""
    fidelity: Fidelity
    max_base64_bytes: int
    frame: int = 0
    """Of an animation or a document with pages, from 0."""
    whole: Size | None = None
    """With ``edits``: of the upright original, which they are measured in."""
    edits: Edits = ()

    @classmethod
    def of(cls, image: Image, size: Size, fidelity: Fidelity, max_base64_bytes: int) -> Recipe:
        """Return the recipe for a picture as it is to be sent, or shown, at a size: its frame, its edits."""
        whole = image.size if image.edits else None
        return cls(size, fidelity, max_base64_bytes, image.frame, whole, image.edits)

    @property
    def key(self) -> str:
        """Names the recipe in the ledger of renditions."""
        frame = f" frame {self.frame}" if self.frame else ""
        size = f"{self.size.width}x{self.size.height}"
        edits = ""
        if self.whole is not None and self.edits:
            text = edits_text(self.whole, self.edits)
            edits = f" edits {_EDITING} {sha256(text.encode('ascii')).hexdigest()}"
        return f"v{_VERSION} {size} {self.fidelity} {self.max_base64_bytes}{frame}{edits}"


@dataclass(frozen=True, slots=True)
class Rendered:
    media_type: str
    size: Size
    """Smaller than the recipe's only where nothing else brought it under the byte limit."""
    size_bytes: int


def render(source: Path, recipe: Recipe, target: Path) -> Rendered:
    """Write the rendition of ``source`` to ``target``. Raises ``Refused``, and ``OSError`` for the target.

    A file that is acceptable already is copied byte for byte; one that needs no more is relieved of its
    metadata, and its coding is kept. With ``Fidelity.ORIGINAL`` it also keeps its own colour profile. A
    picture with edits is always made anew.
    """
    from vision_studio.imaging.encoding import encoded
    from vision_studio.imaging.upright import upright

    facts = inspect_frame(source, recipe.frame)
    kept = _kept(source, facts, recipe)
    if kept is not None:
        target.write_bytes(kept)
        return Rendered(media_type(facts.format) or "", facts.size, len(kept))
    if recipe.whole is not None and recipe.edits:
        from vision_studio.imaging.edited import edited

        pixels = edited(source, facts, recipe.frame, recipe.whole, recipe.edits, recipe.size, GAP)
    else:
        pixels = upright(source, facts, recipe.frame, recipe.size, GAP)
    lossless = Trait.LOSSLESS in facts.traits
    made = encoded(pixels, lossless, recipe.fidelity, recipe.max_base64_bytes)
    target.write_bytes(made.data)
    return Rendered(made.media_type, made.size, len(made.data))


def _kept(source: Path, facts: Facts, recipe: Recipe) -> bytes | None:
    """Return the file's own coding where it will do, else None."""
    if (
        recipe.edits
        or media_type(facts.format) is None
        or recipe.frame > 0
        or facts.size != recipe.size
        or facts.orientation > 1
        or base64_bytes(facts.size_bytes) > recipe.max_base64_bytes
    ):
        return None
    from vision_studio.imaging.decoding import opened
    from vision_studio.imaging.pixels import is_srgb

    any_colours = recipe.fidelity is Fidelity.ORIGINAL
    with opened(source, facts.format) as image:
        if image.mode == "CMYK" or not (any_colours or is_srgb(image.info.get("icc_profile"))):
            return None
        # To prove a JPEG sound, an eighth of its pixels does: all of its code is read for them as well.
        image.draft(image.mode, (1, 1))
        image.load()
    with Reader(source) as reader:
        data = reader.read(0, reader.size_bytes)
    return without_metadata(data, facts.format)
