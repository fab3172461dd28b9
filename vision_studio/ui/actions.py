"""The window's commands and their keys, in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QMenu, QVBoxLayout, QWidget

from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.labels import KeyValueGrid, Label
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Space, Type

if TYPE_CHECKING:
    from vision_studio.ui.window import MainWindow


def add_actions(window: MainWindow, faults: Sequence[str]) -> None:
    """Give the window its commands. Those of a list or an editor are its own.

    ``faults`` are what the hidden menu for developers offers.
    """
    composer = window.composer

    def command(text: str, keys: str, do: Callable[[], object]) -> QAction:
        action = QAction(text, window)
        action.setObjectName(f"action-{text.lower().replace(' ', '-').rstrip('…')}")
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: do())
        window.addAction(action)
        return action

    shown = [
        command("New session", "Ctrl+N", window.library.new_asked.emit),
        command("Add images…", "Ctrl+O", composer.choose_files),
        command("Paste", "Ctrl+V", composer.paste),
        command("Send", "Ctrl+Return", composer.send),
        command("Stop", "Esc", window.stop_or_leave),
        command("Undo", "Ctrl+Z", composer.history.stack.undo),
        command("Redo", "Ctrl+Shift+Z", composer.history.stack.redo),
        command("Search sessions", "Ctrl+F", window.library.search.setFocus),
        command("Rename session", "F2", window.rename_session),
        command("Delete session", "Ctrl+Shift+Backspace", window.delete_session),
        command("Sessions panel", "Ctrl+B", window.toggle_library),
        command("Inspector", "Ctrl+I", window.toggle_inspector),
        command("Settings", "Ctrl+,", window.open_settings),
    ]
    help_action = command(
        "Keyboard shortcuts", "F1", lambda: ShortcutsDialog([*shown, help_action], window).open()
    )
    command("Misbehave", "Ctrl+Shift+F12", lambda: _fault_menu(window, faults))


def _fault_menu(window: MainWindow, faults: Sequence[str]) -> None:
    """The hidden menu for developers: have the practice server fail in a chosen way, once."""
    menu = QMenu(window)
    menu.setObjectName("faults")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for fault in faults:
        menu.addAction(fault).triggered.connect(lambda _=False, fault=fault: window.misbehave(fault))
    menu.popup(window.mapToGlobal(window.rect().center()))


class ShortcutsDialog(QDialog):
    """Every command and its keys."""

    def __init__(self, actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "shortcuts", "Keyboard shortcuts")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        native = QKeySequence.SequenceFormat.NativeText
        rows = [(action.text().rstrip("…"), action.shortcut().toString(native)) for action in actions]
        rows += [
            ("Move an image", "Alt+← / Alt+→"),
            ("Move an image to an end", "Alt+Home / Alt+End"),
            ("Label an image", "F2"),
            ("Remove images", "Del"),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.M)
        column.addWidget(Label("Keyboard shortcuts", style=Type.TITLE))
        grid = KeyValueGrid(object_name="shortcut-list", accessible_name="Keyboard shortcuts")
        grid.set_rows(rows)
        column.addWidget(grid)
        close = Button("Close", object_name="close-shortcuts")
        close.clicked.connect(self.accept)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
