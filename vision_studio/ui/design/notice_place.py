"""A place in a column for one notice at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from vision_studio.ui.design.findings import Notice, Severity


class NoticePlace(QObject):
    """Puts a notice in a row of the column, and the one that stood there away.

    ``object_name`` is that of every notice that stands there.
    """

    def __init__(self, column: QVBoxLayout, row: int, object_name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._column, self._row, self._object_name = column, row, object_name
        self._notice: Notice | None = None

    @property
    def notice(self) -> Notice | None:
        return self._notice

    def say(self, severity: Severity, text: str, lines: Sequence[str] = ()) -> Notice:
        """Show a notice, and have a screen reader say it; empty lines are left out."""
        self.clear()
        said = tuple(filter(None, lines))
        notice = self._notice = Notice(severity, text, object_name=self._object_name, lines=said)
        notice.dismissed.connect(self.clear)
        self._column.insertWidget(self._row, notice)
        notice.announce()
        return notice

    def clear(self) -> None:
        if self._notice is not None:
            self._column.removeWidget(self._notice)
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
