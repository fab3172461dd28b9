"""The files on the server as a table that sorts, filters, and is walked through by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from vision_studio.core.server_file_words import TITLES, cells
from vision_studio.core.server_files import KnownFile, Standing
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.labels import plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Type

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SORT = Qt.ItemDataRole.UserRole
_NEVER = 2.0**62
"""Sorts behind every time."""
NAME, SIZE, UPLOADED, KEPT, USED = range(len(TITLES))


class Shown(StrEnum):
    """Which files are shown."""

    ALL = "all"
    USED = "used"
    UNUSED = "unused"
    FOREIGN = "foreign"


class FileTableModel(QAbstractTableModel):
    """Rows are the files as they were told of; pages are added at the end."""

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._files: list[KnownFile] = []

    @property
    def files(self) -> Sequence[KnownFile]:
        return self._files

    def show_files(self, files: Sequence[KnownFile]) -> None:
        """Show these in the place of all others."""
        self.beginResetModel()
        self._files = list(files)
        self.endResetModel()

    def add(self, files: Sequence[KnownFile]) -> None:
        """Add a page; a file that is there already, as the list moved on meanwhile, is passed over."""
        known = {one.file.id for one in self._files}
        new = [one for one in files if one.file.id not in known]
        if new:
            self.beginInsertRows(_ROOT, len(self._files), len(self._files) + len(new) - 1)
            self._files += new
            self.endInsertRows()

    def remove(self, file_ids: Collection[str]) -> None:
        for row in range(len(self._files) - 1, -1, -1):
            if self._files[row].file.id in file_ids:
                self.beginRemoveRows(_ROOT, row, row)
                del self._files[row]
                self.endRemoveRows()

    def show_thumbnail(self, key: str) -> None:
        for row, known in enumerate(self._files):
            if known.pixels == key:
                here = self.index(row, NAME)
                self.dataChanged.emit(here, here, [Qt.ItemDataRole.DecorationRole])

    # Qt's overrides

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._files)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        known, column = self._files[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cells(known)[column]
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{TITLES[column]}: {cells(known)[column]}"
            case Qt.ItemDataRole.ToolTipRole:
                return _tooltip(known) if column in (NAME, USED) else None
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(known) if column == NAME else None
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column == SIZE else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return _sort_key(known, column) if role == _SORT else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == SIZE else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _picture(self, known: KnownFile) -> QIcon | None:
        image = self._thumbnail(known.pixels) if known.pixels else None
        return None if image is None else QIcon(QPixmap.fromImage(image))


class FilteredFiles(QSortFilterProxyModel):
    """Those of one standing whose name or sessions hold every word that was typed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = Shown.ALL
        self._words: list[str] = []
        self.setSortRole(_SORT)
        self.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def show_only(self, shown: Shown, needle: str) -> None:
        self._shown, self._words = shown, needle.casefold().split()
        self.invalidate()  # what only filters anew has another name in each release of Qt

    # Qt's overrides

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, FileTableModel)
        known = model.files[row]
        if self._shown is not Shown.ALL and known.standing != Standing(self._shown):
            return False
        text = " ".join((known.name, known.file.name, *known.sessions)).casefold()
        return all(word in text for word in self._words)


class FileTable(QTableView):
    """Several rows can be selected; Ctrl+A takes all that are shown, Delete asks to delete, Tab leaves."""

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "file-table", "Files on the server")
        self.model_ = FileTableModel(thumbnail, self)
        self.filtered = FilteredFiles(self)
        self.filtered.setSourceModel(self.model_)
        self.setModel(self.filtered)
        self.setFont(font(Type.SMALL, figures=True))
        self.setIconSize(QSize(Size.CONTROL, Size.CONTROL))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSortingEnabled(True)
        self.sortByColumn(UPLOADED, Qt.SortOrder.DescendingOrder)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(Size.CONTROL + Size.FOCUS * 2)
        header = self.horizontalHeader()
        header.setFont(font(Type.SMALL_STRONG))
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        for column in (NAME, USED):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    @property
    def chosen(self) -> list[KnownFile]:
        """The selected files, in the order they are shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [
            self.model_.files[self.filtered.mapToSource(self.filtered.index(row, NAME)).row()] for row in rows
        ]

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Delete):
            event.ignore()  # the dialog asks first
            return
        super().keyPressEvent(event)


def _sort_key(known: KnownFile, column: int) -> object:
    file = known.file
    match column:
        case 0:
            return known.name.casefold()
        case 1:
            return float(file.size_bytes)
        case 2:
            return file.created_at.timestamp()
        case 3:
            return _NEVER if file.expires_at is None else file.expires_at.timestamp()
    return cells(known)[column].casefold()


def _tooltip(known: KnownFile) -> str:
    return plain_tooltip("\n".join((known.name, known.file.id, *known.sessions)))
