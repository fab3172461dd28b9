"""A data folder that cannot be used, or not any more: the window says why, and keeps what it is given."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QLabel

from tests.imaging.pictures import noise
from tests.journeys.seen import lines, press, shown, the
from tests.storage.test_blobs import files_no_longer_than
from tests.support.scripted_gateway import USAGE, Gate, ScriptedGateway, ending
from tests.support.visit import PATIENCE_MS, Visit, files
from vision_studio.core.conversation import Outcome
from vision_studio.storage.backup import back_up


def test_a_second_window_waits_for_the_folder(visit, photos):
    first = visit()
    first.application._handover.close()  # it hears of no second start, as where its folder's path is too long
    first.drop(photos[0])
    first.window.composer.prompt.insertPlainText("The first window's draft")

    second = visit(fails=True)
    assert lines(second.window.notices, "app-notice") == [
        "Another Vision Studio window uses this folder.",
        "Go on in that one, or close it and try again.",
    ]
    assert _status(second) == "Another Vision Studio window uses this folder."
    second.window.composer.prompt.insertPlainText("And one word more")
    second.let_fall(files(photos[1]))
    assert lines(second.window.composer, "composer-notice") == ["The images wait until a session is open."]
    second.ask("")
    assert lines(second.window.composer, "composer-notice") == ["This can be sent once a session is open."]
    with second.waiting(second.application.bridge.noticed):
        press(second.window, "new-session")
    assert len(lines(second.window.notices, "app-notice")) == 2, "the same is not said twice"
    press(second.window, "toggle-library")
    press(second.window, "toggle-library")

    first.leave()
    with second.waiting(second.application.bridge.import_progressed, lambda event: event.done == 1):
        press(second.window, "notice-action")
    assert not shown(second.window, "app-notice")
    assert second.names() == ["red.png", "green.jpg"]
    assert second.window.composer.draft.text == "The first window's draft\n\nAnd one word more"
    assert _status(second).startswith("Practice mode")
    turn = second.ask_and_wait("")
    assert turn.answer.outcome is Outcome.ANSWERED


def test_a_database_of_a_newer_version_is_left_alone(visit, photos, tmp_path):
    _leave_a_draft(visit, photos[0])
    database = tmp_path / "data" / "studio.db"
    _set_version(database, +1)
    before = database.read_bytes()

    here = visit(fails=True)
    said = lines(here.window.notices, "app-notice")[0]
    assert said.startswith("Your sessions were saved by a newer Vision Studio")
    assert said.endswith("Nothing was changed. Update Vision Studio to open them.")
    press(here.window, "new-session")
    here.window.desk.save()
    assert database.read_bytes() == before

    _set_version(database, -1)
    with here.waiting(here.application.bridge.session_opened):
        press(here.window, "notice-action")
    assert here.names() == ["red.png"]


def _set_version(database: Path, change: int) -> None:
    with closing(sqlite3.connect(database)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {version + change}")
        connection.commit()


def test_a_damaged_database_is_said_so_and_repaired(visit, photos, tmp_path):
    _leave_a_draft(visit, photos[0])
    database = tmp_path / "data" / "studio.db"
    data = bytearray(database.read_bytes())
    first = data.index(b'"text"') // 4096 * 4096
    data[first : first + 4096] = b"\xff" * 4096  # the draft; and the schema, so that it cannot be opened
    data[100:4096] = b"\xff" * 3996
    database.write_bytes(data)

    here = visit(fails=True)
    said, next_step = lines(here.window.notices, "app-notice")
    assert said.startswith("The file that holds your sessions, studio.db, is damaged")
    assert said.endswith("Nothing was deleted.")
    assert next_step.startswith("A repair makes a new one of all that can be read")
    assert database.read_bytes() == data

    with here.waiting(here.application.bridge.session_opened):
        press(here.window, "notice-action")
    (told,) = lines(here.window.notices, "app-notice")
    assert told.startswith("The database was made anew, with 0 sessions.")
    (aside,) = (tmp_path / "data").glob("studio.damaged-*.db")
    assert aside.read_bytes() == data
    assert here.ask_and_wait("Does it work?").answer.outcome is Outcome.ANSWERED


def test_a_damaged_database_is_replaced_by_its_backup(visit, photos, tmp_path):
    _leave_a_draft(visit, photos[0])
    database = tmp_path / "data" / "studio.db"
    backup = back_up(database, datetime.now(UTC))
    database.write_bytes(b"\xaa" * 20_000)

    here = visit(fails=True)
    with here.waiting(here.application.bridge.session_opened):
        press(here.window, "notice-action-2")
    assert here.names() == ["red.png"]
    (told,) = lines(here.window.notices, "app-notice")
    assert told.startswith(f"Your sessions are as they were in the backup {backup.name}.")


def test_a_file_where_the_folder_should_be(visit, tmp_path):
    (tmp_path / "data").write_text("This was here before.")
    here = visit(fails=True)
    assert lines(here.window.notices, "app-notice")[0] == "There is a file where the folder should be."
    here.leave()
    assert (tmp_path / "data").read_text() == "This was here before."


def test_a_place_where_nobody_may_write(visit):
    here = visit(fails=True, folder=Path("/sys/vision-studio"))  # not even the superuser makes folders there
    assert lines(here.window.notices, "app-notice")[0] in (
        "You are not allowed to write there.",
        "The disk can only be read.",
    )


def test_a_disk_that_fills_up_stops_no_one(visit, photos, tmp_path, qtbot):
    here = visit()
    here.drop(photos[0])
    large = tmp_path / "noise.png"
    noise((600, 600)).save(large)
    with files_no_longer_than(500_000), here.waiting(here.application.bridge.images_refused):
        here.let_fall(files(large))
    assert lines(here.window.composer, "composer-notice") == [
        "1 file was not added",
        "noise.png could not be kept: the disk is full. Free some space, then add it again.",
    ]
    assert here.names() == ["red.png"]

    _limit_database(here, full=True)
    text = "A long question. " * 2_000
    with here.waiting(here.application.bridge.noticed):
        here.window.composer.prompt.insertPlainText(text)
    assert lines(here.window.notices, "app-notice") == [
        "The disk is full.",
        "Free some space, then try again.",
    ]
    with here.waiting(here.application.bridge.session_opened):
        here.ask("")
    assert here.window.composer.draft.text == text
    assert here.names() == ["red.png"]
    assert here.messages_sent() == []
    qtbot.waitUntil(lambda: _saved(here) != "saved", timeout=PATIENCE_MS)

    _limit_database(here, full=False)
    here.leave()
    again = visit()
    assert again.window.composer.draft.text == text
    assert again.names() == ["red.png"]


def test_an_answer_the_disk_did_not_take_is_kept_when_it_can_be(visit):
    gateway, gate, rest = ScriptedGateway(), Gate(), "and on " * 30_000
    gateway.script(USAGE, "It goes on ", gate, rest, ending())
    here = visit(make_gateway=lambda base_url, key: gateway)
    bridge = here.application.bridge
    with here.waiting(bridge.text_arrived):
        here.ask("How long can it be?")
    _limit_database(here, full=True)
    with here.waiting(bridge.turn_ended) as ended:
        bridge._engine.post(gate.open)
    turn = ended.args[0].turn
    assert turn.answer.text == f"It goes on {rest}"
    assert here.window.transcript.turn(turn.id).answer.text == turn.answer.text
    assert lines(here.window.notices, "app-notice")[0] == "The disk is full."
    with here.waiting(bridge.session_opened):
        here.ask("And what follows?")
    assert here.window.composer.draft.text == "And what follows?"
    assert len(gateway.requests) == 1, "nothing is asked on top of an answer that is not kept"

    _limit_database(here, full=False)
    here.ask_and_wait("")
    _, answer, _ = gateway.requests[1].messages
    assert rest.strip() in repr(answer)
    here.leave()
    again = visit(make_gateway=lambda base_url, key: gateway)
    assert [one.answer.text for one in again.window.desk.session.turns] == [turn.answer.text, "Seen."]


def test_an_answer_the_disk_did_not_take_is_kept_at_the_end(visit):
    gateway, gate, rest = ScriptedGateway(), Gate(), "and on " * 30_000
    gateway.script(USAGE, "It goes on ", gate, rest, ending())
    here = visit(make_gateway=lambda base_url, key: gateway)
    with here.waiting(here.application.bridge.text_arrived):
        here.ask("How long can it be?")
    _limit_database(here, full=True)
    with here.waiting(here.application.bridge.turn_ended) as ended:
        here.application.bridge._engine.post(gate.open)
    _limit_database(here, full=False)
    here.leave()
    again = visit(make_gateway=lambda base_url, key: gateway)
    assert again.window.desk.session.turns == (ended.args[0].turn,)


def _limit_database(here: Visit, *, full: bool) -> None:
    """Have the database meet a full disk with its next page, or not."""
    studio, engine = here.application.bridge._studio, here.application.bridge._engine

    def limit() -> None:
        with studio._opened.home.database.writing() as transaction:
            (pages,) = transaction.execute("PRAGMA page_count")[0]
            transaction.execute(f"PRAGMA max_page_count = {pages + (0 if full else 10_000)}")

    engine.post(limit)


def _leave_a_draft(visit, photo: Path) -> None:
    here = visit()
    here.drop(photo)
    here.leave()


def _status(here: Visit) -> str:
    return the(here.window.status, QLabel, "connection").text()


def _saved(here: Visit) -> str:
    return the(here.window.header, QLabel, "saved").text()
