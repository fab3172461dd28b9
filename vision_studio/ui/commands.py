"""The window's commands and their keys, in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.labels import KeyValueGrid, Label
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space, Type
from vision_studio.ui.library.deeds import Deed


@dataclass(frozen=True, slots=True)
class Command:
    """Something the whole window can be told to do by its keys."""

    text: str
    keys: str
    do: Callable[[], object]
    shown: bool = True
    """In the list of shortcuts."""


def add_commands(window: QWidget, commands: Sequence[Command]) -> list[QAction]:
    """Make the window listen to the keys; return the actions to be shown."""
    actions = []
    for command in commands:
        action = QAction(command.text, window)
        action.setObjectName(f"action-{command.text.lower().replace(' ', '-').rstrip('…')}")
        action.setShortcut(QKeySequence(command.keys))
        action.triggered.connect(lambda _=False, command=command: command.do())
        window.addAction(action)
        if command.shown:
            actions.append(action)
    return actions


class ShortcutsDialog(Dialog):
    """Every command and its keys."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(Size.READING * 5 // 8, Size.READING))
        name(self, "shortcuts", "Keyboard shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        native = QKeySequence.SequenceFormat.NativeText
        rows = [(action.text().rstrip("…"), action.shortcut().toString(native)) for action in actions]
        rows += [
            ("Move an image", "Alt+← / Alt+→"),
            ("Move an image to an end", "Alt+Home / Alt+End"),
            ("Label an image", "F2"),
            ("Mention an image in the question", "@"),
            ("Remove images", "Del"),
            ("Edit an image", "E"),
            ("See what Claude sees of an image", "Enter"),
            *(
                (text, QKeySequence(deed.keys).toString(native))
                for deed, text in (
                    (Deed.PIN, "Pin sessions in the list"),
                    (Deed.TAG, "Tag them"),
                    (Deed.ARCHIVE, "Archive them"),
                    (Deed.DUPLICATE, "Duplicate a session"),
                    (Deed.DELETE, "Delete them"),
                )
            ),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Keyboard shortcuts", style=Type.TITLE))
        grid = KeyValueGrid(object_name="shortcut-list", accessible_name="Keyboard shortcuts")
        grid.set_rows(rows)
        column.addWidget(_scrolling(grid), 1)
        close = Button("Close", object_name="close-shortcuts")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _scrolling(grid: QWidget) -> QScrollArea:
    """Return the list as high as the window allows; the arrow keys move it."""
    panel = Panel()
    inside = QVBoxLayout(panel)
    inside.setContentsMargins(0, 0, Space.M, 0)
    inside.addWidget(grid)
    inside.addStretch(1)
    area = QScrollArea()
    name(area, "shortcuts-area", "Keyboard shortcuts")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(panel)
    return area
