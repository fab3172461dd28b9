"""A turn that cannot go on by itself: which picture is at fault, and what can be done with one press."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QFileDialog

from tests.core.builders import SONNET, picture, sent, turn
from tests.ui.transcript.test_transcript import buttons, ending, words
from vision_studio.core.conversation import Answer, Outcome, Usage
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mending import Choice, Mend
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.transcript.turn_view import TurnView

PHOTO = picture("roof.jpg", (4000, 3000))


@pytest.fixture
def transcript(theme, qtbot) -> Transcript:
    made = Transcript(lambda digest: None, lambda model_id: "Claude Sonnet 5.5")
    qtbot.addWidget(made)
    made.resize(720, 500)
    made.show()
    return made


def failing(transcript: Transcript, failure: Failure, *numbers: int) -> TurnView:
    """An answered turn with pictures, and one that failed."""
    transcript.add(turn(images=[sent(PHOTO, number) for number in numbers], turn_id="first"))
    return transcript.add(
        turn("And?", answer=Answer(SONNET, Outcome.FAILED, failure=failure), turn_id="second")
    )


def button(view: TurnView, object_name: str) -> QAbstractButton:
    QCoreApplication.processEvents()
    (found,) = (one for one in view.findChildren(QAbstractButton, object_name) if one.isVisible())
    return found


def test_the_picture_at_fault_is_named_by_its_turn_and_mended_with_one_press(transcript, qtbot):
    view = failing(transcript, Failure(FailureKind.IMAGE_REJECTED, images=(7,), limit_px=2000), 6, 7)
    assert "Turn 1 · Image 7\nroof.jpg" in words(view)
    assert button(view, "leave_out-7").accessibleName() == "Leave out: Turn 1 · Image 7"
    with qtbot.waitSignal(view.mend_asked) as asked:
        button(view, "fit-7").click()
    assert asked.args == ["second", (Choice(7, Mend.FIT),), 2000]


def test_several_pictures_are_settled_one_by_one_and_sent_with_the_last(transcript, qtbot):
    view = failing(transcript, Failure(FailureKind.IMAGE_REJECTED, images=(1, 2)), 1, 2)
    button(view, "fit-1").click()
    assert "will be fitted" in words(view)
    with qtbot.waitSignal(view.mend_asked) as asked:
        button(view, "leave_out-2").click()
    assert set(asked.args[1]) == {Choice(1, Mend.FIT), Choice(2, Mend.LEAVE_OUT)}


def test_all_at_once(transcript, qtbot):
    view = failing(transcript, Failure(FailureKind.IMAGE_LOST, images=(1, 2, 3)), 1, 2, 3)
    assert "Fit all 3" not in buttons(view), "nothing is there to shrink"
    with qtbot.waitSignal(view.mend_asked) as asked:
        buttons(view)["Leave out all 3"].click()
    assert asked.args[1] == tuple(Choice(number, Mend.LEAVE_OUT) for number in (1, 2, 3))


def test_a_picture_is_replaced_by_a_file(transcript, qtbot, tmp_path: Path):
    found = tmp_path / "found.png"
    found.write_bytes(b"")
    view = failing(transcript, Failure(FailureKind.IMAGE_LOST, images=(2,)), 1, 2)
    button(view, "replace-2").click()
    dialog = view.findChild(QFileDialog, "replace-image")
    with qtbot.waitSignal(view.mend_asked) as asked:
        dialog.fileSelected.emit(str(found))
    assert asked.args[1] == (Choice(2, Mend.REPLACE, found),)
    dialog.close()


@pytest.mark.parametrize(
    ("kind", "offered"),
    [
        pytest.param(
            FailureKind.TOO_LARGE,
            {"Send images smaller", "Leave out earlier images", "Ask in a new session"},
            id="too large",
        ),
        pytest.param(
            FailureKind.BAD_REQUEST, {"Leave out earlier images", "Ask in a new session"}, id="refused"
        ),
        pytest.param(FailureKind.OVERLOADED, set(), id="nothing to change"),
    ],
)
def test_there_is_always_a_way_on(transcript, kind, offered):
    view = failing(transcript, Failure(kind), 1, 2)
    assert set(buttons(view)) == offered | {"Retry", "Edit", "Details"}


def test_a_request_that_held_its_images_can_go_out_with_uploads(transcript, qtbot):
    transcript.set_inline(True)
    view = failing(transcript, Failure(FailureKind.TOO_LARGE, status=413), 1)
    with qtbot.waitSignal(view.upload_asked) as asked:
        buttons(view)["Upload images instead"].click()
    assert asked.args == ["second"]


@pytest.mark.parametrize("kind", [FailureKind.NO_KEY, FailureKind.KEY_REJECTED, FailureKind.OFFLINE])
def test_what_is_mended_in_the_settings_leads_there(transcript, qtbot, kind):
    view = failing(transcript, Failure(kind))
    with qtbot.waitSignal(view.settings_asked):
        buttons(view)["Settings"].click()


def test_a_full_context_window_leads_to_a_new_session(transcript, qtbot):
    full = Answer(SONNET, Outcome.ANSWERED, "So", stop_reason="model_context_window_exceeded")
    view = transcript.add(turn(answer=full))
    with qtbot.waitSignal(view.new_session_asked):
        buttons(view)["New session"].click()


def test_leaving_out_what_came_earlier_leaves_the_question_its_pictures(transcript, qtbot):
    transcript.add(turn(images=[sent(PHOTO, 1), sent(PHOTO, 2)], turn_id="first"))
    failed = Answer(SONNET, Outcome.FAILED, failure=Failure(FailureKind.TOO_LARGE, status=413))
    view = transcript.add(turn("And?", [sent(PHOTO, 3)], failed, turn_id="second"))
    with qtbot.waitSignal(view.mend_asked) as asked:
        button(view, "without_earlier").click()
    assert [choice.number for choice in asked.args[1]] == [1, 2]
    with qtbot.waitSignal(view.mend_asked) as asked:
        button(view, "smaller").click()
    assert asked.args[1] == tuple(Choice(number, Mend.FIT) for number in (1, 2, 3))
    with qtbot.waitSignal(view.elsewhere_asked):
        button(view, "elsewhere").click()


def test_what_is_left_out_is_said_below_its_turn(transcript):
    out = replace(sent(PHOTO, 1), left_out=True)
    view = transcript.add(turn(images=[out, sent(PHOTO, 2)]))
    assert "1 image of this turn is left out of further requests." in words(view)


def test_thoughts_stay_folded_until_somebody_wants_them(transcript):
    asked = turn(answer=Answer(SONNET))
    view = transcript.add(asked)
    assert view.findChildren(QAbstractButton, "toggle-thoughts")[0].isVisible() is False
    view.append_thought("Two roofs, ")
    view.append_thought("one red.")
    assert "roofs" not in words(view)
    button(view, "toggle-thoughts").click()
    assert "Two roofs, one red." in words(view)
    usage = Usage(10, 20, thinking_tokens=15)
    done = Answer(SONNET, Outcome.ANSWERED, "They differ.", usage=usage, thinking="Two roofs, one red.")
    transcript.end(replace(asked, answer=done))
    assert button(view, "toggle-thoughts").text() == "Thoughts · 15 tokens"
    button(view, "toggle-thoughts").click()
    assert "roofs" not in words(view)


def test_the_next_try_is_counted_down(transcript):
    view = transcript.add(turn(answer=Answer(SONNET)))
    view.show_delay(Failure(FailureKind.OVERLOADED, status=529), 7.2)
    assert "The API is overloaded at the moment. Trying again in 8 s…" in words(view)


def test_silence_is_said_with_a_way_out_until_something_comes(transcript, qtbot):
    asked = turn(answer=Answer(SONNET))
    view = transcript.add(asked)
    view.show_silence(30)
    view.show_silence(60)
    assert "No answer yet after 1 min." in ending(view)
    with qtbot.waitSignal(view.retry_asked):
        button(view, "retry-silent").click()
    with qtbot.waitSignal(view.stop_asked):
        button(view, "stop-silent").click()
    transcript.append(asked.id, "A cat")
    assert "No answer yet" not in words(view)
    view.show_silence(30)
    assert "Nothing new has arrived for 30 s." in ending(view)
    transcript.end(replace(asked, answer=Answer(SONNET, Outcome.ANSWERED, "A cat", stop_reason="end_turn")))
    assert "Nothing new" not in words(view)
