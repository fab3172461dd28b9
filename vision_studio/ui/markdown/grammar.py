"""What one line of Markdown can begin, go on with or end; after CommonMark 0.31 and GitHub's tables.

Only as much as is needed to tell blocks apart: what is inside a block is the parser's business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    PARAGRAPH = auto()
    HEADING = auto()
    RULE = auto()
    CODE = auto()
    INDENTED_CODE = auto()
    LIST = auto()
    QUOTE = auto()
    TABLE = auto()


_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_QUOTE = re.compile(r" {0,3}>")
_ITEM = re.compile(r"( {0,3})([-+*]|(\d{1,9})[.)])([ \t]+|$)(.?)")
_CONTAINED_FENCE = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])[ \t]))*[ \t]*(?:(`{3,})[^`]*|(~{3,}).*)$")
_DELIMITERS = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_END = re.compile(r"(?<!\\)\|")


def kind_begun_by(line: str) -> Kind:
    """Return what a line begins that stands below no paragraph."""
    if indent_of(line) >= 4:
        return Kind.INDENTED_CODE
    if _HEADING.match(line):
        return Kind.HEADING
    if _FENCE.match(line):
        return Kind.CODE
    if _RULE.match(line):
        return Kind.RULE
    if is_quoted(line):
        return Kind.QUOTE
    if _ITEM.match(line):
        return Kind.LIST
    return Kind.PARAGRAPH


def interrupts_text(line: str) -> bool:
    """Tell whether the line begins a block of its own directly below a line of text."""
    kind = kind_begun_by(line)
    if kind is Kind.LIST:
        item = item_begun_by(line)
        return item is not None and item.has_text and item.number in (None, 1)
    return kind not in (Kind.PARAGRAPH, Kind.INDENTED_CODE)


def indent_of(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))


def is_quoted(line: str) -> bool:
    return _QUOTE.match(line) is not None


def underlines_heading(line: str) -> bool:
    return _UNDERLINE.match(line) is not None


@dataclass(frozen=True, slots=True)
class Item:
    """The beginning of a list item: `kind` is the mark that its neighbours share."""

    kind: str
    number: int | None
    content_column: int
    has_text: bool


def item_begun_by(line: str) -> Item | None:
    if not (item := _ITEM.match(line)) or _RULE.match(line):
        return None
    indent, marker, number, gap, text = item.groups()
    before = len(indent) + len(marker)
    columns = len((" " * before + gap).expandtabs(4)) - before
    content = before + (columns if text and 1 <= columns <= 4 else 1)
    return Item(marker[-1], int(number) if number else None, content, bool(text))


@dataclass(frozen=True, slots=True)
class Fence:
    """The line that opened code, without the item it may stand in, and its run of ` or ~."""

    opening: str
    run: str

    @property
    def closing(self) -> str:
        return self.opening[: self.opening.index(self.run)] + self.run

    def is_closed_by(self, line: str) -> bool:
        run = line.lstrip(" \t>").rstrip(" \t")
        return len(run) >= len(self.run) and set(run) == {self.run[0]}


def fence_opened_by(line: str, *, in_container: bool) -> Fence | None:
    if not (found := (_CONTAINED_FENCE if in_container else _FENCE).match(line)):
        return None
    run: str = found[1] or found[2]
    start = line.index(run)
    return Fence(re.sub(r"[^ \t>]", " ", line[:start]) + line[start:], run)


def is_delimiter_row(line: str) -> bool:
    return "|" in line and _DELIMITERS.match(line) is not None


def cells_of(row: str) -> list[str]:
    return _CELL_END.split(row.strip().removeprefix("|").removesuffix("|"))
