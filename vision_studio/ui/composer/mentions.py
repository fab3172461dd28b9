"""What the prompt mentions: chips that follow their images, "@" that offers them, ways out of a lost one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QMenu

from vision_studio.core.conversation import Turn
from vision_studio.core.draft import Draft, Image
from vision_studio.core.image_names import Named, image_names
from vision_studio.core.mention_choices import matching, query_in
from vision_studio.core.mentions import MARK, Mention, Passage
from vision_studio.ui.composer.history import ComposerHistory, utf16_length
from vision_studio.ui.composer.image_list import ImageListModel
from vision_studio.ui.composer.mention_list import MentionListModel, MentionPopup, spoken
from vision_studio.ui.composer.prompt_edit import PromptEdit
from vision_studio.ui.design.spoken import announce

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_CHOOSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_USES = (*_STEPS, *_CHOOSES, Qt.Key.Key_Escape)


class Mentions(QObject):
    """Keeps the chips of the prompt right, and lets people put, show and mend them."""

    shown = Signal(str)  # id of an image of the strip
    earlier_shown = Signal(str)  # id of an image that was sent

    def __init__(
        self,
        prompt: PromptEdit,
        images: ImageListModel,
        history: ComposerHistory,
        thumbnail: Callable[[str], QImage | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._prompt = prompt
        self._images = images
        self._history = history
        self._turns: Sequence[Turn] = ()
        self._names: Mapping[str, Named] = {}
        self._named_of: object = None
        self._seen: dict[str, Image] = {}
        """Every image that was on the strip since the session was opened: what is gone may come back."""
        self._choices = MentionListModel(thumbnail, self)
        self._popup: MentionPopup | None = None
        self._stretch = (0, 0)
        """What a choice takes the place of."""
        self._typed = False
        """The list is open for what is typed behind "@", not for a chip."""
        self._closed_at: int | None = None
        """Where the "@" stands whose list was closed: it is not opened again for what is typed on."""
        images.draft_changed.connect(self._follow)
        images.modelReset.connect(self._forget)
        prompt.edited.connect(lambda change: self._look_for_query(change.added.text))
        prompt.cursorPositionChanged.connect(self._check_caret)
        prompt.focus_changed.connect(lambda focused: None if focused else self.close())
        prompt.chip_pressed.connect(self.press)
        prompt.add_to_menu = self._add_to_menu

    @property
    def is_open(self) -> bool:
        return self._popup is not None and not self._popup.isHidden()

    def use_turns(self, turns: Sequence[Turn]) -> None:
        """Take in the turns before the draft, whose images can be mentioned as well."""
        self._turns = tuple(turns)
        self._follow(self._images.draft)

    def named(self, image_id: str) -> Named | None:
        """Return what an image is called; None for one that is not in the next request."""
        return self._names.get(image_id)

    def show_thumbnail(self, key: str) -> None:
        self._choices.show_thumbnail(key)

    # What people do

    def insert(self, image_ids: Sequence[str]) -> None:
        """Mention images where the caret is: "Image 1, Image 2"."""
        passage = Passage()
        for named in filter(None, map(self._names.get, image_ids)):
            passage += Passage(", " if passage.text else "") + _chip(named)
        if passage.text:
            self._prompt.insert(passage)
            self._prompt.setFocus()

    def press(self, position: int) -> None:
        """Show a chip's image; where it is gone, offer the ways out."""
        mention = self._prompt.mention_at(position)
        if mention is None:
            return
        named = self._names.get(mention.image_id)
        if named is None:
            corner = self._prompt.chip_box(position).bottomLeft().toPoint()
            self.menu_of(position).popup(self._prompt.viewport().mapToGlobal(corner))
        else:
            (self.shown if named.turn is None else self.earlier_shown).emit(mention.image_id)

    def menu_of(self, position: int) -> QMenu:
        """Return a menu with what can be done with a chip."""
        menu = QMenu(self._prompt)
        menu.setObjectName("chip-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_to_menu(menu, position)
        return menu

    def take_out(self, image_ids: Collection[str]) -> None:
        """Remove every mention of some images."""
        self._prompt.without(image_ids)

    def bring_back(self, image_id: str) -> None:
        """Have an image in the next request again that was left out or removed."""
        row = self._images.draft.row(image_id)
        if row is not None:
            self._history.change([replace(self._images.image(row), included=True)], "Bring the image back")
        elif image_id in self._seen:
            back = replace(self._seen[image_id], included=True)
            self._history.insert(self._images.rowCount(), [back])

    def can_bring_back(self, image_id: str) -> bool:
        return image_id not in self._names and image_id in self._seen

    def choose(self, named: Named) -> None:
        """Put a chip in the place of what the list was opened for."""
        start, end = self._stretch
        self.close()
        self._prompt.replace(start, end, _chip(named))
        announce(self._prompt, f"{spoken(named)} mentioned")

    def close(self) -> None:
        if self._popup is not None and self.is_open:
            self._prompt.removeEventFilter(self)
            self._prompt.window().removeEventFilter(self)
            self._popup.hide()

    def _add_to_menu(self, menu: QMenu, position: int) -> None:
        """Put what can be done with a chip before everything else."""
        mention = self._prompt.mention_at(position)
        if mention is None:
            return
        first = next(iter(menu.actions()), None)
        known = mention.image_id in self._names
        acts: list[tuple[str, Callable[[], object]]] = []
        if known:
            acts.append(("Show the image", lambda: self.press(position)))
        if self.can_bring_back(mention.image_id):
            acts.append(("Bring the image back", lambda: self.bring_back(mention.image_id)))
        if self._names:
            acts.append(("Choose another image…", lambda: self._offer_for_chip(position)))
        acts.append(("Remove the mention", lambda: self._prompt.replace(position, position + 1, Passage())))
        for text, do in acts:
            action = menu.addAction(text)
            action.triggered.connect(do)
            if first is not None:
                menu.removeAction(action)
                menu.insertAction(first, action)
        if first is not None:
            menu.insertSeparator(first)

    # What follows

    def _follow(self, draft: Draft) -> None:
        rests_on = (draft.images, self._turns, self._images.first_number)
        if self._named_of == rests_on:  # a keystroke: nothing is called otherwise
            return
        self._named_of = rests_on
        self._seen.update((image.id, image) for image in draft.images)
        self._names = image_names(draft.images, self._turns, self._images.first_number)
        self._prompt.show_names(self._names, self._knows)
        if self.is_open and self._typed:
            self._offer_for_query()

    def _forget(self) -> None:
        self._seen.clear()
        self._named_of = None
        self._closed_at = None
        self.close()

    def _knows(self, mention: Mention) -> bool:
        return mention.image_id in self._names or mention.image_id in self._seen

    # The list

    def _query(self) -> tuple[int, str] | None:
        """Return where the "@" before the caret stands, and what is typed behind it."""
        cursor = self._prompt.textCursor()
        if cursor.hasSelection():
            return None
        line = cursor.block().text()
        before = line.encode("utf-16-le", "surrogatepass")[: 2 * cursor.positionInBlock()]
        query = query_in(before.decode("utf-16-le", "surrogatepass"))
        return None if query is None else (cursor.position() - utf16_length(query) - 1, query)

    def _look_for_query(self, added: str) -> None:
        asked = self._query()
        if asked is None or (self.is_open and not self._typed):
            self._closed_at = None
            self.close()
        elif self.is_open or added == "@" or (added and asked[0] != self._closed_at):
            self._offer_for_query()

    def _check_caret(self) -> None:
        if self.is_open and self._typed:
            asked = self._query()
            if asked is None or (asked[0], self._prompt.textCursor().position()) != self._stretch:
                self._offer_for_query()

    def _offer_for_query(self) -> None:
        asked = self._query()
        if asked is None:
            self.close()
            return
        start, query = asked
        self._typed = True
        self._open(start, start + 1 + utf16_length(query), query)

    def _offer_for_chip(self, position: int) -> None:
        self._prompt.setFocus()
        self._typed = False
        self._open(position, position + 1, "")

    def _open(self, start: int, end: int, query: str) -> None:
        found = matching(self._names.values(), query)
        if not found:
            self.close()
            return
        self._choices.offer(found)
        self._stretch = (start, end)
        if self._popup is None:
            self._popup = MentionPopup(self._choices, self._prompt.window())
            self._popup.chosen.connect(self.choose)
        if not self.is_open:
            self._prompt.installEventFilter(self)
            self._prompt.window().installEventFilter(self)
        self._popup.open_at(self._caret(start))
        self._say_current(len(found))

    def _caret(self, position: int) -> QRect:
        cursor = self._prompt.textCursor()
        cursor.setPosition(position)
        place = self._prompt.cursorRect(cursor)
        corner = self._prompt.viewport().mapTo(self._prompt.window(), QPoint(place.topLeft()))
        return QRect(corner, place.size())

    def _follow_window(self) -> None:
        if self._popup is not None and self.is_open:
            self._popup.move_to(self._caret(self._stretch[0]))

    def _say_current(self, count: int) -> None:
        if self._popup is not None and (named := self._popup.current) is not None:
            place = self._popup.view.currentIndex().row() + 1
            announce(self._prompt, f"{spoken(named)}, {place} of {count}")

    def _press_key(self, key: int) -> None:
        assert self._popup is not None  # the filter is there while the list is
        if key in _STEPS:
            self._popup.go(_STEPS[Qt.Key(key)])
            self._say_current(self._choices.rowCount())
        elif key in _CHOOSES and (named := self._popup.current) is not None:
            self.choose(named)
        else:
            self._closed_at = self._stretch[0] if self._typed else None
            self.close()

    # Qt's overrides: the keys of an open list, which are the window's or the prompt's otherwise

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._prompt:
            if event.type() == QEvent.Type.Resize:
                QTimer.singleShot(0, self, self._follow_window)  # once the prompt has its new place
            return False
        if not isinstance(event, QKeyEvent) or event.key() not in _USES or event.modifiers() & _MODIFIERS:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._press_key(event.key())
            return True
        return False


_MODIFIERS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
)


def _chip(named: Named) -> Passage:
    return Passage(MARK, (Mention(named.image.id, named.image.name),))
