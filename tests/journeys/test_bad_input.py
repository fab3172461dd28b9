"""Whatever is dropped: one sentence for each file that cannot be used, and nothing else is lost."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QTimer

from tests.imaging.pictures import png_header
from tests.journeys.pipe import Pipe
from tests.journeys.seen import lines, shown
from tests.support.visit import PATIENCE_MS, Visit, files
from vision_studio.core.conversation import Outcome
from vision_studio.ui.design.findings import FindingRow

NOBODY = 65534


def test_each_bad_file_gets_a_sentence_and_the_good_ones_arrive(visit, photos, tmp_path):
    bad = tmp_path / "bad"
    bad.mkdir()
    red, green, blue = photos
    (bad / "words.png").write_text("These are words, whatever the name says.")
    (bad / "cut.jpg").write_bytes(green.read_bytes()[: green.stat().st_size // 2])
    (bad / "nothing.png").write_bytes(b"")
    (bad / "bomb.png").write_bytes(png_header(50_000, 50_000))
    with (bad / "heavy.png").open("wb") as sparse:
        sparse.write(red.read_bytes())
        sparse.truncate(600_000_000)
    (bad / "empty folder").mkdir()
    os.mkfifo(bad / "pipe.png")
    (bad / "folder of pictures").mkdir()
    shutil.copy(blue, bad / "folder of pictures")
    here = visit()
    here.window.composer.prompt.insertPlainText("A question half wr")

    here.drop(
        red,
        bad / "words.png",
        bad / "cut.jpg",
        bad / "nothing.png",
        bad / "bomb.png",
        bad / "heavy.png",
        bad / "empty folder",
        bad / "pipe.png",
        bad / "gone.png",
        bad / "folder of pictures",
        green,
        refused=8,
    )
    assert here.names() == ["red.png", "blue b é.png", "green.jpg"]
    assert here.window.composer.prompt.text == "A question half wr"
    said, *sentences = lines(here.window.composer, "composer-notice")
    assert said == "8 files were not added"
    assert sorted(sentences) == [
        "bomb.png has too many pixels to be opened safely (50000 × 50000 px). Save it smaller.",
        "cut.jpg is damaged (the end of the file is missing).",
        "empty folder is a folder without images.",
        "gone.png cannot be found.",
        "heavy.png is too large a file (600 MB; at most 500 MB). Save it smaller.",
        "nothing.png is empty: it has no bytes.",
        "pipe.png is not a regular file.",
        "words.png is not an image.",
    ]
    assert here.noticed == []

    turn = here.ask_and_wait("itten")
    assert turn.prompt == "A question half written"
    assert [sent.number for sent in turn.images] == [1, 2, 3]
    assert turn.answer.outcome is Outcome.ANSWERED


def test_a_pipe_is_not_opened(visit, photos, tmp_path):
    pipe = Pipe(tmp_path / "pipe.png")
    try:
        here = visit()
        here.drop(pipe.path, photos[0], refused=1)
    finally:
        was_opened = pipe.close()
    assert not was_opened
    assert here.names() == ["red.png"]


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder with a picture that only the superuser could read, where everybody may look."""
    folder = Path(tempfile.mkdtemp(prefix="vs-"))
    folder.chmod(0o755)
    Image.new("RGB", (40, 30)).save(folder / "secret.png")
    (folder / "closed").mkdir()
    (folder / "secret.png").chmod(0)
    (folder / "closed").chmod(0)
    yield folder
    (folder / "closed").chmod(0o700)
    shutil.rmtree(folder)


def test_what_may_not_be_read_is_said_so(visit, photos, locked):
    here = visit()
    here.drop(photos[0])  # from here on everything runs, and nothing is left to be loaded
    superuser = os.geteuid() == 0
    refused: list[str] = []

    def both(event) -> bool:
        refused.extend(refusal.name for refusal in event.refusals)
        return len(refused) == 2

    if superuser:
        os.seteuid(NOBODY)
    try:
        with here.waiting(here.application.bridge.images_refused, both):
            here.let_fall(files(locked / "secret.png", locked / "closed"))
    finally:
        if superuser:
            os.seteuid(0)
    assert sorted(lines(here.window.composer, "composer-notice")[1:]) == [
        "closed cannot be read: you have no permission.",
        "secret.png cannot be read: you have no permission.",
    ]
    assert here.names() == ["red.png"]


