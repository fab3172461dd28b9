"""Qt's application, which also hears what macOS wants opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class StudioApplication(QApplication):
    """macOS tells a running application of files by an event; other systems start it once more."""

    file_opened = Signal(object)  # Path

    # Qt's override

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)
