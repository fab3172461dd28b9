"""Another program: a small window from which files can be dragged, as from a file manager."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Drags its files when the pointer moves with the button down; would rather move than copy."""

    def __init__(self, files: list[str]) -> None:
        super().__init__("drag me")
        self._files = files
        self._pressed: QPoint | None = None
        self.setFixedSize(120, 60)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = QApplication.startDragDistance()
        if self._pressed is None or (event.position().toPoint() - self._pressed).manhattanLength() < start:
            return
        self._pressed = None
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(file) for file in self._files])
        drag = QDrag(self)
        drag.setMimeData(mime)
        both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        action = drag.exec(both, Qt.DropAction.MoveAction)
        tell(event="dropped", action=action.name)


def tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    qt = QApplication(sys.argv[:1])
    source = Source(sys.argv[1:])
    source.move(1310, 20)
    source.show()

    def tell_place() -> None:
        middle = source.mapToGlobal(source.rect().center())
        tell(event="places", source=[middle.x(), middle.y()])

    QTimer.singleShot(300, source, tell_place)  # once the window manager has placed the window
    sys.exit(qt.exec())
