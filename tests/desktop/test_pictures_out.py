"""Pictures on their way, on a real screen: within the window, and to another program."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.hands import Hands, Program, program

pytestmark = pytest.mark.display
WINDOW, TARGET = "tests.desktop.window_under_test", "tests.desktop.drop_target"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cat é.png"
    Image.new("RGB", (320, 240), "tomato").save(path)
    return path


def begun(window: Program) -> dict:
    """Wait until the picture the window began with is there; return the places."""
    window.expect("imported")
    return window.expect("places", lambda facts: len(facts["cards"]) == 1)


def asked(window: Program, hands: Hands, prompt: list[int]) -> dict:
    """Ask about the pictures on the strip; return the places once the answer is there."""
    hands.click(prompt)
    hands.type("What is it?")
    hands.key("ctrl+Return")
    window.expect("ended", lambda facts: facts["outcome"] == "answered")
    return window.expect("places", lambda facts: facts["sent"] and not facts["cards"])


def test_a_sent_picture_is_dragged_into_the_next_request(x_server, file, tmp_path):
    hands = Hands(x_server)
    with program(WINDOW, x_server, str(tmp_path / "data"), str(file)) as window:
        spot = asked(window, hands, begun(window)["prompt"])
        hands.drag(spot["sent"][0], spot["composer"])
        window.expect("draft", lambda facts: facts["names"] == ["cat é.png"])
        asked(window, hands, spot["prompt"])  # the copy is a picture like any other


def test_a_picture_is_dragged_out_and_pasted_into_another_program(x_server, file, tmp_path):
    hands = Hands(x_server)
    data = tmp_path / "data"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    with (
        program(WINDOW, x_server, str(data), str(file)) as window,
        program(TARGET, x_server) as target,
    ):
        place = target.expect("places")["target"]
        spot = begun(window)
        hands.drag(spot["cards"][0], place)
        received = target.expect("received")
        assert received["digests"] == [digest]
        assert Path(received["paths"][0]).name == "cat é.png"
        assert data not in Path(received["paths"][0]).parents

        hands.click(spot["cards"][0])
        hands.key("ctrl+c")
        hands.click(place)
        hands.key("ctrl+v")
        pasted = target.expect("pasted")
        assert (pasted["digests"], pasted["size"]) == ([digest], [320, 240])

        spot = asked(window, hands, spot["prompt"])
        hands.drag(spot["sent"][0], place)
        assert target.expect("received")["digests"] == [digest]
