"""A block of cards dragged through a strip that scrolls, on a real screen; and let go with Esc."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.hands import Hands, program

pytestmark = pytest.mark.display
LONG_ENOUGH = 12  # wiggles at the edge, in which the strip scrolls from one end to the other


def test_a_block_is_dragged_past_the_edge_and_esc_leaves_all_where_it_was(x_server, tmp_path: Path):
    hands, files = Hands(x_server), []
    for number in range(30):
        path = tmp_path / f"{number:02}.png"
        Image.new("RGB", (90, 60), (number * 8, 90, 120)).save(path)
        files.append(str(path))
    names = [Path(file).name for file in files]
    data = str(tmp_path / "data")
    with program("tests.desktop.window_under_test", x_server, data, *files) as window:
        window.expect("imported")
        spot = window.expect("places", lambda facts: len(facts["cards"]) == 30)
        cards = spot["cards"]
        hands.key("Home")
        hands.click(cards[-1])  # the strip was left at its end, where the newest card is
        hands.key("Home")
        cards = window.expect("places", lambda facts: facts["cards"][0][1] > spot["cards"][0][1])["cards"]
        hands.click(cards[0])
        hands.click(cards[2], holding="shift")

        hands.drag(cards[1], spot["edge"], cancel=True, wiggles=LONG_ENOUGH)
        hands.key("ctrl+Home")  # what the strip would do with a drag that goes on, it does not
        hands.drag(cards[1], spot["edge"], wiggles=LONG_ENOUGH)
        moved = window.expect("draft")["names"]
        assert moved.index("00.png") > 20
        assert [name for name in moved if name not in names[:3]] == names[3:]
        assert moved[moved.index("00.png") :][:3] == names[:3]
        hands.key("ctrl+z")
        window.expect("draft", lambda facts: facts["names"] == names)
