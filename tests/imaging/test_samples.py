"""The pictures a new user sees first."""

from __future__ import annotations

from pathlib import Path

import pytest

from vision_studio import assets
from vision_studio.core.draft import Fidelity
from vision_studio.imaging.inspect import inspect
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import verify

SAMPLES = sorted(path for path in assets.path("samples").iterdir() if path.suffix in (".jpg", ".png"))


def test_there_are_four_and_they_are_light() -> None:
    assert [path.name for path in SAMPLES] == [
        "receipt.jpg",
        "revenue.png",
        "ridge-dusk.jpg",
        "ridge-midday.jpg",
    ]
    assert sum(path.stat().st_size for path in SAMPLES) < 1_000_000


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_they_are_sound_and_carry_nothing_but_pictures(path: Path, tmp_path: Path) -> None:
    verify(path)
    target = tmp_path / "sent"
    render(path, Recipe(inspect(path).size, Fidelity.FIT, 10_485_760), target)
    assert target.read_bytes() == path.read_bytes()
