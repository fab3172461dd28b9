"""One undo history for the whole composer: pictures and text, in the order things were done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from vision_studio.core.draft import Draft, Image
from vision_studio.core.mentions import MARK, Passage
from vision_studio.ui.composer.image_list import ImageListModel

TYPING = 1
"""Identifies commands that may be merged into one step."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """``removed`` at ``position`` gave way to ``added``; positions count UTF-16 units, as Qt does."""

    position: int
    removed: Passage
    added: Passage

    def follows(self, earlier: TextChange) -> bool:
        """Tell whether this goes on typing, or deleting, where the earlier change ended."""
        typing = not self.removed.text and not earlier.removed.text and self.position == earlier.end
        deleting = not self.added.text and not earlier.added.text
        backwards = deleting and self.position + utf16_length(self.removed.text) == earlier.position
        forwards = deleting and self.position == earlier.position
        chip = MARK in earlier.added.text + self.added.text
        new_step = chip or _starts_word(earlier.added.text, self.added.text)
        return (typing and not new_step) or backwards or forwards

    def after(self, earlier: TextChange) -> TextChange:
        """Return both changes as one."""
        if self.added.text:
            return TextChange(earlier.position, Passage(), earlier.added + self.added)
        if self.position < earlier.position:
            return TextChange(self.position, self.removed + earlier.removed, Passage())
        return TextChange(self.position, earlier.removed + self.removed, Passage())

    @property
    def end(self) -> int:
        return self.position + utf16_length(self.added.text)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _starts_word(before: str, after: str) -> bool:
    return before[-1:].isspace() and not after[:1].isspace()


def text_change(before: Passage, after: Passage) -> TextChange | None:
    """Return the one stretch in which two texts differ; None when they are equal."""
    if before == after:
        return None
    old, new = before.units, after.units
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    removed, added = before.part(start, len(old) - end), after.part(start, len(new) - end)
    return TextChange(utf16_length(before.text[:start]), removed, added)


class ComposerHistory(QObject):
    """The edits a person can make to a draft; each is one step of undo."""

    stepped = Signal(str, list)  # what undo or redo did, and the ids of the images it changed

    def __init__(
        self, images: ImageListModel, apply_text: Callable[[TextChange], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self._images = images
        self._apply_text = apply_text

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self.stack.index() - 1, self.stack.undo, "Undone")

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        self._step(self.stack.index(), self.stack.redo, "Done again")

    def _step(self, index: int, move: Callable[[], None], said: str) -> None:
        command = self.stack.command(index) if 0 <= index < self.stack.count() else None
        if command is None:
            return
        text, image_ids = command.text(), _changed(command)
        move()
        self.stepped.emit(f"{said}: {text}", image_ids)

    def insert(self, row: int, images: Sequence[Image]) -> None:
        if images:
            self.stack.push(_Insert(self._images, row, tuple(images)))

    def remove(self, image_ids: Sequence[str]) -> None:
        if image_ids:
            self.stack.push(_Remove(self._images, tuple(image_ids)))

    def move(self, image_ids: Sequence[str], row: int) -> None:
        """Move pictures, as one block, to stand before today's ``row``."""
        after = [image.id for image in self._images.draft.moved(image_ids, row).images]
        self.arrange(after, "Move " + _images(image_ids), image_ids)

    def arrange(self, after: Sequence[str], words: str, moved: Sequence[str] = ()) -> bool:
        """Put all pictures in an order, as a step called ``words``; tell whether it is another one.

        ``moved`` are those that it was done for.
        """
        before = [image.id for image in self._images.draft.images]
        if before == list(after):
            return False
        self.stack.push(_Arrange(self._images, before, list(after), words, tuple(moved)))
        return True

    def change(self, images: Sequence[Image], words: str) -> None:
        """Replace pictures by changed ones of the same ids, as a step called ``words``."""
        now = {image.id: image for image in self._images.draft.images}
        before = tuple(now[image.id] for image in images if image.id in now)
        if before and before != tuple(images):
            self.stack.push(_Change(self._images, before, tuple(images), words))

    def swap(self, before: Draft, after: Draft, words: str, show: Callable[[Draft], None]) -> None:
        """Have one draft in the place of another; ``show`` does it."""
        self.stack.push(_Swap(before, after, words, show))

    def note_typing(self, change: TextChange) -> None:
        """Record a change of text that was made already."""
        self.stack.push(_Typing(self._apply_text, change))


class _Step(QUndoCommand):
    image_ids: tuple[str, ...] = ()
    """The images it changes; those of a change of text are none."""


class _Insert(_Step):
    def __init__(self, model: ImageListModel, row: int, images: tuple[Image, ...]) -> None:
        super().__init__("Add " + _images(images))
        self._model, self._row, self._images = model, row, images
        self.image_ids = tuple(image.id for image in images)

    def redo(self) -> None:
        self._model.insert(self._row, self._images)

    def undo(self) -> None:
        self._model.remove([image.id for image in self._images])


class _Remove(_Step):
    def __init__(self, model: ImageListModel, image_ids: tuple[str, ...]) -> None:
        super().__init__("Remove " + _images(image_ids))
        self._model, self.image_ids = model, image_ids
        self._before: tuple[Image, ...] = ()

    def redo(self) -> None:
        self._before = self._model.draft.images
        self._model.remove(self.image_ids)

    def undo(self) -> None:
        # What is back goes to the end first, then everything to its place: rows may have been refused
        # meanwhile, and an order of ids holds whatever is left.
        gone = [image for image in self._before if image.id in self.image_ids]
        self._model.insert(len(self._model.draft.images), gone)
        self._model.arrange([image.id for image in self._before])


class _Arrange(_Step):
    def __init__(
        self, model: ImageListModel, before: list[str], after: list[str], words: str, moved: tuple[str, ...]
    ) -> None:
        super().__init__(words)
        self.image_ids = moved
        self._model, self._before, self._after = model, before, after

    def redo(self) -> None:
        self._model.arrange(self._after)

    def undo(self) -> None:
        self._model.arrange(self._before)


class _Change(_Step):
    def __init__(
        self, model: ImageListModel, before: tuple[Image, ...], after: tuple[Image, ...], words: str
    ) -> None:
        super().__init__(words)
        self._model, self._before, self._after = model, before, after
        self.image_ids = tuple(image.id for image in after)

    def redo(self) -> None:
        self._model.replace(self._after)

    def undo(self) -> None:
        self._model.replace(self._before)


class _Swap(_Step):
    def __init__(self, before: Draft, after: Draft, words: str, show: Callable[[Draft], None]) -> None:
        super().__init__(words)
        self._before, self._after, self._show = before, after, show

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)


class _Typing(_Step):
    def __init__(self, apply_text: Callable[[TextChange], None], change: TextChange) -> None:
        super().__init__("Typing")
        self._apply, self._change = apply_text, change
        self._done = True

    def redo(self) -> None:
        if self._done:  # pushed after the fact: the text has changed already
            self._done = False
            return
        self._apply(self._change)

    def undo(self) -> None:
        change = self._change
        self._apply(TextChange(change.position, change.added, change.removed))

    def id(self) -> int:
        return TYPING

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Typing) or not other._change.follows(self._change):
            return False
        self._change = other._change.after(self._change)
        return True


def _changed(command: QUndoCommand) -> list[str]:
    """Return the images that a step, or the steps it is made of, changes."""
    parts = [command, *(command.child(row) for row in range(command.childCount()))]
    return [image_id for part in parts if isinstance(part, _Step) for image_id in part.image_ids]


def _images(images: Sequence[object]) -> str:
    return "image" if len(images) == 1 else f"{len(images)} images"
