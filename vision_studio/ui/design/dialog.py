"""A dialog that is never lower than its words are high."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog


class Dialog(QDialog):
    """Grows when a notice comes, or when its text wraps: Qt counts wrapped text in a window as one line."""

    def _fit_height(self) -> None:
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            wrapped = layout.totalHeightForWidth(self.width())
            self.setMinimumHeight(max(wrapped, layout.totalMinimumSize().height()))

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_height()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()
