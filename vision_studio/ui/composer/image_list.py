"""The strip's model: holds the current draft and announces what happens to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from vision_studio.core.appraisal import ImageAppraisal
from vision_studio.core.draft import Draft, Image
from vision_studio.core.mentions import Passage
from vision_studio.ui.composer.card_words import remarks
from vision_studio.ui.design.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Role(IntEnum):
    """What a row can be asked for, besides Qt's own roles."""

    IMAGE = Qt.ItemDataRole.UserRole + 1
    NUMBER = Qt.ItemDataRole.UserRole + 2
    APPRAISAL = Qt.ItemDataRole.UserRole + 3
    PROGRESS = Qt.ItemDataRole.UserRole + 4
    THUMBNAIL = Qt.ItemDataRole.UserRole + 5


class Stage(StrEnum):
    """How far a picture is on its way from a file to the server."""

    READING = "reading"
    READY = "ready"
    UPLOADING = "uploading"
    FINISHING = "finishing"
    """Every byte is sent; the server is still to answer."""
    UPLOADED = "uploaded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    stage: Stage
    fraction: float = 0.0
    """Of the upload, from 0 to 1."""
    words: str = ""
    """What failed."""


class ImageListModel(QAbstractListModel):
    """One draft's pictures. Every edit goes through here; the draft itself is a frozen value."""

    draft_changed = Signal(object)  # Draft
    images_removed = Signal(list)  # ids of those that are not read yet
    uploads_dropped = Signal(list)  # ids of images that were removed while they were being uploaded
    images_inserted = Signal(list)  # ids of those that are not read yet

    def __init__(
        self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None, first_number: int = 1
    ) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._draft = Draft()
        self._first_number = first_number
        self._numbers: tuple[int | None, ...] = ()
        self._appraisals: Sequence[ImageAppraisal] = ()
        self._progress: dict[str, Progress] = {}
        # A picture may be removed while it is read, and come back by undo: what was learnt meanwhile is kept.
        self._learnt: dict[str, Image] = {}
        self._refused: set[str] = set()
        self._first_looks: dict[str, QImage] = {}
        """By image: what stands in for a thumbnail that is still to come."""

    @property
    def draft(self) -> Draft:
        return self._draft

    @property
    def first_number(self) -> int:
        return self._first_number

    def image(self, row: int) -> Image:
        return self._draft.images[row]

    @property
    def numbers(self) -> tuple[int | None, ...]:
        """Each row's number as sent; None for a picture that is left out."""
        return self._numbers

    def open(self, draft: Draft, first_number: int) -> None:
        """Show another session's draft."""
        self.beginResetModel()
        self._progress.clear()
        self._learnt.clear()
        self._refused.clear()
        self._first_looks.clear()
        self._first_number = first_number
        self._appraisals = ()
        self._set(draft)
        self.endResetModel()
        self.draft_changed.emit(draft)

    def swap(self, draft: Draft) -> None:
        """Show another draft of the same session, with what was found out about its pictures meanwhile."""
        images = tuple(
            image.found_out(self._learnt.pop(image.id)) if image.id in self._learnt else image
            for image in draft.images
            if image.id not in self._refused
        )
        self.beginResetModel()
        self._appraisals = ()
        self._set(replace(draft, images=images))
        self.endResetModel()
        self.draft_changed.emit(self._draft)

    def set_passage(self, passage: Passage) -> None:
        if passage.text != self._draft.text or passage.mentions != self._draft.mentions:
            self._draft = self._draft.with_passage(passage)
            self.draft_changed.emit(self._draft)

    def set_first_number(self, first_number: int) -> None:
        """Number the rows from another number on."""
        if first_number != self._first_number:
            self._first_number = first_number
            self._set(self._draft)
            self._announce()

    def insert(self, row: int, images: Sequence[Image]) -> None:
        images = [self._learnt.get(image.id, image) for image in images if image.id not in self._refused]
        if not images:
            return
        row = min(row, len(self._draft.images))
        self.beginInsertRows(ROOT, row, row + len(images) - 1)
        self._set(self._draft.with_inserted(row, images))
        self.endInsertRows()
        self._announce()
        if unread := _unread(images):
            self.images_inserted.emit(unread)

    def remove(self, image_ids: Iterable[str]) -> None:
        gone_ids = set(image_ids)
        rows = [row for row, image in enumerate(self._draft.images) if image.id in gone_ids]
        if not rows:
            return
        unread = _unread(self._draft.images[row] for row in rows)
        uploading = [image.id for row in rows if self._is_uploading(image := self._draft.images[row])]
        for first, last in _runs_from_the_end(rows):
            gone = [image.id for image in self._draft.images[first : last + 1]]
            self.beginRemoveRows(ROOT, first, last)
            self._set(self._draft.without(gone))
            self.endRemoveRows()
        self._announce()
        if unread:
            self.images_removed.emit(unread)
        if uploading:
            self.uploads_dropped.emit(uploading)

    def arrange(self, image_ids: Sequence[str]) -> None:
        """Put the rows into the order of these ids; ids that are gone are passed over."""
        draft = self._draft.arranged(image_ids)
        before, after = _ids(self._draft.images), _ids(draft.images)
        if before == after:
            return
        if (block := block_move(before, after)) is not None:
            first, last, destination = block
            self.beginMoveRows(ROOT, first, last, ROOT, destination)
            self._set(draft)
            self.endMoveRows()
        else:
            # Hundreds of single moves would stop the window for half a second.
            self.layoutAboutToBeChanged.emit()
            places = {image_id: row for row, image_id in enumerate(after)}
            kept = self.persistentIndexList()
            self._set(draft)
            self.changePersistentIndexList(kept, [self.index(places[before[index.row()]]) for index in kept])
            self.layoutChanged.emit()
        self._announce()

    def replace(self, images: Iterable[Image]) -> None:
        """Change pictures in place: label, fidelity, left out or not."""
        here = set(_ids(self._draft.images))
        images = [image for image in images if image.id in here]
        if images:
            for image in images:
                self._learnt.pop(image.id, None)
            self._set(self._draft.with_replaced(images))
            self._announce()

    def learn(self, images: Iterable[Image]) -> None:
        """Take over what reading found out: pictures are stored now and have their digests."""
        current = {image.id: image for image in self._draft.images}
        known = []
        for image in images:
            mine = current.get(image.id)
            if mine is None:
                self._learnt[image.id] = image
            else:
                known.append(mine.found_out(image))
        if known:
            self._set(self._draft.with_replaced(known))
            self._announce()

    def refuse(self, image_ids: Iterable[str]) -> None:
        """Take away pictures that turned out to be unusable, for good."""
        image_ids = list(image_ids)
        self._refused.update(image_ids)
        self.remove(image_ids)

    def show_progress(self, image_id: str, progress: Progress) -> None:
        self._progress[image_id] = progress
        self._touch(image_id)

    def show_appraisals(self, appraisals: Sequence[ImageAppraisal]) -> None:
        if appraisals is not self._appraisals:  # a keystroke brings the same values: nothing to paint
            self._appraisals = appraisals
            self._touch_all()

    def show_thumbnail(self, key: str) -> None:
        """Repaint the cards of a picture whose thumbnail came."""
        for row, image in enumerate(self._draft.images):
            if image.pixels == key:
                self._first_looks.pop(image.id, None)
                index = self.index(row)
                self.dataChanged.emit(index, index, [Role.THUMBNAIL])

    def show_first_look(self, image_id: str, picture: QImage) -> None:
        """Show the preview a camera embedded, until the thumbnail comes."""
        row = self._draft.row(image_id)
        if row is not None and not self.image(row).is_read:
            self._first_looks[image_id] = picture
            index = self.index(row)
            self.dataChanged.emit(index, index, [Role.THUMBNAIL])

    def progress(self, image: Image) -> Progress:
        known = self._progress.get(image.id)
        if known is not None:
            return known
        return Progress(Stage.READY if image.is_read else Stage.READING)

    def _is_uploading(self, image: Image) -> bool:
        return self.progress(image).stage in (Stage.UPLOADING, Stage.FINISHING)

    def _set(self, draft: Draft) -> None:
        self._draft = draft
        self._numbers = draft.numbers(self._first_number)

    def _announce(self) -> None:
        # Numbers follow the rows, so every card may look different after any edit.
        self._touch_all()
        self.draft_changed.emit(self._draft)

    def _touch(self, image_id: str) -> None:
        if (row := self._draft.row(image_id)) is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Role.PROGRESS, Qt.ItemDataRole.AccessibleTextRole])

    def _touch_all(self) -> None:
        if self._draft.images:
            self.dataChanged.emit(self.index(0), self.index(len(self._draft.images) - 1), _EVERY_ROLE)

    def accessible_text(self, row: int) -> str:
        image, number = self.image(row), self._numbers[row]
        said = [f"Image {number}" if number else "Left out", image.label, image.name]
        if image.edits:
            said.append("edited")
        progress = self.progress(image)
        if progress.stage is not Stage.READY:
            said.append(progress.words or progress.stage.value)
        return ", ".join(part for part in said if part)

    def remarks(self, row: int) -> list[str]:
        """Return what there is to say of a card beyond its name: price, findings, what failed."""
        appraisal = self._appraisals[row] if row < len(self._appraisals) else None
        said = remarks(appraisal) if appraisal is not None else []
        failed = self.progress(self.image(row)).words
        return [failed, *said] if failed else said

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._draft.images)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._draft.images):
            return None
        row = index.row()
        image = self._draft.images[row]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return image.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.accessible_text(row)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return " ".join(self.remarks(row))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip("\n".join([image.name, *self.remarks(row)]))
            case Role.IMAGE:
                return image
            case Role.NUMBER:
                return self._numbers[row]
            case Role.APPRAISAL:
                return self._appraisals[row] if row < len(self._appraisals) else None
            case Role.PROGRESS:
                return self.progress(image)
            case Role.THUMBNAIL:
                found = self._thumbnail(image.pixels) if image.pixels else None
                return self._first_looks.get(image.id) if found is None else found
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )


_EVERY_ROLE = [
    *Role,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.ToolTipRole,
]


def block_move(before: Sequence[str], after: Sequence[str]) -> tuple[int, int, int] | None:
    """Return the one run of rows, as (first, last, the row to stand before), whose move orders them anew.

    Both are the same ids, in orders that differ. None if it takes more than one move.
    """
    first, end = 0, len(before)
    while before[first] == after[first]:
        first += 1
    while before[end - 1] == after[end - 1]:
        end -= 1
    middle = before.index(after[first], first, end)
    if [*before[middle:end], *before[first:middle]] != list(after[first:end]):
        return None
    return first, middle - 1, end


def _ids(images: Iterable[Image]) -> list[str]:
    return [image.id for image in images]


def _unread(images: Iterable[Image]) -> list[str]:
    return [image.id for image in images if not image.is_read]


def _runs_from_the_end(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Return the runs of neighbouring rows as (first, last), the last run first."""
    runs: list[tuple[int, int]] = []
    for row in sorted(set(rows), reverse=True):
        if runs and runs[-1][0] == row + 1:
            runs[-1] = (row, runs[-1][1])
        else:
            runs.append((row, row))
    return runs
