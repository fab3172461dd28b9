"""A row that breaks into several when the window is narrow."""

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem

from vision_studio.ui.design.tokens import Space


class FlowLayout(QLayout):
    """Places widgets side by side at their preferred size, line after line, each line left or centred."""

    def __init__(self, *, centred: bool = False, gap: int = Space.S) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._centred = centred
        self._gap = gap

    def _lines(self, width: int) -> Iterator[list[QLayoutItem]]:
        line: list[QLayoutItem] = []
        taken = 0
        for item in self._items:
            if item.isEmpty():  # a hidden widget
                continue
            needed = item.sizeHint().width()
            if line and taken + self._gap + needed > width:
                yield line
                line, taken = [], 0
            taken += needed + (self._gap if line else 0)
            line.append(item)
        if line:
            yield line

    def _height_of(self, line: list[QLayoutItem]) -> int:
        return max(item.sizeHint().height() for item in line)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        heights = [self._height_of(line) for line in self._lines(width)]
        return sum(heights) + self._gap * max(len(heights) - 1, 0)

    def minimumSize(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def sizeHint(self) -> QSize:
        widths = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
        return QSize(sum(widths) + self._gap * max(len(widths) - 1, 0), self.minimumSize().height())

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.top()
        for line in self._lines(rect.width()):
            width = sum(item.sizeHint().width() for item in line) + self._gap * (len(line) - 1)
            left = rect.left() + (max(rect.width() - width, 0) // 2 if self._centred else 0)
            height = self._height_of(line)
            for item in line:
                size = item.sizeHint()
                item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
                left += size.width() + self._gap
            top += height + self._gap
