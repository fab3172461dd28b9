"""Another program: a small window that takes what is dropped on it or pasted, and tells what it got."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QLabel


class Target(QLabel):
    """Copies what it is given, as a file manager does."""

    def __init__(self) -> None:
        super().__init__("drop here")
        self.setFixedSize(120, 60)
        self.setStyleSheet("background: rgb(0, 105, 148)")  # a colour that nothing else has
        self.setAcceptDrops(True)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self, activated=self.paste)

    def paste(self) -> None:
        self._tell("pasted", QGuiApplication.clipboard().mimeData())

    def _tell(self, event: str, mime: QMimeData) -> None:
        files = [Path(url.toLocalFile()) for url in mime.urls()]
        image = QImage.fromData(mime.data("image/png"))
        tell(
            event=event,
            paths=[str(file) for file in files],
            digests=[hashlib.sha256(file.read_bytes()).hexdigest() for file in files],
            size=[image.width(), image.height()],
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._tell("received", event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()


def tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    qt = QApplication(sys.argv[:1])
    target = Target()
    target.move(1310, 20)
    target.show()

    def tell_place() -> None:
        middle = target.mapToGlobal(target.rect().center())
        tell(event="places", target=[middle.x(), middle.y()])

    QTimer.singleShot(300, target, tell_place)  # once the window manager has placed the window
    sys.exit(qt.exec())
