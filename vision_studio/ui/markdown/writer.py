"""Keeps a document in step with a growing text.

Closed blocks are written once, the open end anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from vision_studio.ui.markdown.blocks import Block, Splitter
from vision_studio.ui.markdown.grammar import Kind
from vision_studio.ui.markdown.references import definitions_in, labels_in
from vision_studio.ui.markdown.render import Renderer
from vision_studio.ui.markdown.style import MarkdownStyle

_NUMBERS_PER_BLOCK = 1_000  # a block has fewer lines than that, so fewer pieces of code


@dataclass(frozen=True, slots=True)
class _Place:
    """The end of a document, to come back to. An empty last block takes on the looks of what follows it."""

    position: int
    is_blank_page: bool
    line: QTextBlockFormat
    characters: QTextCharFormat


@dataclass(frozen=True, slots=True)
class _Written:
    place: _Place
    definitions: tuple[str, ...]


class AnswerWriter:
    """Writes Markdown into a document that nobody else writes to."""

    def __init__(self, document: QTextDocument, style: MarkdownStyle) -> None:
        self._document = document
        self._renderer = Renderer(style)
        self._splitter = Splitter()
        self._definitions: dict[str, str] = {}
        self._written: list[_Written] = []
        self._open_end: _Place | None = None
        self._is_blank_page = True
        self._is_open_end_stale = False

    @property
    def is_behind(self) -> bool:
        return self._is_open_end_stale or len(self._written) < len(self._splitter.closed)

    def set_style(self, style: MarkdownStyle) -> None:
        """Begin to write everything again in another style."""
        self._renderer = Renderer(style)
        self._rewrite_from(0)

    def restart(self) -> None:
        """Begin a new text on an empty page."""
        self._erase_open_end()
        self._rewrite_from(0)
        self._splitter = Splitter()
        self._definitions = {}

    def feed(self, text: str) -> None:
        self._splitter.feed(text)
        self._is_open_end_stale = True

    def finish(self) -> None:
        """Look back, as a link may refer to a definition that came after it, and write anew what does."""
        closed, still_open = self._splitter.closed, self._splitter.open_blocks()
        self._definitions = {}
        for block in (*closed, *still_open):
            self._learn(block)
        for number, written in enumerate(self._written):
            if written.definitions != self._definitions_for(closed[number]):
                self._rewrite_from(number)
                return
        self._is_open_end_stale = self._is_open_end_stale or bool(self._definitions)

    def write(self) -> bool:
        """Write the next closed block, and the open end if no closed block is left; tell if more is left."""
        step = QTextCursor(self._document)
        step.beginEditBlock()
        self._erase_open_end()
        closed = self._splitter.closed
        if len(self._written) < len(closed):
            block = closed[len(self._written)]
            self._learn(block)
            place = self._end()
            self._insert(block, len(self._written))
            self._written.append(_Written(place, self._definitions_for(block)))
        if len(self._written) == len(closed):
            self._open_end = self._end()
            for number, block in enumerate(self._splitter.open_blocks(), start=len(closed)):
                self._insert(block, number)
            self._is_open_end_stale = False
        step.endEditBlock()
        return self.is_behind

    def _learn(self, block: Block) -> None:
        for label, definition in definitions_in(block):
            self._definitions.setdefault(label, definition)

    def _definitions_for(self, block: Block) -> tuple[str, ...]:
        if not self._definitions:
            return ()
        labels = dict.fromkeys(labels_in(block))
        return tuple(self._definitions[label] for label in labels if label in self._definitions)

    def _rewrite_from(self, number: int) -> None:
        if number < len(self._written):
            self._open_end = None
            self._return_to(self._written[number].place)
            del self._written[number:]
        self._is_open_end_stale = True

    def _erase_open_end(self) -> None:
        if self._open_end is not None:
            self._return_to(self._open_end)
            self._open_end = None

    def _end(self) -> _Place:
        end = QTextCursor(self._document)
        end.movePosition(QTextCursor.MoveOperation.End)
        return _Place(end.position(), self._is_blank_page, end.blockFormat(), end.blockCharFormat())

    def _return_to(self, place: _Place) -> None:
        rest = QTextCursor(self._document)
        rest.setPosition(place.position)
        rest.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        rest.removeSelectedText()
        self._is_blank_page = place.is_blank_page
        if rest.block().length() == 1:
            rest.setBlockFormat(place.line)
            rest.setBlockCharFormat(place.characters)

    def _insert(self, block: Block, number: int) -> None:
        end = QTextCursor(self._document)
        end.movePosition(QTextCursor.MoveOperation.End)
        is_code = block.kind in (Kind.CODE, Kind.INDENTED_CODE)
        first_part = number - block.part if is_code else number
        fragment = self._renderer.render(
            block,
            above=None if self._is_blank_page else end.blockFormat(),
            code_number=first_part * _NUMBERS_PER_BLOCK,
            definitions=self._definitions_for(block),
        )
        if fragment is None:
            return
        end.insertFragment(fragment)
        if self._is_blank_page:
            self._close_up()
        self._is_blank_page = False

    def _close_up(self) -> None:
        """Take away the empty line that the line end before the first block left above it."""
        first = QTextCursor(self._document.begin().next())
        if first.currentTable() is not None:
            return  # a table stands below a line of text, always
        line, characters = first.blockFormat(), first.blockCharFormat()
        top = QTextCursor(self._document)
        top.deleteChar()
        top.setBlockFormat(line)
        top.setBlockCharFormat(characters)
