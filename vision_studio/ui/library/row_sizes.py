"""How high the rows of the library's lists are.

A view that lays out ten thousand rows asks each for its size, and so it does for every row that changes: the
sizes are made once, and told by the models.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from vision_studio.core.conversation import SessionSummary
from vision_studio.core.search import Hit
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.tokens import Space, TextStyle, Type
from vision_studio.ui.library.rows import Heading

SNIPPET_LINES = 2


class RowSizes:
    """The sizes in the fonts of the moment."""

    def __init__(self) -> None:
        hit = line_height(Type.CONTROL) + SNIPPET_LINES * line_height(Type.SMALL) + 2 * Space.S + Space.HAIR
        self._heading = QSize(0, line_height(Type.CAPTION) + Space.L + Space.XS)
        self._session = QSize(0, session_height(tagged=False))
        self._tagged = QSize(0, session_height(tagged=True))
        self._hit = QSize(0, hit)

    def of(self, row: Heading | SessionSummary | Hit) -> QSize:
        if isinstance(row, SessionSummary):
            return self._tagged if row.tags else self._session
        return self._heading if isinstance(row, Heading) else self._hit


def session_height(*, tagged: bool) -> int:
    lines = line_height(Type.BODY) + line_height(Type.SMALL) + 2 * Space.S + Space.HAIR
    return lines + (line_height(Type.SMALL) + Space.XS if tagged else 0)


def line_height(style: TextStyle) -> int:
    return QFontMetrics(font(style)).height()
