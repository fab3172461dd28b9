"""Cuts a picture into parts, each a file of its own that kept every pixel the original did.

Pillow is imported inside the function: it is called in worker processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vision_studio.core.draft import Fidelity, Trait
from vision_studio.core.edits import Edits
from vision_studio.core.framing import edited_size
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.imaging.inspect import inspect_frame
from vision_studio.imaging.rendition import GAP

_NO_CAP = 1 << 40


def cut(
    source: Path, frame: int, size: Size, edits: Edits, boxes: Sequence[Box], targets: Sequence[Path]
) -> None:
    """Write each part of an upright picture of ``size`` to its target, in sRGB and without metadata.

    The boxes are in what its edits leave of it, and the parts are edited for good. Raises ``Refused``, and
    ``OSError`` for the targets.
    """
    from vision_studio.imaging.encoding import encoded
    from vision_studio.imaging.upright import upright

    facts = inspect_frame(source, frame)
    if edits:
        from vision_studio.imaging.edited import edited

        whole = edited(source, facts, frame, size, edits, edited_size(size, edits), GAP)
    else:
        whole = upright(source, facts, frame, size, GAP)
    for box, target in zip(boxes, targets, strict=True):
        part = whole.crop(box)
        made = encoded(part, Trait.LOSSLESS in facts.traits, Fidelity.ORIGINAL, _NO_CAP)
        target.write_bytes(made.data)
