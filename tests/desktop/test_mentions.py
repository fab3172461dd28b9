"""Chips by real keys and clicks, through the real clipboard, and out of the menu of one that is lost."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.desktop.hands import Hands, program
from vision_studio.core.mentions import MARK

pytestmark = pytest.mark.display


def test_an_image_is_mentioned_cut_pasted_lost_and_brought_back(x_server, tmp_path):
    file = tmp_path / "cat.png"
    Image.new("RGB", (320, 240), "tomato").save(file)
    hands = Hands(x_server)
    with program("tests.desktop.window_under_test", x_server, str(tmp_path / "data"), str(file)) as window:

        def reads(text: str) -> None:
            window.expect("draft", lambda facts: facts["text"] == text)

        window.expect("imported")
        spot = window.expect("places", lambda facts: len(facts["cards"]) == 1)
        hands.click(spot["prompt"])
        hands.type("Is @")
        reads("Is @")
        hands.key("Return")
        reads(f"Is {MARK}")
        hands.type(" @")
        hands.key("Escape")
        hands.type("x")
        reads(f"Is {MARK} @x")
        hands.key("ctrl+a")
        hands.key("ctrl+x")
        reads("")
        hands.key("ctrl+v")
        reads(f"Is {MARK} @x")
        hands.click(spot["cards"][0])
        hands.key("Delete")
        window.expect("draft", lambda facts: facts["names"] == [])
        spot = window.expect("places", lambda facts: facts["chips"] and not facts["cards"])
        hands.click(spot["chips"][0])
        window.expect("menu", lambda facts: facts["name"] == "chip-menu")
        hands.key("Down")
        hands.key("Return")
        window.expect("draft", lambda facts: facts["names"] == ["cat.png"])
