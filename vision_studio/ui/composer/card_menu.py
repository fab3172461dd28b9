"""What can be done to the chosen cards of the strip, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.ui.fidelity_picker import fidelity_name

if TYPE_CHECKING:
    from vision_studio.ui.composer.composer import Composer


def card_menu(composer: Composer, chosen: list[str]) -> QMenu:
    """Return a menu about cards, named by their ids in strip order, that goes when it is closed."""
    menu = QMenu(composer)
    menu.setObjectName("card-menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    images = [image for image in composer.draft.images if image.id in chosen]
    if len(images) == 1:
        _act(menu, "What Claude sees", "Return", lambda: composer.see_asked.emit(images[0]))
        _act(menu, "Edit image…", "E", lambda: composer.edit_asked.emit(images[0]))
        menu.addSeparator()
    _add_moves(menu, composer, chosen)
    menu.addSeparator()
    if len(images) == 1:
        _act(menu, "Label…", "F2", lambda: composer.ask_label(images[0].id))
        if images[0].digest is not None and Trait.ANIMATED in images[0].traits and images[0].frames > 1:
            _act(menu, "Choose frame…", "", lambda: composer.choose_frame(images[0]))
    included = [image.id for image in images if image.included]
    if included:
        _act(menu, "Mention in the question", "", lambda: composer.mentions.insert(included))
    _add_fidelity(menu, composer, images)
    _add_links(menu, composer, images)
    menu.addSeparator()
    _act(menu, "Cut", "Ctrl+X", lambda: composer.cut(images))
    _act(menu, "Copy", "Ctrl+C", lambda: composer.copy_images(images))
    save = "Save image as…" if len(images) == 1 else "Save images in…"
    _act(menu, save, "", lambda: composer.save_asked.emit(images))
    menu.addSeparator()
    _act(menu, "Remove", "Del", lambda: composer.remove(chosen))
    return menu


def _act(menu: QMenu, text: str, shortcut: str, do: Callable[[], object]) -> QAction:
    action = menu.addAction(text)
    action.setShortcut(shortcut)
    action.triggered.connect(lambda: do())
    return action


def _add_moves(menu: QMenu, composer: Composer, chosen: list[str]) -> None:
    last = composer.images.rowCount()
    rows = [row for image_id in chosen if (row := composer.draft.row(image_id)) is not None]
    _act(menu, "Move left", "Alt+Left", lambda: composer.move_images(chosen, max(0, rows[0] - 1)))
    _act(menu, "Move right", "Alt+Right", lambda: composer.move_images(chosen, min(last, rows[-1] + 2)))
    _act(menu, "Move to start", "Alt+Home", lambda: composer.move_images(chosen, 0))
    _act(menu, "Move to end", "Alt+End", lambda: composer.move_images(chosen, last))


def _add_fidelity(menu: QMenu, composer: Composer, images: list[Image]) -> None:
    stored = [image for image in images if image.url is None]
    if not stored:
        return
    send = menu.addMenu("Send")
    for fidelity in Fidelity:
        action = _act(send, fidelity_name(fidelity), "", partial(composer.choose_fidelity, stored, fidelity))
        action.setCheckable(True)
        action.setChecked(all(image.fidelity is fidelity for image in stored))


def _add_links(menu: QMenu, composer: Composer, images: list[Image]) -> None:
    linked = [image for image in images if image.url is not None]
    if not linked:
        return
    menu.addSeparator()
    if any(image.size is None for image in linked):
        _act(menu, "Look at it now", "", lambda: composer.links.look_at(linked))
    _act(menu, "Download and keep", "", lambda: composer.links.keep(linked))
