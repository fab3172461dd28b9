"""While images are read: how far they are, which come first, and what becomes of those taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton

from tests.core.builders import pictures, session
from vision_studio.core.events import (
    FirstLook,
    ImagesFound,
    ImagesStored,
    ImportProgressed,
    SessionOpened,
    ThumbnailReady,
)
from vision_studio.ui.composer.image_list import Role
from vision_studio.ui.composer.reading_line import ReadingLine

FOUND = tuple(replace(image, digest=None) for image in pictures(200))


@pytest.fixture
def strip(window, engine):
    """The strip of an open session, into which two hundred images are being read."""
    engine.tell(SessionOpened(session()), ImagesFound("session", 0, FOUND))
    return window.composer.strip


def progressed(done: int, total: int = 200, session_id: str = "session") -> ImportProgressed:
    return ImportProgressed(session_id, done, total)


def line(window):
    return window.composer.reading


def appear(window, engine, qtbot, done: int = 12) -> None:
    engine.tell(progressed(done))
    qtbot.waitUntil(line(window).isVisible)


class Shows(QObject):
    """Tells when a widget is shown."""

    def __init__(self, tell: Callable[[], object]) -> None:
        super().__init__()
        self._tell = tell

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show:
            self._tell()
        return False


def ids(given) -> list[str]:
    """Return the images a command was last given."""
    return list(given[-1][1])


# --- how far ----------------------------------------------------------------------------------------------


def test_the_line_says_how_far_it_is(window, engine, strip, qtbot) -> None:
    appear(window, engine, qtbot)
    engine.tell(progressed(112))
    assert line(window).findChild(QLabel, "reading-words").text() == "Reading 112 of 200 images"
    bar = line(window).findChild(QProgressBar, "reading-bar")
    assert (bar.value(), bar.maximum()) == (112, 200)
    assert QAccessible.queryAccessibleInterface(bar).role() == QAccessible.Role.ProgressBar
    assert line(window).geometry().bottom() < strip.geometry().top()
    engine.tell(progressed(200))
    assert line(window).isHidden()


def test_what_is_read_at_once_flashes_up_no_line(window, engine, strip, qtbot) -> None:
    shown: list[object] = []
    line(window).installEventFilter(watch := Shows(lambda: shown.append(watch)))
    engine.tell(progressed(1, 2), progressed(2, 2))
    later = ReadingLine()
    qtbot.addWidget(later)
    later.show_progress(1, 2)
    qtbot.waitUntil(later.isVisible)
    assert shown == []


def test_another_session_has_no_line_for_it(window, engine, strip, qtbot) -> None:
    appear(window, engine, qtbot)
    engine.tell(SessionOpened(replace(session(), id="other")))
    assert line(window).isHidden()
    engine.tell(progressed(40))
    assert line(window).findChild(QLabel, "reading-words").text() == "Reading 12 of 200 images"
    work = window.status.findChild(QLabel, "work")
    assert work.text() == "Reading 40 of 200 images for another session"
    engine.tell(SessionOpened(session()))
    assert work.text() == ""


# --- cancel -----------------------------------------------------------------------------------------------


def test_cancel_takes_away_what_is_not_read_and_undo_brings_it_back(window, engine, strip, qtbot) -> None:
    read = tuple(replace(image, digest=f"{row:064x}") for row, image in enumerate(FOUND[:3]))
    engine.tell(ImagesStored("session", read))
    appear(window, engine, qtbot)
    unread = [image.id for image in FOUND[3:]]
    qtbot.mouseClick(line(window).findChild(QPushButton, "cancel-reading"), Qt.MouseButton.LeftButton)
    assert [image.id for image in window.composer.draft.images] == [image.id for image in read]
    assert ids(engine.asked("cancel_images")) == unread
    assert engine.asked("stop_looking") == [("session",)]
    engine.tell(progressed(200))
    assert line(window).isHidden()

    window.composer.history.stack.undo()
    assert [image.id for image in window.composer.draft.images] == [image.id for image in FOUND]
    assert ids(engine.asked("resume_images")) == unread


def test_a_card_that_is_taken_away_is_not_read(window, engine, strip) -> None:
    window.composer.cards.remove([FOUND[4].id])
    assert ids(engine.asked("cancel_images")) == [FOUND[4].id]
    window.composer.history.stack.undo()
    assert ids(engine.asked("resume_images")) == [FOUND[4].id]
    window.composer.history.stack.redo()
    assert len(engine.asked("cancel_images")) == 2


def test_undoing_a_drop_stops_its_reading(window, engine, strip) -> None:
    window.composer.history.stack.undo()
    assert ids(engine.asked("cancel_images")) == [image.id for image in FOUND]


def test_leaving_a_session_does_not_stop_its_reading(window, engine, strip) -> None:
    engine.tell(SessionOpened(replace(session(), id="other")))
    assert engine.asked("cancel_images") == []


# --- first things first -----------------------------------------------------------------------------------


def test_what_is_on_the_screen_is_read_first(window, engine, strip, qtbot) -> None:
    qtbot.waitUntil(lambda: FOUND[-1].id in ids(engine.asked("want_images")))  # a drop shows its last card
    for scroll, image in [(strip.scrollToTop, FOUND[0]), (strip.scrollToBottom, FOUND[-1])] * 2:
        scroll()
        qtbot.waitUntil(lambda image=image: image.id in ids(engine.asked("want_images")))
    wanted = ids(engine.asked("want_images"))
    on_screen = [
        image.id
        for row, image in enumerate(FOUND)
        if strip.visualRect(strip.model().index(row)).intersects(strip.viewport().rect())
    ]
    assert set(on_screen) <= set(wanted)
    assert len(wanted) <= len(on_screen) + strip.columns()


def test_what_the_camera_embedded_stands_in_until_the_thumbnail_comes(window, engine, strip) -> None:
    index = strip.model().index(7)
    engine.tell(FirstLook(FOUND[7].id, 1, 1, bytes((200, 0, 0, 255))))
    assert index.data(Role.THUMBNAIL).pixelColor(0, 0).red() == 200
    stored = replace(FOUND[7], digest="7" * 64)
    engine.tell(ImagesStored("session", (stored,)))
    assert index.data(Role.THUMBNAIL).pixelColor(0, 0).red() == 200
    engine.tell(ThumbnailReady(stored.pixels, 1, 1, bytes((0, 100, 0, 255))))
    assert index.data(Role.THUMBNAIL).pixelColor(0, 0).green() == 100


def test_hundreds_come_as_one_change_and_their_numbers_follow_once(window, engine, qtbot) -> None:
    images = tuple(replace(image, digest=None) for image in pictures(600))
    read = [replace(image, digest=f"{row:064x}") for row, image in enumerate(images)]
    engine.tell(SessionOpened(session()))
    inserted = QSignalSpy(window.composer.images.rowsInserted)
    appraised = QSignalSpy(window.desk.appraised)
    # Told one after the other, without a moment for anything else in between.
    engine.bridge.images_found.emit(ImagesFound("session", 0, images))
    for at in range(0, 600, 20):
        engine.bridge.images_stored.emit(ImagesStored("session", tuple(read[at : at + 20])))
    assert (inserted.count(), appraised.count()) == (1, 0)
    qtbot.waitUntil(lambda: appraised.count() > 0)
    assert appraised.count() == 1
    assert window.composer._totals.text().startswith("600 images")
