"""What Claude sees, on a real screen: every pixel of it is a pixel of the screen, and keys that are held."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageGrab

from tests.desktop.hands import Hands, program
from tests.imaging.pictures import photo

pytestmark = pytest.mark.display


def test_the_screen_has_the_very_pixels_and_a_held_key_holds(x_server, tmp_path: Path):
    photo((700, 500)).save(tmp_path / "photo.png")
    hands, data = Hands(x_server), str(tmp_path / "data")
    with program("tests.desktop.window_under_test", x_server, data, str(tmp_path / "photo.png")) as window:
        window.expect("imported")
        (card,) = window.expect("places", lambda facts: len(facts["cards"]) == 1)["cards"]
        hands.click(card)
        hands.key("Return")
        left, top, right, bottom = window.expect("sight")["place"]
        screen = ImageGrab.grab(xdisplay=x_server["DISPLAY"]).convert("RGB")
        inside = (20, 60, right - left - 20, bottom - top - 20)  # words and the focus are at the edges
        with Image.open(tmp_path / "photo.png") as picture:
            expected = picture.convert("RGB").crop(inside)
        found = screen.crop((left, top, right, bottom)).crop(inside)
        assert ImageChops.difference(found, expected).getbbox() is None

        hands.hold("space")  # X repeats it, which must not let go of it
        assert window.expect("original")["shown"] is True
        hands.let_go("space")
        assert window.expect("original")["shown"] is False
        hands.key("Escape")
        window.expect("front")
        hands.key("ctrl+shift+i")
        window.expect("sight")
