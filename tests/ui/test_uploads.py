"""While images go up, their cards, the place of the answer and the status line tell how far they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.core.builders import picture, pictures, sent, session, turn
from vision_studio.core.conversation import Answer
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    DeletionsChanged,
    OrphansFound,
    PreferencesRead,
    SessionOpened,
    TransferProgressed,
    TurnStarted,
    Uploaded,
    UploadFailed,
    UploadKnown,
    UploadProgressed,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.transfer_words import place_text, transfer_text
from vision_studio.core.upload_settings import UploadSettings
from vision_studio.ui.composer.image_list import Progress, Role, Stage
from vision_studio.ui.design.labels import KeyValueGrid, Label

OFFLINE = Failure(FailureKind.OFFLINE)


@pytest.fixture
def asked(window, engine):
    """The turn with two images that waits for its answer, as it is shown."""
    images = [sent(image, number) for number, image in enumerate(pictures(2), 1)]
    one = turn(images=images, answer=Answer("m"))
    engine.tell(SessionOpened(session()), TurnStarted("session", one))
    return window.transcript.turn(one.id)


def said(view) -> str:
    return view.findChild(QLabel, "waiting-for").text()


def cards(images) -> list[Progress]:
    return [images.index(row).data(Role.PROGRESS) for row in range(images.rowCount())]


def all_of(session_id, files=2, done=0, sent=300, total=800, **more) -> TransferProgressed:
    return TransferProgressed(session_id, files, done, sent, total, **more)


def test_the_place_of_the_answer_tells_how_far_all_are(asked, engine):
    engine.tell(all_of("session", sent=0))
    assert said(asked) == "Uploading 2 images · 0%"
    engine.tell(all_of("session", done=1, sent=500_000, total=800_000, bytes_per_s=100_000.0, left_s=3.2))
    assert said(asked) == "Uploading 2 images · 1 done · 62% · 100 KB/s · 3 s left"
    engine.tell(all_of("session", waits_for=OFFLINE))
    assert said(asked) == "The server cannot be reached. 2 uploads go on by themselves once it can be."
    engine.tell(all_of("session", sent=800))
    assert said(asked) == "Uploading 2 images · finishing…"
    engine.tell(all_of("session", done=2, sent=800))
    assert said(asked) == "Waiting for the answer…"


def test_each_card_tells_how_far_it_is_how_fast_and_how_long_it_takes(asked, engine):
    first, second = (image.image.id for image in asked.turn.images)
    engine.tell(UploadProgressed("session", first, 3000, 6000, 1500.0, 2.0))
    engine.tell(UploadProgressed("session", second, 200, 200))
    assert cards(asked.images) == [
        Progress(Stage.UPLOADING, 0.5, "50% uploaded · 2 KB/s · 2 s left"),
        Progress(Stage.FINISHING, 1.0, "All sent; the server is storing it."),
    ]
    assert "2 s left" in asked.images.accessible_text(0)


@pytest.mark.parametrize(
    ("file_id", "stage"), [("file_1", Stage.UPLOADED), (None, Stage.READY)], ids=["uploaded", "goes inline"]
)
def test_a_card_tells_the_end(asked, engine, file_id, stage):
    first = asked.turn.images[0].image.id
    engine.tell(Uploaded("session", first, file_id, reused=False))
    assert cards(asked.images)[0] == Progress(stage)


def test_a_card_tells_why_its_upload_failed(asked, engine):
    first = asked.turn.images[0].image.id
    engine.tell(UploadFailed("session", first, OFFLINE))
    assert cards(asked.images)[0] == Progress(Stage.FAILED, words="The server cannot be reached.")


def test_uploads_of_another_session_are_not_shown(asked, engine):
    first = asked.turn.images[0].image.id
    before = said(asked), cards(asked.images)
    engine.tell(UploadProgressed("another", first, 300, 600), all_of("another"))
    engine.tell(Uploaded("another", first, "f", reused=False))
    assert (said(asked), cards(asked.images)) == before


def test_one_upload_is_cancelled_from_the_menu_of_its_card(asked, engine):
    first, second = (image.image.id for image in asked.turn.images)
    engine.tell(UploadProgressed("session", first, 300, 600), Uploaded("session", second, "f", reused=False))
    menu = asked.menu_of([one.image for one in asked.turn.images])
    (cancel,) = [action for action in menu.actions() if action.text() == "Cancel this upload"]
    cancel.trigger()
    assert engine.asked("cancel_uploads") == [("session", (first,))]
    menu.deleteLater()


def test_the_status_line_tells_of_all_sessions_and_cancels_all(window, engine, qtbot):
    work = window.status.findChild(QLabel, "work")
    cancel = window.status.findChild(QAbstractButton, "cancel-uploads")
    assert not cancel.isVisible()
    engine.tell(all_of(None, files=48, done=12, sent=3_000_000, total=12_000_000))
    assert work.text() == "Uploading 48 images · 12 done · 25%"
    qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert engine.asked("cancel_uploads") == [(None, None)]
    engine.tell(all_of(None, files=48, done=48))
    assert (work.text(), cancel.isVisible()) == ("", False)


def test_images_that_go_up_while_they_are_composed_show_it(window, engine):
    image = picture("a.jpg", digest="d" * 64)
    engine.tell(SessionOpened(replace(session(), draft=Draft((image,)))))
    engine.tell(UploadProgressed("session", image.id, 300, 600))
    assert cards(window.composer.images)[0].stage is Stage.UPLOADING


def test_the_inspector_tells_until_when_the_chosen_image_is_kept(window, engine):
    image = picture("a.jpg", digest="d" * 64)
    engine.tell(SessionOpened(replace(session(), draft=Draft((image,)))))
    window.composer.strip.select([image.id])
    window.composer.image_chosen.emit(image)

    def facts() -> str:
        return " ".join(label.text() for label in window.inspector.details.findChildren(QLabel))

    engine.tell(UploadKnown(image.id, uploaded=False))
    assert "On the server" in facts()
    assert "not yet" in facts()
    until = datetime(2026, 12, 25, 12, tzinfo=UTC)
    engine.tell(Uploaded("session", image.id, "file_1", reused=False, expires_at=until))
    assert place_text(UploadKnown(image.id, True, until)) in facts()
    assert "25 Dec 2026" in facts()
    engine.tell(UploadKnown("another", uploaded=True))
    assert "25 Dec 2026" in facts()


def settings_of(window):
    window.open_settings()
    return window.findChild(QAbstractButton, "never-upload").window()


def test_settings_show_what_is_kept_and_take_effect_at_once(window, engine, qtbot):
    kept = UploadSettings(at_once=3, lifetime_s=None, ahead=True)
    engine.tell(PreferencesRead(kept.preferences()))
    dialog = settings_of(window)
    dialog.show_subject("Uploads")
    never = dialog.findChild(QAbstractButton, "never-upload")
    ahead = dialog.findChild(QAbstractButton, "upload-composing")
    assert (never.isChecked(), ahead.isChecked()) == (False, True)
    assert dialog.uploads.findChild(type(dialog.uploads._at_once), "uploads-at-once").value() == 3
    ahead.click()
    never.click()
    assert [chosen for (chosen,) in engine.asked("set_uploads")] == [
        UploadSettings(at_once=3, lifetime_s=None),
        UploadSettings(at_once=3, lifetime_s=None, inline=True),
    ]
    assert not ahead.isEnabled(), "what is never uploaded is not uploaded early"


def test_with_the_privacy_switch_the_request_is_measured_with_its_images_in_it(window, engine):
    image = picture("a.jpg", (2000, 1500), size_bytes=3_000_000, digest="d" * 64)
    engine.tell(SessionOpened(replace(session(), draft=Draft((image,)))))
    before = window.desk.appraise()
    engine.tell(PreferencesRead(UploadSettings(inline=True).preferences()))
    after = window.desk.appraise()
    assert after.request_bytes > before.request_bytes + 100_000


def test_files_that_nothing_needs_are_offered_for_deletion(window, engine, qtbot):
    engine.tell(OrphansFound(("file_1", "file_2"), 1_200_000))
    notice = window.notices
    assert "2 files on the server (1.2 MB) are left over" in " ".join(
        label.text() for label in notice.findChildren(QLabel)
    )
    qtbot.mouseClick(notice.findChild(QAbstractButton, "notice-action"), Qt.MouseButton.LeftButton)
    assert engine.asked("files.delete") == [(("file_1", "file_2"),)]


def test_deletions_that_wait_say_why(window, engine):
    engine.tell(DeletionsChanged(3))
    assert window.notices.isHidden()
    engine.tell(DeletionsChanged(3, OFFLINE))
    shown = " ".join(label.text() for label in window.notices.findChildren(QLabel))
    assert "3 files could not be deleted from the server yet. The server cannot be reached." in shown


def test_a_hundred_percent_is_not_said_too_early():
    assert "99%" in transfer_text(all_of(None, sent=9_999, total=10_000))


def test_what_waits_for_the_network_can_be_tried_at_once(window, engine):
    button = window.findChild(QAbstractButton, "try-uploads")
    engine.tell(all_of(None))
    assert not button.isVisible()
    engine.tell(all_of(None, waits_for=OFFLINE))
    button.click()
    assert engine.asked("files.try_now") == [()]
    engine.tell(all_of(None))
    assert not button.isVisible()


def test_the_inspector_follows_the_chosen_image_s_upload(window, engine):
    image = replace(picture(), digest="d")
    engine.tell(SessionOpened(session(draft=Draft((image,)))))
    window.composer.strip.select([image.id])

    def on_the_server() -> str:
        facts = window.findChild(KeyValueGrid, "image-facts")
        said = [label.text() for label in facts.findChildren(Label) if label.isVisible()]
        return dict(zip(said[::2], said[1::2], strict=True)).get("On the server", "")

    engine.tell(UploadProgressed("session", image.id, 430, 1000, 100_000.0, 5.0))
    assert on_the_server() == "43% uploaded · 100 KB/s · 5 s left"
    engine.tell(Uploaded("session", image.id, "file_1", reused=False))
    assert on_the_server() == "until it is deleted"
    engine.tell(UploadFailed("session", image.id, OFFLINE))
    assert on_the_server()
