"""What a keyboard and a screen reader find in the window and its dialogs: names, focus, targets, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QInputDialog,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from tests.core.builders import SONNET, picture, sent, session, turn
from tests.support.silent_engine import SilentEngine
from vision_studio.core.conversation import Answer, Outcome, SessionSummary
from vision_studio.core.draft import Draft, Rendition
from vision_studio.core.edits import Mark, Shape
from vision_studio.core.events import ImagesRefused, Noticed, Refusal, RefusalKind, SessionOpened
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.search import Filters
from vision_studio.core.sight_events import OriginalReady, SightReady
from vision_studio.core.size import Size as ImageSize
from vision_studio.ui.bench.tools import Tool
from vision_studio.ui.design import spoken
from vision_studio.ui.design.tab_stops import tab_stops
from vision_studio.ui.design.tokens import Size
from vision_studio.ui.library.tags_dialog import TagsDialog
from vision_studio.ui.window import MainWindow

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
OVERLOADED = Failure(FailureKind.OVERLOADED, "Overloaded", 529, "overloaded_error", "req_1")
REACHED_OTHERWISE = {
    "search-sessions.clear": "Esc",
    "find-field.clear": "Ctrl+F, and type over it",
}
"""Controls that Tab passes over, and the key that does the same."""
_MOST_TABS = 100
_MOST_LINKS = 3
"""Tab stays in an answer for each of its links."""

State = Callable[[MainWindow, SilentEngine], QWidget]


def empty(window: MainWindow, engine: SilentEngine) -> QWidget:
    engine.tell(SessionOpened(session()))
    return window


def composing(window: MainWindow, engine: SilentEngine) -> QWidget:
    """Images with warnings and fixes, one chosen, refused files, a notice, a system prompt."""
    images = tuple(
        replace(picture(f"{number}.jpg", size), digest=digest)
        for number, (size, digest) in enumerate((((60, 40), "1"), ((60, 40), "1"), ((9000, 300), "2")))
    )
    engine.tell(SessionOpened(session(draft=Draft(images, "What?"))))
    refusals = tuple(Refusal(f"{number}.txt", RefusalKind.NOT_AN_IMAGE) for number in range(9))
    engine.tell(ImagesRefused("session", refusals), Noticed(Failure(FailureKind.STORAGE, "locked")))
    window.composer.strip.select([images[1].id])
    window.header.open_system(True)
    window.library.search.setText("x")
    return window


def conversing(window: MainWindow, engine: SilentEngine) -> QWidget:
    """Answers that ended well, in the middle and not at all; an image that was sent is chosen."""
    endings = (
        Answer(SONNET, Outcome.ANSWERED, "```python\nprint()\n```\n\n[link](https://example.com)"),
        Answer(SONNET, Outcome.INTERRUPTED, "Half"),
        Answer(SONNET, Outcome.FAILED, failure=OVERLOADED),
    )
    turns = (
        replace(turn(images=[sent(picture(), 1)], answer=answer), id=f"turn-{number}")
        for number, answer in enumerate(endings)
    )
    engine.tell(SessionOpened(session(*turns)))
    window.transcript.picture_chosen.emit(picture())
    return window


def looking_for(window: MainWindow, engine: SilentEngine) -> QWidget:
    """Filters in force over the list, and words marked in the conversation."""
    conversing(window, engine)
    window.library.filter.chosen.emit(Filters(("opus",), ("roof",), has_image=True, archived=True))
    window.find_bar.open_bar()
    window.find_bar.field.setText("print")
    return window


def tagging(window: MainWindow, engine: SilentEngine) -> QWidget:
    tagged = SessionSummary("one", "Roof", datetime.now(UTC), 1, 1, Decimal(), tags=("north", "urgent"))
    window.library.tags_asked.emit((tagged,))
    return window.findChild(TagsDialog)


def seeing(window: MainWindow, engine: SilentEngine) -> QWidget:
    """What Claude sees of an image, beside its original."""
    images = tuple(replace(picture(f"{number}.jpg", (4032, 3024)), digest=str(number)) for number in range(3))
    engine.tell(SessionOpened(session(draft=Draft(images))))
    window.viewing.open(images[1])
    ((ticket, *_),) = engine.asked("sights.show")
    size = ImageSize(40, 30)
    rendition = Rendition("made", "image/jpeg", size, 900)
    engine.tell(
        SightReady(ticket, rendition, size, bytes(4800)),
        OriginalReady(ticket, size, size, bytes(4800)),
    )
    return window.viewing.dialog


def editing(window: MainWindow, engine: SilentEngine) -> QWidget:
    """An image on the bench, with a mark to be explained and a crop."""
    image = replace(picture("crane.jpg", (400, 300)), digest="d")
    engine.tell(SessionOpened(session(draft=Draft((image,)))))
    window.benching.open_bench(image)
    editor = window.benching.dialog.editor
    editor.turn(1)
    editor.add(Mark(Shape.BOX, 10, 10, 90, 90, legend="crack"))
    return window.benching.dialog


def cropping(window: MainWindow, engine: SilentEngine) -> QWidget:
    """The same image, being cropped."""
    found = editing(window, engine)
    window.benching.dialog.editor.choose_tool(Tool.CROP)
    return found


def dialog(object_name: str, show: Callable[[MainWindow], object]) -> State:
    def opened(window: MainWindow, engine: SilentEngine) -> QWidget:
        engine.tell(SessionOpened(session()))
        show(window)
        found = window.findChild(QDialog, object_name)
        assert found is not None
        return found

    opened.__name__ = object_name
    return opened


def _shortcuts(window: MainWindow) -> None:
    next(action for action in window.actions() if action.shortcut().toString() == "F1").trigger()


STATES = (
    empty,
    composing,
    conversing,
    seeing,
    editing,
    cropping,
    looking_for,
    tagging,
    dialog("settings", MainWindow.open_settings),
    dialog("shortcuts", _shortcuts),
    dialog("failure-details", lambda window: window.transcript.details_asked.emit(OVERLOADED)),
)


@pytest.fixture(params=STATES, ids=lambda state: state.__name__)
def shown(request: pytest.FixtureRequest, window: MainWindow, engine: SilentEngine) -> QWidget:
    found: QWidget = request.param(window, engine)
    QCoreApplication.processEvents()
    return found


def controls(top: QWidget) -> list[QWidget]:
    """Return what can be operated in a window, without the parts Qt makes a control of."""
    return [
        widget
        for widget in top.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.isVisible()
        and widget.window() is top
        and not isinstance(widget, QScrollBar)
        and not isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
    ]


def spoken_name(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def is_read_only(widget: QWidget) -> bool:
    return isinstance(widget, QPlainTextEdit | QTextEdit | QLineEdit) and widget.isReadOnly()


def test_everything_that_can_be_operated_has_names_for_people_and_for_tests(shown: QWidget):
    found = controls(shown)
    assert found
    assert [widget for widget in found if not widget.objectName()] == []
    assert [widget.objectName() for widget in found if not spoken_name(widget).strip()] == []


def test_neighbours_have_different_names(shown: QWidget):
    names = Counter((widget.parentWidget(), widget.objectName()) for widget in controls(shown))
    assert [name for (_, name), times in names.items() if times > 1] == []


def test_targets_are_large_enough_to_hit(shown: QWidget):
    small = [
        (widget.objectName(), widget.width(), widget.height())
        for widget in controls(shown)
        if isinstance(widget, QAbstractButton | QComboBox | QLineEdit)
        and min(widget.width(), widget.height()) < Size.TARGET
    ]
    assert small == []


def walk(top: QWidget) -> list[QWidget]:
    """Press Tab until it comes round, and return what had the focus, in order."""
    top.activateWindow()
    reached: list[QWidget] = []
    stayed = 0
    for _ in range(_MOST_TABS):
        now = QApplication.focusWidget()
        if now in reached[:-1]:
            return reached
        stayed = stayed + 1 if now in reached else 0
        if stayed > _MOST_LINKS:
            return reached  # there is but one place to go to
        if now is not None and not stayed:
            reached.append(now)
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(now or top, press)
    raise AssertionError(f"Tab does not come round: {[widget.objectName() for widget in reached]}")


def test_tab_reaches_everything_that_can_be_operated(shown: QWidget):
    reached = walk(shown)
    missed = {
        widget.objectName()
        for widget in controls(shown)
        if widget.isEnabled() and not is_read_only(widget) and widget not in reached
    }
    # Of choices that exclude each other Tab reaches the one that is made, and the arrow keys the others.
    in_a_group = {
        button.objectName()
        for button in controls(shown)
        if isinstance(button, QAbstractButton) and button.group() is not None and button.group().exclusive()
    }
    assert missed - in_a_group - set(REACHED_OTHERWISE) == set()


def test_tab_goes_through_the_window_from_left_to_right(window: MainWindow, engine: SilentEngine):
    composing(window, engine)
    parts = {
        window.library: "library",
        window.header: "header",
        window.transcript: "transcript",
        window.composer: "composer",
        window.inspector: "inspector",
    }
    order: list[str] = []
    window.library.search.setFocus()
    for widget in walk(window):
        part = next((name for part, name in parts.items() if part.isAncestorOf(widget)), None)
        if part is not None and (not order or order[-1] != part):
            order.append(part)
    assert order == ["library", "header", "composer", "inspector", "library"]


class Recorder:
    """Stands for the screen reader."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def updateAccessibility(self, event) -> None:
        self.said.append(event.message())


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(spoken, "QAccessible", recorder)
    return recorder


