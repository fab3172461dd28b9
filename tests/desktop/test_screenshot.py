"""Screenshots of a real screen: the chosen part, of what is behind our window, and not our window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.hands import Hands, program

pytestmark = pytest.mark.display
WINDOW, PATCH = "tests.desktop.window_under_test", "tests.desktop.drop_target"
SEA = (0, 105, 148)


def newest_picture(data: Path) -> Image.Image:
    blobs = [path for path in (data / "blobs").glob("??/*") if path.is_file()]
    return Image.open(max(blobs, key=lambda path: path.stat().st_mtime_ns))


def test_a_part_and_the_whole_of_the_screen(x_server, tmp_path):
    hands, data = Hands(x_server), tmp_path / "data"
    with program(WINDOW, x_server, str(data)) as window:
        window.expect("opened")
        spot = window.expect("places")
        with program(PATCH, x_server) as patch:
            x, y = patch.expect("places")["target"]
            hands.click(spot["screenshot"])
            window.expect("choosing")
            hands.drag([x - 55, y - 25], [x + 42, y + 12])
            names = window.expect("draft")["names"]
            assert len(names) == 1
            assert names[0].startswith("Screenshot 20")
            window.expect("imported")
            with newest_picture(data) as picture:
                assert picture.size == (100, 40)  # the hand goes two pixels further, and both ends count
                assert picture.getpixel((2, 2)) == SEA

            hands.click(spot["prompt"])
            hands.key("ctrl+shift+s")
            window.expect("choosing")
            hands.key("Escape")
            window.expect("front")
            hands.key("ctrl+shift+s")
            window.expect("choosing")
            hands.key("Return")
            assert len(window.expect("draft")["names"]) == 2
            window.expect("imported")
            with newest_picture(data) as picture:
                assert picture.size == (1440, 900)
                assert picture.getpixel((x - 55, y - 25)) == SEA
                behind = picture.getpixel(tuple(spot["composer"]))
            assert behind == (0, 0, 0)  # the screen's own ground, where our window stands
