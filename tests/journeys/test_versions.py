"""A sent turn is edited, its versions are shown in turn, and all of it is there again in the next run."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel

from tests.journeys.seen import press, shown, the
from tests.support.visit import Visit
from vision_studio.core.draft import Draft

ALT = Qt.KeyboardModifier.AltModifier


def test_the_first_of_three_turns_is_edited_and_both_conversations_stay(visit, photos, qtbot):
    here: Visit = visit()
    bridge, window = here.application.bridge, here.window
    prompt = window.composer.prompt
    here.drop(*photos[:2])
    first = here.ask_and_wait("Which is which?")
    for question in ("Are you sure?", "Thanks. And the colours?"):
        here.ask_and_wait(question)
    prompt.insertPlainText("One thing lat")

    press(window.transcript.turn(first.id), "edit-question")
    assert the(window, QLabel, "editing-words").text() == "Editing turn 1"
    assert window.composer.images.numbers == (1, 2)
    window.composer.cards.move([window.composer.draft.images[1].id], 0)
    prompt.insertPlainText(" Tell the second one first.")
    with here.waiting(bridge.turn_ended):
        qtbot.keyClick(prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.composer.draft == Draft(text="One thing lat")
    (question,) = [one.json for one in here.server.requests if one.path == "/v1/messages"][-1]["messages"]
    texts = [block["text"] for block in question["content"] if block["type"] == "text"]
    assert texts == ["Image 1:", "Image 2:", "Which is which? Tell the second one first."]
    assert _said(window) == ["Which is which? Tell the second one first."]

    long, short = "1/2", "2/2"
    for key, version, turns in (
        (Qt.Key.Key_PageUp, long, 3),
        (Qt.Key.Key_PageDown, short, 1),
        (Qt.Key.Key_PageUp, long, 3),
    ):
        with here.waiting(bridge.branch_shown):
            qtbot.keyClick(prompt, key, ALT)
        assert the(window, QLabel, "version").text() == version
        assert len(_said(window)) == turns
    assert window.composer.draft == Draft(text="One thing lat")

    qtbot.keyClick(prompt, Qt.Key.Key_Up, ALT)
    qtbot.keyClicks(prompt, " Please.")
    before, draft = _said(window), window.composer.draft
    here.leave()

    again: Visit = visit()
    window = again.window
    assert _said(window) == before
    assert the(window, QLabel, "version").text() == long
    assert window.composer.draft == draft
    assert the(window, QLabel, "editing-words").text() == "Editing turn 3"
    press(window, "cancel-editing")
    assert window.composer.draft == Draft(text="One thing lat")
    assert not shown(window, "editing-words")
    with again.waiting(again.application.bridge.branch_shown):
        qtbot.keyClick(window.composer.prompt, Qt.Key.Key_PageDown, ALT)
    assert _said(window) == ["Which is which? Tell the second one first."]


def test_an_answer_goes_on_in_a_session_of_its_own(visit, qtbot):
    here: Visit = visit()
    bridge, window = here.application.bridge, here.window
    first = here.ask_and_wait("What is this?")
    here.ask_and_wait("And that?")
    origin = window.desk.session
    with here.waiting(bridge.session_opened):
        window.transcript.turn(first.id).foot.menu().actions()[-1].trigger()
    assert window.windowTitle() == "What is this? (branch) – Vision Studio"
    assert _said(window) == ["What is this?"]
    here.ask_and_wait("And the other?")
    with here.waiting(bridge.session_opened):
        qtbot.keyClick(
            window.composer.prompt,
            Qt.Key.Key_Backspace,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert replace(window.desk.session, updated_at=origin.updated_at) == origin


def _said(window) -> list[str]:
    """The questions on the screen."""
    QCoreApplication.processEvents()
    return [turn.prompt for turn in window.desk.session.turns if window.transcript.turn(turn.id).isVisible()]
