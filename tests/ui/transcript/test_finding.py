"""Find in session: what is marked, counted and gone to, by keys, in questions and answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel

from tests.core.builders import SONNET, session, turn
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.events import SessionOpened, TextArrived, TurnEnded
from vision_studio.core.library_events import SessionsFound
from vision_studio.core.search import Hit, Part, Span, parse
from vision_studio.ui.design.theme import Mode

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG = "\n\n".join(f"Paragraph {number} says nothing of them." for number in range(60))


def talk(*said: tuple[str, str], outcome: Outcome = Outcome.ANSWERED):
    turns = (
        replace(turn(), id=f"turn-{number}", prompt=prompt, answer=Answer(SONNET, outcome, answer))
        for number, (prompt, answer) in enumerate(said)
    )
    return session(*turns)


@pytest.fixture
def talking(window, engine, qtbot):
    engine.tell(
        SessionOpened(
            talk(
                ("Where are the tiles?", f"{LONG}\n\nThe **Tiles** are on the roof. A *tile* <b>too</b>."),
                ("And <i>tiles</i> & more?", "No."),
            )
        )
    )
    for view in window.transcript.views:
        view.answer.settle()
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    return window


def count(window) -> str:
    return window.find_bar.findChild(QLabel, "find-count").text()


def marks(window) -> list[list[str]]:
    """Return what is marked in each answer."""
    return [
        [one.cursor.selectedText() for one in view.answer.extraSelections()]
        for view in window.transcript.views
    ]


def test_what_is_typed_is_marked_and_counted(talking, qtbot):
    assert talking.find_bar.field.hasFocus()
    qtbot.keyClicks(talking.find_bar.field, "tile")
    assert count(talking) == "1 of 4"
    assert marks(talking) == [["Tile", "tile"], []]
    questions = [QLabel.text(view.question) for view in talking.transcript.views]
    assert all("background-color" in text for text in questions)
    assert "&lt;i&gt;<span" in questions[1]
    assert questions[1].endswith("s&lt;/i&gt; &amp; more?</span>")
    assert talking.transcript.views[1].question.accessibleName() == "And <i>tiles</i> & more?"


def test_keys_go_on_and_back_and_round(talking, qtbot):
    field = talking.find_bar.field
    qtbot.keyClicks(field, "tile")
    said = [count(talking)]
    for key, modifier in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Return, SHIFT),
        (Qt.Key.Key_F3, SHIFT),
        (Qt.Key.Key_F3, SHIFT),
    ):
        qtbot.keyClick(field, key, modifier)
        said.append(count(talking))
    assert said == ["1 of 4", "2 of 4", "3 of 4", "2 of 4", "1 of 4", "4 of 4"]


def test_the_place_that_was_gone_to_is_in_view(talking, qtbot):
    transcript = talking.transcript
    talking.resize(960, 600)
    qtbot.keyClicks(talking.find_bar.field, "paragraph 40 ")
    answer = transcript.views[0].answer
    (marked,) = answer.extraSelections()
    place = QTextCursor(answer.document())
    place.setPosition(marked.cursor.selectionStart())
    QCoreApplication.processEvents()
    down = answer.mapTo(transcript.viewport(), answer.cursorRect(place).center()).y()
    assert 0 < down < transcript.viewport().height()


def test_what_is_nowhere_is_said_and_escape_takes_bar_and_marks_away(talking, qtbot):
    qtbot.keyClicks(talking.find_bar.field, "tiles")
    qtbot.keyClicks(talking.find_bar.field, " of gold")
    assert count(talking) == "Not found"
    qtbot.keyClick(talking.find_bar.field, Qt.Key.Key_Escape)
    assert not talking.find_bar.isVisible()
    assert talking.composer.prompt.hasFocus()
    assert QLabel.text(talking.transcript.views[1].question) == "And <i>tiles</i> & more?"
    qtbot.keyClick(talking, Qt.Key.Key_F, CONTROL)
    assert talking.find_bar.field.selectedText() == "tiles of gold"


def test_what_an_answer_brings_is_found_as_it_comes(talking, engine, qtbot):
    engine.tell(SessionOpened(talk(("tiles?", ""), outcome=Outcome.STREAMING)))
    qtbot.keyClicks(talking.find_bar.field, "tiles")
    assert count(talking) == "1 of 1"
    with qtbot.waitSignal(talking.finding.changed, check_params_cb=lambda place, places: places == 2):
        engine.tell(TextArrived("session", "turn-0", "Some tiles."))
    whole = talk(("tiles?", "Some tiles, tiles.")).turns[0]
    with qtbot.waitSignal(talking.finding.changed, check_params_cb=lambda place, places: places == 3):
        engine.tell(TurnEnded("session", whole))


def test_marks_follow_the_theme(talking, theme, qtbot):
    qtbot.keyClicks(talking.find_bar.field, "no.")
    answer = talking.transcript.views[1].answer

    def ground() -> str:
        (mark,) = answer.extraSelections()
        return mark.format.background().color().name()

    light = ground()
    theme.set_mode(Mode.DARK)
    assert ground() != light


def test_without_a_conversation_the_keys_search_the_others(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert window.library.search.hasFocus()


def test_a_turn_that_was_found_comes_into_view_with_its_words_marked(window, engine, qtbot):
    window.resize(960, 600)
    with qtbot.waitSignal(window.library.search_asked) as asked:
        qtbot.keyClicks(window.library.search, "tiles gold")
    ticket, query, _ = asked.args
    hit = Hit("other", "turn-1", "", datetime.now(UTC), Part.ANSWER, (Span("tiles", marked=True),))
    engine.tell(SessionOpened(talk(*(("What?", LONG),) * 3)))
    engine.tell(SessionsFound(ticket, query, (), (hit,)))
    said = talk(("tiles", LONG), ("What?", f"{LONG}\n\nGolden tiles."), ("tiles", LONG))
    qtbot.keyClick(window.library.search, Qt.Key.Key_Return)
    engine.tell(SessionOpened(replace(said, id="other")))
    for view in window.transcript.views:
        view.answer.settle()
    qtbot.waitUntil(lambda: marks(window)[1] == ["Gold", "tiles"])
    view = window.transcript.views[1]
    first = view.answer.extraSelections()[0]
    place = QTextCursor(view.answer.document())
    place.setPosition(first.cursor.selectionStart())

    def in_view() -> bool:
        down = view.answer.mapTo(window.transcript.viewport(), view.answer.cursorRect(place).center()).y()
        return 0 < down < window.transcript.viewport().height()

    qtbot.waitUntil(in_view)
    assert query == parse("tiles gold")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert marks(window) == [[], [], []]
