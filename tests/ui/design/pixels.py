"""Looks at what a widget or a pixmap really shows."""

from collections import Counter

from PySide6.QtGui import QColor, QImage, QPixmap


def colours_in(picture: QPixmap | QImage) -> Counter[str]:
    """How many pixels of each opaque colour, as "#RRGGBB"."""
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    found: Counter[str] = Counter()
    for y in range(image.height()):
        for x in range(image.width()):
            value = image.pixel(x, y)
            if value >> 24 == 0xFF:
                found[QColor.fromRgba(value).name().upper()] += 1
    return found
