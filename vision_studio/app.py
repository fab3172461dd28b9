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
from vision_studio.engine import options as engine_options
from vision_studio.headless import build_engine, read_catalogue
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.cards import clear_clipboard
from vision_studio.ui.design.theme import Theme
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

    def start(self) -> None:
        """Show the window, and start the engine once it is painted."""
        self.window.show()
        QTimer.singleShot(0, self.window, self.bridge.start)

    def stop(self) -> None:
        """Save and end everything; the window may be closed already."""
        clear_clipboard()
        self.bridge.stop()


def main(options: Options) -> int:
    """Run the window until it is closed. Returns the exit status."""
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
    qt = QApplication(arguments)
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
