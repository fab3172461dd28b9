"""Pictures and content blocks for requests to the practice server."""

from __future__ import annotations

import base64
import random
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

QUESTION = {"type": "text", "text": "What changed?"}


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()


def plain(colour: str = "red", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return encoded(Image.new("RGB", size, colour), kind)


def chequered(size: tuple[int, int] = (64, 64)) -> bytes:
    """Nothing but edges."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for x in range(0, size[0], 4):
        for y in range(x // 4 % 2 * 4, size[1], 8):
            draw.rectangle((x, y, x + 3, y + 3), "black")
    return encoded(image)


def noise(size: tuple[int, int], seed: int = 1) -> bytes:
    """A picture that does not compress."""
    pixels = random.Random(seed).randbytes(size[0] * size[1] * 3)
    return encoded(Image.frombytes("RGB", size, pixels))


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def inline(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    source = {"type": "base64", "media_type": media_type, "data": base64.b64encode(data).decode()}
    return {"type": "image", "source": source}


def by_id(file_id: str) -> dict[str, Any]:
    return {"type": "image", "source": {"type": "file", "file_id": file_id}}


def link(url: str = "https://example.com/cat.png") -> dict[str, Any]:
    return {"type": "image", "source": {"type": "url", "url": url}}


def user(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(blocks)}
