"""Has a screen reader say what sighted people see happen."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Say `text` now, as coming from `widget`."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
