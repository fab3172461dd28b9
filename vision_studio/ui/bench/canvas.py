"""Paints an image with its edits over it, and lets pointer and keyboard do the same to them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from vision_studio.core.affine import Affine, Point, moved, scaled
from vision_studio.core.cropping import pulled
from vision_studio.core.edit_words import edit_text
from vision_studio.core.edits import Mark, Redact, redactions
from vision_studio.core.framing import corners
from vision_studio.core.marks import REDACTION
from vision_studio.core.tiling import Box
from vision_studio.ui.bench.editor import Editor
from vision_studio.ui.bench.handles import BODY, TIP, Ends, pulled_corners
from vision_studio.ui.bench.painting import paint_frame, paint_handle, paint_marks
from vision_studio.ui.bench.tools import DRAWING, TOOLS, Tool
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.painting import focus_ring, shows_focus
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.viewer.camera import Camera

_NOTCH = 120
"""What one notch of a wheel turns, in eighths of a degree."""

_FAR = 10
"""How many pixels an arrow key goes with Shift."""

_LEAST_STROKE_PX = 4
"""Of the screen: less is a click."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class BenchCanvas(QWidget):
    """Looks at the whole frame while it is cropped, and at what is kept of it otherwise."""

    zoomed = Signal(float)  # pixels of the screen for one of the image
    drawn = Signal()  # something new lies on it

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "bench-canvas", "Image")
        self._editor = editor
        self._pixels: list[QImage] = []
        """The original, and the same at a half, a quarter and so on of its size."""
        self._camera = Camera.on(QSizeF(1, 1), QSizeF(1, 1), fitting=True)
        self._view = Box(0, 0, 1, 1)
        self._stroke: tuple[QPointF, QPointF] | None = None
        """Where the pointer went down and where it is, in the screen's pixels, while it draws."""
        self._held: tuple[int, QPointF, Ends | Box] | None = None
        """The handle that is dragged, where that began, and what it was part of then."""
        self._panned: QPointF | None = None
        self._space = False
        self._drags = 0
        self._turned = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(Size.CARD, Size.CARD_PICTURE)
        editor.changed.connect(self._follow)
        editor.tool_changed.connect(self._follow)

    @property
    def camera(self) -> Camera:
        return self._camera

    def show_pixels(self, pixels: QImage | None) -> None:
        """Show the unedited original, at whatever size it comes."""
        self._pixels = [] if pixels is None else [pixels]
        self.update()

    def begin(self) -> None:
        """Look at all of another image."""
        self._view = Box(0, 0, 0, 0)
        self._follow()

    def fit(self) -> None:
        self._use(self._camera.fitted())

    def zoom_to(self, zoom: float) -> None:
        self._use(self._camera.zoomed(zoom))

    def step_zoom(self, steps: int, about: QPointF | None = None) -> None:
        self._use(self._camera.stepped(steps, about))

    # Where things are

    def _follow(self) -> None:
        framed = self._editor.framing
        view = Box(0, 0, *framed.frame) if self._editor.tool is Tool.CROP else framed.crop
        if view != self._view:
            self._view = view
            self._use(Camera.on(QSizeF(*view.size), self._room(), fitting=True))
        self._describe()
        self.update()

    def _use(self, camera: Camera) -> None:
        self._camera = camera
        self.zoomed.emit(camera.zoom)
        self.update()

    def _room(self) -> QSizeF:
        """Return the size in the screen's own pixels."""
        return QSizeF(self.size()) * self.devicePixelRatioF()

    def _device(self, point: QPointF) -> QPointF:
        return point * self.devicePixelRatioF()

    @property
    def _from_frame(self) -> Affine:
        """From the turned and straightened picture to the screen's own pixels."""
        place, zoom = self._camera.place, self._camera.zoom
        return (
            moved(-self._view.left, -self._view.top)
            .then(scaled(zoom, zoom))
            .then(moved(place.x(), place.y()))
        )

    @property
    def _from_original(self) -> Affine:
        return self._editor.framing.to_frame.then(self._from_frame)

    def _original_at(self, point: QPointF) -> tuple[int, int]:
        x, y = self._from_original.inverse.at(point.x(), point.y())
        return round(x), round(y)

    def screen_point(self, x: float, y: float) -> QPointF:
        """Return where a point of the original is on the widget."""
        return _point(self._from_original.at(x, y)) / self.devicePixelRatioF()

    def handle_points(self) -> dict[int, QPointF]:
        """Return where the handles of what is worked on are on the widget."""
        return {handle: point / self.devicePixelRatioF() for handle, point in self._handles().items()}

    def _handles(self) -> dict[int, QPointF]:
        held = self._holdable()
        if held is None:
            return {}
        if isinstance(held, Box):
            ends = Ends(*held, boxed=True)
            return {handle: _point(self._from_frame.at(*at)) for handle, at in ends.handles().items()}
        return {handle: _point(self._from_original.at(*at)) for handle, at in held.handles().items()}

    def _holdable(self) -> Ends | Box | None:
        """Return what has handles now: the crop, or the redaction or mark that is chosen."""
        if self._editor.tool is Tool.CROP:
            return self._editor.framing.crop
        chosen = self._editor.object
        return None if chosen is None else Ends.of(chosen)

    def _handle_at(self, point: QPointF) -> int | None:
        reach = max(Size.TARGET, Space.XL) / 2 * self.devicePixelRatioF()
        near = [
            ((at - point).manhattanLength(), handle)
            for handle, at in self._handles().items()
            if abs(at.x() - point.x()) <= reach and abs(at.y() - point.y()) <= reach
        ]
        return min(near)[1] if near else None

    def _object_at(self, point: QPointF) -> int | None:
        """Return the topmost redaction or mark at a point of the screen."""
        reach = Size.TARGET / 2 * self.devicePixelRatioF()
        for place in reversed(self._editor.objects):
            edit = self._editor.edits[place]
            if not isinstance(edit, Redact | Mark):
                continue
            ends = Ends.of(edit)
            if any(
                (_point(self._from_original.at(*at)) - point).manhattanLength() <= reach
                for at in ends.handles().values()
            ) or self._outline(ends).containsPoint(point, Qt.FillRule.OddEvenFill):
                return place
        return None

    def _outline(self, ends: Ends) -> QPolygonF:
        if ends.boxed:
            box = Box(ends.x, ends.y, ends.to_x, ends.to_y)
            return QPolygonF([_point(self._from_original.at(*corner)) for corner in corners(box)])
        start, end = (
            _point(self._from_original.at(*at)) for at in ((ends.x, ends.y), (ends.to_x, ends.to_y))
        )
        way = end - start
        length = max(1.0, (way.x() ** 2 + way.y() ** 2) ** 0.5)
        aside = QPointF(-way.y(), way.x()) * (Size.TARGET / 2 * self.devicePixelRatioF() / length)
        return QPolygonF([start + aside, end + aside, end - aside, start - aside])

    # What people do

    def _draw(self, start: QPointF, end: QPointF) -> None:
        """Make of a stroke what the tool makes of it."""
        tool = self._editor.tool
        clicked = (end - start).manhattanLength() < _LEAST_STROKE_PX * self.devicePixelRatioF()
        if clicked and tool is not Tool.NUMBER:
            self._editor.choose(self._object_at(end))
            return
        x, y = self._original_at(start)
        to_x, to_y = self._original_at(end)
        if tool is Tool.REDACT and self._editor.framing.tenths:
            # What was drawn level lies askew in the original: cover all of it.
            level = [QPointF(start.x(), end.y()), QPointF(end.x(), start.y()), start, end]
            spots = [self._original_at(spot) for spot in level]
            x, to_x = min(spot[0] for spot in spots), max(spot[0] for spot in spots)
            y, to_y = min(spot[1] for spot in spots), max(spot[1] for spot in spots)
        self._add(self._editor.drawn(tool, x, y, to_x, to_y))

    def _add(self, edit: Redact | Mark | None) -> None:
        before = self._editor.edits
        if edit is not None:
            self._editor.add(edit)
        if self._editor.edits != before:
            self._announce()
            self.drawn.emit()

    def _drag(self, point: QPointF) -> None:
        if self._held is None:
            return
        handle, start, before = self._held
        step = f"drag {self._drags}"
        if isinstance(before, Box):
            x, y = self._from_frame.inverse.at(point.x(), point.y())
            from_x, from_y = self._from_frame.inverse.at(start.x(), start.y())
            self._pull(before, handle, round(x - from_x), round(y - from_y), step)
            return
        here, there = self._original_at(start), self._original_at(point)
        across, down = there[0] - here[0], there[1] - here[1]
        self._move(before, handle, across, down, step)

    def _pull(self, before: Box, handle: int, across: int, down: int, step: str) -> None:
        """Move a handle of the crop, or all of it."""
        framed = self._editor.framing
        if handle == BODY:
            here = framed.crop
            self._editor.shift_crop(before.left + across - here.left, before.top + down - here.top, step=step)
            return
        fixed, moving = pulled_corners(before, handle, across, down)
        self._editor.crop(pulled(fixed, moving, framed.frame, framed.tenths, self._editor.hold), step=step)

    def _move(self, before: Ends, handle: int, across: int, down: int, step: str) -> None:
        chosen = self._editor.object
        if chosen is not None:
            after = before.dragged(handle, across, down, self._editor.size)
            self._editor.change(after.put_into(chosen), step=step)

    def _nudge(self, key: Qt.Key, *, far: bool, resize: bool) -> None:
        across, down = (way * (_FAR if far else 1) for way in _ARROWS[key])
        held = self._holdable()
        if held is None:
            step = Size.TARGET * 2 * self.devicePixelRatioF()
            self._use(self._camera.moved(_ARROWS[key][0] * step, _ARROWS[key][1] * step))
        elif isinstance(held, Box):
            self._pull(held, TIP if resize else BODY, across, down, f"keys {self._drags}")
        else:
            self._move(held, TIP if resize else BODY, *self._as_seen(across, down), f"keys {self._drags}")
        self._announce()

    def _as_seen(self, across: int, down: int) -> tuple[int, int]:
        """Return a way over the screen as a way over the original, which may lie another way."""
        back = self._editor.framing.turning.inverse
        start, end = back.at(0, 0), back.at(across, down)
        return round(end.x - start.x), round(end.y - start.y)

    def _go_on(self, *, forward: bool) -> bool:
        """Choose the next of what lies on the image; tell whether there was one."""
        objects = self._editor.objects
        if self._editor.tool is Tool.CROP or not objects:
            return False
        chosen = self._editor.chosen
        if chosen not in objects:
            following: int | None = objects[0] if forward else objects[-1]
        else:
            row = objects.index(chosen) + (1 if forward else -1)
            following = objects[row] if 0 <= row < len(objects) else None
        if following is None:
            return False
        self._editor.choose(following)
        self._announce()
        return True

    def _describe(self) -> None:
        """Tell a screen reader what is worked on."""
        self.setAccessibleDescription(self._said())

    def _said(self) -> str:
        editor = self._editor
        if editor.tool is Tool.CROP:
            box = editor.framing.crop
            return f"Crop, {box.size}, at {box.left}, {box.top}"
        if editor.chosen is not None:
            return edit_text(editor.edits, editor.chosen)
        return TOOLS[editor.tool].hint

    def _announce(self) -> None:
        announce(self, self._said())

    # Qt's overrides

    def sizeHint(self) -> QSize:
        return self.minimumSize()  # it takes what is left

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use(self._camera.with_room(self._room()))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._use(self._camera.with_room(self._room()))
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and self._go_on(forward=event.key() == Qt.Key.Key_Tab)
        ):
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        steps = int(self._turned / _NOTCH)
        if steps:
            self._turned -= steps * _NOTCH
            self.step_zoom(steps, self._device(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self._device(event.position())
        if event.button() == Qt.MouseButton.MiddleButton or self._space:
            self._panned = point
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._drags += 1
        held, handle = self._holdable(), self._handle_at(point)
        if held is not None and handle is not None:
            self._held = (handle, point, held)
        elif isinstance(held, Box):
            x, y = self._from_frame.inverse.at(point.x(), point.y())
            if held.left <= x <= held.right and held.top <= y <= held.bottom:
                self._held = (BODY, point, held)
        elif self._editor.tool in DRAWING:
            self._stroke = (point, point)
        else:
            self._editor.choose(self._object_at(point))
            held = self._holdable()
            if held is not None:
                self._held = (BODY, point, held)
            elif not self._camera.fitting:
                self._panned = point

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._device(event.position())
        if self._panned is not None:
            way = self._panned - point
            self._panned = point
            self._use(self._camera.moved(way.x(), way.y()))
        elif self._stroke is not None:
            self._stroke = (self._stroke[0], point)
            self.update()
        elif self._held is not None:
            self._drag(point)
        else:
            self._show_cursor(point)

    def _show_cursor(self, point: QPointF) -> None:
        if self._handle_at(point) is not None:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self._editor.tool in DRAWING:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            over = self._editor.tool is Tool.SELECT and self._object_at(point) is not None
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        stroke, self._stroke, self._held, self._panned = self._stroke, None, None, None
        if stroke is not None and event.button() == Qt.MouseButton.LeftButton:
            self._draw(stroke[0], self._device(event.position()))
        self._show_cursor(self._device(event.position()))
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key in _ARROWS:
            if not event.isAutoRepeat():
                self._drags += 1  # a key that is held is one step
            self._nudge(key, far=bool(modifiers & Qt.KeyboardModifier.ShiftModifier), resize=control)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and self._editor.tool in DRAWING:
            self._add(self._editor.in_the_middle())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._editor.remove()
            self._announce()
        elif key == Qt.Key.Key_Escape and (self._stroke is not None or self._editor.chosen is not None):
            self._stroke = None
            self._editor.choose(None)
        elif key == Qt.Key.Key_Space:
            self._space = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.step_zoom(1)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.step_zoom(-1)
        elif key == Qt.Key.Key_1:
            self.zoom_to(1.0)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_F):
            self.fit()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.unsetCursor()
        else:
            super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scheme, scale = colours(), self.devicePixelRatioF()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(scheme.sunken))
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipRect(self._camera.place)
        self._paint_picture(painter)
        painter.restore()
        if self._editor.tool is Tool.CROP:
            paint_frame(painter, self._camera.place, self._rect(self._editor.framing.crop), scale)
        self._paint_stroke(painter, scale)
        numbered = isinstance(self._editor.object, Mark) and self._editor.tool is not Tool.CROP
        for handle, point in self._handles().items():
            paint_handle(painter, point, scale, hollow=numbered and handle == 0)
        painter.restore()
        if shows_focus(self):
            focus_ring(painter, self.rect().toRectF(), 0)
        painter.end()

    def _paint_picture(self, painter: QPainter) -> None:
        """Paint the original, then what covers it, then the marks: vectors, at the screen's own pixels."""
        editor = self._editor
        from_original = self._from_original
        if (pixels := self._dense_enough()) is not None:
            whole = editor.size
            enlarged = scaled(whole.width / pixels.width(), whole.height / pixels.height())
            painter.save()
            painter.setTransform(_transform(enlarged.then(from_original)), True)
            painter.drawImage(QPointF(), pixels)
            painter.restore()
        else:
            painter.fillRect(self._camera.place, colour(colours().surface))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(REDACTION))
        for box in redactions(editor.edits):
            painter.drawPolygon(QPolygonF([_point(from_original.at(*corner)) for corner in corners(box)]))
        crop = editor.framing.crop
        paint_marks(painter, editor.size, editor.edits, moved(crop.left, crop.top).then(self._from_frame))

    def _dense_enough(self) -> QImage | None:
        """Return the smallest copy with a pixel for each of the screen's: painting alone would skip some."""
        if not self._pixels:
            return None
        wanted = self._camera.zoom * self._editor.size.width
        place = 0
        while self._pixels[place].width() >= 2 * wanted and self._pixels[place].width() > 2:
            if place + 1 == len(self._pixels):
                last = self._pixels[place]
                half = QSize(max(1, last.width() // 2), max(1, last.height() // 2))
                smooth = Qt.TransformationMode.SmoothTransformation
                self._pixels.append(last.scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
            place += 1
        return self._pixels[place]

    def _rect(self, box: Box) -> QRectF:
        left, top = self._from_frame.at(box.left, box.top)
        right, bottom = self._from_frame.at(box.right, box.bottom)
        return QRectF(left, top, right - left, bottom - top)

    def _paint_stroke(self, painter: QPainter, scale: float) -> None:
        """Paint what is being drawn."""
        if self._stroke is None:
            return
        start, end = self._stroke
        for value, width in ((colours().overlay, Size.FOCUS * 2), (colours().on_overlay, Size.FOCUS)):
            painter.setPen(QPen(colour(value), width * scale))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            if self._editor.tool is Tool.ARROW:
                painter.drawLine(start, end)
            elif self._editor.tool is not Tool.NUMBER:
                painter.drawRect(QRectF(start, end).normalized())


def _point(point: Point) -> QPointF:
    return QPointF(point.x, point.y)


def _transform(affine: Affine) -> QTransform:
    return QTransform(affine.a, affine.d, affine.b, affine.e, affine.c, affine.f)
