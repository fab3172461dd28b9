"""A second start over the same data folder, on a real screen: its files go to the window that is open."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.test_portable import keep
from tests.desktop.hands import PATIENCE_S, program
from vision_studio.cli import main

pytestmark = pytest.mark.display
WINDOW, OTHER = "tests.desktop.window_under_test", "tests.desktop.drop_target"


@pytest.fixture
def data() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="vs-") as path:  # short: a socket's path may have 107 characters
        yield path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = []
    for name, colour in (("one.png", "tomato"), ("two é.png", "seagreen")):
        Image.new("RGB", (320, 240), colour).save(tmp_path / name)
        made.append(str(tmp_path / name))
    return made


def start_again(environ: dict[str, str], data: str, *files: str) -> None:
    command = [sys.executable, "-m", "vision_studio", "--practice", "--data-dir", data, *files]
    second = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE_S)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_a_second_start_hands_its_files_over_and_ends(x_server, data, files):
    with program(WINDOW, x_server, data, files[0]) as window:
        window.expect("draft", lambda facts: facts["names"] == ["one.png"])
        with program(OTHER, x_server):
            window.expect("back")
            start_again(x_server, data)
            window.expect("front")
        start_again(x_server, data, files[1])
        window.expect("draft", lambda facts: facts["names"] == ["one.png", "two é.png"])


def test_of_two_starts_at_once_the_later_gives_way(x_server, data, files):
    with program(WINDOW, x_server, data, files[0]) as window:
        window.expect("draft", lambda facts: facts["names"] == ["one.png"])
        # It goes as far as finding the folder taken, as it would had the first not listened yet.
        with program(WINDOW, x_server, data, files[1]) as second:
            second.expect("left")
        window.expect("draft", lambda facts: facts["names"] == ["one.png", "two é.png"])


def test_a_bundle_that_is_opened_comes_into_the_window_that_is_open(x_server, data, tmp_path):
    session_id = keep(tmp_path / "elsewhere")
    bundle = tmp_path / "sign é.vstudio"
    assert main(["export", session_id, "-o", str(bundle), "--data-dir", str(tmp_path / "elsewhere")]) == 0
    with program(WINDOW, x_server, data) as window:
        window.expect("opened")
        start_again(x_server, data, str(bundle))
        window.expect("notice", lambda facts: "“What is on the sign?” was imported: 1 turn" in facts["words"])
