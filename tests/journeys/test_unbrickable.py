"""A conversation that cannot be sent any more is mended in the window, in the turn that failed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel

from tests.journeys.seen import lines, press, shown, the
from tests.support.visit import Visit
from vision_studio.core.conversation import Outcome, Turn
from vision_studio.practice import Endpoint, Fault, FaultKind


def pressed(here: Visit, button: str) -> Turn:
    """Press a button of the last turn, and return the turn when it has ended again."""
    session = here.window.desk.session
    assert session is not None
    view = here.window.transcript.turn(session.turns[-1].id)
    with here.waiting(here.application.bridge.turn_ended) as ended:
        press(view, button)
    turn: Turn = ended.args[0].turn
    return turn


def last_view(here: Visit):
    session = here.window.desk.session
    assert session is not None
    return here.window.transcript.turn(session.turns[-1].id)


def lose_the_files(folder: Path) -> None:
    for blob in (folder / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()


def test_images_whose_files_are_gone_are_left_out(visit, photos, tmp_path):
    here = visit()
    here.drop(*photos)
    here.ask_and_wait("What is on these?")
    lose_the_files(tmp_path / "data")
    turn = here.ask_and_wait("And what is the same?")
    assert turn.answer.outcome is Outcome.FAILED
    said = lines(last_view(here), "ending")
    assert "The stored files of Images 1–3 cannot be found." in said
    assert [line for line in said if line.startswith("Turn")] == [
        f"Turn 1 · Image {number}" for number in (1, 2, 3)
    ]
    turn = pressed(here, "leave_out-all")
    assert turn.answer.outcome is Outcome.ANSWERED
    session = here.window.desk.session
    first = here.window.transcript.turn(session.turns[0].id)
    said = the(first, QLabel, "left-out").text()
    assert said == "3 images of this turn are left out of further requests."
    assert "image" not in [block["type"] for block in here.messages_sent()[-1]["messages"][0]["content"]]


def test_a_request_that_is_too_large_goes_out_with_smaller_images(visit, photos):
    here = visit()
    here.drop(*photos)
    here.ask_and_wait("What is on these?")
    here.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=413))
    here.ask_and_wait("And what is the same?")
    assert shown(last_view(here), "elsewhere")
    turn = pressed(here, "smaller")
    assert turn.answer.outcome is Outcome.ANSWERED
    with here.waiting(here.application.bridge.session_opened) as opened:
        here.application.bridge.open_session(here.window.desk.session.id)
    session = opened.args[0].session
    sizes = [sent.rendition.size for sent in session.turns[0].images]
    assert sizes == [(320, 240)] * 3


def test_a_question_that_is_refused_can_be_asked_in_a_session_of_its_own(visit, photos):
    here = visit()
    here.ask_and_wait("Hello?")
    old = here.window.desk.session.id
    here.drop(*photos[:1])
    here.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=400))
    here.ask_and_wait("What is on this?")
    with here.waiting(here.application.bridge.session_opened):
        press(last_view(here), "elsewhere")
    assert here.window.desk.session.id != old
    assert here.names() == ["red.png"]
    assert here.window.composer.draft.text == "What is on this?"
    assert here.ask_and_wait("").answer.outcome is Outcome.ANSWERED
