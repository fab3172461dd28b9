"""Pictures on their way out: made when another program asks, by the engine, and waited for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from tests.core.builders import picture, sent, session, turn
from vision_studio.core.events import ImagesLent, ImagesSaved, PictureEncoded, SessionOpened
from vision_studio.ui.composer.cards import FILES, PICTURE, clear_clipboard
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.findings import Notice

CAT = replace(picture("cat.png", format_="PNG"), digest="ab" * 32)
LINKED = replace(picture("far.png"), url="https://example.com/far.png")


@pytest.fixture
def opened(window, engine):
    """The window with a turn of one picture; its engine answers what it is asked."""
    engine.tell(SessionOpened(session(turn(images=[sent(CAT, 1)]))))
    engine.bridge.start()
    yield window
    clear_clipboard()


def sent_strip(window) -> StripView:
    return window.transcript.findChild(StripView, "sent-strip")


def answering(engine, command: str, answer) -> None:
    """Have the engine answer a command it has yet to be given."""

    def look() -> None:
        if asked := engine.asked(command):
            engine.tell(answer(*asked[-1]))
        else:
            QTimer.singleShot(0, look)

    QTimer.singleShot(0, look)


def test_files_are_made_when_another_program_asks_and_once(opened, engine):
    mime = opened.exports.carrying([CAT], True)
    assert FILES in mime.formats()
    assert mime.hasUrls()
    assert not engine.asked("lend_images")
    answering(engine, "lend_images", lambda ticket, images: ImagesLent(ticket, (Path("/tmp/x/a é.png"),)))
    assert [url.toLocalFile() for url in mime.urls()] == ["/tmp/x/a é.png"]
    assert [url.toLocalFile() for url in mime.urls()] == ["/tmp/x/a é.png"]
    assert [images for _, images in engine.asked("lend_images")] == [(CAT,)]


def test_one_picture_is_offered_as_a_picture_too(opened, engine):
    mime = opened.exports.carrying([CAT], False)
    answering(
        engine, "encode_image", lambda ticket, image: PictureEncoded(ticket, b"png of " + image.name.encode())
    )
    assert bytes(mime.data(PICTURE).data()) == b"png of cat.png"
    assert PICTURE not in opened.exports.carrying([CAT, CAT], False).formats()


def test_an_export_that_fails_offers_nothing(opened, engine):
    mime = opened.exports.carrying([CAT], False)
    answering(engine, "lend_images", lambda ticket, images: ImagesLent(ticket, ()))
    assert mime.urls() == []


def test_an_engine_that_ends_keeps_nobody_waiting(opened, engine):
    engine.bridge.stop()
    assert opened.exports.carrying([CAT], False).urls() == []


def test_a_picture_at_an_address_has_no_file_to_give(opened):
    assert FILES not in opened.exports.carrying([LINKED], False).formats()


def test_a_sent_picture_is_copied_by_its_key_and_pasted_into_the_next_request(opened, qtbot):
    strip = sent_strip(opened)
    strip.select([CAT.id])
    strip.setFocus()
    QTest.keySequence(strip, QKeySequence(QKeySequence.StandardKey.Copy))
    assert FILES in QGuiApplication.clipboard().mimeData().formats()
    opened.composer.prompt.setFocus()
    assert opened.composer.paste()
    (pasted,) = opened.composer.draft.images
    assert (pasted.name, pasted.digest) == (CAT.name, CAT.digest)
    assert pasted.id != CAT.id


def choose(window, text: str) -> None:
    """Choose from the menu of the sent picture."""
    menu = window.transcript.turn("turn").menu_of([CAT])
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.deleteLater()


def test_a_sent_picture_is_added_to_the_next_request(opened):
    choose(opened, "Add to next request")
    assert [image.digest for image in opened.composer.draft.images] == [CAT.digest]


def test_a_sent_picture_is_saved_where_the_user_says(opened, engine, tmp_path):
    choose(opened, "Save image as…")
    dialog = opened.findChild(QFileDialog, "save-images")
    assert Path(dialog.selectedFiles()[0]).name == "cat.png"
    dialog.fileSelected.emit(str(tmp_path / "kept.png"))
    dialog.reject()
    assert engine.asked("save_image") == [(CAT, tmp_path / "kept.png")]
    engine.tell(ImagesSaved(("kept.png",), "Pictures"))
    said = [notice.accessibleName() for notice in opened.notices.findChildren(Notice)]
    assert said == ["Note: “kept.png” was saved in “Pictures”."]


def test_several_pictures_are_saved_in_a_folder(opened, engine, tmp_path):
    opened.exports.save([CAT, replace(CAT, id="other"), LINKED])
    dialog = opened.findChild(QFileDialog, "save-images")
    assert dialog.fileMode() is QFileDialog.FileMode.Directory
    dialog.fileSelected.emit(str(tmp_path))
    dialog.reject()
    assert engine.asked("save_images") == [((CAT, replace(CAT, id="other")), tmp_path)]
