"""Sessions in the window: left while they answer, renamed, deleted and had back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from tests.journeys.seen import press, the
from tests.support.visit import Visit
from vision_studio.core.conversation import Outcome
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.library.rows import SessionRole


def test_an_answer_goes_on_while_another_session_is_open(visit, photos):
    here = visit(pace_tokens_per_s=60)
    bridge, window = here.application.bridge, here.window
    here.drop(photos[0])
    with here.waiting(bridge.text_arrived):
        here.ask("The first question")
    first = window.desk.session
    with here.waiting(bridge.session_opened):
        press(window, "new-session")
    second = window.desk.session
    assert second.id != first.id
    assert window.transcript.is_empty
    assert not window.desk.is_answering
    window.composer.prompt.insertPlainText("A draft beside it")

    with here.waiting(bridge.session_opened):
        _click(here, first.title)
    assert window.desk.is_answering
    (turn,) = window.desk.session.turns
    shown_at_return = window.transcript.turn(turn.id).answer.text
    assert shown_at_return
    with here.waiting(bridge.text_arrived):
        pass
    with here.waiting(bridge.session_opened):
        _click(here, "")
    assert window.composer.draft.text == "A draft beside it"
    with here.waiting(bridge.turn_ended) as ended:
        pass
    assert ended.args[0].session_id == first.id
    assert not window.desk.is_answering
    assert window.transcript.is_empty

    with here.waiting(bridge.session_opened):
        _click(here, first.title)
    answer = window.transcript.turn(turn.id).answer.text
    assert answer == ended.args[0].turn.answer.text
    assert answer.startswith(shown_at_return)
    assert window.desk.session.turns[-1].answer.outcome is Outcome.ANSWERED


def _click(here: Visit, title: str) -> None:
    """Click on the session of that title, "" for the one without."""
    view = here.window.library.list
    indexes = [view.model().index(row, 0) for row in range(view.model().rowCount())]
    (index,) = (index for index in indexes if (row := index.data(SessionRole.SUMMARY)) and row.title == title)
    view.clicked.emit(index)


def test_a_session_gets_another_name(visit, qtbot):
    here = visit()
    here.ask_and_wait("What is this?")
    assert here.window.windowTitle() == "What is this? – Vision Studio"
    qtbot.keyClick(here.window.composer.prompt, Qt.Key.Key_F2)
    field = the(here.window.library.list, QLineEdit, "session-title")
    qtbot.keyClicks(field, "Receipts <b>2026</b>")
    with here.waiting(here.application.bridge.session_changed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert here.window.windowTitle() == "Receipts <b>2026</b> – Vision Studio"
    assert _titles(here) == ["Receipts <b>2026</b>"]
    here.leave()
    again = visit()
    assert again.window.windowTitle() == "Receipts <b>2026</b> – Vision Studio"


def test_a_deleted_session_is_had_back_whole(visit, photos, qtbot):
    here = visit()
    bridge, window = here.application.bridge, here.window
    here.drop(*photos)
    turn = here.ask_and_wait("Three pictures")
    window.composer.prompt.insertPlainText("A draft below them")
    deleted = window.desk.session.id
    with here.waiting(bridge.session_opened):
        qtbot.keyClick(
            window,
            Qt.Key.Key_Backspace,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert window.desk.session.id != deleted
    assert window.transcript.is_empty
    assert _titles(here) == [""]
    # Beside it, the files that nothing needs any more are offered for deletion.
    (deletion,) = (one for one in _notices(here) if "“Three pictures” was deleted." in one.accessibleName())
    with here.waiting(bridge.session_opened):
        press(deletion, "notice-action")
    assert window.desk.session.id == deleted
    assert window.transcript.turn(turn.id).answer.text == turn.answer.text
    assert window.composer.draft.text == "A draft below them"
    assert "Three pictures" in _titles(here)
    assert deletion not in _notices(here)


def _notices(here: Visit) -> list[Notice]:
    QCoreApplication.processEvents()
    return [one for one in here.window.notices.findChildren(Notice) if one.isVisible()]


def test_a_session_deleted_while_it_answers_stops_and_comes_back_with_what_arrived(visit, qtbot):
    here = visit(pace_tokens_per_s=60)
    bridge, window = here.application.bridge, here.window
    with here.waiting(bridge.text_arrived):
        here.ask("A long answer, please")
    deleted = window.desk.session.id
    with here.waiting(bridge.turn_ended) as ended:
        window.delete_session()
    assert ended.args[0].turn.answer.outcome is Outcome.STOPPED
    with here.waiting(bridge.session_opened, lambda event: event.session.id == deleted):
        press(window.notices, "notice-action")
    (turn,) = window.desk.session.turns
    assert turn.answer.text == ended.args[0].turn.answer.text != ""
    assert here.noticed == []


def _titles(here: Visit) -> list[str]:
    return [summary.title for summary in here.window.library.model.sessions]


def test_a_word_of_an_earlier_session_is_found_and_gone_to(visit, photos, qtbot):
    here = visit()
    bridge, window = here.application.bridge, here.window
    here.drop(photos[0])
    here.ask_and_wait("Is there a circle on the firebrick?")
    earlier = window.desk.session
    with here.waiting(bridge.session_opened):
        press(window, "new-session")
    here.ask_and_wait("Something else")

    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_F, control_shift)
    with here.waiting(bridge.sessions_found, lambda found: found.query.words == ("circle", "has:nothing")):
        qtbot.keyClicks(window.library.search, "circle has:nothing")
    assert window.library.found.rowCount() == 0
    with here.waiting(bridge.sessions_found, lambda found: found.query.filters.has_image):
        window.library.search.setText("fireb has:image")
    rows = [window.library.found.index(row).data() for row in range(window.library.found.rowCount())]
    assert rows == ["Sessions", earlier.title, "Messages, newest first", earlier.title]
    qtbot.keyClick(window.library.search, Qt.Key.Key_Down)
    qtbot.keyClick(window.library.results, Qt.Key.Key_Down)
    with here.waiting(bridge.session_opened):
        qtbot.keyClick(window.library.results, Qt.Key.Key_Return)
    assert window.desk.session.id == earlier.id
    (view,) = window.transcript.views
    assert "background-color" in QLabel.text(view.question)
