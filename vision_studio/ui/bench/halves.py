"""The same pixels at a half, a quarter and so on of their size, made when they are wanted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage


class Halves:
    """Makes an image smaller with care; painting alone would skip pixels."""

    def __init__(self, pixels: QImage) -> None:
        self._images = [pixels]

    def at(self, width: float) -> QImage:
        """Return the smallest that is no narrower than so many pixels, or the whole one."""
        place = 0
        while self._images[place].width() >= 2 * width and self._images[place].width() > 2:
            if place + 1 == len(self._images):
                last = self._images[place]
                half = QSize(max(1, last.width() // 2), max(1, last.height() // 2))
                smooth = Qt.TransformationMode.SmoothTransformation
                self._images.append(last.scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
            place += 1
        return self._images[place]
