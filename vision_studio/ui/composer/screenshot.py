"""Takes pictures of the screen: our window goes out of the way, a part is chosen, and it comes back."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QPixmap, QScreen
from PySide6.QtWidgets import QWidget

from vision_studio.core.pasted import KeptFile
from vision_studio.ui.composer.incoming import Incoming, bitmap
from vision_studio.ui.composer.screen_picker import ScreenPicker, under_pointer

if TYPE_CHECKING:
    from vision_studio.ui.composer.screen_portal import ScreenPortal

SETTLE_MS = 250
"""How long our window is gone before the screen is looked at: no event tells when what it hid is painted."""


class Way(Enum):
    """How this desktop lets itself be photographed."""

    GRAB = "grab"
    PORTAL = "portal"
    NONE = "none"


def way(platform: str, environ: dict[str, str] | os._Environ[str] = os.environ) -> Way:
    """Return how, for a platform of Qt. On Wayland an X11 window sees nothing but other X11 windows."""
    if platform in ("windows", "cocoa"):
        return Way.GRAB
    if platform == "xcb":
        return Way.PORTAL if environ.get("WAYLAND_DISPLAY") else Way.GRAB
    return Way.PORTAL if platform.startswith("wayland") else Way.NONE


class Screenshot(QObject):
    """One at a time. What was taken comes as ``Incoming`` of one picture, named by the time."""

    taken = Signal(object)  # Incoming
    failed = Signal(str)
    possible_changed = Signal(bool)

    def __init__(
        self,
        window: QWidget,
        now: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone(),
        grab: Callable[[QScreen], QPixmap] = lambda screen: screen.grabWindow(0),
    ) -> None:
        super().__init__(window)
        self._window = window
        self._now = now
        self._grab_screen = grab
        self._busy = False
        self._pickers: list[ScreenPicker] = []
        self._portal: ScreenPortal | None = None
        self.is_possible = False

    def look(self) -> None:
        """Find out whether this desktop lets itself be photographed; ``possible_changed`` tells if so."""
        match way(QGuiApplication.platformName()):
            case Way.GRAB:
                self._become_possible()
            case Way.PORTAL:
                self._look_for_portal()
            case Way.NONE:
                pass

    def take(self) -> None:
        """Take one, unless one is being taken."""
        if self._busy or not self.is_possible:
            return
        self._busy = True
        if self._portal is not None:
            self._portal.ask()
            return
        self._window.hide()
        QTimer.singleShot(SETTLE_MS, self, self._choose)

    def _become_possible(self) -> None:
        self.is_possible = True
        self.possible_changed.emit(True)

    def _look_for_portal(self) -> None:
        from vision_studio.ui.composer.screen_portal import ScreenPortal

        portal = self._portal = ScreenPortal(self)
        portal.found.connect(self._become_possible)
        portal.taken.connect(self._take_file)
        portal.cancelled.connect(self._rest)
        portal.failed.connect(self._fail)
        portal.look()

    def _choose(self) -> None:
        """Freeze every screen, and have a part of one chosen."""
        shots = [(screen, self._grab_screen(screen)) for screen in QGuiApplication.screens()]
        self._pickers = [ScreenPicker(screen, shot) for screen, shot in shots if not shot.isNull()]
        if not self._pickers:
            self._come_back()
            self._fail("The system shows nothing of the screen.")
            return
        for picker in self._pickers:
            picker.chosen.connect(self._take_part)
            picker.cancelled.connect(self._give_up)
            picker.showFullScreen()
        first = under_pointer(self._pickers, QCursor.pos())
        first.activateWindow()
        first.setFocus()

    def _take_part(self, image: QImage) -> None:
        self._come_back()
        self._rest()
        self.taken.emit(Incoming(pasted=(bitmap(self._name(), image),)))

    def _take_file(self, path: Path) -> None:
        self._rest()
        self.taken.emit(Incoming(pasted=(KeptFile(self._name(), path),)))

    def _give_up(self) -> None:
        self._come_back()
        self._rest()

    def _fail(self, reason: str) -> None:
        self._rest()
        self.failed.emit(reason)

    def _come_back(self) -> None:
        # Our window first: with the last one that is seen, the application would end.
        self._window.show()
        self._window.activateWindow()
        for picker in self._pickers:
            picker.hide()
            picker.deleteLater()
        self._pickers = []

    def _rest(self) -> None:
        self._busy = False

    def _name(self) -> str:
        return f"Screenshot {self._now():%Y-%m-%d %H.%M.%S}.png"

    @property
    def pickers(self) -> Sequence[ScreenPicker]:
        """The frozen screens, while a part is being chosen."""
        return self._pickers
