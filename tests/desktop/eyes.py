"""Finds things on a private screen by their colour, where a program does not tell its places."""

from __future__ import annotations

import time
from collections.abc import Mapping

from PIL import ImageChops, ImageGrab

from tests.desktop.hands import PATIENCE_S

Rgb = tuple[int, int, int]
_LOOK_S = 0.2
_LEAST_PIXELS = 200
"""Fewer may be of a frame, or the shade of a letter."""


def find(environ: Mapping[str, str], colour: Rgb) -> list[int]:
    """Wait until a patch of a colour is on the screen and stays in its place; return its middle."""
    deadline = time.monotonic() + PATIENCE_S
    before = None
    while time.monotonic() < deadline:
        now = _middle(environ, colour)
        if now is not None and now == before:
            return now
        before = now
        time.sleep(_LOOK_S)  # another program's painting tells nobody
    raise AssertionError(f"there is nothing of {colour} on the screen")


def _middle(environ: Mapping[str, str], colour: Rgb) -> list[int] | None:
    screen = ImageGrab.grab(xdisplay=environ["DISPLAY"]).convert("RGB")
    bands = [
        band.point([255 if value == wanted else 0 for value in range(256)])
        for band, wanted in zip(screen.split(), colour, strict=True)
    ]
    mask = ImageChops.darker(ImageChops.darker(bands[0], bands[1]), bands[2])
    box = mask.getbbox()
    if box is None or mask.histogram()[255] < _LEAST_PIXELS:
        return None
    return [(box[0] + box[2]) // 2, (box[1] + box[3]) // 2]
