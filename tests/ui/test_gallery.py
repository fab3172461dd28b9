"""The gallery renders the real window at another scale than ours, hence in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]


def test_a_state_becomes_a_picture_and_a_sheet(tmp_path: Path):
    options = ["--states", "empty", "--scales", "200", "--sizes", "960x600", "--schemes", "dark"]
    subprocess.run([sys.executable, "-m", "tests.gallery", str(tmp_path), *options], cwd=ROOT, check=True)
    with Image.open(tmp_path / "empty-dark-200-960x600.png") as picture:
        assert picture.size == (1920, 1200)
        assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 1000  # the samples, not a blank
    assert (tmp_path / "sheet-empty.png").is_file()
