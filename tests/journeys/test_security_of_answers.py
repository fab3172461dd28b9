"""Whatever a server says: nothing is loaded, run or opened for it, and it stands there as words."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from tests.journeys.pipe import Pipe
from tests.journeys.seen import lines, press, the
from tests.support.scripted_gateway import ScriptedGateway, says
from tests.support.visit import PATIENCE_MS
from vision_studio.core.conversation import Outcome
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.ui.details import FailureDetails
from vision_studio.ui.markdown.view import AnswerView

LOUD = QColor(255, 0, 170)
"""A colour that nothing of ours has."""
SCHEMES = ("file", "javascript", "http", "https", "data", "vbscript", "smb")


class Listener:
    """A server that nobody may connect to."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def was_called(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


class Opened(QObject):
    """Stands where the desktop opens addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.addresses.append(url.toString())


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def opened() -> Iterator[Opened]:
    opened = Opened()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, opened, "take")
    yield opened
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


def hostile(picture: Path, pipe: Path, address: str) -> str:
    return f"""# Look <script>alert(1)</script>

<img src="file://{picture}"> and <img src="{picture}">

![local](file://{picture}) ![plain]({picture}) ![pipe]({pipe}) ![pipe](file://{pipe})

![remote]({address}/markdown.png) <img src="{address}/html.png">

<link rel="stylesheet" href="{address}/style.css"><iframe src="{address}/frame"></iframe>

<div style="background: url({address}/background)">styled</div>

[![inner]({address}/inner.png)]({address}/outer)

| table | <img src="{address}/cell.png"> |
|---|---|
| ![cell]({address}/cell2.png) | <b>bold?</b> |

- [scriptlink](javascript:alert(1)) [datalink](data:text/html,<b>x</b>)
- [filelink](file://{picture}) [etclink](/etc/passwd) [pipelink](file://{pipe})

```html
<img src="{address}/code.png">
```

[ref]: {address}/reference.png
![by reference][ref]

<b>unfinished <img src="{address}/end.png"
"""


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that cannot be overlooked."""
    Image.new("RGB", (400, 300), LOUD.name()).save(tmp_path / "loud.png")
    return tmp_path / "loud.png"


def test_a_hostile_answer_is_words(visit, tmp_path, picture, listener, opened, qtbot):
    pipe = Pipe(tmp_path / "pipe")
    text = hostile(picture, pipe.path, listener.address)
    gateway = ScriptedGateway()
    gateway.script(*says(*(text[at : at + 7] for at in range(0, len(text), 7))))
    here = visit(make_gateway=lambda base_url, key: gateway)
    try:
        turn = here.ask_and_wait("Say something.")
        assert turn.answer.text == text
        view = here.window.transcript.turn(turn.id).answer
        _is_harmless(qtbot, view)
        for words in ("scriptlink", "datalink", "filelink", "etclink", "pipelink"):
            assert _click(qtbot, view, words) == []
        here.leave()

        again = visit(make_gateway=lambda base_url, key: gateway)
        _is_harmless(qtbot, again.window.transcript.turn(turn.id).answer)
    finally:
        was_opened = pipe.close()
    assert not was_opened
    assert not listener.was_called()
    assert opened.addresses == []


def _is_harmless(qtbot, view: AnswerView) -> None:
    """Wait until the page stands; it shows its HTML as words, and no picture."""
    qtbot.waitUntil(lambda: "unfinished" in view.toPlainText(), timeout=PATIENCE_MS)
    page = view.toPlainText()
    for words in ("<script>alert(1)</script>", '<img src="file://', "<iframe", "<b>bold?</b>", "<link rel"):
        assert words in page
    assert "\N{OBJECT REPLACEMENT CHARACTER}" not in page
    assert not _is_loud(view)


def _is_loud(widget: QWidget) -> bool:
    """Tell whether the picture is drawn anywhere."""
    image = widget.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert len(colours) > 1
    return LOUD.rgb() in colours


def _click(qtbot, view: AnswerView, words: str) -> list[str]:
    """Click on a link; return what is asked then, and refuse it."""
    cursor = view.document().find(words)
    assert not cursor.isNull(), words
    cursor.setPosition(cursor.selectionStart() + 3)
    asked: list[str] = []

    def refuse() -> None:
        if isinstance(box := QApplication.activeModalWidget(), QMessageBox):
            asked.append(box.text())
            box.reject()

    QTimer.singleShot(0, view, refuse)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.cursorRect(cursor).center())
    QCoreApplication.processEvents()
    return asked


def test_a_web_link_is_opened_only_after_its_host_was_shown(visit, listener, opened, qtbot):
    gateway = ScriptedGateway()
    gateway.script(*says(f"See [weblink]({listener.address}/page)."))
    here = visit(make_gateway=lambda base_url, key: gateway)
    turn = here.ask_and_wait("Where?")
    view = here.window.transcript.turn(turn.id).answer
    assert _click(qtbot, view, "weblink") == ["Open 127.0.0.1 in your browser?"]
    assert opened.addresses == []
    assert not listener.was_called()


def test_a_hostile_question_and_failure_are_words(visit, picture, listener):
    """The question may have been pasted, and the failure is the server's to word."""
    html = f'<img src="{picture}"><img src="file://{picture}"><img src="{listener.address}/it.png"><b>No</b>'
    gateway = ScriptedGateway()
    gateway.script(Failure(FailureKind.BAD_REQUEST, html, type=html, request_id=html, status=400))
    here = visit(make_gateway=lambda base_url, key: gateway)
    turn = here.ask_and_wait(html)
    assert turn.answer.outcome is Outcome.FAILED
    view = here.window.transcript.turn(turn.id)
    assert lines(view, "ending")[0].startswith('The request was refused: <img src="')
    assert not _is_loud(here.window)
    press(view, "details")
    details = the(here.window, FailureDetails, "failure-details")
    assert not _is_loud(details)
    press(details, "close-details")
    assert not listener.was_called()
