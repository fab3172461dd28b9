"""Command lines carried out in the test's process, and pictures to give them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import vision_studio.practice
from vision_studio.cli import main


@dataclass
class Ran:
    """What a command line did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Carry out a command line."""

    def carry_out(*arguments: object) -> Ran:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return carry_out


@pytest.fixture
def quick_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the practice server answer as fast as it can."""
    quick = partial(vision_studio.practice.PracticeServer, pace_tokens_per_s=None)
    monkeypatch.setattr(vision_studio.practice, "PracticeServer", quick)


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """Make a picture file."""

    def make(name: str = "photo.png", size: tuple[int, int] = (1000, 1000), **how: Any) -> Path:
        path = tmp_path / name
        Image.new("RGB", size, how.pop("colour", "teal")).save(path, **how)
        return path

    return make
