"""Line icons that take their colour from the tokens at the moment they are painted."""

import ctypes
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from vision_studio import assets
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import LIGHT

_INK = "currentColor"  # what the drawings under resources/icons/ use for every stroke and fill


def icon(name: str, ink: str = "text") -> QIcon:
    """The icon resources/icons/`name`.svg in the colour token `ink`; it follows the theme by itself.

    Raises FileNotFoundError for an unknown icon, AttributeError for an unknown token.
    """
    _drawing(name)
    getattr(LIGHT, ink)
    return QIcon(_Engine(name, ink))


def paint_icon(painter: QPainter, name: str, area: QRectF, ink: QColor) -> None:
    """Draw an icon, square and centred in `area`, for widgets that paint themselves."""
    edge = min(area.width(), area.height())
    square = QRectF(0, 0, edge, edge)
    square.moveCenter(area.center())
    _renderer(name, ink.name(QColor.NameFormat.HexRgb)).render(painter, square)


class _Engine(QIconEngine):
    """Draws one SVG; normal, disabled and selected differ in colour only."""

    def __init__(self, name: str, ink: str) -> None:
        super().__init__()
        self._name = name
        self._ink = ink

    def _colour(self, mode: QIcon.Mode) -> QColor:
        scheme = colours()
        if mode == QIcon.Mode.Disabled:
            return colour(scheme.disabled)
        if mode == QIcon.Mode.Selected:
            return colour(scheme.on_selection)
        return colour(getattr(scheme, self._ink))

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        paint_icon(painter, self._name, QRectF(rect), self._colour(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # `size` is in device-independent pixels: a pixmap of that many dots would be blurred at 200 %.
        made = QPixmap(size * scale)
        made.setDevicePixelRatio(scale)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        copy = _Engine(self._name, self._ink)
        # PySide leaves the copy in Python's hands and would delete it on return, under the icon that now owns
        # it: this reference is never given back. Qt clones rarely: when a shared icon is itself edited.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(copy))
        return copy


@cache
def _drawing(name: str) -> str:
    return assets.text(f"icons/{name}.svg")


@lru_cache(maxsize=512)
def _renderer(name: str, ink: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace(_INK, ink).encode()))
