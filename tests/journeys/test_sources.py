"""Where pictures come from, in the real window: each lands in its place, and only files are opened."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QImage

from tests.journeys.pipe import Pipe
from tests.journeys.seen import lines
from vision_studio.core.conversation import Outcome
from vision_studio.ui.composer.cards import CardsMime
from vision_studio.ui.composer.strip import StripView


def before(window, row: int) -> QPoint:
    """The place of a drop just before a card."""
    strip = window.composer.strip
    return strip.visualRect(strip.model().index(row, 0)).topLeft() + QPoint(2, 20)


def test_a_folder_falls_where_the_pointer_is_in_the_order_people_count(visit, photos, tmp_path):
    red, green, blue = photos
    album = tmp_path / "album"
    (album / "trip 2").mkdir(parents=True)
    (album / "trip 10").mkdir()
    for place in ("trip 10/9.png", "trip 2/img10.png", "trip 2/img9.png", "z.png"):
        shutil.copy(blue, album / place)
    (album / "trip 2" / "broken.png").write_bytes(red.read_bytes()[:100])
    (album / "notes.txt").write_text("not a picture, and nobody meant it")
    (album / ".hidden.png").write_bytes(red.read_bytes())
    (album / "round and round").symlink_to(album, target_is_directory=True)
    (album / "nowhere.png").symlink_to(tmp_path / "gone.png")
    plug = socket.socket(socket.AF_UNIX)
    pipe = Pipe(album / "trip 2" / "pipe.png")
    try:
        plug.bind(str(album / "plug.png"))
        here = visit()
        here.drop(red, green)
        strip = here.window.composer.strip
        here.drop(album, on=strip, at=before(here.window, 1), refused=1)
    finally:
        was_opened = pipe.close()
        plug.close()
    assert not was_opened
    assert here.names() == ["red.png", "img9.png", "img10.png", "9.png", "z.png", "green.jpg"]
    said = lines(here.window.composer, "composer-notice")
    assert said[0] == "1 file was not added"
    assert said[1].startswith("broken.png is damaged")


def test_a_sent_picture_is_asked_about_again_without_its_file(visit, photos, qtbot):
    here = visit()
    here.drop(photos[0], photos[1])
    first = here.ask_and_wait("Which is red?")
    for photo in photos:
        photo.unlink()
    strip = here.window.transcript.findChild(StripView, "sent-strip")
    strip.select([first.images[0].image.id])
    here.window.composer.cards.copy(strip.selected_images())
    assert isinstance(QGuiApplication.clipboard().mimeData(), CardsMime)
    assert here.window.composer.paste()
    assert here.names() == ["red.png"]
    again = here.ask_and_wait("And this one?")
    assert again.answer.outcome is Outcome.ANSWERED
    (sent,) = again.images
    assert (sent.image.digest, sent.number) == (first.images[0].image.digest, 3)
    assert sent.image.id != first.images[0].image.id
    # It was uploaded once, for both questions.
    assert len(here.uploaded_names()) == 2


def test_a_pasted_screenful_is_encoded_by_the_engine(visit, qtbot):
    here = visit()
    screen = QImage(3840, 2160, QImage.Format.Format_RGB32)
    screen.fill(0xFF336699)
    QGuiApplication.clipboard().setImage(screen)
    with here.waiting(here.application.bridge.import_progressed, lambda event: event.done == event.total):
        assert here.window.composer.paste()
    (image,) = here.window.composer.draft.images
    assert (image.name, image.format, str(image.size)) == ("Pasted image.png", "PNG", "3840 × 2160")


@pytest.mark.qt_log_ignore("does not support raise")  # off screen
def test_files_named_by_a_later_start_come_behind_what_is_there(visit, photos, qtbot):
    here = visit()
    here.drop(photos[0])
    with here.waiting(here.application.bridge.import_progressed, lambda event: event.done == event.total):
        here.window.open_files([photos[2], Path("/nowhere/gone.png")])
    assert here.names() == ["red.png", "blue b é.png"]
    assert lines(here.window.composer, "composer-notice")[1] == "gone.png cannot be found."
