"""python -m tests.gallery [OUT_DIR]: pictures of the window's main states, and a sheet for each state."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[2]
SCALES = ("100", "200")
SIZES = ("960x600", "1440x900")
SCHEMES = ("light", "dark")
_SHEET_PX = 720
_SHEET_GAP_PX = 16


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be rendered, and where to."""

    out: Path
    states: Sequence[str]
    scales: Sequence[str]
    sizes: Sequence[str]
    schemes: Sequence[str]

    def files(self, state: str) -> list[Path]:
        """Return a state's pictures, in the order of its contact sheet."""
        return [
            self.out / f"{state}-{scheme}-{scale}-{size}.png"
            for size in self.sizes
            for scale in self.scales
            for scheme in self.schemes
        ]


def main(arguments: Sequence[str]) -> int:
    """Render every state in a process for each scale, then a sheet for each state."""
    wanted, scale = parse(arguments)
    if scale is not None:
        render(wanted, scale)
        return 0
    wanted.out.mkdir(parents=True, exist_ok=True)
    for each in wanted.scales:
        # Qt reads its scale once, when the application is made.
        command = [sys.executable, "-m", "tests.gallery", *arguments, "--as-scale", each]
        if (status := subprocess.run(command, cwd=ROOT).returncode) != 0:
            return status
    for state in wanted.states:
        save_sheet(wanted.out / f"sheet-{state}.png", wanted.files(state), columns=len(wanted.schemes))
    sys.stdout.write(f"{len(wanted.states) * len(wanted.files(''))} pictures in {wanted.out}\n")
    return 0


def parse(arguments: Sequence[str]) -> tuple[Wanted, str | None]:
    """Return what is wanted, and the scale if this is the process that renders at one."""
    from tests.gallery.states import STATES

    parser = argparse.ArgumentParser(prog="gallery", description="Render the window's main states.")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "build" / "gallery")
    parser.add_argument("--states", nargs="+", choices=list(STATES), default=list(STATES))
    parser.add_argument("--scales", nargs="+", choices=SCALES, default=SCALES)
    parser.add_argument("--sizes", nargs="+", default=SIZES, metavar="WIDTHxHEIGHT")
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=SCHEMES)
    parser.add_argument("--as-scale", choices=SCALES, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    wanted = Wanted(given.out.resolve(), given.states, given.scales, given.sizes, given.schemes)
    return wanted, given.as_scale


def render(wanted: Wanted, scale: str) -> None:
    """Bring about every state in one run of the application, and save its pictures."""
    from tests.support.surroundings import Surroundings

    surroundings = Surroundings()
    surroundings.enter()
    os.environ["QT_SCALE_FACTOR"] = str(int(scale) / 100)

    from PySide6.QtCore import qInstallMessageHandler

    from tests.gallery.stage import Stage
    from tests.gallery.states import STATES
    from vision_studio.app import make_qt_application
    from vision_studio.ui.design.theme import Mode

    qInstallMessageHandler(_complain)
    qt = make_qt_application(["gallery"])
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        stage = Stage(qt, Path(folder))
        stage.open()
        try:
            for state in wanted.states:
                begin, end = STATES[state]
                begin(stage)
                for size in wanted.sizes:
                    width, height = map(int, size.split("x"))
                    for scheme in wanted.schemes:
                        picture = stage.grab(width, height, Mode(scheme))
                        picture.save(str(wanted.out / f"{state}-{scheme}-{scale}-{size}.png"))
                if end is not None:
                    end(stage)
        finally:
            stage.close()
            surroundings.leave()


def _complain(kind: object, context: object, text: str) -> None:
    """Pass on what Qt has to say, but for what it says of every window that is on no screen."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def save_sheet(target: Path, pictures: Sequence[Path], columns: int) -> None:
    """Put a state's pictures on one sheet, each with its name."""
    small = []
    for path in pictures:
        with Image.open(path) as picture:
            picture.thumbnail((_SHEET_PX, _SHEET_PX))
            small.append((path.stem, picture.convert("RGB")))
    rows = [small[start : start + columns] for start in range(0, len(small), columns)]
    heights = [max(picture.height for _, picture in row) + 2 * _SHEET_GAP_PX for row in rows]
    width = columns * (_SHEET_PX + _SHEET_GAP_PX) + _SHEET_GAP_PX
    sheet = Image.new("RGB", (width, sum(heights) + _SHEET_GAP_PX), "#808080")
    draw = ImageDraw.Draw(sheet)
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, (name, picture) in enumerate(row):
            left = _SHEET_GAP_PX + column * (_SHEET_PX + _SHEET_GAP_PX)
            draw.text((left, top + 3), name, fill="white")
            sheet.paste(picture, (left, top + _SHEET_GAP_PX))
        top += height
    sheet.save(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
