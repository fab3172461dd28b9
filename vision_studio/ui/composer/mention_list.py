"""Images to mention, as rows with thumbnails, above the caret that asked for them."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core.image_names import Named
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import line_of_text, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.surfaces import Card
from vision_studio.ui.design.tokens import Radius, Size, Space, Type

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

_ROW = Size.CONTROL + Space.M
_PICTURE = _ROW - Space.S
_MOST_ROWS = 6
_WIDTH = 2 * Size.CARD + Space.XXL


class MentionRole(IntEnum):
    NAMED = Qt.ItemDataRole.UserRole + 1
    THUMBNAIL = Qt.ItemDataRole.UserRole + 2


class MentionListModel(QAbstractListModel):
    """What a query found; another query finds others."""

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnail = thumbnail
        self._found: tuple[Named, ...] = ()

    def offer(self, found: tuple[Named, ...]) -> None:
        if found != self._found:
            self.beginResetModel()
            self._found = found
            self.endResetModel()

    def named(self, row: int) -> Named:
        return self._found[row]

    def show_thumbnail(self, key: str) -> None:
        for row, named in enumerate(self._found):
            if named.image.pixels == key:
                self.dataChanged.emit(self.index(row), self.index(row), [MentionRole.THUMBNAIL])

    # Qt's overrides

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._found):
            return None
        named = self._found[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return named.words
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(named)
            case MentionRole.NAMED:
                return named
            case MentionRole.THUMBNAIL:
                return self._thumbnail(named.image.pixels) if named.image.pixels else None
        return None


def spoken(named: Named) -> str:
    return ", ".join(filter(None, (named.words, named.image.label, named.image.name, where(named))))


def where(named: Named) -> str:
    """Say which turn an image was sent in, unless its words do."""
    return "" if named.turn is None or "turn" in named.words else f"turn {named.turn}"


class MentionPopup(Card):
    """A list that never takes the keyboard: the prompt keeps it, and says which way to go."""

    chosen = Signal(object)  # Named

    def __init__(self, model: MentionListModel, window: QWidget) -> None:
        super().__init__(window)
        name(self, "mention-popup", "Images to mention")
        self._model = model
        self._window = window
        self.view = QListView()
        name(self.view, "mention-list", "Images to mention")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setItemDelegate(_RowDelegate(self.view))
        self.view.setModel(model)
        self.view.clicked.connect(lambda index: self.chosen.emit(model.named(index.row())))
        self.view.entered.connect(self.view.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        column.addWidget(self.view)
        self.hide()

    @property
    def current(self) -> Named | None:
        index = self.view.currentIndex()
        return self._model.named(index.row()) if index.isValid() else None

    def go(self, steps: int) -> None:
        """Make another row the current one; from an end it goes on at the other."""
        rows = self._model.rowCount()
        if rows:
            self._select((self.view.currentIndex().row() + steps) % rows)

    def open_at(self, caret: QRect) -> None:
        """Show the list where the caret is, its first row chosen; ``caret`` is the window's."""
        self.move_to(caret)
        self._select(0)
        self.show()
        self.raise_()

    def move_to(self, caret: QRect) -> None:
        """Lie above the caret, or below it where there is more room."""
        rows = min(_MOST_ROWS, self._model.rowCount())
        window = self._window
        width = min(_WIDTH, window.width() - 2 * Space.S)
        height = rows * _ROW + 2 * Space.XS + 2 * Size.STROKE
        above, below = caret.top() - Space.XS, window.height() - caret.bottom() - Space.XS
        fits_above = above >= height or above >= below
        height = min(height, above if fits_above else below)
        top = caret.top() - Space.XS - height if fits_above else caret.bottom() + Space.XS
        left = max(Space.S, min(caret.left() - Space.S, window.width() - width - Space.S))
        self.setGeometry(QRect(QPoint(left, top), QSize(width, height)))

    def _select(self, row: int) -> None:
        index = self._model.index(row)
        self.view.setCurrentIndex(index)
        self.view.scrollTo(index)


class _RowDelegate(QStyledItemDelegate):
    # Qt's overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH - 2 * Space.S, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        named = index.data(MentionRole.NAMED)
        if not isinstance(named, Named):
            return
        scheme = colours()
        area = QRectF(option.rect)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        if option.state & QStyle.StateFlag.State_Selected:
            rounded_box(painter, area, Radius.M, fill=scheme.sunken, border=scheme.control_border)
        picture = QRectF(0, 0, _PICTURE, _PICTURE)
        picture.moveCenter(QRectF(area.left(), area.top(), _ROW + Space.XS, _ROW).center())
        _paint_picture(painter, picture, index.data(MentionRole.THUMBNAIL))
        left, right = picture.right() + Space.S, area.right() - Space.M
        top = QRectF(left, area.top() + Space.XS, right - left, _ROW / 2 - Space.XS)
        said = where(named)
        if said:
            muted = font(Type.SMALL)
            taken = line_of_text(painter, top, said, muted, colour(scheme.muted), right=True)
            top.setRight(top.right() - taken - Space.S)
        strong = font(Type.STRONG)
        taken = line_of_text(painter, top, named.words, strong, colour(scheme.text))
        if named.image.label:
            top.setLeft(top.left() + taken + Space.S)
            line_of_text(painter, top, named.image.label, font(Type.BODY), colour(scheme.text))
        below = QRectF(left, area.center().y(), right - left, _ROW / 2 - Space.XS)
        ink = colour(scheme.muted)
        line_of_text(painter, below, named.image.name, font(Type.SMALL), ink, elide=_MIDDLE)
        painter.restore()


_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_MIDDLE = Qt.TextElideMode.ElideMiddle


def _paint_picture(painter: QPainter, area: QRectF, picture: object) -> None:
    if isinstance(picture, QImage) and not picture.isNull():
        place = QRectF(area.topLeft(), picture.size().toSizeF().scaled(area.size(), _KEEP))
        place.moveCenter(area.center())
        painter.drawImage(place, picture)
        return
    middle = QRectF(0, 0, Size.ICON, Size.ICON)
    middle.moveCenter(area.center())
    paint_icon(painter, "image", middle, colour(colours().disabled))
