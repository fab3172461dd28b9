"""Screenshots: the window goes out of the way, a part is chosen, and its own pixels arrive."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from vision_studio.core.pasted import Bitmap, KeptFile
from vision_studio.core.size import Size
from vision_studio.ui.composer import screenshot as module
from vision_studio.ui.composer.screen_picker import ScreenPicker
from vision_studio.ui.composer.screenshot import Screenshot, Way, way

NOW = datetime(2026, 11, 25, 15, 30, 12, tzinfo=UTC)
LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def frozen(ratio: float = 1.0) -> QPixmap:
    """A grey screen with a red part, at 100, 50 and 40 × 30 in the window's pixels."""
    size = QGuiApplication.primaryScreen().geometry().size()
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor("gray"))
    painter = QPainter(pixmap)
    painter.fillRect(QRect(100, 50, 40, 30), QColor("red"))
    painter.end()
    return pixmap


@pytest.fixture
def shooting(theme, qtbot, monkeypatch):
    """Begins a screenshot of a screen that is drawn; returns it with its picker, and our window."""
    monkeypatch.setattr(module, "SETTLE_MS", 0)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)

    def begin(picture: QPixmap | None = None) -> tuple[Screenshot, ScreenPicker | None, QWidget]:
        made = Screenshot(window, lambda: NOW, lambda screen: frozen() if picture is None else picture)
        made.is_possible = True
        failures = []
        made.failed.connect(failures.append)
        made.take()
        assert not window.isVisible()
        qtbot.waitUntil(lambda: bool(made.pickers or failures))
        picker = made.pickers[0] if made.pickers else None
        if picker is not None:
            qtbot.waitExposed(picker)
        return made, picker, window

    yield begin
    for picker in QGuiApplication.topLevelWindows():
        picker.hide()


def drag(qtbot, picker: ScreenPicker, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(picker, LEFT, NO_KEYS, start)
    qtbot.mouseMove(picker, end)
    qtbot.mouseRelease(picker, LEFT, NO_KEYS, end)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_part_arrives_with_all_the_pixels_it_has_on_the_screen(shooting, qtbot, ratio):
    shot, picker, window = shooting(frozen(ratio))
    with qtbot.waitSignal(shot.taken) as taken:
        drag(qtbot, picker, QPoint(139, 79), QPoint(100, 50))  # from the lower right: any corner will do
    (bitmap,) = taken.args[0].pasted
    assert bitmap == Bitmap(
        "Screenshot 2026-11-25 15.30.12.png",
        Size(round(40 * ratio), round(30 * ratio)),
        b"\xff\0\0\xff" * round(40 * ratio) * round(30 * ratio),
        opaque=True,
    )
    assert window.isVisible()
    assert not shot.pickers


def test_enter_takes_the_whole_screen(shooting, qtbot):
    shot, picker, window = shooting()
    with qtbot.waitSignal(shot.taken) as taken:
        qtbot.keyClick(picker, Qt.Key.Key_Return)
    (bitmap,) = taken.args[0].pasted
    screen = QGuiApplication.primaryScreen().geometry().size()
    assert (bitmap.size.width, bitmap.size.height) == (screen.width(), screen.height())
    assert window.isVisible()


def test_esc_takes_nothing_and_another_can_be_taken_then(shooting, qtbot):
    shot, picker, window = shooting()
    with qtbot.assertNotEmitted(shot.taken):
        qtbot.keyClick(picker, Qt.Key.Key_Escape)
    assert window.isVisible()
    shot.take()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: bool(shot.pickers))
    qtbot.keyClick(shot.pickers[0], Qt.Key.Key_Escape)


def test_a_click_chooses_nothing(shooting, qtbot):
    shot, picker, _ = shooting()
    with qtbot.assertNotEmitted(shot.taken):
        drag(qtbot, picker, QPoint(100, 50), QPoint(101, 51))
    qtbot.keyClick(picker, Qt.Key.Key_Escape)


def test_a_second_one_waits_for_the_first(shooting, qtbot):
    shot, picker, _ = shooting()
    shot.take()
    assert shot.pickers == [picker]
    qtbot.keyClick(picker, Qt.Key.Key_Escape)


def test_a_system_that_shows_nothing_says_so_and_the_window_comes_back(shooting, qtbot):
    _, picker, window = shooting(QPixmap())
    assert picker is None
    assert window.isVisible()


def test_what_the_desktop_took_arrives_under_our_name(theme, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    shot = Screenshot(window, lambda: NOW)
    with qtbot.waitSignal(shot.taken) as taken:
        shot._take_file(Path("/tmp/shot-7.png"))
    (file,) = taken.args[0].pasted
    assert file == KeptFile("Screenshot 2026-11-25 15.30.12.png", Path("/tmp/shot-7.png"))


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("xcb", {}, Way.GRAB),
        ("xcb", {"WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("wayland", {"WAYLAND_DISPLAY": "wayland-0"}, Way.PORTAL),
        ("wayland-egl", {}, Way.PORTAL),
        ("windows", {}, Way.GRAB),
        ("cocoa", {}, Way.GRAB),
        ("offscreen", {}, Way.NONE),
    ],
)
def test_how_a_desktop_lets_itself_be_photographed(platform, environ, expected):
    assert way(platform, environ) is expected


def test_the_button_is_there_only_where_it_works(window):
    window.screenshot.look()
    assert not window.composer.screenshot.isVisible()  # no screen is behind this platform
    window.screenshot.possible_changed.emit(True)
    assert window.composer.screenshot.isVisible()
