"""The panel of sessions: new, search, open, rename, delete."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QPainter, QPainterPath
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core import words
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.events import SessionsListed
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import SearchField
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.labels import Label, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Radius, Size, Space, TextStyle, Type
from vision_studio.ui.library.session_list import Index, SessionListModel, SessionRole, title


class LibraryPanel(Panel):
    new_asked = Signal()
    open_asked = Signal(str)  # session id
    rename_asked = Signal(str, str)  # session id, its title now
    delete_asked = Signal(str)

    def __init__(self, thumbnail: Callable[[str], QImage | None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "library", "Sessions")
        self.model = SessionListModel(thumbnail, self)
        self._current: str | None = None
        new = Button("New session", object_name="new-session", icon="plus", hint="Ctrl+N", spread=True)
        new.clicked.connect(self.new_asked)
        self.search = SearchField(object_name="search-sessions", accessible_name="Search sessions")
        self.search.setPlaceholderText("Search sessions…")
        self.search.textChanged.connect(self._narrow)
        self.list = _SessionView(self.model)
        self.list.chosen.connect(self.open_asked)
        self.list.delete_asked.connect(self.delete_asked)
        self.list.customContextMenuRequested.connect(self._open_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        column.setSpacing(Space.S)
        heading = Label("Vision Studio", style=Type.TITLE)
        heading.setContentsMargins(Space.S - Space.HAIR, 0, 0, Space.XS)
        column.addWidget(heading)
        column.addWidget(new)
        column.addWidget(self.search)
        self._none = Label(
            "No session has these words in its title.", style=Type.SMALL, tone=Tone.MUTED, wrap=True
        )
        self._none.setObjectName("nothing-found")
        self._none.setContentsMargins(Space.S, Space.S, Space.S, 0)
        self._none.hide()
        column.addWidget(self._none)
        column.addWidget(self.list, 1)

    def show_sessions(self, listed: SessionsListed) -> None:
        self.model.show(listed.summaries, _today())
        self._show_current()

    def show_session(self, summary: SessionSummary) -> None:
        self.model.update(summary, _today())
        self._show_current()

    def title(self, session_id: str) -> str:
        """Return what a session is called; "" for one without a title."""
        return self.model.title(session_id)

    def forget(self, session_id: str) -> None:
        self.model.forget(session_id)
        self._show_current()

    def show_answering(self, session_id: str, answering: bool) -> None:
        self.model.show_answering(session_id, answering)

    def show_thumbnail(self, key: str) -> None:
        self.model.show_thumbnail(key)

    def set_current(self, session_id: str) -> None:
        """Mark the session the window shows."""
        self._current = session_id
        self._show_current()

    def _narrow(self, needle: str) -> None:
        self.model.narrow(needle)
        self._show_current()

    def _show_current(self) -> None:
        self._none.setVisible(bool(self.search.text().strip()) and self.model.rowCount() == 0)
        row = self.model.row_of(self._current) if self._current else None
        self.list.setCurrentIndex(self.model.index(row) if row is not None else QModelIndex())

    def _open_menu(self, position: QPoint) -> None:
        summary = self.list.indexAt(position).data(SessionRole.SUMMARY)
        if not isinstance(summary, SessionSummary):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open").triggered.connect(lambda: self.open_asked.emit(summary.id))
        rename = menu.addAction("Rename…")
        rename.setShortcut("F2")
        rename.triggered.connect(lambda: self.rename_asked.emit(summary.id, summary.title))
        delete = menu.addAction("Delete")
        delete.setShortcut("Del")
        delete.triggered.connect(lambda: self.delete_asked.emit(summary.id))
        menu.popup(self.list.viewport().mapToGlobal(position))


class _SessionView(QListView):
    chosen = Signal(str)
    delete_asked = Signal(str)

    def __init__(self, model: SessionListModel) -> None:
        super().__init__()
        name(self, "sessions", "Sessions")
        self.setModel(model)
        self.setItemDelegate(_SessionDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def _choose(self, index: QModelIndex) -> None:
        summary = index.data(SessionRole.SUMMARY)
        if isinstance(summary, SessionSummary):
            self.chosen.emit(summary.id)

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        summary = self.currentIndex().data(SessionRole.SUMMARY)
        if event.key() == Qt.Key.Key_Delete and isinstance(summary, SessionSummary):
            self.delete_asked.emit(summary.id)
        else:
            super().keyPressEvent(event)


class _SessionDelegate(QStyledItemDelegate):
    """Draws a heading, or a session's title, cost and size."""

    # Qt's overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        lines = _height(Type.BODY) + _height(Type.SMALL)
        if index.data(SessionRole.SUMMARY) is None:
            return QSize(0, _height(Type.CAPTION) + Space.L + Space.XS)
        return QSize(0, lines + 2 * Space.S + Space.HAIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        summary = index.data(SessionRole.SUMMARY)
        if isinstance(summary, SessionSummary):
            self._paint_session(painter, option.rect, option.state, summary, index)
        else:
            area = option.rect.adjusted(Space.S - Space.HAIR, 0, 0, -Space.XS)
            painter.setFont(font(Type.CAPTION))
            painter.setPen(colour(colours().muted))
            painter.drawText(
                area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, str(index.data())
            )
        painter.restore()

    def _paint_session(
        self,
        painter: QPainter,
        rect: QRect,
        state: QStyle.StateFlag,
        summary: SessionSummary,
        index: Index,
    ) -> None:
        scheme = colours()
        cover, answering = index.data(SessionRole.THUMBNAIL), index.data(SessionRole.ANSWERING)
        area = QRectF(rect).adjusted(0, 1, 0, -1)
        if state & QStyle.StateFlag.State_Selected:
            rounded_box(painter, area, Radius.M, fill=scheme.sunken)
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded_box(painter, area, Radius.M, fill=scheme.hover)
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            rounded_box(painter, area, Radius.M, border=scheme.focus)
        inner = rect.adjusted(Space.S, Space.S, -Space.S, -Space.S)
        _paint_cover(painter, QRectF(inner.x(), inner.y(), inner.height(), inner.height()), cover)
        inner.setLeft(inner.left() + inner.height() + Space.S)
        cost = words.usd(summary.cost_usd) if summary.cost_usd else ""
        cost_font = font(Type.SMALL, figures=True)
        cost_width = QFontMetrics(cost_font).horizontalAdvance(cost)
        upper = QRect(
            inner.x(), inner.y(), inner.width() - cost_width - (Space.S if cost else 0), _height(Type.BODY)
        )
        _write(painter, upper, title(summary), Type.CONTROL, scheme.text)
        painter.setFont(cost_font)
        painter.setPen(colour(scheme.muted))
        top = QRect(inner.x(), inner.y(), inner.width(), _height(Type.BODY))
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, cost)
        below = inner.adjusted(0, _height(Type.BODY) + Space.HAIR, 0, 0)
        ink = scheme.text if answering else scheme.muted
        _write(painter, below, index.data(SessionRole.DETAILS), Type.SMALL, ink)


def _paint_cover(painter: QPainter, frame: QRectF, cover: QImage | None) -> None:
    """Draw the middle of a session's first image, or a sign that it has none."""
    shape = QPainterPath()
    shape.addRoundedRect(frame, Radius.S, Radius.S)
    painter.fillPath(shape, colour(colours().track))
    if cover is None or cover.isNull():
        spot = QRectF(0, 0, Size.ICON, Size.ICON)
        spot.moveCenter(frame.center())
        paint_icon(painter, "session", spot, colour(colours().muted))
        return
    edge = min(cover.width(), cover.height())
    middle = QRectF((cover.width() - edge) / 2, (cover.height() - edge) / 2, edge, edge)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipPath(shape)
    painter.drawImage(frame, cover, middle)
    painter.restore()


def _write(painter: QPainter, area: QRect, text: str, style: TextStyle, ink: str) -> None:
    face = font(style)
    painter.setFont(face)
    painter.setPen(colour(ink))
    shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)


def _height(style: TextStyle) -> int:
    return QFontMetrics(font(style)).height()


def _today() -> date:
    return date.today()  # noqa: DTZ011  # the headings follow the user's own day
