"""A file that changes between its header and its pixels is refused: never trusted, and never waited for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.imaging import pictures
from tests.imaging.seeds import SEEDS
from vision_studio.core.draft import Fidelity
from vision_studio.core.events import RefusalKind
from vision_studio.core.size import Size
from vision_studio.imaging import rendition, thumbnails
from vision_studio.imaging.inspect import Facts, inspect_frame
from vision_studio.imaging.refusal import Refused
from vision_studio.imaging.rendition import Recipe, render
from vision_studio.imaging.thumbnails import examine

FILES = ("JPEG", "PNG", "GIF", "WebP", "TIFF", "AVIF", "HEIC", "JPEG2000", "PDF", "SVG", "packed SVG")


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


CHANGES: dict[str, tuple[Callable[[Path], object], set[RefusalKind]]] = {
    "gone": (Path.unlink, {RefusalKind.NOT_FOUND}),
    "emptied": (lambda path: os.truncate(path, 0), {RefusalKind.DAMAGED, RefusalKind.EMPTY}),
    "cut": (lambda path: os.truncate(path, path.stat().st_size // 3), {RefusalKind.DAMAGED}),
    "another format": (lambda path: path.write_bytes(b"P5 9 9 255\n" + bytes(81)), {RefusalKind.DAMAGED}),
    "a pipe": (pipe, {RefusalKind.SPECIAL_FILE}),
    "a folder": (folder, {RefusalKind.FOLDER}),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", FILES)
def test_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, change: str) -> None:
    path = tmp_path / "a"
    spoil, kinds = CHANGES[change]

    def looked(source: Path, frame: int) -> Facts:
        facts = inspect_frame(source, frame)
        spoil(source)
        return facts

    deeds: list[Callable[[], object]] = [
        lambda: examine(path, 16),
        lambda: render(path, Recipe(Size(12, 9), Fidelity.FIT, 100_000), tmp_path / "target"),
    ]
    for module in (thumbnails, rendition):
        monkeypatch.setattr(module, "inspect_frame", looked)
    for deed in deeds:
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        pictures.write(path, SEEDS[name])
        with pytest.raises(Refused) as caught:
            deed()
        assert caught.value.kind in kinds
    assert not (tmp_path / "target").exists()
