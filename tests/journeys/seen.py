"""What stands on the screen, as a person would read it."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

W = TypeVar("W", bound=QWidget)


def the(parent: QWidget, kind: type[W], name: str) -> W:
    """Return the one visible part of that name; what was just made is shown first."""
    QCoreApplication.processEvents()
    (found,) = (part for part in parent.findChildren(kind, name) if part.isVisible())
    return found


def shown(parent: QWidget, name: str) -> bool:
    """Tell whether a part of that name can be seen."""
    QCoreApplication.processEvents()
    return any(part.isVisible() for part in parent.findChildren(QWidget, name))


def press(parent: QWidget, name: str) -> None:
    the(parent, QAbstractButton, name).click()


def lines(parent: QWidget, name: str) -> list[str]:
    """Return what a notice says, line by line; one that is folded is unfolded first."""
    notice = the(parent, QWidget, name)
    if shown(notice, f"{name}.more"):
        press(notice, f"{name}.more")
    labels = (label for label in notice.findChildren(QLabel) if label.isVisible())
    return [line for label in labels for line in label.text().splitlines()]
