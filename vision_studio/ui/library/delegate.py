"""Draws the rows of the library's lists: headings, sessions with their tags, turns that were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from PySide6.QtCore import QAbstractItemModel, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from vision_studio.core import words
from vision_studio.core.conversation import SessionSummary
from vision_studio.core.search import Hit, Span
from vision_studio.ui.design.fields import LineField
from vision_studio.ui.design.fonts import font
from vision_studio.ui.design.icons import paint_icon
from vision_studio.ui.design.painting import line_of_text, rounded_box
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.tokens import Radius, Size, Space, Type
from vision_studio.ui.library.row_sizes import SNIPPET_LINES, line_height, session_height
from vision_studio.ui.library.rows import Index, SessionRole, title

_PILL_PAD = Space.S - Space.HAIR


class RowDelegate(QStyledItemDelegate):
    """A session's title can be edited where it stands."""

    # Qt's overrides

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        summary, hit = index.data(SessionRole.SUMMARY), index.data(SessionRole.HIT)
        if isinstance(summary, SessionSummary):
            _paint_ground(painter, option.rect, option.state, is_open=bool(index.data(SessionRole.OPEN)))
            _paint_session(painter, option.rect, summary, index)
        elif isinstance(hit, Hit):
            _paint_ground(painter, option.rect, option.state)
            _paint_hit(painter, option.rect, hit)
        else:
            area = option.rect.adjusted(Space.S - Space.HAIR, 0, 0, -Space.XS)
            painter.setFont(font(Type.CAPTION))
            painter.setPen(colour(colours().muted))
            painter.drawText(
                area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, str(index.data())
            )
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        return LineField(object_name="session-title", accessible_name="Title of the session", parent=parent)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, LineField)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, LineField)
        model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect.adjusted(Space.HAIR, 0, -Space.HAIR, 0)
        top = area.top() + max((session_height(tagged=False) - Size.CONTROL) // 2, 0)
        editor.setGeometry(area.left(), top, area.width(), Size.CONTROL)


def _paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, is_open: bool = False) -> None:
    """Tell what is chosen, what is under the pointer, and by a bar at its edge what the window shows."""
    scheme = colours()
    area = QRectF(rect).adjusted(0, 1, 0, -1)
    if is_open or state & QStyle.StateFlag.State_Selected:
        rounded_box(painter, area, Radius.M, fill=scheme.sunken)
    elif state & QStyle.StateFlag.State_MouseOver:
        rounded_box(painter, area, Radius.M, fill=scheme.hover)
    if is_open:
        bar = QRectF(area.left(), area.top() + Space.S, Radius.XS, area.height() - 2 * Space.S)
        rounded_box(painter, bar, Radius.XS / 2, fill=scheme.accent)
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
        rounded_box(painter, area, Radius.M, border=scheme.focus)


def _paint_session(painter: QPainter, rect: QRect, summary: SessionSummary, index: Index) -> None:
    scheme = colours()
    inner = rect.adjusted(Space.S, Space.S, -Space.S, -Space.S)
    edge = session_height(tagged=False) - 2 * Space.S
    _paint_cover(painter, QRectF(inner.x(), inner.y(), edge, edge), index.data(SessionRole.THUMBNAIL))
    left = inner.left() + edge + Space.S
    cost = words.usd(summary.cost_usd) if summary.cost_usd else ""
    upper = QRectF(left, inner.y(), inner.right() - left, line_height(Type.BODY))
    taken = 0.0
    if cost:
        figures = font(Type.SMALL, figures=True)
        taken = Space.S + line_of_text(painter, upper, cost, figures, colour(scheme.muted), right=True)
    line_of_text(
        painter, upper.adjusted(0, 0, -taken, 0), title(summary), font(Type.CONTROL), colour(scheme.text)
    )
    below = QRectF(left, upper.bottom() + Space.HAIR, inner.right() - left, line_height(Type.SMALL))
    ink = scheme.text if index.data(SessionRole.ANSWERING) else scheme.muted
    line_of_text(painter, below, str(index.data(SessionRole.DETAILS)), font(Type.SMALL), colour(ink))
    if summary.tags:
        _paint_tags(painter, below.translated(0, below.height() + Space.XS), summary.tags)


def _paint_tags(painter: QPainter, area: QRectF, tags: Iterable[str]) -> None:
    """Draw tags as far as there is room, and how many there are besides."""
    scheme, face = colours(), font(Type.SMALL)
    for text, width in pills(list(tags), area.width(), face):
        pill = QRectF(area.left(), area.top(), width, area.height())
        rounded_box(painter, pill, pill.height() / 2, fill=scheme.chip_ground)
        inside = pill.adjusted(_PILL_PAD, 0, -_PILL_PAD + 1, 0)
        line_of_text(painter, inside, text, face, colour(scheme.chip))
        area.setLeft(area.left() + width + Space.XS)


def pills(tags: list[str], room: float, face: QFont) -> Iterator[tuple[str, float]]:
    """Yield what each pill says and how wide it is; the last one counts those without a place."""
    metrics = QFontMetrics(face)

    def width(text: str) -> float:
        return metrics.horizontalAdvance(text) + 2 * _PILL_PAD

    for place, tag in enumerate(tags):
        rest = len(tags) - place - 1
        more = width(f"+{rest}") + Space.XS if rest else 0
        if place and width(tag) + more > room:
            yield f"+{rest + 1}", width(f"+{rest + 1}")
            return
        shown = metrics.elidedText(tag, Qt.TextElideMode.ElideRight, int(room - more - 2 * _PILL_PAD))
        yield shown, width(shown)
        room -= width(shown) + Space.XS


def _paint_hit(painter: QPainter, rect: QRect, hit: Hit) -> None:
    scheme = colours()
    inner = QRectF(rect.adjusted(Space.S, Space.S, -Space.S, -Space.S))
    upper = QRectF(inner.x(), inner.y(), inner.width(), line_height(Type.CONTROL))
    day = font(Type.SMALL, figures=True)
    taken = line_of_text(painter, upper, _day(hit.at), day, colour(scheme.muted), right=True)
    line_of_text(
        painter,
        upper.adjusted(0, 0, -taken - Space.S, 0),
        hit.title or "New session",
        font(Type.CONTROL),
        colour(scheme.text),
    )
    painter.setPen(colour(scheme.muted))
    layout = _snippet_layout(hit.snippet, inner.width(), scheme.text, colour(scheme.selection))
    layout.draw(painter, QPointF(inner.left(), upper.bottom() + Space.HAIR))


def _snippet_layout(spans: Iterable[Span], width: float, ink: str, ground: QColor) -> QTextLayout:
    """Lay the words out on two lines, those that were looked for on a ground of their own."""
    text, formats = "", []
    marked = QTextCharFormat()
    marked.setFontWeight(QFont.Weight.DemiBold)
    marked.setForeground(colour(ink))
    marked.setBackground(ground)
    for span in spans:
        plain = "".join(" " if character.isspace() else character for character in span.text)
        if span.marked:
            drawn = QTextLayout.FormatRange()
            drawn.start, drawn.length = _units(text), _units(plain)
            drawn.format = marked
            formats.append(drawn)
        text += plain
    layout = QTextLayout(text, font(Type.SMALL))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.beginLayout()
    for number in range(SNIPPET_LINES):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, number * line_height(Type.SMALL)))
    layout.endLayout()
    return layout


def _units(text: str) -> int:
    """Return how long Qt takes a text to be: it counts units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def _day(at: datetime) -> str:
    return f"{at.astimezone():%d %b %Y}".lstrip("0")


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
