"""A document that loads nothing, whatever its text points at: no file, no pipe, no share, no address."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument


class SealedDocument(QTextDocument):
    def loadResource(self, kind: int, name: QUrl | str) -> QImage:
        return blank_image()


def blank_image() -> QImage:
    """One transparent pixel. An empty answer would not do: Qt would then open the file itself."""
    image = QImage(1, 1, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    return image
