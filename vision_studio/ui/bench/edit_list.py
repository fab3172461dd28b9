"""The edits of an image as a list, in the order in which they are done."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from vision_studio.core.edit_words import edit_text
from vision_studio.core.edits import Crop, Edit, Edits, Redact, Shape, Straighten, Turn
from vision_studio.ui.design.icons import icon

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class EditListModel(QAbstractListModel):
    """Rows come and go at the place where two lists begin to differ."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: Edits = ()

    def show(self, edits: Edits) -> None:
        """Show these; rows that stay as they were are not touched."""
        before = len(self._edits)
        after = len(edits)
        if after < before:
            first = _first_other(self._edits, edits)
            self.beginRemoveRows(ROOT, first, first + before - after - 1)
            self._edits = (*self._edits[:first], *self._edits[first + before - after :])
            self.endRemoveRows()
        elif after > before:
            first = _first_other(self._edits, edits)
            self.beginInsertRows(ROOT, first, first + after - before - 1)
            self._edits = (*self._edits[:first], *edits[first : first + after - before], *self._edits[first:])
            self.endInsertRows()
        if edits != self._edits:
            self._edits = edits
        if edits:  # the number of a mark follows from those before it
            self.dataChanged.emit(self.index(0), self.index(after - 1))

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._edits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._edits):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return edit_text(self._edits, index.row())
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(_drawing(self._edits[index.row()]))
        return None


def _first_other(one: Edits, other: Edits) -> int:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return same


def _drawing(edit: Edit) -> str:
    if isinstance(edit, Turn):
        return "flip" if edit.mirrored else "rotate"
    if isinstance(edit, Straighten):
        return "fit"
    if isinstance(edit, Crop):
        return "crop"
    if isinstance(edit, Redact):
        return "redact"
    return {Shape.ARROW: "arrow", Shape.BOX: "box", Shape.NUMBER: "number"}[edit.shape]
