"""The core journey on a real screen: files dragged in from another program, cards dragged, keys pressed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.hands import Hands, program

pytestmark = pytest.mark.display
WINDOW, SOURCE = "tests.desktop.window_under_test", "tests.desktop.drag_source"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = []
    for name, colour in (("one.png", "tomato"), ("two é.png", "seagreen"), ("three.png", "navy")):
        Image.new("RGB", (320, 240), colour).save(tmp_path / name)
        made.append(str(tmp_path / name))
    return made


def test_the_core_journey_on_a_real_screen(x_server, files, tmp_path):
    hands = Hands(x_server)
    data = str(tmp_path / "data")
    with program(WINDOW, x_server, data) as window:
        window.expect("opened")
        spot = window.expect("places")
        with program(SOURCE, x_server, *files) as source:
            start = source.expect("places")["source"]
            hands.drag(start, spot["composer"])
            dropped = source.expect("dropped")
            # Not before the source may go: a target asks it for what was dropped after the drop.
            window.expect("imported")
        assert dropped["action"] == "CopyAction"  # a move would have deleted the files
        assert all(Path(file).exists() for file in files)
        spot = window.expect("places", lambda facts: len(facts["cards"]) == 3)
        cards = spot["cards"]

        hands.drag(cards[0], [cards[2][0] + 80, cards[2][1]])
        window.expect("draft", lambda facts: facts["names"] == ["two é.png", "three.png", "one.png"])

        hands.drag(cards[2], cards[0], cancel=True)
        hands.click(cards[2])
        hands.key("alt+Left")
        window.expect("draft", lambda facts: facts["names"] == ["two é.png", "one.png", "three.png"])
        hands.key("Delete")
        window.expect("draft", lambda facts: facts["names"] == ["two é.png", "three.png"])
        hands.key("ctrl+z")
        window.expect("draft", lambda facts: facts["names"] == ["two é.png", "one.png", "three.png"])

        hands.click(spot["prompt"])
        hands.type("What differs?")
        window.expect("draft", lambda facts: facts["text"] == "What differs?")
        hands.key("ctrl+Return")
        window.expect("text")
        window.expect("ended", lambda facts: facts["outcome"] == "answered")

        hands.type("Say it again")
        hands.key("ctrl+Return")
        window.expect("text")
        hands.key("Escape")
        window.expect("ended", lambda facts: facts["outcome"] == "stopped")

        hands.type("not sent")
        window.expect("draft", lambda facts: facts["text"] == "not sent")
        hands.key("alt+F4")
        window.expect("left")

    with program(WINDOW, x_server, data) as window:
        assert window.expect("opened")["text"] == "not sent"
