"""Paints an image with its edits over it, and lets pointer and keyboard do the same to them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from vision_studio.core.affine import moved, scaled
from vision_studio.core.cropping import pulled
from vision_studio.core.edit_words import edit_text
from vision_studio.core.edits import Mark, Redact, redactions
from vision_studio.core.marks import REDACTION
from vision_studio.core.tiling import Box
from vision_studio.ui.bench.editor import Editor
from vision_studio.ui.bench.halves import Halves
from vision_studio.ui.bench.handles import BODY, TIP, Ends, pulled_corners
from vision_studio.ui.bench.painting import paint_frame, paint_handle, paint_marks
from vision_studio.ui.bench.tools import DRAWING, TOOLS, Tool
from vision_studio.ui.bench.view import View, transform
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.palette import colour, colours
from vision_studio.ui.design.spoken import announce
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.zooming.camera import Camera
from vision_studio.ui.zooming.canvas import ARROWS, ZoomedCanvas

_FAR = 10
"""How many pixels an arrow key goes with Shift."""

_LEAST_STROKE_PX = 4
"""Of the screen: less is a click."""


class BenchCanvas(ZoomedCanvas):
    """Looks at the whole frame while it is cropped, and at what is kept of it otherwise."""

    drawn = Signal()  # something new lies on it

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(fitting=True, parent=parent)
        name(self, "bench-canvas", "Image")
        self._editor = editor
        self._pixels: Halves | None = None
        self._shown = Box(0, 0, 1, 1)
        self._stroke: tuple[QPointF, QPointF] | None = None
        """Where the pointer went down and where it is, in the screen's pixels, while it draws."""
        self._held: tuple[int, QPointF, Ends | Box] | None = None
        """The handle that is dragged, where that began, and what it was part of then."""
        self._space = False
        self._drags = 0
        editor.changed.connect(self._follow)
        editor.tool_changed.connect(self._follow)

    def show_pixels(self, pixels: QImage | None) -> None:
        """Show the unedited original, at whatever size it comes."""
        self._pixels = None if pixels is None else Halves(pixels)
        self.update()

    def begin(self) -> None:
        """Look at all of another image."""
        self._shown = Box(0, 0, 0, 0)
        self._follow()

    # Where things are

    def _follow(self) -> None:
        framed = self._editor.framing
        shown = Box(0, 0, *framed.frame) if self._editor.tool is Tool.CROP else framed.crop
        if shown != self._shown:
            self._shown = shown
            self._use(Camera.on(QSizeF(*shown.size), self._room(), fitting=True))
        self._describe()
        self.update()

    @property
    def _view(self) -> View:
        return View(self._editor.framing, self._camera, self._shown)

    def screen_point(self, x: float, y: float) -> QPointF:
        """Return where a point of the original is on the widget."""
        return QPointF(*self._view.from_original.at(x, y)) / self.devicePixelRatioF()

    def handle_points(self) -> dict[int, QPointF]:
        """Return where the handles of what is worked on are on the widget."""
        return {handle: point / self.devicePixelRatioF() for handle, point in self._handles().items()}

    def _handles(self) -> dict[int, QPointF]:
        held = self._holdable()
        return {} if held is None else self._view.handles(held)

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
        view, reach = self._view, Size.TARGET / 2 * self.devicePixelRatioF()
        for place in reversed(self._editor.objects):
            edit = self._editor.edits[place]
            if not isinstance(edit, Redact | Mark):
                continue
            ends = Ends.of(edit)
            if any(
                (at - point).manhattanLength() <= reach for at in view.handles(ends).values()
            ) or view.outline(ends, reach).containsPoint(point, Qt.FillRule.OddEvenFill):
                return place
        return None

    # What people do

    def _draw(self, start: QPointF, end: QPointF) -> None:
        """Make of a stroke what the tool makes of it."""
        tool = self._editor.tool
        clicked = (end - start).manhattanLength() < _LEAST_STROKE_PX * self.devicePixelRatioF()
        if clicked and tool is not Tool.NUMBER:
            self._editor.choose(self._object_at(end))
            return
        x, y = self._view.original_at(start)
        to_x, to_y = self._view.original_at(end)
        if tool is Tool.REDACT and self._editor.framing.tenths:
            # What was drawn level lies askew in the original: cover all of it.
            level = [QPointF(start.x(), end.y()), QPointF(end.x(), start.y()), start, end]
            spots = [self._view.original_at(spot) for spot in level]
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
            x, y = self._view.frame_at(point)
            from_x, from_y = self._view.frame_at(start)
            self._pull(before, handle, round(x - from_x), round(y - from_y), step)
            return
        here, there = self._view.original_at(start), self._view.original_at(point)
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
        across, down = (way * (_FAR if far else 1) for way in ARROWS[key])
        held = self._holdable()
        if held is None:
            step = Size.TARGET * 2 * self.devicePixelRatioF()
            self._use(self._camera.moved(ARROWS[key][0] * step, ARROWS[key][1] * step))
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

    # Painting

    def _paint_picture(self, painter: QPainter, scale: float) -> None:
        view = self._view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipRect(self._camera.place)
        self._paint_edited(painter, view)
        painter.restore()
        if self._editor.tool is Tool.CROP:
            paint_frame(painter, self._camera.place, view.rect(self._editor.framing.crop), scale)
        self._paint_stroke(painter, scale)
        numbered = isinstance(self._editor.object, Mark) and self._editor.tool is not Tool.CROP
        for handle, point in self._handles().items():
            paint_handle(painter, point, scale, hollow=numbered and handle == 0)

    def _paint_edited(self, painter: QPainter, view: View) -> None:
        """Paint the original, then what covers it, then the marks: vectors, at the screen's own pixels."""
        editor = self._editor
        if self._pixels is not None:
            whole = editor.size
            pixels = self._pixels.at(self._camera.zoom * whole.width)
            enlarged = scaled(whole.width / pixels.width(), whole.height / pixels.height())
            painter.save()
            painter.setTransform(transform(enlarged.then(view.from_original)), True)
            painter.drawImage(QPointF(), pixels)
            painter.restore()
        else:
            painter.fillRect(self._camera.place, colour(colours().surface))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(REDACTION))
        for box in redactions(editor.edits):
            painter.drawPolygon(view.polygon(box))
        crop = editor.framing.crop
        paint_marks(painter, editor.size, editor.edits, moved(crop.left, crop.top).then(view.from_frame))

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

    # Qt's overrides

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            and self._go_on(forward=event.key() == Qt.Key.Key_Tab)
        ):
            return True
        return super().event(event)

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
            x, y = self._view.frame_at(point)
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
            self._pan_to(point)
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
        if key in ARROWS:
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
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.unsetCursor()
        else:
            super().keyReleaseEvent(event)
