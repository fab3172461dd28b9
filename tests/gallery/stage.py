"""Drives the real application, over a folder of its own and with the practice server behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QTimer, SignalInstance
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog

from vision_studio.app import Application, Options, sample_paths
from vision_studio.core.catalogue import Catalogue
from vision_studio.engine import options as engine_options
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.theme import Mode

PATIENCE_MS = 60_000


class Stage:
    """One run of the application. Everything it does waits for its outcome."""

    def __init__(self, qt: QApplication, folder: Path) -> None:
        self.folder = folder
        self._servers: list[PracticeServer] = []

        def practice(catalogue: Catalogue, uploads: Path) -> PracticeServer:
            self._servers.append(PracticeServer(catalogue, uploads, pace_tokens_per_s=None))
            return self._servers[-1]

        engine = engine_options.Options(folder / "data", Wish(practice=True), sample_paths(), environment={})
        self.application = Application(qt, Options(engine=engine, practice=practice))
        self.bridge = self.application.bridge
        self.window = self.application.window

    @property
    def server(self) -> PracticeServer:
        return self._servers[0]

    def open(self) -> None:
        with self.waiting(self.bridge.session_opened):
            self.application.start()

    def close(self) -> None:
        self.window.close()
        self.application.stop()
        self.window.deleteLater()
        self.bridge.deleteLater()

    @contextmanager
    def waiting(
        self, signal: SignalInstance, until: Callable[[Any], bool] = lambda event: True
    ) -> Iterator[None]:
        """Do something, and go on once ``signal`` came with an event that satisfies. Raises TimeoutError."""
        met: list[Any] = []
        loop = QEventLoop()

        def meet(event: Any) -> None:
            if until(event):
                met.append(event)
                loop.quit()

        signal.connect(meet)
        yield
        if not met:
            patience = QTimer(singleShot=True, interval=PATIENCE_MS)
            patience.timeout.connect(loop.quit)
            patience.start()
            loop.exec()
        signal.disconnect(meet)
        if not met:
            raise TimeoutError(f"{signal} did not come")

    def new_session(self) -> None:
        self.window.desk.save()
        with self.waiting(self.bridge.session_opened):
            self.bridge.new_session()

    def add(self, paths: Sequence[Path]) -> None:
        with self.waiting(self.bridge.import_progressed, lambda event: event.done == event.total):
            self.window.desk.bring(Incoming(paths=tuple(paths)), self.window.composer.images.rowCount())
        self.settle()

    def choose(self, row: int) -> None:
        """Select a card, and wait for what Claude sees of it."""
        with self.waiting(self.bridge.picture_ready):
            self.window.composer.strip.select([self.window.composer.images.image(row).id])

    def write(self, text: str) -> None:
        with self.waiting(self.bridge.draft_saved):
            self.window.composer.prompt.insertPlainText(text)
            self.window.desk.save()

    def ask(self, text: str) -> None:
        """Ask, and wait for the answer, or for its failure."""
        with self.waiting(self.bridge.turn_ended):
            self.window.composer.prompt.insertPlainText(text)
            self.window.composer.send()
        self.settle()

    def settle(self) -> None:
        """Let everything that waits to be laid out be laid out."""
        for _ in range(5):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            QApplication.processEvents()

    def grab(self, width: int, height: int, mode: Mode) -> QPixmap:
        """Return what the window, with a dialog if one is open, looks like at a size in logical pixels."""
        self.application.theme.set_mode(mode)
        self.window.resize(width, height)
        self.settle()
        pixmap = self.window.grab()
        for dialog in self.window.findChildren(QDialog):
            if dialog.isVisible():
                self._draw_over(pixmap, dialog)
        return pixmap

    def _draw_over(self, pixmap: QPixmap, dialog: QDialog) -> None:
        dialog.resize(dialog.sizeHint())  # not by adjustSize, which knows only a small screen here
        self.settle()
        painter = QPainter(pixmap)
        window = self.window.rect()
        painter.fillRect(window, colour(colours().shade))
        corner = window.center() - dialog.rect().center()
        painter.drawPixmap(QPoint(max(0, corner.x()), max(0, corner.y())), dialog.grab())
        painter.end()
