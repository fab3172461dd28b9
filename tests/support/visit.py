"""A visit to the application: the real window and engine over a data folder, driven as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from vision_studio.app import Application, Options, sample_paths
from vision_studio.core.conversation import Answer, Turn
from vision_studio.engine import options as engine_options
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer
from vision_studio.ui.window import MainWindow

PATIENCE_MS = 30_000


class Visit:
    """One run of the application, from its start to its end."""

    def __init__(
        self,
        qapp: QApplication,
        qtbot: QtBot,
        folder: Path,
        *,
        wish: Wish = Wish(practice=True),  # noqa: B008  # a frozen value
        pace_tokens_per_s: float | None = None,
        **engine: Any,
    ) -> None:
        self._qtbot = qtbot
        self._left = False
        self.servers: list[PracticeServer] = []

        def practice(catalogue: Any, uploads: Path) -> PracticeServer:
            self.servers.append(PracticeServer(catalogue, uploads, pace_tokens_per_s, record=True))
            return self.servers[-1]

        options = Options(
            engine=engine_options.Options(folder, wish, sample_paths(), **{"environment": {}, **engine}),
            practice=practice,
        )
        self.application = Application(qapp, options)
        self.noticed: list[Any] = []
        self.application.bridge.noticed.connect(self.noticed.append)

    @property
    def window(self) -> MainWindow:
        return self.application.window

    @property
    def server(self) -> PracticeServer:
        return self.servers[0]

    def open(self, *, fails: bool = False) -> None:
        """Open the window, and wait for its session, or for word that there will be none."""
        bridge = self.application.bridge
        with self.waiting(bridge.noticed if fails else bridge.session_opened):
            self.application.start()
        self.window.activateWindow()
        self._qtbot.waitActive(self.window)

    def leave(self) -> None:
        """Close the window and end the engine; again, it does nothing."""
        if self._left:
            return
        self._left = True
        self.window.close()
        self.application.stop()
        self.window.deleteLater()
        self.application.bridge.deleteLater()

    def drop(
        self, *paths: Path, on: QWidget | None = None, at: QPoint | None = None, refused: int = 0
    ) -> None:
        """Drop files, and wait until each is on the strip and stored, or refused.

        ``refused`` is how many are; one of the others at least must be a picture.
        """
        bridge, names = self.application.bridge, []

        def all_refused(event: Any) -> bool:
            names.extend(refusal.name for refusal in event.refusals)
            return len(names) == refused

        signals = [bridge.import_progressed, *([bridge.images_refused] if refused else [])]
        checks = [lambda event: event.done == event.total, *([all_refused] if refused else [])]
        with self._qtbot.waitSignals(signals, timeout=PATIENCE_MS, check_params_cbs=checks):
            self.let_fall(files(*paths), on=on, at=at)

    def let_fall(self, mime: QMimeData, on: QWidget | None = None, at: QPoint | None = None) -> None:
        """Drop anything, as a window system would: where it is not welcome, it does not fall."""
        target = on or self.window.composer
        place = at or target.rect().center()
        both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        entering = QDragEnterEvent(place, both, mime, left, plain)
        entering.ignore()
        target.dragEnterEvent(entering)
        if entering.isAccepted():
            target.dropEvent(QDropEvent(QPointF(place), both, mime, left, plain))

    def ask(self, text: str) -> None:
        """Type a question and press Ctrl+Enter."""
        self.window.composer.prompt.insertPlainText(text)
        self._qtbot.keyClick(
            self.window.composer.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )

    def ask_and_wait(self, text: str) -> Turn:
        with self.waiting(self.application.bridge.turn_ended) as ended:
            self.ask(text)
        turn: Turn = ended.args[0].turn
        return turn

    def waiting(self, signal: SignalInstance, until: Callable[[Any], bool] = lambda event: True) -> Any:
        """A context that ends when the signal came with an event that satisfies."""
        return self._qtbot.waitSignal(signal, timeout=PATIENCE_MS, check_params_cb=until)

    def names(self) -> list[str]:
        return [image.name for image in self.window.composer.draft.images]

    def last_answer(self) -> Answer:
        session = self.window.desk.session
        assert session is not None
        return session.turns[-1].answer

    def uploaded_names(self) -> dict[str, str]:
        """The files that the practice server holds: their names, by id."""
        headers = {"x-api-key": "test", "anthropic-version": "2026-10-21"}
        answer = httpx2.get(f"{self.server.base_url}/v1/files?limit=1000", headers=headers)
        answer.raise_for_status()
        return {file["id"]: file["filename"] for file in answer.json()["data"]}

    def messages_sent(self) -> list[Any]:
        """The bodies of the requests for an answer, in order."""
        return [request.json for request in self.server.requests if request.path == "/v1/messages"]


def files(*paths: Path) -> QMimeData:
    """Return what a file manager hands over; it writes names byte by byte."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromEncoded(path.as_uri().encode()) for path in paths])
    return mime
