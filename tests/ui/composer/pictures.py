"""Small pictures for the tests of the composer."""

from __future__ import annotations

from collections.abc import Iterable

from vision_studio.core.draft import Image
from vision_studio.core.size import Size

USUAL = Size(640, 480)
DIGEST = "ab" * 32


def picture(image_id: str, *, digest: str | None = DIGEST, size: Size = USUAL) -> Image:
    return Image(image_id, f"{image_id}.png", "PNG", size, 12_345, digest)


def pictures(image_ids: Iterable[str]) -> tuple[Image, ...]:
    return tuple(picture(image_id) for image_id in image_ids)
