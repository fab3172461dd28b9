"""What lies behind a failure, for whoever has to report it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.failures import Failure
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import KeyValueGrid, Label
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type


class FailureDetails(Dialog):
    """Shows and copies a failure's status, type, message and request id."""

    def __init__(self, failure: Failure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "failure-details", "Details of the failure")
        self.setWindowTitle("Details")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(Size.READING * 2 // 3)
        rows = detail_rows(failure)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label(words.failure_words(failure).title, style=Type.TITLE, wrap=True))
        grid = KeyValueGrid(object_name="failure-facts", accessible_name="Facts about the failure")
        grid.set_rows(rows)
        column.addWidget(grid)
        column.addStretch(1)
        copy = Button("Copy", object_name="copy-details")
        text = "\n".join(f"{key}: {value}" for key, value in rows)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        close = Button("Close", object_name="close-details", kind=Kind.PRIMARY)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        column.addLayout(buttons)


def detail_rows(failure: Failure) -> list[tuple[str, str]]:
    """Return the names and values that are known."""
    known = [
        ("Kind", failure.kind.value),
        ("Status", str(failure.status or "")),
        ("Type", failure.type or ""),
        ("Message", failure.message),
        ("Request id", failure.request_id or ""),
        ("Images", ", ".join(f"Image {number}" for number in failure.images)),
    ]
    return [(key, value) for key, value in known if value]
