"""The engine's pixels as Qt's, in the one way that does not let Qt read memory that is gone."""

from __future__ import annotations

from PySide6.QtGui import QImage


def image_of(width: int, height: int, rgba: bytes) -> QImage:
    """Return RGBA pixels as an image that owns them; a null image when their number does not fit."""
    if width <= 0 or height <= 0 or len(rgba) != width * height * 4:
        return QImage()
    seen = QImage(rgba, width, height, width * 4, QImage.Format.Format_RGBA8888)
    # A copy, in the format that paints fastest.
    return seen.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
