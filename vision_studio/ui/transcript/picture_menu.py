"""What can be done with pictures that were sent, as a menu."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from vision_studio.core.draft import Image

Deed = Callable[[Sequence[Image]], None]


def picture_menu(
    owner: QWidget, images: Sequence[Image], see: Deed, add: Deed, copy: Deed, save: Deed
) -> QMenu:
    """Return a menu about pictures of the conversation, that goes when it is closed."""
    menu = QMenu(owner)
    menu.setObjectName("picture-menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    several = len(images) > 1
    for text, keys, do in (
        *([] if several else [("What Claude saw", "Return", see)]),
        ("Add to next request", "", add),
        ("Copy images" if several else "Copy image", "Ctrl+C", copy),
        ("Save images in…" if several else "Save image as…", "", save),
    ):
        action = menu.addAction(text)
        action.setShortcut(keys)
        action.triggered.connect(lambda _=False, do=do: do(images))
    return menu
