"""While a question's images go up, its cards and the place of the answer tell how far they are."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from tests.core.builders import pictures, sent, session, turn
from vision_studio.core.conversation import Answer
from vision_studio.core.events import (
    SessionOpened,
    TurnStarted,
    Uploaded,
    UploadFailed,
    UploadProgressed,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.ui.composer.image_list import Progress, Role, Stage


@pytest.fixture
def asked(window, engine):
    """The turn with two images that waits for its answer, as it is shown."""
    images = [sent(image, number) for number, image in enumerate(pictures(2), 1)]
    one = turn(images=images, answer=Answer("m"))
    engine.tell(SessionOpened(session()), TurnStarted("session", one))
    return window.transcript.turn(one.id)


def said(view) -> str:
    return view.findChild(QLabel, "waiting-for").text()


def cards(view) -> list[Progress]:
    return [view.images.index(row).data(Role.PROGRESS) for row in range(view.images.rowCount())]


def test_each_card_and_all_together_tell_how_far_they_are(asked, engine):
    first, second = (image.image.id for image in asked.turn.images)
    engine.tell(UploadProgressed("session", first, 0, 600), UploadProgressed("session", second, 0, 200))
    assert said(asked) == "Uploading 2 images · 0%"
    engine.tell(UploadProgressed("session", first, 300, 600), UploadProgressed("session", second, 200, 200))
    assert said(asked) == "Uploading 2 images · 62%"
    assert cards(asked) == [Progress(Stage.UPLOADING, 0.5), Progress(Stage.FINISHING, 1.0)]
    engine.tell(UploadProgressed("session", first, 600, 600))
    assert said(asked) == "Waiting for the answer…"


@pytest.mark.parametrize(
    ("file_id", "stage"), [("file_1", Stage.UPLOADED), (None, Stage.READY)], ids=["uploaded", "goes inline"]
)
def test_a_card_tells_the_end(asked, engine, file_id, stage):
    first = asked.turn.images[0].image.id
    engine.tell(Uploaded("session", first, file_id, reused=False))
    assert cards(asked)[0] == Progress(stage)


def test_a_card_tells_why_its_upload_failed(asked, engine):
    first = asked.turn.images[0].image.id
    engine.tell(UploadFailed("session", first, Failure(FailureKind.OFFLINE)))
    assert cards(asked)[0] == Progress(Stage.FAILED, words="The server cannot be reached.")


def test_uploads_of_another_session_are_not_shown(asked, engine):
    first = asked.turn.images[0].image.id
    before = said(asked), cards(asked)
    engine.tell(UploadProgressed("another", first, 300, 600), Uploaded("another", first, "f", reused=False))
    assert (said(asked), cards(asked)) == before
