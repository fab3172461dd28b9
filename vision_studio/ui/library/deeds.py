"""What can be done to the sessions that are chosen, with the words and keys of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from vision_studio.core.conversation import SessionSummary
from vision_studio.ui.design.icons import icon


class Deed(Enum):
    """Each with its keys, while a list of the library has the focus."""

    OPEN = ""
    PIN = "Ctrl+P"
    RENAME = "F2"
    TAG = "Ctrl+Shift+T"
    DUPLICATE = "Ctrl+D"
    EXPORT = "Ctrl+Shift+E"
    ARCHIVE = "Ctrl+E"
    DELETE = "Del"

    @property
    def keys(self) -> str:
        return str(self.value)


def possible(deed: Deed, summaries: Sequence[SessionSummary]) -> bool:
    """Tell whether it can be done to so many."""
    return len(summaries) == 1 or (bool(summaries) and deed not in (Deed.OPEN, Deed.RENAME, Deed.DUPLICATE))


def all_pinned(summaries: Sequence[SessionSummary]) -> bool:
    return all(summary.pinned for summary in summaries)


def all_archived(summaries: Sequence[SessionSummary]) -> bool:
    return all(summary.archived for summary in summaries)


def deeds_menu(parent: QWidget, summaries: Sequence[SessionSummary], do: Callable[[Deed], object]) -> QMenu:
    """Return a menu of what can be done to some sessions."""
    menu = QMenu(parent)
    menu.setObjectName("session-menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    many = f" {len(summaries)} sessions" if len(summaries) > 1 else ""
    for deed, text, drawing in (
        (Deed.OPEN, "Open", "session"),
        (Deed.PIN, f"{'Unpin' if all_pinned(summaries) else 'Pin'}{many}", "pin"),
        (Deed.RENAME, "Rename", "edit"),
        (Deed.TAG, f"Tags of{many}…" if many else "Tags…", "tag"),
        (Deed.DUPLICATE, "Duplicate", "copy"),
        (Deed.EXPORT, f"Export{many}…", "export"),
        (
            Deed.ARCHIVE,
            f"Take{many} out of the archive" if all_archived(summaries) else f"Archive{many}",
            "archive",
        ),
        (Deed.DELETE, f"Delete{many}", "trash"),
    ):
        if possible(deed, summaries):
            if deed is Deed.DELETE:
                menu.addSeparator()
            action = menu.addAction(icon(drawing), text)
            action.setObjectName(f"session-{deed.name.lower()}")
            action.setShortcut("Return" if deed is Deed.OPEN else deed.keys)
            action.triggered.connect(lambda _=False, deed=deed: do(deed))
    return menu
