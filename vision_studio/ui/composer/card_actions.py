"""What is done to the cards of the strip: each is one step of undo, and a screen reader is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from vision_studio.core import words
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice, Image
from vision_studio.core.ordering import Ordering, ordered
from vision_studio.ui.composer.cards import copies
from vision_studio.ui.composer.frame_dialog import FrameDialog
from vision_studio.ui.composer.history import ComposerHistory
from vision_studio.ui.composer.image_list import ImageListModel
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.dialog import ask_line, ask_number
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.fidelity_picker import LEAST_EDGE_PX, MOST_EDGE_PX
from vision_studio.ui.image_files import ask_for_image

_SORTED = {
    Ordering.NAME: ("Sort by name", "sorted by name"),
    Ordering.DATE: ("Sort by date", "sorted by date"),
    Ordering.DROPPED: ("Sort as dropped", "sorted as they were dropped"),
}


class CardActions(QObject):
    """Acts on cards named by their ids or images; what is not on the strip any more is passed over."""

    replacement_asked = Signal(object, Path)  # Image, the file that takes its place
    unread = Signal(int)  # so many could not be copied: they are not read yet

    def __init__(
        self,
        images: ImageListModel,
        history: ComposerHistory,
        strip: StripView,
        thumbnail: Callable[[str], QImage | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._images = images
        self._history = history
        self._strip = strip
        self._thumbnail = thumbnail
        self._parent = parent
        self.usual = FidelityChoice()
        """How much is sent of images that come in."""
        self._dialog: FrameDialog | None = None
        history.stepped.connect(self._follow_step)

    @property
    def _draft(self) -> Draft:
        return self._images.draft

    # Coming and going

    def insert(self, row: int, images: Sequence[Image]) -> None:
        """Take in pictures that came from outside."""
        self._put(row, [image.with_choice(self.usual) for image in images])

    def add_copies(self, images: Sequence[Image], row: int | None = None) -> None:
        """Take in pictures from elsewhere in the window, as cards of their own."""
        copied = copies(images)
        if copied:
            self._put(self._images.rowCount() if row is None else row, copied)
        if missing := len(images) - len(copied):
            self.unread.emit(missing)

    def duplicate(self, image_ids: Sequence[str]) -> None:
        """Put a copy of pictures behind the last of them, to be cropped or sent in another way."""
        rows = self._rows(image_ids)
        if rows:
            self.add_copies([self._images.image(row) for row in rows], rows[-1] + 1)

    def put_in_place(self, image_id: str, images: Sequence[Image]) -> None:
        """Have other images take one's place, as one step of undo."""
        row = self._draft.row(image_id)
        if row is None or not images:
            return
        before = self._images.image(row)
        stack = self._history.stack
        stack.beginMacro(f"Split {before.name}")
        self._history.insert(row + 1, self._arriving([one.with_choice(before.choice) for one in images]))
        self._history.remove([image_id])
        stack.endMacro()
        self._strip.select([image.id for image in images])

    def remove(self, image_ids: Sequence[str]) -> None:
        rows = self._rows(image_ids)
        if not rows:
            return
        said = self._named(image_ids)
        self._history.remove([self._images.image(row).id for row in rows])
        if left := self._images.rowCount():
            self._strip.select([self._images.image(min(rows[0], left - 1)).id])
        self._say(f"{said} removed, {words.counted(left, 'image')} left")

    def remove_unread(self) -> None:
        """Take away what is still being read, as one step of undo."""
        self.remove([image.id for image in self._draft.images if not image.is_read])

    def copy(self, images: Sequence[Image]) -> None:
        """Put pictures, of the strip or of the conversation, on the clipboard."""
        if images:
            QGuiApplication.clipboard().setMimeData(self._strip.carrying(images, False))

    def cut(self, images: Sequence[Image]) -> None:
        self.copy(images)
        self.remove([image.id for image in images])

    # Order

    def move(self, image_ids: Sequence[str], row: int) -> None:
        """Move pictures, as one block, to stand before today's ``row``."""
        before = self._rows(image_ids)
        if not before:
            return
        said = self._named(image_ids)
        self._history.move(image_ids, row)
        after = self._rows(image_ids)
        if after != before:
            self._strip.select([self._images.image(place).id for place in after])
            self._say(f"{said} moved to position {after[0] + 1} of {self._images.rowCount()}")

    def ask_position(self, image_ids: Sequence[str]) -> None:
        """Have the place typed at which pictures are to stand, from 1."""
        rows = self._rows(image_ids)
        if not rows or self._images.rowCount() == len(rows):
            return
        most = self._images.rowCount() - len(rows) + 1
        ask_number(
            self._parent,
            object_name="image-position",
            title="Move to position",
            question=f"Position of {self._named(image_ids)}, from 1 to {words.count(most)}",
            value=min(rows[0] + 1, most),
            least=1,
            most=most,
            take=lambda position: self.move_to(image_ids, position),
        )

    def move_to(self, image_ids: Sequence[str], position: int) -> None:
        """Move pictures, as one block, so that the first of them stands at ``position``, from 1."""
        moving = set(image_ids)
        others = [row for row, image in enumerate(self._draft.images) if image.id not in moving]
        place = position - 1
        self.move(image_ids, others[place] if place < len(others) else self._images.rowCount())

    def sort(self, by: Ordering) -> None:
        """Put all pictures in an order, as one step of undo."""
        step, said = _SORTED[by]
        if self._history.arrange([image.id for image in ordered(self._draft.images, by)], step):
            self._say(f"{words.counted(self._images.rowCount(), 'image')} {said}")
        else:
            self._say("The images stand in this order already")

    # One picture

    def ask_label(self, image_id: str) -> None:
        if (row := self._draft.row(image_id)) is None:
            return
        number = self._images.numbers[row]
        which = "this image" if number is None else f"Image {number}"
        ask_line(
            self._parent,
            object_name="label-image",
            title="Label image",
            question=f"What to call {which} behind its number",
            text=self._images.image(row).label,
            take=lambda text: self.label(image_id, text),
        )

    def label(self, image_id: str, label: str) -> None:
        """Set the words behind a picture's number; "" takes them away."""
        if (row := self._draft.row(image_id)) is not None:
            self._history.change([replace(self._images.image(row), label=label)], "Label image")
            self._say(f"{self._named([image_id])} is called {label}" if label else "The label was taken away")

    def leave_out(self, image_ids: Sequence[str], left_out: bool | None = None) -> None:
        """Leave pictures out of the next request, or take them in again; None: what the first is not."""
        chosen = [self._images.image(row) for row in self._rows(image_ids)]
        if not chosen:
            return
        out = chosen[0].included if left_out is None else left_out
        step = "Leave out of the next request" if out else "Include in the next request"
        self._history.change([replace(image, included=not out) for image in chosen], step)
        what = chosen[0].name if len(chosen) == 1 else words.counted(len(chosen), "image")
        self._say(f"{what} {'left out of' if out else 'included in'} the next request")

    def choose_frame(self, image: Image) -> None:
        """Have another frame of an animation chosen."""
        dialog = self._dialog = FrameDialog(image, self._thumbnail, self._parent)
        dialog.finished.connect(self._forget_dialog)
        dialog.chosen.connect(
            lambda frame: self._history.change([replace(image, frame=frame)], "Choose another frame")
        )
        dialog.open()

    def show_thumbnail(self, key: str) -> None:
        if self._dialog is not None:
            self._dialog.show_thumbnail(key)

    def set_fidelity(self, images: Sequence[Image], choice: FidelityChoice) -> None:
        """Change how much of some pictures is sent, as one step of undo."""
        self._history.change([image.with_choice(choice) for image in images], "Change what is sent")

    def choose_fidelity(self, images: Sequence[Image], fidelity: Fidelity) -> None:
        """The same, with the edge in pixels asked for where one is needed."""
        if fidelity is not Fidelity.CUSTOM:
            self.set_fidelity(images, FidelityChoice(fidelity))
            return
        ask_number(
            self._parent,
            object_name="custom-edge",
            title="Custom edge",
            question="Longest side to send, in pixels",
            value=images[0].choice.edge_px,
            least=LEAST_EDGE_PX,
            most=MOST_EDGE_PX,
            take=lambda edge_px: self.set_fidelity(images, FidelityChoice(Fidelity.CUSTOM, edge_px)),
        )

    def ask_replacement(self, image: Image) -> None:
        """Have a file chosen that takes a picture's place; number, label and mentions stay."""
        ask_for_image(
            self._parent,
            object_name="replace-image",
            title=f"Replace {image.name}",
            take=lambda path: self.replacement_asked.emit(image, path),
        )

    def put_replacement(self, image_id: str, new: Image) -> None:
        """Show another picture on a card, which stays what it is to the question."""
        if (row := self._draft.row(image_id)) is None:
            return
        old = self._images.image(row)
        kept = replace(new, id=old.id, label=old.label, included=old.included, came=old.came)
        self._history.change([kept.with_choice(old.choice)], f"Replace {old.name}")
        self._strip.select([image_id])
        self._say(f"{old.name} replaced by {new.name}")

    # What others do

    def _put(self, row: int, images: Sequence[Image]) -> None:
        self._history.insert(row, self._arriving(images))
        self._strip.select([images[-1].id])

    def _arriving(self, images: Sequence[Image]) -> list[Image]:
        """Number pictures in the order they come."""
        last = max((image.came for image in self._draft.images), default=0)
        return [replace(image, came=last + place) for place, image in enumerate(images, start=1)]

    def _follow_step(self, said: str, image_ids: Sequence[str]) -> None:
        """Show what undo or redo changed."""
        here = [image_id for image_id in image_ids if self._draft.row(image_id) is not None]
        if here:
            self._strip.select(here)
        self._say(said)

    def _rows(self, image_ids: Sequence[str]) -> list[int]:
        chosen = set(image_ids)
        return [row for row, image in enumerate(self._draft.images) if image.id in chosen]

    def _named(self, image_ids: Sequence[str]) -> str:
        """Return "Image 3, roof.jpg", or "3 images"."""
        rows = self._rows(image_ids)
        if len(rows) != 1:
            return words.counted(len(rows), "image")
        number, name = self._images.numbers[rows[0]], self._images.image(rows[0]).name
        return name if number is None else f"Image {number}, {name}"

    def _say(self, text: str) -> None:
        announce(self._strip, text)

    def _forget_dialog(self) -> None:
        self._dialog = None
