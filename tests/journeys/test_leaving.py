"""Several answers at once, and a window that is closed while they come."""

from __future__ import annotations

import time

import pytest

from tests.journeys.seen import lines, press, shown, the
from tests.support.visit import Visit
from vision_studio.core.conversation import Outcome
from vision_studio.practice import Endpoint, Fault, FaultKind
from vision_studio.ui.leaving import AskBeforeLeaving
from vision_studio.ui.library.rows import SessionRole

SILENT = Fault(Endpoint.MESSAGES, FaultKind.STALL, after=30)


def begin(here: Visit, question: str, fault: Fault | None = SILENT) -> str:
    """Ask in a new session, wait for the first words of the answer, and return the session's id."""
    bridge = here.application.bridge
    with here.waiting(bridge.session_opened):
        here.window.library.new_asked.emit()
    session = here.window.desk.session
    assert session is not None
    if fault is not None:
        here.server.faults.add(fault)
    with here.waiting(bridge.text_arrived, lambda event: event.session_id == session.id):
        here.ask(question)
    return session.id


def answering(here: Visit) -> set[str]:
    """The sessions that the library shows as being answered."""
    model = here.window.library.model
    rows = [model.index(row) for row in range(model.rowCount())]
    found = {row.data(SessionRole.SUMMARY).id for row in rows if row.data(SessionRole.ANSWERING)}
    said = {row.data(SessionRole.SUMMARY).id for row in rows if "Answering…" in row.data(SessionRole.DETAILS)}
    assert found == said
    return found


def test_the_library_shows_every_session_that_is_being_answered(visit):
    here = visit()
    first, second = begin(here, "First?"), begin(here, "Second?")
    assert answering(here) == {first, second}
    with here.waiting(here.application.bridge.turn_ended):
        here.window.desk.stop()
    assert answering(here) == {first}
    with here.waiting(here.application.bridge.session_opened):
        here.application.bridge.open_session(first)
    assert here.window.desk.is_answering
    with here.waiting(here.application.bridge.turn_ended):
        here.window.desk.stop()
    assert answering(here) == set()


def test_closing_asks_and_staying_changes_nothing(visit):
    here = visit()
    first = begin(here, "First?")
    here.window.close()
    assert here.window.isVisible()
    assert lines(here.window, "ask-before-leaving")[0] == "1 answer is still coming."
    press(here.window, "stay")
    assert here.window.isVisible()
    assert answering(here) == {first}
    with here.waiting(here.application.bridge.turn_ended):
        here.window.desk.stop()


def test_stopping_closes_the_window_within_two_seconds_and_keeps_what_came(visit, qtbot):
    here = visit()
    first, second = begin(here, "First?"), begin(here, "Second?")
    here.window.close()
    assert lines(here.window, "ask-before-leaving")[0] == "2 answers are still coming."
    began = time.monotonic()
    press(here.window, "stop-and-close")
    qtbot.waitUntil(lambda: not here.window.isVisible(), timeout=10_000)
    here.application.stop()
    assert time.monotonic() - began < 2.0
    here.leave()

    again = visit()
    for session_id in (first, second):
        with again.waiting(again.application.bridge.session_opened):
            again.application.bridge.open_session(session_id)
        answer = again.last_answer()
        assert answer.outcome is Outcome.STOPPED
        assert answer.text
        assert answer.usage is not None, "its cost is known"


def test_finishing_closes_the_window_after_the_last_word(visit, qtbot):
    here = visit(pace_tokens_per_s=60)
    session_id = begin(here, "First?", None)
    here.window.close()
    press(here.window, "finish-then-close")
    assert here.window.isVisible()
    assert (
        lines(here.window.notices, "app-notice")[0] == "Vision Studio closes when the answers are complete."
    )
    qtbot.waitUntil(lambda: not here.window.isVisible(), timeout=30_000)
    here.leave()
    again = visit()
    with again.waiting(again.application.bridge.session_opened):
        again.application.bridge.open_session(session_id)
    assert again.last_answer().outcome is Outcome.ANSWERED


def test_the_question_goes_away_when_there_is_nothing_left_to_ask(visit):
    here = visit()
    begin(here, "First?")
    here.window.close()
    assert the(here.window, AskBeforeLeaving, "ask-before-leaving")
    with here.waiting(here.application.bridge.turn_ended):
        here.window.desk.stop()
    assert not shown(here.window, "ask-before-leaving")
    assert here.window.isVisible()


@pytest.mark.parametrize("when", ["before", "after"])
def test_without_an_answer_nothing_is_asked(visit, when):
    here = visit()
    if when == "after":
        here.ask_and_wait("Hello?")
    here.window.close()
    assert not here.window.isVisible()
