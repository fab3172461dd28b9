"""The window while questions are asked: what it hands to the engine, and what it shows of what comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from tests.core.builders import SONNET, picture, sent, session, turn
from vision_studio.core.conversation import Answer, Outcome, Usage
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    AnswerSilent,
    RetryDelayed,
    SessionOpened,
    ThoughtArrived,
    TurnStarted,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.findings import MentionGone
from vision_studio.core.mending import Choice, Mend
from vision_studio.core.mentions import MARK
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import Cache, RequestSettings
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.findings import Notice

OVERLOADED = Failure(FailureKind.OVERLOADED, status=529)


def text(window, object_name: str) -> str:
    QCoreApplication.processEvents()
    found = (label for label in window.transcript.findChildren(QLabel, object_name) if label.isVisible())
    return "\n".join(label.text() for label in found)


def button(window, object_name: str) -> QAbstractButton:
    QCoreApplication.processEvents()
    (found,) = (
        one for one in window.transcript.findChildren(QAbstractButton, object_name) if one.isVisible()
    )
    return found


@pytest.mark.parametrize(
    ("practice", "said"),
    [pytest.param(False, "cache saved $0.0190", id="billed"), pytest.param(True, "10,000 from", id="not")],
)
def test_what_the_cache_did_is_told_in_money_where_money_was_paid(window, engine, practice, said):
    usage = Usage(5, 20, cache_read_tokens=10_000)
    answer = Answer(SONNET, Outcome.ANSWERED, "A cat.", usage=usage, practice=practice)
    engine.tell(SessionOpened(session(turn(answer=answer))))
    assert said in text(window, "usage")


def test_the_sessions_settings_are_shown_and_what_is_chosen_is_handed_over(window, engine):
    engine.tell(SessionOpened(replace(session(), settings=RequestSettings("low", cache=Cache.HOUR))))
    assert window.options.effort.currentData() == "low"
    assert window.options.cache.currentData() == Cache.HOUR
    window.options.cache.setCurrentIndex(window.options.cache.findData(Cache.OFF))
    window.options.cache.activated.emit(window.options.cache.currentIndex())
    expected = RequestSettings("low", cache=Cache.OFF)
    assert engine.asked("set_request_settings")[-1] == ("session", expected)


def test_the_system_prompt_is_a_key_away_from_the_question_and_back(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    window.activateWindow()
    window.composer.prompt.setFocus()
    qtbot.waitUntil(window.composer.prompt.hasFocus)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.composer.prompt, Qt.Key.Key_P, both)
    assert window.system.hasFocus()
    qtbot.keyClick(window.system, Qt.Key.Key_P, both)
    assert window.composer.prompt.hasFocus()
    assert not window.system.isVisible(), "there is nothing in it"
    window.edit_system()
    qtbot.keyClicks(window.system, "Be brief.")
    window.edit_system()
    assert window.system.isVisible()
    assert engine.asked("set_system")[-1] == ("session", "Be brief.")
    assert window.header.findChild(QAbstractButton, "system-prompt-toggle").text() == "System prompt ✓"


def test_escape_closes_the_list_of_images_before_it_stops_an_answer(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    engine.tell(TurnStarted("session", turn("Why?", answer=Answer(SONNET))))
    window.composer.cards.insert(0, (picture(),))
    window.activateWindow()
    window.composer.prompt.setFocus()
    qtbot.waitUntil(window.composer.prompt.hasFocus)
    qtbot.keyClicks(window.composer.prompt, "@")
    assert window.composer.mentions.is_open
    qtbot.keyClick(window.composer.prompt, Qt.Key.Key_Escape)
    assert not window.composer.mentions.is_open
    assert engine.asked("stop") == []
    qtbot.keyClick(window.composer.prompt, Qt.Key.Key_Escape)
    assert engine.asked("stop") == [("session",)]


def test_the_way_of_numbering_is_shown_handed_over_and_followed_at_once(window, engine):
    before = turn(images=[sent(picture("roof.jpg"), 1)])
    engine.tell(SessionOpened(replace(session(before), draft=Draft((picture("new.jpg"),)))))
    window.composer.mentions.insert(["card-new.jpg"])
    assert window.composer.images.numbers == (2,)
    window.options.numbering.setCurrentIndex(window.options.numbering.findData(Numbering.RESTART))
    window.options.numbering.activated.emit(window.options.numbering.currentIndex())
    assert engine.asked("set_numbering")[-1] == ("session", Numbering.RESTART)
    assert window.composer.images.numbers == (1,)
    assert window.composer.prompt.accessibleDescription() == "Image 1"
    assert window.desk.seen.appraisal.images[0].number == 1


def test_a_question_about_an_image_that_is_gone_is_asked_about_first(window, engine):
    images = (picture("a.jpg"), picture("b.jpg"))
    engine.tell(SessionOpened(session(draft=Draft(images))))
    window.composer.mentions.insert(["card-a.jpg", "card-b.jpg"])
    window.composer.cards.remove(["card-a.jpg"])
    window.composer.send()
    assert engine.asked("send") == []
    (notice,) = window.composer.findChildren(Notice, "composer-notice")
    assert any("mentions a.jpg, which is not" in label.text() for label in notice.findChildren(QLabel))
    finding = next(one for one in window.desk.seen.fixes if isinstance(one, MentionGone))
    window.figures.fix(finding)
    assert window.composer.draft.passage.text == f", {MARK}"
    window.composer.history.stack.undo()
    window.composer.send()
    window.composer.findChild(QAbstractButton, "remove-mentions").click()
    assert window.composer.draft.passage.text == f", {MARK}"
    assert not [one for one in window.composer.findChildren(Notice, "composer-notice") if one.isVisible()]
    window.composer.history.stack.undo()
    window.composer.send()
    window.composer.findChild(QAbstractButton, "send-anyway").click()
    assert engine.asked("send")[0][1].mentions[0].image_id == "card-a.jpg"


def test_a_mention_of_an_image_that_was_sent_shows_it_there(window, engine):
    before = turn(images=[sent(picture("roof.jpg"), 1)])
    engine.tell(SessionOpened(session(before)))
    window.composer.mentions.insert(["card-roof.jpg"])
    window.composer.mentions.press(0)
    (strip,) = window.transcript.findChildren(StripView, "sent-strip")
    assert strip.selected_ids() == ["card-roof.jpg"]


def test_what_is_waited_for_is_told_where_it_is_waited(window, engine):
    engine.tell(SessionOpened(session()))
    waiting = turn("Why?", answer=Answer(SONNET))
    engine.tell(TurnStarted("session", waiting))
    engine.tell(RetryDelayed("session", waiting.id, OVERLOADED, 5.0))
    assert "Trying again in 5 s…" in text(window, "waiting-for")
    engine.tell(ThoughtArrived("session", waiting.id, "Two roofs."))
    button(window, "toggle-thoughts").click()
    assert text(window, "thoughts-text") == "Two roofs."
    engine.tell(AnswerSilent("elsewhere", "another", 30.0))
    assert not [one for one in window.findChildren(QAbstractButton, "retry-silent") if one.isVisible()]
    engine.tell(AnswerSilent("session", waiting.id, 30.0))
    button(window, "retry-silent").click()
    assert engine.asked("retry")[-1] == ("session", waiting.id)


def test_a_choice_in_the_failed_turn_goes_to_the_engine(window, engine):
    rejected = Failure(FailureKind.IMAGE_REJECTED, images=(1,), limit_px=2000)
    first = turn(images=[sent(picture(), 1)], turn_id="first")
    failed = turn("And?", answer=Answer(SONNET, Outcome.FAILED, failure=rejected), turn_id="second")
    engine.tell(SessionOpened(session(first, failed)))
    button(window, "fit-1").click()
    assert engine.asked("mend")[-1] == ("session", "second", (Choice(1, Mend.FIT),), 2000)
