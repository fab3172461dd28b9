"""Notices windows that open: a widget shown before it has a parent flashes up and takes the keyboard away."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class WindowWatch(QObject):
    """Lists, by type and name, every window that is shown while it watches."""

    def __init__(self, qapp: QApplication) -> None:
        super().__init__()
        self.shown: list[str] = []
        qapp.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}".strip())
        return False
