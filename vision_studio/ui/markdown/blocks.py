"""Cuts growing Markdown into top-level blocks, so that a finished block is never rendered again.

Parsing stays with Qt. This module only finds places where two neighbours mean the same whether they are
parsed together or apart, and where it is not sure it does not cut. The one exception is size: a block longer
than a rendering step may take is cut into parts that look like one block when they stand below each other.

Where the cuts fall depends on the text alone, never on the pieces it arrived in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from vision_studio.ui.markdown.grammar import (
    Fence,
    Item,
    Kind,
    cells_of,
    fence_opened_by,
    indent_of,
    interrupts_text,
    is_delimiter_row,
    is_quoted,
    item_begun_by,
    kind_begun_by,
    underlines_heading,
)

PART_CHARS = 3_000
"""A part's source is no longer than this, its table header and its fences apart."""
ITEM_PART_CHARS = 1_200
"""A list longer than this is cut at its next item: the marker of a top-level item is a safe place."""
PART_CELLS = 90
PART_CODE_LINES = 50
MOST_COLUMNS = 40
"""A wider table is shown as it was written: laying out thousands of columns takes seconds."""

_LEAST_ROWS = 2
_LEAST_WIDTH = 3
_WORD_START = re.compile(r"[ \t](?=[^\W\d_])")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block, or one part of a long one; `source` is Markdown that stands on its own."""

    kind: Kind
    source: str
    part: int = 0
    goes_on: bool = False
    """Another part follows: this one has no end of its own."""
    mid_line: bool = False
    """The part begins in the middle of a line of the text, which was too long for one part."""
    number: int | None = None
    """What the first item of a later part of an ordered list is numbered."""
    widths: tuple[int, ...] = ()
    """The longest cell of each column in the first part, for the parts of a long table to share."""


def split(text: str) -> list[Block]:
    """Return the blocks of a whole text."""
    splitter = Splitter()
    splitter.feed(text)
    return [*splitter.closed, *splitter.open_blocks()]


class Splitter:
    """Takes text as it arrives. `closed` only ever grows; `open_blocks` may still change with more text."""

    def __init__(self) -> None:
        self._lines = _Lines()
        self._unended = ""  # the last line so far
        self._mid_line = False
        self._carriage_return = False

    @property
    def closed(self) -> list[Block]:
        return self._lines.blocks

    def feed(self, text: str) -> None:
        text = _LONE_SURROGATE.sub("\ufffd", text)
        if self._carriage_return:
            text = "\r" + text
        # Its line feed may come with the next delta: "\r\n" is one line end however it is delivered.
        self._carriage_return = text.endswith("\r")
        text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        *ended, unended = (self._unended + text).split("\n")
        for line in ended:
            self._lines.take(self._take_pieces(line), self._mid_line)
            self._mid_line = False
        self._unended = self._take_pieces(unended)

    def open_blocks(self) -> list[Block]:
        """Return what is not closed yet as it would be if the text ended here; at most a few blocks."""
        lines = self._lines.fork()
        if self._unended:
            lines.take(self._unended, self._mid_line)
        lines.close()
        return lines.blocks

    def _take_pieces(self, line: str) -> str:
        """Take what is too much of a line for one part, and return the rest."""
        start = 0
        while len(line) - start > PART_CHARS:
            # The next piece should begin with a word: a stray "-" or "#" would begin a block.
            words = _WORD_START.finditer(line, start + PART_CHARS // 2, start + PART_CHARS)
            cut = max((word.end() for word in words), default=start + PART_CHARS)
            self._lines.take(line[start:cut], self._mid_line)
            self._mid_line = True
            start = cut
        return line[start:]


@dataclass(slots=True)
class _Lines:
    """The state after whole lines: the blocks they closed, and the one they left open, if any."""

    blocks: list[Block] = field(default_factory=list)
    kind: Kind | None = None
    lines: list[str] = field(default_factory=list)
    size: int = 0
    part: int = 0
    mid_line: bool = False
    after_blank: bool = False
    fence: Fence | None = None  # that is open, at the top level or inside a list or quote
    header: tuple[str, ...] = ()  # the two lines every part of a table repeats
    widths: tuple[int, ...] = ()
    item: Item | None = None  # the last one at the top level
    item_number: int = 0  # counted, as Markdown does: only the first number of a list is taken at its word
    number: int | None = None

    def fork(self) -> _Lines:
        return replace(self, blocks=[], lines=self.lines.copy())

    def take(self, line: str, mid_line: bool) -> None:
        if mid_line and self.kind is not None:
            self._cut(mid_line=True)
            self._add(line)
        elif self.kind is Kind.CODE:
            self._take_code(line)
        elif not line.strip():
            self._take_blank(line)
        elif not self._belongs(line):
            self.close()
            self._begin(line)
        self.after_blank = not line.strip()

    def close(self) -> None:
        """End the open block, if there is one."""
        if self.kind is None:
            return
        # A part may have begun with the blank lines that now end the block: it is left empty.
        while self.fence is None and self.lines and not self.lines[-1].strip():
            self.lines.pop()
        self._put(goes_on=False)
        self.kind, self.lines, self.size, self.part, self.mid_line = None, [], 0, 0, False
        self.fence, self.header, self.widths, self.item, self.number = None, (), (), None, None

    def _cut(self, *, mid_line: bool = False) -> None:
        """End this part of the open block and begin the next."""
        if self.fence:
            self.lines.append(self.fence.closing)
        if self.header and not self.part:
            self.widths = _column_widths(self.lines)
        self._put(goes_on=True)
        self.part += 1
        self.mid_line, self.number, self.size = mid_line, None, 0
        self.lines = [self.fence.opening] if self.fence else list(self.header)

    def _put(self, *, goes_on: bool) -> None:
        assert self.kind is not None
        source = "\n".join(self.lines)
        self.blocks.append(
            Block(self.kind, source, self.part, goes_on, self.mid_line, self.number, self.widths)
        )

    def _begin(self, line: str) -> None:
        self.kind = kind_begun_by(line)
        if self.kind is Kind.CODE:
            self.fence = fence_opened_by(line, in_container=False)
        self._add(line)
        if self.kind in (Kind.HEADING, Kind.RULE):
            self.close()

    def _add(self, line: str) -> None:
        if self.size and self.size + len(line) > PART_CHARS:
            self._cut()
        if self.kind in (Kind.LIST, Kind.QUOTE):
            self._follow(line)
        self.lines.append(line)
        self.size += len(line) + 1

    def _follow(self, line: str) -> None:
        """Keep track of the items and the fences inside a list or quote."""
        if self.fence:
            self.fence = None if self.fence.is_closed_by(line) else self.fence
            return
        if self.kind is Kind.LIST and (item := self._top_item(line)):
            if self.item and self.item.kind == item.kind:
                self.item_number += 1
            else:
                self.item_number = item.number or 0
            self.item = item
        if self.kind is Kind.LIST or is_quoted(line):
            self.fence = fence_opened_by(line, in_container=True)

    def _top_item(self, line: str) -> Item | None:
        """Return the item the line begins, unless that belongs to a list within the last item."""
        is_inside = self.item is not None and indent_of(line) >= self.item.content_column
        return None if is_inside else item_begun_by(line)

    def _take_blank(self, line: str) -> None:
        if self.kind in (Kind.LIST, Kind.INDENTED_CODE):
            self._add(line)
        else:
            self.close()

    def _take_code(self, line: str) -> None:
        assert self.fence is not None
        if self.fence.is_closed_by(line) and indent_of(line) < 4 and not is_quoted(line):
            self.lines.append(line)
            self.close()
            return
        if len(self.lines) > PART_CODE_LINES:
            self._cut()
        self._add(line)

    def _belongs(self, line: str) -> bool:
        """Add the line to the open block, if that is where it belongs."""
        match self.kind:
            case None:
                return False
            case Kind.PARAGRAPH:
                if underlines_heading(line):
                    self._add(line)
                    self.close()
                    return True
                if is_delimiter_row(line) and self._becomes_table(line):
                    return True
                belongs = not interrupts_text(line)
            case Kind.TABLE:
                belongs = not interrupts_text(line)
                if belongs and len(self.lines) - len(self.header) >= self._most_rows():
                    self._cut()
            case Kind.LIST:
                belongs = self._continues_list(line)
            case Kind.QUOTE:
                belongs = is_quoted(line) or self._continues_quoted_text(line)
            case _:
                belongs = kind_begun_by(line) is Kind.INDENTED_CODE
        if belongs:
            self._add(line)
        return belongs

    def _becomes_table(self, delimiters: str) -> bool:
        """See a table begin with the last line; Qt's parser sees one only at the start of a paragraph."""
        header, columns = self.lines[-1], len(cells_of(delimiters))
        if columns > MOST_COLUMNS:
            return False
        if len(self.lines) > 1:
            if "|" not in header or len(cells_of(header)) != columns:
                return False
            self.lines.pop()
            self.close()
        self.kind, self.header = Kind.TABLE, (header, delimiters)
        self.lines, self.size = list(self.header), 0
        return True

    def _most_rows(self) -> int:
        return max(PART_CELLS // len(cells_of(self.header[1])), _LEAST_ROWS)

    def _continues_quoted_text(self, line: str) -> bool:
        """Tell whether the line continues a quoted paragraph without repeating its ">"."""
        above = self.lines[-1]
        if is_quoted(above):
            above = above.lstrip(" \t>")
            if not above or self.fence or kind_begun_by(above) not in (Kind.PARAGRAPH, Kind.LIST):
                return False
        return kind_begun_by(line) in (Kind.PARAGRAPH, Kind.INDENTED_CODE)

    def _continues_list(self, line: str) -> bool:
        assert self.item is not None
        indent = indent_of(line)
        if indent >= self.item.content_column:
            return True
        if item := item_begun_by(line):
            self.fence = None
            if self.size > ITEM_PART_CHARS:
                self._cut()
                if item.number is not None and item.kind == self.item.kind:
                    self.number = self.item_number + 1
            return True
        is_text = not (self.after_blank or self.fence)
        return is_text and (indent >= 4 or not interrupts_text(line))


def _column_widths(rows: list[str]) -> tuple[int, ...]:
    header, delimiters, *others = map(cells_of, rows)
    widths = [_LEAST_WIDTH] * len(delimiters)
    for row in (header, *others):
        for column, cell in enumerate(row[: len(widths)]):
            widths[column] = max(widths[column], len(cell.strip()))
    return tuple(widths)
