"""Makes pictures of the parts of one that is too long to be read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from vision_studio.core.draft import Image
from vision_studio.core.events import RefusalKind
from vision_studio.core.tiling import Box
from vision_studio.engine.drop import new_image
from vision_studio.engine.originals import look
from vision_studio.engine.pictures import JOB_TIMEOUT_S
from vision_studio.engine.workers import Workers
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.tiles import cut
from vision_studio.storage.blobs import Blobs


async def split(workers: Workers, blobs: Blobs, image: Image, boxes: Sequence[Box]) -> tuple[Image, ...]:
    """Return a stored picture for each of the parts of another, in order.

    Raises ``Refused``, and ``OSError`` when they cannot be kept.
    """
    if image.digest is None or image.size is None:
        return ()
    targets = [blobs.temporary() for _ in boxes]
    try:
        await workers.run(
            cut,
            blobs.path(image.digest),
            image.frame,
            image.size,
            image.edits,
            boxes,
            targets,
            timeout_s=JOB_TIMEOUT_S,
        )
        digests = [await asyncio.to_thread(blobs.adopt, target) for target in targets]
    finally:
        for target in targets:
            target.unlink(missing_ok=True)
    parts = []
    for place, digest in enumerate(digests, start=1):
        looked = await asyncio.to_thread(look, blobs.path(digest))
        if looked.facts is None:
            raise looked.refused or Refused(RefusalKind.UNREADABLE)
        made = new_image(f"{image.name}, part {place} of {len(boxes)}", looked.facts)
        parts.append(replace(made, digest=digest, label=image.label))
    return tuple(parts)
