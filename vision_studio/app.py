"""The composition root: builds everything once, connects it, runs, and stops the engine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from vision_studio import __version__, assets
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.events import Noticed
from vision_studio.core.failures import FailureKind
from vision_studio.engine import options as engine_options
from vision_studio.headless import build_engine, read_catalogue
from vision_studio.storage.place import default_folder
from vision_studio.ui.application import StudioApplication
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.cards import clear_clipboard
from vision_studio.ui.design.theme import Theme
from vision_studio.ui.handover import Handover, address, hand_over
from vision_studio.ui.signals import SignalsEndTheApplication
from vision_studio.ui.welcome import Sample
from vision_studio.ui.window import MainWindow

if TYPE_CHECKING:
    from vision_studio.practice import PracticeServer

_qt_logger = logging.getLogger("qt")
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

SAMPLES = (
    (Sample("Ridge at dusk", "JPEG photo"), "ridge-dusk.jpg"),
    (Sample("Ridge at midday", "JPEG photo"), "ridge-midday.jpg"),
    (Sample("Revenue", "PNG chart"), "revenue.png"),
    (Sample("Receipt", "JPEG scan"), "receipt.jpg"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """What differs between a user's start, the gallery and the tests."""

    engine: engine_options.Options = field(default_factory=engine_options.Options)
    open_with: tuple[Path, ...] = ()
    practice: Callable[[Catalogue, Path], PracticeServer] | None = None
    """Makes the practice server; None: one that writes as fast as one reads."""


class Application:
    """The window and the engine behind it."""

    def __init__(self, qt: QApplication, options: Options) -> None:
        catalogue = read_catalogue()
        self.theme = Theme(qt)
        self.bridge = EngineBridge(
            partial(build_engine, catalogue, options.engine, practice=options.practice)
        )
        samples = [
            (sample, QPixmap(str(assets.path(f"samples/previews/{file}")))) for sample, file in SAMPLES
        ]
        self.window = MainWindow(
            self.bridge, catalogue, self.theme, samples, tuple(options.engine.mishaps), options.open_with
        )
        self._open_with = options.open_with
        self._where = whereabouts(options)
        self._handover = Handover(self._where) if self._where is not None else None
        self._listen_for_files(qt)

    def start(self) -> None:
        """Show the window, and start the engine once it is painted."""
        self.window.show()
        QTimer.singleShot(0, self.window, self.bridge.start)
        QTimer.singleShot(0, self.window, self.window.screenshot.look)

    def stop(self) -> None:
        """Save and end everything; the window may be closed already."""
        clear_clipboard()
        if self._handover is not None:
            self._handover.close()
        self.bridge.stop()

    def _listen_for_files(self, qt: QApplication) -> None:
        if isinstance(qt, StudioApplication):
            qt.file_opened.connect(lambda path: self.window.open_files((path,)))
        if self._handover is not None:
            self._handover.files_arrived.connect(self.window.open_files)
            # Not before the data folder is ours: until then another window may be the one to call.
            self.bridge.session_opened.connect(self._handover.listen)
            self.bridge.noticed.connect(self._give_way)

    def _give_way(self, event: Noticed) -> None:
        """End for the window that took the folder while this one was starting."""
        lost = event.failure.kind is FailureKind.FOLDER_IN_USE
        if lost and self._where is not None and hand_over(self._where, self._open_with):
            self.window.close()


def whereabouts(options: Options) -> str | None:
    """Return where the window over the same data folder listens, if there is one."""
    return address((options.engine.data_dir or default_folder()).absolute())


def main(options: Options) -> int:
    """Run the window until it is closed. Returns the exit status.

    Where a window is open over the same data folder, it is given the files instead.
    """
    where = whereabouts(options)
    if where is not None and hand_over(where, options.open_with):
        return 0
    qt = make_qt_application(sys.argv[:1])
    SignalsEndTheApplication(qt)
    application = Application(qt, options)
    # Before Qt is torn down: what the engine reports last still finds the bridge.
    qt.aboutToQuit.connect(application.stop)
    application.start()
    return qt.exec()


def make_qt_application(arguments: list[str]) -> QApplication:
    """Return Qt's application under our name; one to a process."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    qInstallMessageHandler(_log_qt)
    qt = StudioApplication(arguments)
    qt.setApplicationName("vision-studio")
    qt.setApplicationDisplayName("Vision Studio")
    qt.setApplicationVersion(__version__)
    qt.setDesktopFileName("vision-studio")
    qt.setWindowIcon(QIcon(str(assets.path("icons/app.svg"))))
    return qt


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Have Qt's messages in the same place as ours."""
    if "propagateSizeHints" not in message:  # off screen, Qt says so of every window
        _qt_logger.log(_QT_LEVELS.get(kind, logging.INFO), "%s", message)


def sample_paths() -> tuple[Path, ...]:
    """The pictures that come with the application, in the order they are offered."""
    return tuple(assets.path(f"samples/{file}") for _, file in SAMPLES)
