"""Files and folders dragged out of a real file manager, and a picture dragged into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.eyes import find
from tests.desktop.hands import Hands, program
from tests.support.processes import running

pytestmark = pytest.mark.display
WINDOW = "tests.desktop.window_under_test"
TEAL, NAVY = (0, 141, 141), (12, 24, 128)
PLACE = (1010, 330)
SETTINGS = """
[volume]
mount_on_startup=0
mount_removable=0
autorun=0
[ui]
win_width=360
win_height=300
splitter_pos=10
view_mode=icon
"""


@contextmanager
def file_manager(environ: Mapping[str, str], home: Path, folder: Path) -> Iterator[None]:
    """Open a window on a folder in a corner of the screen."""
    settings = home / ".config" / "pcmanfm" / "default" / "pcmanfm.conf"
    settings.parent.mkdir(parents=True)
    settings.write_text(SETTINGS)
    private = {**environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config")}
    with running(["pcmanfm", str(folder)], private):
        Hands(environ).place("pcmanfm", *PLACE)
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose icons are known by their colours: one file's, and one that shows what is in a folder."""
    made = tmp_path / "pictures"
    made.mkdir()
    Image.new("RGB", (320, 240), TEAL).save(made / "one é.png")
    return made


def test_a_file_is_dragged_in_and_stays_where_it_is(x_server, folder, tmp_path):
    hands = Hands(x_server)
    with program(WINDOW, x_server, str(tmp_path / "data")) as window:
        window.expect("opened")
        spot = window.expect("places")
        with file_manager(x_server, tmp_path, folder):
            hands.drag(find(x_server, TEAL), spot["composer"])
            window.expect("draft", lambda facts: facts["names"] == ["one é.png"])
            window.expect("imported")
        assert (folder / "one é.png").exists()  # it was copied, though a file manager would rather move


def test_a_picture_is_dragged_out_into_a_folder(x_server, tmp_path):
    hands = Hands(x_server)
    source = tmp_path / "navy.png"
    Image.new("RGB", (320, 240), NAVY).save(source)
    empty = tmp_path / "empty"
    empty.mkdir()
    with program(WINDOW, x_server, str(tmp_path / "data"), str(source)) as window:
        window.expect("imported")
        card = window.expect("places", lambda facts: len(facts["cards"]) == 1)["cards"][0]
        with file_manager(x_server, tmp_path, empty):
            hands.drag(card, [PLACE[0] + 330, PLACE[1] + 220])
            hands.await_file(empty / "navy.png", source.stat().st_size)
        assert (empty / "navy.png").read_bytes() == source.read_bytes()
