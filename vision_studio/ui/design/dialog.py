"""Dialogs that are never lower than their words are high, and the one that asks for a line of text."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog, QInputDialog, QWidget

from vision_studio.ui.design.tokens import Size, Space

_MARGIN = 2 * Space.XXL
"""What is left of the window beside a dialog that is as large as it can be."""


class Dialog(QDialog):
    """Grows when a notice comes, or when its text wraps: Qt counts wrapped text in a window as one line.

    ``comfortable`` is the size it likes; it is never larger than the window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None, comfortable: QSize | None = None) -> None:
        super().__init__(parent)
        self._comfortable = comfortable

    def _fit_height(self) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wrapped = layout.totalHeightForWidth(self.width())
            self.setMinimumHeight(max(wrapped, layout.totalMinimumSize().height()))

    def sizeHint(self) -> QSize:
        if self._comfortable is None:
            return super().sizeHint()
        parent = self.parentWidget()
        room = parent.window().size() - QSize(_MARGIN, _MARGIN) if parent else self._comfortable
        return self._comfortable.boundedTo(room).expandedTo(self.minimumSize())

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_height()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()


def ask_line(
    parent: QWidget, *, object_name: str, title: str, question: str, text: str, take: Callable[[str], object]
) -> None:
    """Have a line of text edited. The window goes on meanwhile; ``take`` is called with it on OK only."""
    dialog = _input(parent, object_name, title, question)
    dialog.setTextValue(text)
    dialog.textValueSelected.connect(lambda edited: take(edited.strip()))
    _open(dialog)


def ask_number(
    parent: QWidget,
    *,
    object_name: str,
    title: str,
    question: str,
    value: int,
    least: int,
    most: int,
    take: Callable[[int], object],
) -> None:
    """Have a whole number edited; otherwise like ``ask_line``."""
    dialog = _input(parent, object_name, title, question)
    dialog.setInputMode(QInputDialog.InputMode.IntInput)
    dialog.setIntRange(least, most)
    dialog.setIntValue(value)
    dialog.intValueSelected.connect(take)
    _open(dialog)


def _input(parent: QWidget, object_name: str, title: str, question: str) -> QInputDialog:
    dialog = QInputDialog(parent)
    dialog.setObjectName(object_name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(title)
    dialog.setLabelText(question)
    return dialog


def _open(dialog: QInputDialog) -> None:
    dialog.resize(Size.READING // 2, dialog.sizeHint().height())  # its layout resets a minimum
    dialog.open()
