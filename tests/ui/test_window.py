"""The window as its user meets it: keys, drops, notices, panels and what it asks of the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QInputDialog, QLineEdit, QMenu, QPushButton

from tests.core.builders import SONNET, picture, pictures, sent, session, turn
from vision_studio.core.conversation import Answer, Outcome, SessionSummary
from vision_studio.core.draft import Draft
from vision_studio.core.events import (
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    DraftSaved,
    ImagesFound,
    KeySource,
    Noticed,
    PreferencesRead,
    SessionDeleted,
    SessionOpened,
    SpendChanged,
    TextArrived,
    TurnEnded,
    TurnStarted,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.library_events import SessionsListed
from vision_studio.ui.design.findings import FindingRow, Notice

CONTROL, NO_KEYS = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
DIGEST = "ab" * 32


@pytest.fixture
def opened(window, engine):
    """The window with an empty session."""
    engine.tell(SessionOpened(session()))
    return window


def stored(count: int) -> tuple:
    return tuple(replace(image, digest=f"{number:064x}") for number, image in enumerate(pictures(count)))


def dragged(event_type, mime: QMimeData):
    """An event of a drag; it keeps no hold of ``mime``."""
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    place = QPointF(300, 300) if event_type is QDropEvent else QPoint(300, 300)
    return event_type(place, both, mime, Qt.MouseButton.LeftButton, NO_KEYS)


def files(*paths: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def checks(window) -> list[str]:
    QCoreApplication.processEvents()  # what was just added to a layout is shown by it
    rows = [row for row in window.inspector.findChildren(FindingRow) if row.isVisible()]
    return [row.accessibleName().replace("\N{NO-BREAK SPACE}", " ") for row in rows]


def problems(window) -> list[str]:
    return [said for said in checks(window) if said.startswith("Problem")]


def notices(window) -> list[str]:
    return [notice.accessibleName() for notice in window.notices.findChildren(Notice) if notice.isVisible()]


def test_the_title_is_the_sessions(opened, engine):
    assert opened.windowTitle() == "Vision Studio"
    engine.tell(SessionOpened(replace(session(), title="Receipts")))
    assert opened.windowTitle() == "Receipts – Vision Studio"


def test_the_welcome_makes_way_for_the_strip(opened, engine):
    samples = opened.welcome.findChild(QPushButton, "welcome-samples")
    assert samples.isVisible()
    engine.tell(ImagesFound("session", 0, stored(12)))
    assert not samples.isVisible()
    assert opened.welcome.isVisible()
    high = opened.composer.strip.height()
    engine.tell(SessionOpened(session(turn(), draft=Draft(stored(12)))))
    assert not opened.welcome.isVisible()
    assert opened.composer.strip.height() < high  # the conversation has the room now


def test_a_drop_anywhere_shows_where_it_goes_and_goes_there(opened, engine):
    engine.tell(ImagesFound("session", 0, stored(2)))
    mime = files("/a.png", "/b.png")
    opened.dragEnterEvent(dragged(QDragEnterEvent, mime))
    assert opened.composer.property("target")
    assert "Drop to add at the end" in opened.composer._totals.text()
    opened.dragLeaveEvent(QDragLeaveEvent())
    assert not opened.composer.property("target")
    event = dragged(QDropEvent, mime)
    opened.dropEvent(event)
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert engine.asked("add_files") == [("session", 2, (Path("/a.png"), Path("/b.png")))]


def test_what_is_typed_while_a_question_waits_stays_when_it_is_not_sent(opened, engine, qtbot):
    reading = pictures(1)
    engine.tell(ImagesFound("session", 0, reading))
    qtbot.keyClicks(opened.composer.prompt, "What is it?")
    qtbot.keyClick(opened.composer.prompt, Qt.Key.Key_Return, CONTROL)
    (_, asked, _, _) = engine.asked("send")[0]
    qtbot.keyClicks(opened.composer.prompt, " And why?")
    engine.tell(SessionOpened(session(draft=asked)))
    assert opened.composer.prompt.text == "What is it? And why?"
    assert engine.asked("save_draft")[-1][1].text == "What is it? And why?"


def test_a_question_that_waits_for_its_images_can_be_stopped(opened, engine, qtbot):
    engine.tell(ImagesFound("session", 0, pictures(1)))
    qtbot.keyClick(opened.composer.prompt, Qt.Key.Key_Return, CONTROL)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert engine.asked("stop") == [("session",)]


def test_images_weigh_on_the_request_where_the_server_keeps_no_files(opened, engine):
    heavy = tuple(replace(image, size_bytes=5_000_000) for image in stored(8))
    engine.tell(ImagesFound("session", 0, heavy))
    assert not problems(opened)
    server = ConnectionChanged(
        ConnectionKind.GATEWAY, ConnectionState.CONNECTED, "http://127.0.0.1:1", KeySource.NONE
    )
    engine.tell(replace(server, files_supported=False))
    assert any("the API takes 32 MB" in said for said in problems(opened))
    engine.tell(replace(server, files_supported=True))
    assert not problems(opened)


API = ConnectionChanged(ConnectionKind.API, ConnectionState.CONNECTED, "", KeySource.KEYRING)


def test_a_request_past_the_users_cap_is_asked_about_and_then_sent(opened, engine, qtbot):
    engine.tell(API, PreferencesRead((("spend.cap.day", "1"),)), SpendChanged(Decimal(3), Decimal("0.9999")))
    engine.tell(ImagesFound("session", 0, stored(1)))
    qtbot.keyClicks(opened.composer.prompt, "What is it?")
    qtbot.keyClick(opened, Qt.Key.Key_Return, CONTROL)
    assert not engine.asked("send")
    QCoreApplication.processEvents()
    (notice,) = [one for one in opened.composer.findChildren(Notice) if one.isVisible()]
    assert notice.accessibleName() == "Warning: This passes your spending cap"
    qtbot.keyClick(notice.findChild(QPushButton, "send-anyway"), Qt.Key.Key_Space)
    ((_, draft, *_),) = engine.asked("send")
    assert draft.text == "What is it?"


def test_near_a_cap_the_checks_warn_and_nobody_asks(opened, engine, qtbot):
    engine.tell(API, PreferencesRead((("spend.cap.month", "5"),)), SpendChanged(Decimal("4.5"), Decimal()))
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    assert any("of your $5.00 cap" in said for said in checks(opened))
    qtbot.keyClick(opened, Qt.Key.Key_Return, CONTROL)
    assert len(engine.asked("send")) == 1


def test_practice_is_not_held_against_a_cap(opened, engine, qtbot):
    engine.tell(PreferencesRead((("spend.cap.month", "0"),)), SpendChanged(Decimal(9), Decimal(9)))
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    assert not any("cap" in said for said in checks(opened))


def test_what_the_api_would_refuse_can_be_sent_all_the_same(opened, engine, qtbot):
    engine.tell(ImagesFound("session", 0, stored(601)))
    opened.composer._send.click()  # before the numbers of so many have been worked out
    assert problems(opened)
    assert not engine.asked("send")
    opened.composer.findChild(QPushButton, "send-anyway").click()
    assert len(engine.asked("send")) == 1


def test_caps_are_set_in_settings_and_kept(opened, engine, qtbot):
    opened.open_settings()
    field = opened._settings.findChild(QLineEdit, "cap-session")
    qtbot.keyClicks(field, "$2,50")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert engine.asked("set_preference")[-1] == ("spend.cap.session", "2.50")
    before = len(engine.asked("set_preference"))
    field.setText("lots")
    field.editingFinished.emit()
    assert field.property("invalid")
    assert len(engine.asked("set_preference")) == before
    opened._settings.close()


def test_text_is_no_drop(opened):
    mime = QMimeData()
    mime.setText("words")
    event = dragged(QDragEnterEvent, mime)
    event.ignore()
    opened.dragEnterEvent(event)
    assert not event.isAccepted()


def test_f2_renames_the_session_but_labels_an_image_in_the_strip(opened, engine, qtbot):
    engine.tell(ImagesFound("session", 0, stored(2)))
    qtbot.keyClick(opened.composer.prompt, Qt.Key.Key_F2)
    dialog = opened.findChild(QInputDialog, "rename-session")
    dialog.setTextValue("  Two pictures ")
    dialog.accept()
    assert engine.asked("rename_session") == [("session", "Two pictures")]

    opened.composer.strip.setFocus()
    opened.composer.strip.select([opened.composer.draft.images[0].id])
    qtbot.keyClick(opened.composer.strip, Qt.Key.Key_F2)
    label = opened.composer.findChild(QInputDialog, "label-image")
    label.setTextValue("after repair")
    label.accept()
    assert opened.composer.draft.images[0].label == "after repair"
    opened.composer.history.stack.undo()
    assert opened.composer.draft.images[0].label == ""
    assert len(engine.asked("rename_session")) == 1


def test_a_deleted_session_can_be_had_back_and_nothing_asks_first(opened, engine, qtbot):
    qtbot.keyClick(
        opened, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert not opened.findChildren(QDialog)
    assert engine.asked("delete_session") == [("session",)]
    engine.tell(SessionDeleted("session"))
    assert notices(opened) == ["Note: The session was deleted."]
    opened.notices.findChild(QPushButton, "notice-action").click()
    assert engine.asked("restore_session") == [("session",)]
    assert notices(opened) == []


def test_a_notice_is_said_once_and_has_its_details(opened, engine):
    failure = Failure(FailureKind.STORAGE, "database is locked")
    engine.tell(Noticed(failure), Noticed(failure))
    assert len(notices(opened)) == 1
    opened.notices.findChild(QPushButton, "notice-details").click()
    (dialog,) = opened.findChildren(QDialog, "failure-details")
    assert dialog.isVisible()


def test_send_becomes_stop_and_escape_stops(opened, engine, qtbot):
    qtbot.keyClicks(opened.composer.prompt, "What is it?")
    qtbot.keyClick(opened.composer.prompt, Qt.Key.Key_Return, CONTROL)
    ((session_id, draft, model_id, system),) = engine.asked("send")
    assert (session_id, draft.text, model_id, system) == ("session", "What is it?", SONNET, "")
    send = opened.composer.findChild(QPushButton, "send")
    assert send.text() == "Stop"

    asked = turn(answer=Answer(SONNET, Outcome.WAITING))
    engine.tell(TurnStarted("session", asked), TextArrived("session", asked.id, "A c"))
    qtbot.keyClick(opened.composer.prompt, Qt.Key.Key_Escape)
    assert engine.asked("stop") == [("session",)]
    stopped = replace(asked, answer=Answer(SONNET, Outcome.STOPPED, "A c"))
    engine.tell(TurnEnded("session", stopped))
    assert send.text() == "Send"
    assert opened.transcript.turn(asked.id).answer.text == "A c"
    assert opened.composer.prompt.text == ""


def test_what_is_typed_is_saved_when_the_window_closes(opened, engine, qtbot):
    qtbot.keyClicks(opened.composer.prompt, "half a ques")
    opened.close()
    assert [draft.text for _, draft in engine.asked("save_draft")] == ["half a ques"]


def test_what_could_not_be_saved_is_tried_again_by_itself(opened, engine, qtbot):
    opened.desk._saving_again.setInterval(0)
    qtbot.keyClicks(opened.composer.prompt, "half a ques")
    opened.desk.save()
    engine.tell(Noticed(Failure(FailureKind.DISK_FULL), "session"))
    qtbot.waitUntil(lambda: len(engine.asked("save_draft")) == 2)
    engine.tell(DraftSaved("session"))
    assert [draft.text for _, draft in engine.asked("save_draft")] == ["half a ques"] * 2


def test_another_sessions_events_change_nothing_here(opened, engine):
    engine.tell(ImagesFound("elsewhere", 0, stored(2)), TextArrived("elsewhere", "turn", "words"))
    assert opened.composer.draft.is_empty


def test_a_narrow_window_gives_its_room_to_the_conversation_and_takes_it_back(opened):
    assert opened.inspector.isVisible()
    opened.resize(960, 600)
    assert not opened.inspector.isVisible()
    opened.resize(1440, 900)
    assert opened.inspector.isVisible()


def test_panels_and_theme_are_remembered(opened, engine, qtbot, theme):
    qtbot.keyClick(opened, Qt.Key.Key_B, CONTROL)
    assert not opened.library.isVisible()
    assert engine.asked("set_preference") == [("window.panels", "library")]
    engine.tell(PreferencesRead((("window.panels", "inspector"), ("window.mode", "dark"))))
    assert opened.library.isVisible()
    assert not opened.inspector.isVisible()
    assert theme.is_dark


def test_the_foot_of_the_window_tells_where_requests_go_and_what_they_cost(opened, engine):
    cost = replace(turn().answer, cost_usd=Decimal("0.0123"))
    engine.tell(
        ConnectionChanged(
            ConnectionKind.PRACTICE, ConnectionState.CONNECTED, "http://127.0.0.1", KeySource.NONE
        ),
        SpendChanged(Decimal("4.12")),
        SessionOpened(session(replace(turn(), answer=cost))),
    )
    assert "not Claude" in opened.status._connection.text()
    assert opened.status._spend.text().split() == ["Session", "$0.0123", "This", "month", "$4.12"]


def test_a_long_address_leaves_the_window_its_size(opened, engine):
    address = "https://" + "gateway." * 40 + "example.com"
    engine.tell(
        ConnectionChanged(ConnectionKind.GATEWAY, ConnectionState.CONNECTED, address, KeySource.KEYRING)
    )
    opened.resize(960, 600)
    assert opened.width() == 960
    assert opened.status._spend.geometry().right() <= 960


def test_names_of_any_length_leave_the_window_its_size(opened, engine):
    long = picture("x" * 250 + ".png", digest=DIGEST)
    asked = replace(turn("y" * 300, [sent(long, 1)]), answer=Answer(SONNET, Outcome.ANSWERED, "z" * 400))
    engine.tell(SessionOpened(replace(session(asked, draft=Draft((long,), "w" * 300)), title="t" * 300)))
    opened.composer.strip.select([long.id])
    assert opened.inspector.widget().width() <= opened.inspector.viewport().width()
    opened.resize(960, 600)
    assert opened.width() == 960
    assert opened.transcript.widget().width() <= opened.transcript.viewport().width()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # what a menu wants of a screen
def test_a_misbehaving_server_can_be_had_from_the_hidden_menu(opened, engine, qtbot):
    both = CONTROL | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(opened, Qt.Key.Key_F12, both)
    menu = opened.findChild(QMenu, "faults")
    (fault,) = menu.actions()
    fault.trigger()
    menu.close()
    assert engine.asked("misbehave") == [("529",)]


@pytest.mark.parametrize("way", ["new", "open", "edit"])
def test_what_is_typed_next_is_the_question(opened, engine, qtbot, way):
    failed = turn(answer=Answer(SONNET, Outcome.FAILED))
    engine.tell(SessionOpened(session(failed)))
    opened.library.search.setFocus()
    if way == "new":
        opened.library.findChild(QPushButton, "new-session").setFocus()
        qtbot.keyClick(opened, Qt.Key.Key_N, CONTROL)
    elif way == "open":
        opened.library.open_asked.emit("another")
    else:
        opened.transcript.findChild(QPushButton, "take-back").click()
    engine.tell(SessionOpened(replace(session(), id="another")))
    assert opened.focusWidget() is opened.composer.prompt


def test_the_notice_of_a_deleted_session_names_it(opened, engine):
    engine.tell(
        SessionsListed((SessionSummary("receipts", "Receipts", datetime.now(UTC), 1, 2, Decimal(0)),)),
        SessionDeleted("receipts"),
    )
    assert notices(opened) == ["Note: “Receipts” was deleted."]


def test_a_system_prompt_is_told_while_it_is_typed(opened, engine, qtbot):
    toggle = opened.header.findChild(QPushButton, "system-prompt-toggle")
    toggle.click()
    qtbot.keyClicks(opened.system, "Answer in German.")
    assert toggle.text() == "System prompt ✓"
    assert engine.asked("set_system")[-1][1] == "Answer in German."


def test_both_usual_keys_redo(opened, qtbot):
    for key, modifiers in (
        (Qt.Key.Key_Y, CONTROL),
        (Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier),
    ):
        opened.composer.prompt.insertPlainText("word")
        opened.composer.history.stack.undo()
        assert opened.composer.draft.text == ""
        qtbot.keyClick(opened, key, modifiers)
        assert opened.composer.draft.text == "word"
        opened.composer.history.stack.undo()
