"""The conversation: how a question, its answer and its endings look, and what can be done about them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from tests.core.builders import SONNET, picture, sent, session, turn
from vision_studio.core.conversation import Answer, Outcome, Usage
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mentions import SentMention
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.design.theme import Theme
from vision_studio.ui.transcript.foot import usage_line
from vision_studio.ui.transcript.question import Question
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.transcript.turn_view import TurnView

OVERLOADED = Failure(FailureKind.OVERLOADED, "Overloaded", 529, "overloaded_error", "req_1")


def waiting(text: str = "", outcome: Outcome = Outcome.WAITING, **more) -> Answer:
    return Answer(SONNET, outcome, text, **more)


@pytest.fixture
def transcript(theme: Theme, qtbot) -> Transcript:
    made = Transcript(lambda digest: None, lambda model_id: "Claude Sonnet 5.5")
    qtbot.addWidget(made)
    made.resize(720, 500)
    made.show()
    return made


def words(view: QWidget) -> str:
    QCoreApplication.processEvents()  # what was just added to a layout is shown by it
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def buttons(view: TurnView) -> dict[str, QPushButton]:
    QCoreApplication.processEvents()
    return {button.text(): button for button in view.findChildren(QPushButton) if button.isVisible()}


def shown(view: TurnView) -> set[str]:
    QCoreApplication.processEvents()
    return {button.objectName() for button in view.findChildren(QAbstractButton) if button.isVisible()}


def ending(view: TurnView) -> str:
    QCoreApplication.processEvents()
    return next(notice.accessibleName() for notice in view.findChildren(Notice) if notice.isVisible())


def test_a_turn_shows_its_images_numbered_its_question_and_its_answer(transcript):
    asked = turn("What differs?", [sent(picture("a.jpg"), 3), sent(picture("b.jpg"), 4)], "The light.")
    view = transcript.add(asked)
    assert view.images.numbers == (3, 4)
    assert "What differs?" in words(view)
    assert view.findChild(StripView, "sent-strip").isVisible()
    assert view.answer.text == "The light."
    assert "Claude\nSonnet 5.5" in words(view)


def test_the_practice_server_is_never_called_claude(transcript):
    view = transcript.add(turn(answer=waiting("Measured.", Outcome.ANSWERED, practice=True)))
    assert "Practice server\nnot Claude" in words(view)


def test_a_question_is_plain_text(transcript):
    view = transcript.add(turn("<b>bold</b> & <img src=/etc/passwd>"))
    assert "<b>bold</b> & <img src=/etc/passwd>" in words(view)


def test_what_is_waited_for_is_said_until_text_comes(transcript):
    asked = turn(answer=waiting())
    transcript.start(asked)
    view = transcript.turn(asked.id)
    view.say("Uploading 3 images · 40%")
    assert "Uploading 3 images" in words(view)
    transcript.append(asked.id, "A cat")
    transcript.append(asked.id, " sits.")
    assert "Uploading" not in words(view)
    assert view.answer.text == "A cat sits."


@pytest.mark.parametrize(
    ("answer", "said", "offered"),
    [
        pytest.param(
            waiting(outcome=Outcome.FAILED, failure=OVERLOADED),
            "overloaded",
            {"Retry", "Edit", "Details"},
            id="failed",
        ),
        pytest.param(
            waiting("Half", Outcome.INTERRUPTED),
            "",
            {"Retry", "Continue", "Copy", "Usage", "Edit"},
            id="interrupted with text",
        ),
        pytest.param(
            waiting("Long", Outcome.ANSWERED, stop_reason="max_tokens"),
            "",
            {"Continue", "Copy", "Usage", "Retry", "Edit"},
            id="cut at its limit",
        ),
        pytest.param(
            waiting("All", Outcome.STOPPED),
            "",
            {"Retry", "Continue", "Copy", "Usage", "Edit"},
            id="stopped",
        ),
        pytest.param(
            waiting("", Outcome.STOPPED), "before an answer began", {"Retry", "Edit"}, id="stopped early"
        ),
        pytest.param(
            waiting("Wait", Outcome.ANSWERED, stop_reason="pause_turn"),
            "paused",
            {"Continue", "Copy", "Usage", "Retry", "Edit"},
            id="paused",
        ),
        pytest.param(
            waiting("", Outcome.ANSWERED, stop_reason="end_turn"),
            "without words",
            {"Retry", "Edit"},
            id="no words",
        ),
    ],
)
def test_every_ending_says_what_happened_and_offers_what_helps(transcript, answer, said, offered):
    view = transcript.add(turn(answer=answer))
    assert said in ending(view)
    assert set(buttons(view)) == offered


def test_an_answer_that_ended_well_needs_no_notice(transcript):
    view = transcript.add(turn())
    assert not [notice for notice in view.findChildren(Notice) if notice.isVisible()]
    assert set(buttons(view)) == {"Copy", "Usage", "Retry", "Edit"}


def test_the_offers_name_their_turn(transcript, qtbot):
    view = transcript.add(turn(answer=waiting(outcome=Outcome.FAILED, failure=OVERLOADED)))
    with qtbot.waitSignal(transcript.retry_asked) as asked:
        buttons(view)["Retry"].click()
    assert asked.args == ["turn"]
    with qtbot.waitSignal(transcript.take_back_asked) as asked:
        buttons(view)["Edit"].click()
    assert asked.args == ["turn"]
    with qtbot.waitSignal(transcript.details_asked) as asked:
        buttons(view)["Details"].click()
    assert asked.args == [OVERLOADED]


def test_a_retried_turn_stays_in_its_place(transcript):
    failed = turn(answer=waiting(outcome=Outcome.FAILED, failure=OVERLOADED))
    view = transcript.add(failed)
    transcript.start(replace(failed, answer=waiting()))
    assert transcript.turn(failed.id) is view
    assert not [notice for notice in view.findChildren(Notice) if notice.isVisible()]


def test_only_the_last_question_is_mended_in_its_place(transcript):
    failed = waiting(outcome=Outcome.FAILED, failure=OVERLOADED)
    first = transcript.add(turn(answer=failed, turn_id="first"))
    transcript.add(turn("And now?", turn_id="second"))
    assert "take-back" not in shown(first)
    assert {"retry-answer", "edit-question", "details"} <= shown(first)
    transcript.remove("second")
    assert {"retry", "take-back", "details"} <= shown(first)
    assert "retry-answer" not in shown(first)


def test_copy_takes_the_answer_as_it_was_written(transcript, qapp):
    view = transcript.add(turn(answer="# Title\n\n**bold**"))
    buttons(view)["Copy"].click()
    assert qapp.clipboard().text() == "# Title\n\n**bold**"


def test_the_usage_line_holds_the_estimate_against_the_bill():
    answer = waiting(
        "x", Outcome.ANSWERED, usage=Usage(5431, 142), cost_usd=Decimal("0.0123"), duration_s=2.4
    )
    assert usage_line(answer, 5418) == "✓ 5,431 in · 142 out   $0.0123   estimate was 5,418 (−0.2 %)   2.4 s"


def test_what_an_answer_that_was_stopped_cost_is_not_said_to_be_all():
    answer = waiting("x" * 350, Outcome.STOPPED, usage=Usage(5431, 1), cost_usd=Decimal("0.0123"))
    assert usage_line(answer, None) == "✓ 5,431 in · ≈ 100 out   ≥ $0.0123"


def long_session():
    return session(*(turn("q\n" * 12, turn_id=f"turn-{number}") for number in range(8)))


def test_the_end_is_followed_until_one_scrolls_up_and_again_when_one_is_back(transcript, qtbot):
    transcript.open(long_session())
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(100)
    transcript.append("turn-7", "\n\nmore" * 40)
    QCoreApplication.processEvents()
    assert bar.value() == 100
    bar.setValue(bar.maximum())
    high = bar.maximum()
    transcript.append("turn-7", "\n\nmore" * 40)
    qtbot.waitUntil(lambda: bar.maximum() > high and bar.value() == bar.maximum())


def test_another_session_replaces_the_turns(transcript):
    transcript.open(long_session())
    transcript.open(session(turn("Only this?")))
    assert transcript.turn("turn-3") is None
    assert "Only this?" in words(transcript)


def test_however_many_images_were_sent_they_do_not_scroll_within_the_conversation(transcript, qtbot):
    many = [sent(picture(f"{number}.jpg"), number) for number in range(1, 41)]
    transcript.open(session(turn("Sort them.", many)))
    (strip,) = transcript.findChildren(StripView)
    qtbot.waitUntil(lambda: strip.isVisible() and strip.verticalScrollBar().maximum() == 0)


@pytest.mark.parametrize(
    ("saving", "said"),
    [
        pytest.param(Decimal("0.02"), "cache saved $0.0200", id="read"),
        pytest.param(Decimal("-0.001"), "$0.0010 of it for the cache", id="written"),
        pytest.param(None, "400 from cache", id="nobody was billed"),
    ],
)
def test_the_usage_line_tells_what_the_cache_did_in_money(saving, said):
    answer = waiting("Yes", Outcome.ANSWERED, usage=Usage(10, 3, 400), cost_usd=Decimal("0.0123"))
    assert said in usage_line(answer, None, saving)


MENTIONING = replace(
    turn(
        "<b>Is</b>  Image 2\nlike Image 1 or Image gone?",
        images=[sent(picture("roof"), 1), sent(picture("wall"), 2)],
    ),
    mentions=(
        SentMention(11, 7, "card-wall"),
        SentMention(24, 7, "card-roof"),
        SentMention(35, 10, "card-lost"),
        SentMention(30, 99, "card-wall"),
    ),
)


def test_a_question_shows_the_images_it_mentions(transcript):
    view = transcript.add(MENTIONING)
    (question,) = view.findChildren(Question)
    assert question.text() == MENTIONING.prompt
    document = QTextDocument()
    document.setHtml(QLabel.text(question))
    assert document.toPlainText() == MENTIONING.prompt, "letter by letter"
    assert QLabel.text(question).count("<a ") == 2, (
        "nothing to show of one that is gone, and none for nonsense"
    )
    question.linkActivated.emit("1")
    assert view.strip.selected_ids() == ["card-roof"]


def test_a_question_without_mentions_is_plain_text(transcript):
    (question,) = transcript.add(turn("<b>bold</b>")).findChildren(Question)
    assert question.textFormat() is Qt.TextFormat.PlainText
