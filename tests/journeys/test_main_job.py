"""Drop three, reorder, send, stream, stop, follow up, quit, reopen: the main job from end to end."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt

from tests.support.windows import WindowWatch
from vision_studio.core.conversation import Outcome
from vision_studio.ui.composer.image_list import Role


def test_the_main_job(visit, photos, qtbot, qapp):
    watch = WindowWatch(qapp)
    here = visit(pace_tokens_per_s=200)
    window, bridge = here.window, here.application.bridge
    strip = window.composer.strip
    assert window.welcome.isVisible()

    here.drop(*photos)
    assert here.names() == ["red.png", "green.jpg", "blue b é.png"]
    labels = [window.composer.images.index(row).data(Role.NUMBER) for row in range(3)]
    assert labels == [1, 2, 3]

    strip.select([window.composer.draft.images[2].id])
    qtbot.keyClick(strip, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert here.names() == ["blue b é.png", "red.png", "green.jpg"]

    turn = here.ask_and_wait("What differs?")
    assert turn.answer.outcome is Outcome.ANSWERED
    assert turn.answer.practice
    assert "practice server, not Claude" in turn.answer.text
    assert window.transcript.turn(turn.id).answer.text == turn.answer.text
    assert window.composer.draft.is_empty

    (sent,) = here.messages_sent()
    (message,) = sent["messages"]
    assert [
        block["text"] if block["type"] == "text" else block["source"]["type"] for block in message["content"]
    ] == ["Image 1:", "file", "Image 2:", "file", "Image 3:", "file", "What differs?"]
    names = here.uploaded_names()
    ids = [block["source"]["file_id"] for block in message["content"] if block["type"] == "image"]
    stems = [names[file_id].rpartition("-")[0] for file_id in ids]  # behind it, what tells two uploads apart
    assert stems == ["blue b é", "red", "green"]

    with here.waiting(bridge.text_arrived):
        here.ask("And in detail, please?")
    with here.waiting(bridge.turn_ended) as ended:
        qtbot.keyClick(window.composer.prompt, Qt.Key.Key_Escape)
    stopped = ended.args[0].turn
    assert stopped.answer.outcome is Outcome.STOPPED
    assert stopped.answer.text

    here.drop(photos[0])
    window.composer.prompt.insertPlainText("A draft that is not sent")
    session = window.desk.session
    here.leave()
    assert watch.shown == ["MainWindow main-window"]

    again = visit()
    reopened = again.window.desk.session
    assert reopened.id == session.id
    assert [turn.answer.text for turn in reopened.turns] == [turn.answer.text for turn in session.turns]
    assert [[sent.number for sent in turn.images] for turn in reopened.turns] == [[1, 2, 3], []]
    assert again.names() == ["red.png"]
    assert again.window.composer.prompt.text == "A draft that is not sent"
    assert again.window.composer.images.numbers == (4,)

    follow_up = again.ask_and_wait("")
    assert follow_up.answer.outcome is Outcome.ANSWERED
    (request,) = again.messages_sent()
    assert [message["role"] for message in request["messages"]] == ["user", "assistant"] * 2 + ["user"]
    uploads = [one for one in again.server.requests if one.method == "POST" and one.path == "/v1/files"]
    assert len(uploads) == 0  # its bytes went up in the first turn, and are used again


def test_dropping_in_the_middle_puts_the_picture_there(visit, photos):
    here = visit()
    red, green, blue = photos
    here.drop(red, green)
    strip = here.window.composer.strip
    second = strip.visualRect(here.window.composer.images.index(1))
    here.drop(blue, on=strip, at=second.topLeft() + QPoint(3, 30))
    assert here.names() == ["red.png", "blue b é.png", "green.jpg"]


def test_the_samples_are_one_click_away(visit, qtbot):
    here = visit()
    progressed = here.application.bridge.import_progressed
    with here.waiting(progressed, lambda event: event.done == event.total):
        here.window.welcome.samples_asked.emit()
    assert here.names() == ["ridge-dusk.jpg", "ridge-midday.jpg", "revenue.png", "receipt.jpg"]
    turn = here.ask_and_wait("Describe them.")
    assert "Image 4" in turn.answer.text
