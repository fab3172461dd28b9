"""A list of the library: a click opens, Ctrl and Shift choose several, and keys act on what is chosen."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QKeyCombination, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from vision_studio.core.conversation import SessionSummary
from vision_studio.ui.design.naming import name
from vision_studio.ui.library.deeds import Deed
from vision_studio.ui.library.delegate import RowDelegate
from vision_studio.ui.library.rows import SessionRole

_CHOOSING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LibraryView(QListView):
    chosen = Signal(QModelIndex)
    asked = Signal(object)  # Deed

    def __init__(self, model: QAbstractItemModel, object_name: str, accessible_name: str) -> None:
        super().__init__()
        name(self, object_name, accessible_name)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._choosing = False
        """The click is one of several that choose."""
        self.clicked.connect(self._take_click)

    def summaries(self) -> list[SessionSummary]:
        """Return the sessions that are chosen, from the top down."""
        rows = sorted(self.selectedIndexes(), key=QModelIndex.row)
        found = [index.data(SessionRole.SUMMARY) for index in rows]
        return [summary for summary in found if isinstance(summary, SessionSummary)]

    def _take_click(self, index: QModelIndex) -> None:
        if not self._choosing:
            self.chosen.emit(index)

    # Qt's overrides

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and _deed(event) is not None
        ):
            event.accept()  # it acts on what is chosen here, whatever the keys do in the window
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choosing = bool(event.modifiers() & _CHOOSING)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the field of a title leaves over
        elif event.key() in _ENTER and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if self.currentIndex().isValid():
                self.chosen.emit(self.currentIndex())
        elif (deed := _deed(event)) is not None:
            if self.summaries():
                self.asked.emit(deed)
        else:
            super().keyPressEvent(event)


def _deed(event: QKeyEvent) -> Deed | None:
    pressed = QKeySequence(QKeyCombination(event.modifiers(), Qt.Key(event.key())))
    return next((deed for deed in Deed if deed.keys and QKeySequence(deed.keys) == pressed), None)
