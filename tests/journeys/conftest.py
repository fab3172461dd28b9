"""Fixtures for journeys: pictures to drop, and visits to the application that end cleanly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.support.visit import Visit


@pytest.fixture
def photos(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Three different pictures of 640 × 480 pixels."""
    made = []
    for name, colour in (("red.png", "firebrick"), ("green.jpg", "seagreen"), ("blue b é.png", "royalblue")):
        picture = Image.new("RGB", (640, 480), colour)
        ImageDraw.Draw(picture).ellipse((200, 120, 440, 360), fill="white")
        picture.save(tmp_path / name)
        made.append(tmp_path / name)
    red, green, blue = made
    return red, green, blue


@pytest.fixture
def visit(qapp, qtbot, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open the application over the test's own data folder; each visit may be left and opened anew."""
    visits: list[Visit] = []

    def begin(*, folder: Path = tmp_path / "data", fails: bool = False, **options: Any) -> Visit:
        made = Visit(qapp, qtbot, folder, **options)
        visits.append(made)
        made.open(fails=fails)
        return made

    yield begin
    for one in visits:
        one.leave()
