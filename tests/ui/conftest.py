"""The theme, and a window with nothing behind it, in the test's application; both leave nothing behind."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication

from tests.core.builders import CATALOGUE, TODAY
from tests.support.silent_engine import SilentEngine
from vision_studio.ui.design import Mode, Theme
from vision_studio.ui.welcome import Sample
from vision_studio.ui.window import MainWindow


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    palette, font = qapp.palette(), qapp.font()
    made = Theme(qapp, Mode.LIGHT)
    yield made
    made.set_mode(Mode.SYSTEM)
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def engine(qapp: QApplication) -> Iterator[SilentEngine]:
    made = SilentEngine()
    yield made
    made.bridge.deleteLater()


@pytest.fixture
def window(theme: Theme, engine: SilentEngine, qtbot) -> MainWindow:
    """The whole window, over an engine that is silent."""
    picture = QPixmap(64, 48)
    picture.fill(QColor("teal"))
    made = MainWindow(
        engine.bridge,
        CATALOGUE,
        theme,
        [(Sample("Ridge", "JPEG photo"), picture)],
        ("529",),
        (),
        lambda: TODAY,
    )
    qtbot.addWidget(made)
    made.resize(1440, 900)
    made.show()
    qtbot.waitExposed(made)
    return made
