"""The bench's tools: what each is called, its drawing, its key, and what to do with it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Tool(StrEnum):
    SELECT = "select"
    CROP = "crop"
    REDACT = "redact"
    ARROW = "arrow"
    BOX = "box"
    NUMBER = "number"


class ToolWords(NamedTuple):
    name: str
    icon: str
    key: str
    hint: str


DRAWING = frozenset({Tool.REDACT, Tool.ARROW, Tool.BOX, Tool.NUMBER})
"""Those that put something on the picture."""

TOOLS = {
    Tool.SELECT: ToolWords(
        "Select", "select", "V", "Click what you want to change. Tab goes on to the next; arrow keys move it."
    ),
    Tool.CROP: ToolWords(
        "Crop", "crop", "C", "Drag the corners, or use the arrow keys; with Ctrl they change its size."
    ),
    Tool.REDACT: ToolWords(
        "Redact", "redact", "R", "Drag over what is not to be seen, or press Enter for a box."
    ),
    Tool.ARROW: ToolWords(
        "Arrow", "arrow", "A", "Drag to what you want to point at, or press Enter for an arrow."
    ),
    Tool.BOX: ToolWords("Box", "box", "B", "Drag around what you want to mark, or press Enter for a box."),
    Tool.NUMBER: ToolWords("Number", "number", "N", "Click where the number goes, or press Enter for one."),
}
