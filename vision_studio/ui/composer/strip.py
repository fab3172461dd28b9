"""The ordered strip of pictures: cards that are dragged, dropped, moved by keys and taken away."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import (
    QBasicTimer,
    QEvent,
    QItemSelection,
    QItemSelectionRange,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    QTimerEvent,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QStyle, QStyleOptionViewItem, QWidget

from vision_studio.core.draft import Image
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.card import USUAL_ZOOM, ZOOMS, CardDelegate, CardShape, paint_place
from vision_studio.ui.composer.cards import CardsMime, Carrying, cards
from vision_studio.ui.composer.image_list import ImageListModel, Index
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Size, Space

_SCROLL_MARGIN_PX = 28
_SCROLL_STEP_PX = 14
_SCROLL_INTERVAL_MS = 16
_TELL_SHOWN_MS = 30
_DRAGGED_CARDS = 3
"""A block is drawn under the pointer as a pile of at most so many cards."""


class StripView(QListView):
    """Shows an ``ImageListModel`` as cards that wrap; tells what the user asks for, and edits nothing."""

    move_asked = Signal(list, int)  # ids of cards, the row to stand before
    removal_asked = Signal(list)  # ids of cards
    copy_asked = Signal(list)  # Images
    cut_asked = Signal(list)  # Images
    dropped = Signal(object, int)  # Incoming, row
    menu_asked = Signal(QPoint)  # in global coordinates
    current_changed = Signal(object)  # Image or None
    label_asked = Signal(str)  # the id of a card
    shown_changed = Signal(list)  # ids of the cards on the screen that are not read yet
    edit_asked = Signal(object)  # Image: E was pressed on its card
    open_asked = Signal(object)  # Image: its card was double-clicked, or Enter pressed on it
    duplicate_asked = Signal(list)  # ids of cards
    leave_out_asked = Signal(list)  # ids of cards
    position_asked = Signal(list)  # ids of cards
    zoomed = Signal(float)
    more_asked = Signal()  # the empty place behind the last card was pressed

    def __init__(
        self, model: ImageListModel, *, name: str, read_only: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Images" if read_only else "Images of the next request")
        self._images = model
        self._read_only = read_only
        self.carrying: Carrying = CardsMime
        self._insertion_row: int | None = None
        self._most_rows = 2
        self._scrolling = QBasicTimer()
        self._scroll_by = 0
        self._hovered = QPoint()
        self._told_shown: list[str] = []
        self._telling_shown = QTimer(self)
        self._telling_shown.setSingleShot(True)
        self._telling_shown.setInterval(_TELL_SHOWN_MS)
        self._telling_shown.timeout.connect(self._tell_shown)
        lines = 2 if read_only else 3
        self._cards = CardDelegate(self, CardShape(lines))
        self.setItemDelegate(self._cards)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)  # turns dragging off: it is turned on again below
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setGridSize(self._cell)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setAcceptDrops(not read_only)
        self.viewport().setAcceptDrops(not read_only)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.viewport().setAutoFillBackground(False)
        self.setModel(model)
        model.rowsInserted.connect(self._fit_height)
        model.rowsRemoved.connect(self._fit_height)
        model.modelReset.connect(self._fit_height)
        model.rowsMoved.connect(self._tell_shown_soon)
        model.layoutChanged.connect(self._tell_shown_soon)
        self.verticalScrollBar().valueChanged.connect(self._tell_shown_soon)
        self._fit_height()

    @property
    def _cell(self) -> QSize:
        return self._cards.shape.cell

    @property
    def cell_height(self) -> int:
        """Of one row of cards."""
        return self._cell.height()

    @property
    def zoom(self) -> float:
        return self._cards.shape.zoom

    def set_zoom(self, zoom: float) -> None:
        """Show larger or smaller cards: the nearest of ``ZOOMS``; the current one stays in view."""
        zoom = min(ZOOMS, key=lambda known: abs(known - zoom))
        if zoom == self.zoom:
            return
        self._cards.shape = replace(self._cards.shape, zoom=zoom)
        self.setGridSize(self._cell)
        self._fit_height()
        self.doItemsLayout()
        self.scrollTo(self.currentIndex())
        self.zoomed.emit(zoom)

    def _zoom_by(self, steps: int) -> None:
        place = min(max(ZOOMS.index(self.zoom) + steps, 0), len(ZOOMS) - 1)
        self.set_zoom(ZOOMS[place])

    def set_most_rows(self, rows: int) -> None:
        """Grow to at most so many rows of cards; the rest scrolls."""
        if rows != self._most_rows:
            self._most_rows = max(1, rows)
            self._fit_height()

    def selected_ids(self) -> list[str]:
        """Return the selected cards, in strip order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._images.image(row).id for row in rows]

    def selected_images(self) -> list[Image]:
        """Return the pictures of the selected cards, in strip order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._images.image(row) for row in rows]

    def select(self, image_ids: list[str]) -> None:
        """Select cards and bring the last of them into view."""
        chosen, last = set(image_ids), next(reversed(image_ids), None)
        selection = QItemSelection()
        for row, image in enumerate(self._images.draft.images):
            if image.id in chosen:
                index = self._images.index(row)
                selection.append(QItemSelectionRange(index))
                if image.id == last:
                    self.setCurrentIndex(index)  # by the view: where Shift begins is told only to it
        model = self.selectionModel()
        model.select(selection, model.SelectionFlag.ClearAndSelect)
        self.scrollTo(self.currentIndex())  # a card that was moved is the current one already

    def columns(self) -> int:
        return max(1, self.viewport().width() // self._cell.width())

    def row_at(self, position: QPoint) -> int:
        """Return the row before which a drop at a place of the viewport would stand."""
        cell = self._cell
        x = max(0, position.x() + self.horizontalOffset())
        y = max(0, position.y() + self.verticalOffset())
        columns = self.columns()
        column = min(columns, (x + cell.width() // 2) // cell.width())
        return min(self._images.rowCount(), (y // cell.height()) * columns + column)

    def _empty_place(self) -> QRect | None:
        """Return where the next card would stand, if there is room in the last row."""
        column = self._images.rowCount() % self.columns()
        if self._read_only or column == 0:
            return None
        cell, line = self._cell, self._images.rowCount() // self.columns()
        corner = QPoint(column * cell.width(), line * cell.height() - self.verticalOffset())
        return QRect(corner, self._cards.shape.picture)

    def _fit_height(self) -> None:
        # One row is the least, so that the window can be made small whatever the strip holds.
        self.setMinimumHeight(self._cell.height())
        self.setMaximumHeight(self.sizeHint().height())
        self.setVisible(self._images.rowCount() > 0)
        self.updateGeometry()
        self._tell_shown_soon()

    def _tell_shown_soon(self) -> None:
        # A timer that is put off by every step would tell nothing while somebody scrolls on.
        if not self._read_only and not self._telling_shown.isActive():
            self._telling_shown.start()

    def _tell_shown(self) -> None:
        top, cell = self.verticalOffset(), self._cell.height()
        first = top // cell * self.columns()
        last = (top + self.viewport().height() - 1) // cell * self.columns() + self.columns()
        shown = [image.id for image in self._images.draft.images[first:last] if not image.is_read]
        if shown and shown != self._told_shown:
            self.shown_changed.emit(shown)
        self._told_shown = shown

    def _show_insertion(self, row: int | None) -> None:
        if row != self._insertion_row:
            self._insertion_row = row
            self.viewport().update()

    def _accept(self, event: QDragMoveEvent) -> None:
        """Answer a drag that hovers: ours moves, everything else is copied, whatever its source proposes."""
        if self._is_ours(event):
            event.setDropAction(Qt.DropAction.MoveAction)
        elif incoming.is_welcome(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
        else:
            event.ignore()
            return
        event.accept()
        position = event.position().toPoint()
        self._hovered = position
        self._show_insertion(self.row_at(position))
        self._scroll_near_edge(position)

    def _is_ours(self, event: QDropEvent) -> bool:
        mime = event.mimeData()
        return isinstance(mime, CardsMime) and mime.moving and event.source() in (self, None)

    def _scroll_near_edge(self, position: QPoint) -> None:
        height = self.viewport().height()
        if position.y() < _SCROLL_MARGIN_PX:
            self._scroll_by = -_SCROLL_STEP_PX
        elif position.y() > height - _SCROLL_MARGIN_PX:
            self._scroll_by = _SCROLL_STEP_PX
        else:
            self._scrolling.stop()
            return
        if not self._scrolling.isActive():
            self._scrolling.start(_SCROLL_INTERVAL_MS, self)

    def _end_hover(self) -> None:
        self._scrolling.stop()
        self._show_insertion(None)

    def _move_selected(self, key: int) -> None:
        """Move the selected block one place, or to an end."""
        chosen = self.selected_ids()
        rows = [row for image_id in chosen if (row := self._images.draft.row(image_id)) is not None]
        if not rows:
            return
        last = self._images.rowCount()
        row = {
            Qt.Key.Key_Left: max(0, rows[0] - 1),
            Qt.Key.Key_Right: min(last, rows[-1] + 2),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }[Qt.Key(key)]
        self.move_asked.emit(chosen, row)

    def _act_by_key(self, event: QKeyEvent) -> bool:
        """Do what a key of the strip's own asks for; tell whether it was one."""
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            return False
        zooms = {
            Qt.Key.Key_Plus: 1,
            Qt.Key.Key_Equal: 1,
            Qt.Key.Key_Minus: -1,
        }
        asked = {
            Qt.Key.Key_D: self.duplicate_asked,
            Qt.Key.Key_L: self.leave_out_asked,
            Qt.Key.Key_G: self.position_asked,
        }
        key = Qt.Key(event.key())
        if key in zooms:
            self._zoom_by(zooms[key])
        elif key == Qt.Key.Key_0:
            self.set_zoom(USUAL_ZOOM)
        elif key in asked and not self._read_only:
            asked[key].emit(self.selected_ids())
        else:
            return False
        return True

    def _drag_picture(self, image_ids: list[str]) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self._cards.shape.picture
        spread = Space.XS * (min(len(image_ids), _DRAGGED_CARDS) - 1)
        pixmap = QPixmap((size + QSize(spread, spread)) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(0.85)
        for place, image_id in reversed(list(enumerate(image_ids[:_DRAGGED_CARDS]))):
            row = self._images.draft.row(image_id)
            if row is None:
                continue
            option = QStyleOptionViewItem()
            option.rect = QRect(QPoint(place * Space.XS, place * Space.XS), self._cell)
            option.state = QStyle.StateFlag.State_Enabled
            self.itemDelegate().paint(painter, option, self._images.index(row))
        painter.end()
        return pixmap

    # Qt's overrides

    def sizeHint(self) -> QSize:
        rows = -(-self._images.rowCount() // self.columns())
        shown = min(max(rows, 1), self._most_rows)
        return QSize(super().sizeHint().width(), shown * self._cell.height())

    def startDrag(self, supported: Qt.DropAction) -> None:
        chosen = self.selected_images()
        if not chosen:
            return
        drag = QDrag(self)
        drag.setMimeData(self.carrying(chosen, not self._read_only))
        drag.setPixmap(self._drag_picture([image.id for image in chosen]))
        drag.setHotSpot(QPoint(Space.XL, Space.XL))
        # Other programs are given copies; only a strip moves its own cards.
        ways = Qt.DropAction.CopyAction
        drag.exec(ways if self._read_only else ways | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)
        self._end_hover()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._accept(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._accept(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._end_hover()

    def dropEvent(self, event: QDropEvent) -> None:
        row = self.row_at(event.position().toPoint())
        self._end_hover()
        if self._is_ours(event):
            moving = [image.id for image in cards(event.mimeData())]
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
            self.move_asked.emit(moving, row)
            return
        # A source that proposed a move would delete its file if we agreed.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(incoming.read(event.mimeData()), row)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_F2
        ):
            event.accept()  # here it names an image, not the session
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moving = event.modifiers() == Qt.KeyboardModifier.AltModifier
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
        if self._act_by_key(event):
            event.accept()
        elif not self._read_only and moving and event.key() in keys:
            self._move_selected(event.key())
        elif not self._read_only and (
            event.matches(QKeySequence.StandardKey.Delete) or event.key() == Qt.Key.Key_Backspace
        ):
            self.removal_asked.emit(self.selected_ids())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(self.selected_images())
        elif not self._read_only and event.matches(QKeySequence.StandardKey.Cut):
            self.cut_asked.emit(self.selected_images())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.open_asked.emit(self._images.image(self.currentIndex().row()))
        elif event.key() == Qt.Key.Key_E and not event.modifiers():
            if not self._read_only and self.currentIndex().isValid():
                self.edit_asked.emit(self._images.image(self.currentIndex().row()))
        elif event.key() == Qt.Key.Key_F2:
            if not self._read_only and self.currentIndex().isValid():
                self.label_asked.emit(self._images.image(self.currentIndex().row()).id)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if turned := event.angleDelta().y():
                self._zoom_by(1 if turned > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        place = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
        if self.selectedIndexes() and self.indexAt(place).isValid():
            self.menu_asked.emit(self.viewport().mapToGlobal(place))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(self._images.image(current.row()) if current.isValid() else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._images.rowCount():
            self.setCurrentIndex(self._images.index(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def timerEvent(self, event: QTimerEvent) -> None:
        if event.timerId() == self._scrolling.timerId():
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._scroll_by)
            self._show_insertion(self.row_at(self._hovered))
        else:
            super().timerEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._empty_place()
        if place is not None and place.contains(event.position().toPoint()):
            self.more_asked.emit()
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.open_asked.emit(self._images.image(index.row()))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if (place := self._empty_place()) is not None:
            paint_place(painter, place, "Drop images,\npaste, or\nCtrl+O")
        if self._insertion_row is not None:
            self._paint_insertion(painter, self._insertion_row)
        painter.end()

    def _paint_insertion(self, painter: QPainter, row: int) -> None:
        columns, cell = self.columns(), self._cell
        line, column = divmod(row, columns)
        if column == 0 and row == self._images.rowCount() and line > 0:
            line, column = line - 1, columns  # behind the last card of a full row
        x = max(Size.FOCUS, column * cell.width() - Space.M // 2)
        top = line * cell.height() - self.verticalOffset()
        pen = QPen(colour(colours().accent), Size.FOCUS + 1)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(x, top + Space.XS, x, top + self._cards.shape.picture.height() - Space.XS)