def test_a_move_is_announced(window, engine, qtbot, reader):
    composing(window, engine)
    strip = window.composer.strip
    strip.select([window.composer.draft.images[2].id])
    reader.said.clear()
    qtbot.keyClick(strip, Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert reader.said == ["Image 3, 2.jpg moved to position 1 of 3"]
    qtbot.keyClick(strip, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert len(reader.said) == 1  # it was there already


def test_notices_are_announced(window, engine, reader):
    engine.tell(SessionOpened(session()))
    engine.tell(ImagesRefused("session", (Refusal("a.txt", RefusalKind.NOT_AN_IMAGE),)))
    engine.tell(Noticed(Failure(FailureKind.STORAGE, "locked")))
    assert reader.said[0] == "Warning: 1 file was not added"
    assert len(reader.said) == 2


def test_a_card_says_in_words_what_it_shows_in_colour(window, engine):
    composing(window, engine)
    images = window.composer.images
    said = [images.index(row).data(Qt.ItemDataRole.AccessibleDescriptionRole) for row in range(3)]
    assert "tok" in said[0]
    assert "Image 2 is the same as Image 1" in said[1]
    assert images.index(1).data(Qt.ItemDataRole.ToolTipRole)


def test_dialogs_that_ask_for_a_name_have_one(window, engine):
    engine.tell(SessionOpened(session()))
    window.rename_session()
    asked = window.findChild(QInputDialog, "rename-session")
    assert spoken_name(asked.findChild(QLineEdit)).strip()


def test_mentions_are_told_while_they_are_chosen_and_when_the_caret_passes_them(
    window, engine, qtbot, reader
):
    composing(window, engine)
    prompt = window.composer.prompt
    window.activateWindow()
    prompt.setFocus()
    qtbot.waitUntil(prompt.hasFocus)
    reader.said.clear()
    qtbot.keyClicks(prompt, " @")
    qtbot.keyClick(prompt, Qt.Key.Key_Down)
    qtbot.keyClick(prompt, Qt.Key.Key_Return)
    assert reader.said[0] == "Image 1, 0.jpg, 1 of 3"
    assert reader.said[1] == "Image 2, 1.jpg, 2 of 3"
    assert reader.said[-1] == "Image 2, 1.jpg mentioned"
    window.composer.cards.remove([window.composer.draft.images[1].id])
    reader.said.clear()
    qtbot.keyClick(prompt, Qt.Key.Key_Left)
    qtbot.keyClick(prompt, Qt.Key.Key_Right)
    assert reader.said == ["Image gone: 1.jpg is not in the next request"]
    described = QAccessible.queryAccessibleInterface(prompt).text(QAccessible.Text.Description)
    assert described == "What? Image gone"


def test_a_column_is_a_tab_stop_only_while_it_scrolls(window, engine):
    empty(window, engine)
    assert window.inspector not in list(tab_stops(window.centralWidget()))
    composing(window, engine)
    window.resize(1440, 600)
    QCoreApplication.processEvents()
    assert window.inspector.verticalScrollBar().maximum() > 0
    assert window.inspector in list(tab_stops(window.centralWidget()))