ODD_NAMES = {
    "two\nlines.png": "two\N{REPLACEMENT CHARACTER}lines.png",
    "gnp.\N{RIGHT-TO-LEFT OVERRIDE}exe.png": "gnp.\N{REPLACEMENT CHARACTER}exe.png",
    "🏔️ peak.png": "🏔️ peak.png",
    os.fsdecode(b"caf\xe9.png"): "caf\N{REPLACEMENT CHARACTER}.png",
    "<b>%41&amp;.png": "<b>%41&amp;.png",
    "-p.png": "-p.png",
}


def test_odd_names_are_shown_on_one_line_and_sent(visit, photos, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    for place, name in enumerate(ODD_NAMES):
        Image.new("RGB", (40, 30 + place)).save(folder / name)
    here = visit()
    here.drop(*(folder / name for name in ODD_NAMES))
    assert here.names() == list(ODD_NAMES.values())
    turn = here.ask_and_wait("Which is which?")
    assert turn.answer.outcome is Outcome.ANSWERED
    assert len(here.uploaded_names()) == len(ODD_NAMES)

    (folder / "two\nlines.png").write_bytes(b"")
    with here.waiting(here.application.bridge.images_refused):
        here.let_fall(files(folder / "two\nlines.png"))
    assert lines(here.window.composer, "composer-notice") == [
        "1 file was not added",
        "two\N{REPLACEMENT CHARACTER}lines.png is empty: it has no bytes.",
    ]


def test_a_file_that_vanishes_right_after_the_drop(visit, photos, tmp_path):
    here = visit()
    fleeting = tmp_path / "fleeting.png"
    shutil.copy(photos[0], fleeting)
    vanished = threading.Event()
    here.application.bridge._engine.post(vanished.wait)  # what was dropped is looked at after this
    with here.waiting(here.application.bridge.images_refused):
        here.let_fall(files(photos[1], fleeting, photos[2]))
        fleeting.unlink()
        vanished.set()
    assert lines(here.window.composer, "composer-notice")[1:] == ["fleeting.png cannot be found."]
    turn = here.ask_and_wait("And the others?")
    assert [sent.image.name for sent in turn.images] == ["green.jpg", "blue b é.png"]


def test_a_drop_without_its_data_says_so(visit, photos):
    """As when the program it comes from ends in the middle of the drag."""
    here = visit()
    here.drop(photos[0])
    hollow = QMimeData()
    hollow.setData("image/png", b"")
    here.let_fall(hollow)
    said = lines(here.window.composer, "composer-notice")
    assert said == ["The image could not be taken over.", "Save it as a file and drop that."]
    assert here.names() == ["red.png"]


class Heartbeat:
    """Measures how long the window's thread works at a stretch, whatever else the machine is doing."""

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.thread_time()
        self.longest_s = max(self.longest_s, now - self._last)
        self._last = now

    def stop(self) -> None:
        self._beat()
        self._timer.stop()


def test_more_images_than_a_request_takes(visit, tmp_path, qtbot):
    folder = tmp_path / "601"
    folder.mkdir()
    for number in range(601):
        Image.new("L", (16, 16), number % 251).save(folder / f"{number}.png")
    here = visit()
    composer = here.window.composer
    heart = Heartbeat()
    here.drop(folder)
    heart.stop()
    assert composer.images.rowCount() == 601
    # Far more than anybody would bear, for a machine that is busy with other tests.
    assert heart.longest_s < 3, "the window stood still"
    why = "takes at most 600 images a request; this is 1 image too many. Leave some out, or start a new "
    qtbot.waitUntil(lambda: why in _checks(here), timeout=PATIENCE_MS)

    here.ask("What are these?")
    said, *sentences = lines(composer, "composer-notice")
    assert said == "The API would refuse this"
    assert why in sentences[0]
    assert composer.draft.text == "What are these?"

    composer.strip.select([composer.draft.images[600].id])
    qtbot.keyClick(composer.strip, Qt.Key.Key_Delete)
    assert composer.images.rowCount() == 600
    qtbot.waitUntil(lambda: not shown(composer, "composer-notice"), timeout=PATIENCE_MS)
    assert here.messages_sent() == []


def _checks(here: Visit) -> str:
    """Return all that the inspector has to say about the next request."""
    rows = here.window.inspector.checks.findChildren(FindingRow)
    return "\n".join(row.accessibleName() for row in rows if row.isVisible())
