"""What can be done to the chosen cards of the strip, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.core.ordering import Ordering
from vision_studio.ui.design.icons import icon
from vision_studio.ui.fidelity_picker import fidelity_name

if TYPE_CHECKING:
    from vision_studio.ui.composer.composer import Composer


def card_menu(composer: Composer, chosen: list[str]) -> QMenu:
    """Return a menu about cards, named by their ids in strip order, that goes when it is closed."""
    menu = QMenu(composer)
    menu.setObjectName("card-menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    images = [image for image in composer.draft.images if image.id in chosen]
    cards, one = composer.cards, images[0] if len(images) == 1 else None
    if one is not None:
        _act(menu, "What Claude sees", "Return", lambda: composer.see_asked.emit(one), "eye")
        _act(menu, "Edit image…", "E", lambda: composer.edit_asked.emit(one), "crop")
        menu.addSeparator()
        _act(menu, "Label…", "F2", lambda: cards.ask_label(one.id), "tag")
        _act(menu, "Replace…", "", lambda: cards.ask_replacement(one), "replace")
        if one.digest is not None and Trait.ANIMATED in one.traits and one.frames > 1:
            _act(menu, "Choose frame…", "", lambda: cards.choose_frame(one), "play")
    included = [image.id for image in images if image.included]
    if included:
        _act(menu, "Mention in the question", "", lambda: composer.mentions.insert(included), "link")
    _act(menu, "Duplicate", "Ctrl+D", lambda: cards.duplicate(chosen), "images")
    out = any(image.included for image in images)
    leave_out = "Leave out of the next request" if out else "Include in the next request"
    _act(menu, leave_out, "Ctrl+L", lambda: cards.leave_out(chosen, out), "skip")
    _add_fidelity(menu, composer, images)
    _add_links(menu, composer, images)
    menu.addSeparator()
    _add_moves(menu, composer, chosen)
    menu.addSeparator()
    _act(menu, "Cut", "Ctrl+X", lambda: cards.cut(images))
    _act(menu, "Copy", "Ctrl+C", lambda: cards.copy(images), "copy")
    save = "Save image as…" if one is not None else "Save images in…"
    _act(menu, save, "", lambda: composer.save_asked.emit(images), "download")
    _act(menu, "Select all", "Ctrl+A", composer.strip.selectAll)
    menu.addSeparator()
    _act(menu, "Remove", "Del", lambda: cards.remove(chosen), "trash")
    return menu


def _act(menu: QMenu, text: str, shortcut: str, do: Callable[[], object], symbol: str = "") -> QAction:
    action = menu.addAction(text)
    action.setShortcut(shortcut)
    action.triggered.connect(lambda: do())
    if symbol:
        action.setIcon(icon(symbol))
    return action


def _add_moves(menu: QMenu, composer: Composer, chosen: list[str]) -> None:
    cards, last = composer.cards, composer.images.rowCount()
    rows = [row for image_id in chosen if (row := composer.draft.row(image_id)) is not None]
    place = menu.addMenu("Move")
    _act(place, "Left", "Alt+Left", lambda: cards.move(chosen, max(0, rows[0] - 1)))
    _act(place, "Right", "Alt+Right", lambda: cards.move(chosen, min(last, rows[-1] + 2)))
    _act(place, "To the start", "Alt+Home", lambda: cards.move(chosen, 0))
    _act(place, "To the end", "Alt+End", lambda: cards.move(chosen, last))
    _act(place, "To position…", "Ctrl+G", lambda: cards.ask_position(chosen))
    place.setEnabled(len(chosen) < last)
    sort = menu.addMenu("Sort all")
    _act(sort, "By name", "", lambda: cards.sort(Ordering.NAME))
    _act(sort, "By date of the files", "", lambda: cards.sort(Ordering.DATE))
    _act(sort, "As they were dropped", "", lambda: cards.sort(Ordering.DROPPED))
    sort.setEnabled(last > 1)


def _add_fidelity(menu: QMenu, composer: Composer, images: list[Image]) -> None:
    stored = [image for image in images if image.url is None]
    if not stored:
        return
    send = menu.addMenu("Send")
    for fidelity in Fidelity:
        choose = partial(composer.cards.choose_fidelity, stored, fidelity)
        action = _act(send, fidelity_name(fidelity), "", choose)
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
