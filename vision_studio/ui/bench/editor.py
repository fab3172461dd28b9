"""What is being done to one image: its edits, which of them is chosen, and the way back to each step."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from vision_studio.core import editing
from vision_studio.core.cropping import FREE, Hold, Ratio, largest, reshaped, shifted
from vision_studio.core.edits import Colour, Edits, Mark, Redact, Shape
from vision_studio.core.framing import Framing, framing
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.tokens import ResolutionTier
from vision_studio.ui.bench.tools import DRAWING, Tool

_STEPWISE = 1
"""Identifies steps that may be one."""


class Editor(QObject):
    """Holds edits in normal form. Every change is a step to undo, unless it goes on with the last one."""

    changed = Signal()  # the edits, or which one is chosen
    tool_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self._size = Size(1, 1)
        self._before: Edits = ()
        self._edits: Edits = ()
        self._chosen: int | None = None
        self._tool = Tool.SELECT
        self._tier: ResolutionTier | None = None
        self.colour = Colour.VERMILLION
        self.ratio = FREE
        self.unresized = False

    def open(self, size: Size, edits: Edits, tier: ResolutionTier) -> None:
        """Begin with an image's edits as they are; ``tier`` is that of the model it will be sent to."""
        self.stack.clear()
        self._size, self._before, self._edits, self._tier = size, edits, edits, tier
        self._chosen, self.ratio, self.unresized = None, FREE, False
        self.choose_tool(Tool.SELECT)
        self.changed.emit()

    @property
    def size(self) -> Size:
        """Of the upright original."""
        return self._size

    @property
    def edits(self) -> Edits:
        return self._edits

    @property
    def is_changed(self) -> bool:
        return self._edits != self._before

    @property
    def framing(self) -> Framing:
        return framing(self._size, self._edits)

    @property
    def tool(self) -> Tool:
        return self._tool

    @property
    def hold(self) -> Hold:
        return Hold(self.ratio, self._tier if self.unresized else None)

    @property
    def chosen(self) -> int | None:
        """The place of the edit that is worked on; None for none of them."""
        return self._chosen

    @property
    def object(self) -> Redact | Mark | None:
        """The redaction or mark that is worked on."""
        edit = None if self._chosen is None else self._edits[self._chosen]
        return edit if isinstance(edit, Redact | Mark) else None

    @property
    def objects(self) -> list[int]:
        """The places of what lies on the picture."""
        return [place for place, edit in enumerate(self._edits) if isinstance(edit, Redact | Mark)]

    def choose(self, place: int | None) -> None:
        place = place if place is not None and 0 <= place < len(self._edits) else None
        if place != self._chosen:
            self._chosen = place
            self.changed.emit()

    def choose_tool(self, tool: Tool) -> None:
        if tool is not self._tool:
            self._tool = tool
            if tool is not Tool.SELECT:
                self.choose(None)
            self.tool_changed.emit()

    # Steps

    def turn(self, quarters: int) -> None:
        self._do(
            editing.turned(self._size, self._edits, quarters), "Turn right" if quarters == 1 else "Turn left"
        )

    def mirror(self, *, upside_down: bool = False) -> None:
        words = "Turn upside down" if upside_down else "Mirror"
        self._do(editing.mirrored(self._size, self._edits, upside_down=upside_down), words)

    def straighten(self, tenths: int) -> None:
        """Turn by tenths of a degree in all; one step, however many are on the way."""
        self._do(editing.straightened(self._size, self._edits, tenths), "Straighten", "straighten")

    def crop(self, box: Box, *, step: str = "") -> None:
        """Keep a box of the frame. ``step``: goes on with the last step of that name."""
        self._do(editing.cropped(self._size, self._edits, box), "Crop", step)

    def shift_crop(self, across: int, down: int, *, step: str = "") -> None:
        framed = self.framing
        self.crop(shifted(framed.crop, across, down, framed.frame, framed.tenths), step=step)

    def hold_crop(self, ratio: Ratio, *, unresized: bool) -> None:
        """Hold the crop to a shape, and to what a model is shown as it is, from now on."""
        self.ratio, self.unresized = ratio, unresized
        framed = self.framing
        if ratio.across or unresized:
            self.crop(reshaped(framed.crop, framed.frame, framed.tenths, self.hold))
        self.changed.emit()

    def crop_largest(self) -> None:
        """Keep as much as is shown to the model as it is."""
        framed = self.framing
        hold = Hold(self.ratio, self._tier)
        self.crop(largest(framed.crop, framed.frame, framed.tenths, hold))

    def add(self, edit: Redact | Mark) -> None:
        """Put something on top, and choose it."""
        edits = editing.added(self._size, self._edits, edit)
        if edits != self._edits:
            self._do(edits, "Redact" if isinstance(edit, Redact) else "Mark", chosen=len(edits) - 1)

    def in_the_middle(self) -> Redact | Mark | None:
        """Return what the tool draws in the middle of what is seen, for those who do not draw by hand."""
        if self._tool not in DRAWING:
            return None
        framed = self.framing
        back = framed.to_edited.inverse
        width, height = framed.crop.size
        ends = back.at(width * 3 / 8, height * 3 / 8), back.at(width * 5 / 8, height * 5 / 8)
        (x, y), (to_x, to_y) = ((round(end.x), round(end.y)) for end in ends)
        return self.drawn(self._tool, x, y, to_x, to_y)

    def drawn(self, tool: Tool, x: int, y: int, to_x: int, to_y: int) -> Redact | Mark:
        """Return what a tool makes of a stroke from one point of the original to another."""
        if tool is Tool.REDACT:
            return Redact(Box(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)))
        shape = {Tool.ARROW: Shape.ARROW, Tool.BOX: Shape.BOX}.get(tool, Shape.NUMBER)
        return Mark(shape, x, y, to_x, to_y, self.colour)

    def change(self, edit: Redact | Mark, *, step: str = "") -> None:
        """Put this in the place of the chosen redaction or mark."""
        if self.object is not None and self._chosen is not None:
            words = "Change redaction" if isinstance(edit, Redact) else "Change mark"
            named = f"{step} {self._chosen}" if step else ""
            edits = editing.changed(self._size, self._edits, self._chosen, edit)
            self._do(edits, words, named, chosen=self._chosen)

    def recolour(self, colour: Colour) -> None:
        """Give the chosen mark another colour; the next ones get it, too."""
        self.colour = colour
        if isinstance(self.object, Mark):
            self.change(replace(self.object, colour=colour))

    def explain(self, words: str) -> None:
        """Say what the chosen mark means; one step, however many letters."""
        if isinstance(self.object, Mark):
            self.change(replace(self.object, legend=words), step="explain")

    def remove(self) -> None:
        """Take the chosen edit away."""
        if self._chosen is not None:
            edits = editing.removed(self._size, self._edits, self._chosen)
            self._do(edits, "Remove", chosen=min(self._chosen, len(edits) - 1) if edits else None)

    def put_earlier(self, by: int) -> None:
        """Have the chosen one change places with the one before it (1) or behind it (-1)."""
        if self._chosen is None:
            return
        place = self._chosen if by > 0 else self._chosen + 1
        if editing.can_go_earlier(self._edits, place):
            edits = editing.put_earlier(self._edits, place)
            self._do(edits, "Change the order", chosen=self._chosen - by)

    def reset(self) -> None:
        """Show the original."""
        self._do((), "Reset", chosen=None)

    def _do(self, edits: Edits, words: str, step: str = "", *, chosen: int | None = -1) -> None:
        """Make a step, unless it changes nothing. ``chosen`` -1: what was chosen, if it is still there."""
        if chosen == -1:
            offset = len(edits) - len(self._edits)
            chosen = None if self.object is None or self._chosen is None else self._chosen + offset
        if edits != self._edits:
            self.stack.push(_Step(self, (self._edits, self._chosen), (edits, chosen), words, step))

    def _show(self, edits: Edits, chosen: int | None) -> None:
        self._edits, self._chosen = edits, chosen
        self.changed.emit()


class _Step(QUndoCommand):
    def __init__(
        self,
        editor: Editor,
        before: tuple[Edits, int | None],
        after: tuple[Edits, int | None],
        words: str,
        step: str,
    ) -> None:
        super().__init__(words)
        self._editor, self._before, self._after, self._step = editor, before, after, step

    def redo(self) -> None:
        self._editor._show(*self._after)

    def undo(self) -> None:
        self._editor._show(*self._before)

    def id(self) -> int:
        return _STEPWISE if self._step else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Step) or other._step != self._step:
            return False
        self._after = other._after
        return True
