"""Pages of a document, or frames of an animation, as thumbnails to choose from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from vision_studio.core.draft import pixels_key
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, line_of_text, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

_PICTURE = QSize(Size.SAMPLE, Size.SAMPLE)
_COLUMNS, _MOST_LINES = 4, 2
"""How many pages are shown before anything is scrolled or resized."""


@dataclass(frozen=True, slots=True)
class Page:
    """One row: a page, counted from 0, of the file with a digest."""

    digest: str
    page: int
    name: str
    """What it is called: "Page 3", or "report.pdf, page 3" where there are several files."""

    @property
    def key(self) -> str:
        return pixels_key(self.digest, self.page)


class PageRole(IntEnum):
    THUMBNAIL = Qt.ItemDataRole.UserRole + 1


class PageListModel(QAbstractListModel):
    """Its rows never change; thumbnails come when a row is looked at."""

    def __init__(
        self,
        pages: tuple[Page, ...],
        thumbnail: Callable[[str], QImage | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._pages = pages
        self._thumbnail = thumbnail
        self._rows = {page.key: row for row, page in enumerate(pages)}

    def show_thumbnail(self, key: str) -> None:
        if (row := self._rows.get(key)) is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [PageRole.THUMBNAIL])

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        page = self._pages[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return page.name
        if role == PageRole.THUMBNAIL:
            return self._thumbnail(page.key)
        return None


class PageListView(QListView):
    """A grid of pages. With ``several``, a click adds a page to the choice or takes it away."""

    def __init__(self, model: PageListModel, *, several: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "pages", "Pages" if several else "Frames")
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.MultiSelection if several else modes.SingleSelection)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_PageDelegate(self))
        self.setGridSize(_cell())
        self.setModel(model)

    def chosen(self) -> tuple[int, ...]:
        """Return the chosen rows, in order."""
        return tuple(sorted(index.row() for index in self.selectedIndexes()))

    def sizeHint(self) -> QSize:
        lines = min(_MOST_LINES, -(-self.model().rowCount() // _COLUMNS))
        width = _COLUMNS * _cell().width() + Size.SCROLL_BAR + Space.XL
        return QSize(width, lines * _cell().height() + Space.S)


def _cell() -> QSize:
    words = QFontMetrics(font(Type.SMALL)).height()
    return _PICTURE + QSize(Space.M, Space.XS + words + Space.M)


class _PageDelegate(QStyledItemDelegate):
    # Qt's overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return _cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        scheme = colours()
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        corner = option.rect.topLeft()
        area = QRectF(corner.x() + Space.XS, corner.y() + Space.XS, _PICTURE.width(), _PICTURE.height())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rounded_box(painter, area, Radius.M, fill=scheme.sunken, border=scheme.border)
        picture = index.data(PageRole.THUMBNAIL)
        inner = area.adjusted(Space.S, Space.S, -Space.S, -Space.S)
        if isinstance(picture, QImage) and not picture.isNull():
            place = QRectF(inner.topLeft(), picture.size().toSizeF().scaled(inner.size(), _KEEP))
            place.moveCenter(inner.center())
            painter.drawImage(place, picture)
        else:
            middle = QRectF(0, 0, Size.ICON_LARGE, Size.ICON_LARGE)
            middle.moveCenter(inner.center())
            paint_icon(painter, "file", middle, colour(scheme.disabled))
        if chosen:
            focus_ring(painter, area, Radius.M)
            _paint_mark(painter, area)
        if option.state & QStyle.StateFlag.State_HasFocus:
            rounded_box(painter, area, Radius.M, border=scheme.text, style=Qt.PenStyle.DotLine)
        line = QRectF(area.left(), area.bottom() + Space.XS, area.width(), option.fontMetrics.height())
        ink = colour(scheme.text if chosen else scheme.muted)
        line_of_text(painter, line, str(index.data()), font(Type.SMALL), ink, elide=_MIDDLE)
        painter.restore()


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_MIDDLE = Qt.TextElideMode.ElideMiddle


def _paint_mark(painter: QPainter, area: QRectF) -> None:
    """A tick on a disc: the choice is not told by colour alone."""
    disc = QRectF(0, 0, Size.ICON_LARGE, Size.ICON_LARGE)
    disc.moveTopRight(area.topRight())
    disc.translate(-Space.XS, Space.XS)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(colours().accent))
    painter.drawEllipse(disc)
    inside = disc.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
    paint_icon(painter, "check", inside, colour(colours().on_accent))
