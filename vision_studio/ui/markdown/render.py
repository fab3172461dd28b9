"""Turns one block of Markdown into a styled piece of document: Qt parses, this module dresses the result.

What a text document cannot draw (rounded grounds, quote bars, rules) is left as marks on its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from PySide6.QtGui import (
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextDocumentFragment,
    QTextFormat,
    QTextListFormat,
    QTextTable,
)

from vision_studio.ui.markdown.blocks import Block
from vision_studio.ui.markdown.grammar import Kind
from vision_studio.ui.markdown.look import (
    CODE_LINE_HEIGHT_PER_CENT,
    CODE_NUMBER,
    CODE_PADDING,
    GAP,
    HEADING_GAPS,
    ITEM_GAP,
    LARGE_NUMBER_INDENT,
    LINE_HEIGHT_PER_CENT,
    MID_LINE,
    QUOTE_INDENT,
    brush,
    characters,
    distances,
    gap_below,
    ink,
    make_rule,
    merge,
    quote_level,
    selection,
)
from vision_studio.ui.markdown.parser_text import DEEPEST, LEAD, for_parser
from vision_studio.ui.markdown.sealed import SealedDocument
from vision_studio.ui.markdown.style import MarkdownStyle
from vision_studio.ui.markdown.tables import dress_table
from vision_studio.ui.markdown.words import WordDresser

_Property = QTextFormat.Property
_KeepAnchor = QTextCursor.MoveMode.KeepAnchor
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
_LARGE_NUMBER = 100


class Renderer:
    """Renders blocks, one after the other, in one style."""

    def __init__(self, style: MarkdownStyle) -> None:
        self._document = SealedDocument()
        self._document.setUndoRedoEnabled(False)
        self._headings = [characters(heading) for heading in style.headings]
        self._code = characters(style.code, style.code_families)
        self._muted = ink(style.muted)
        self._border = brush(style.border)
        self._words = WordDresser(style)

    def render(
        self,
        block: Block,
        *,
        above: QTextBlockFormat | None,
        code_number: int,
        definitions: Iterable[str] = (),
    ) -> QTextDocumentFragment | None:
        """Return the block as a fragment to insert at the end of a page, or None if nothing shows.

        The fragment begins with a line end, so the last line of the page stays as it is; `above` is the look
        of that line, or None on an empty page. Blocks of code are numbered from `code_number` on.
        """
        document = self._document
        source = for_parser(block, definitions)
        document.setMarkdown(source, _FEATURES)
        if document.blockCount() == 1:
            return None
        dressing = QTextCursor(document)
        dressing.beginEditBlock()  # one change to the document instead of thousands
        tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
        for table in tables:
            dress_table(table, block, above, self._border)
        if block.kind is not Kind.TABLE:
            self._dress_lines(block, above, code_number, tables)
        if block.kind is Kind.LIST:
            self._dress_lists(block)
        if block.kind not in (Kind.CODE, Kind.INDENTED_CODE):
            self._words.dress(self._lines(), source)
        dressing.endEditBlock()
        fragment = QTextCursor(document)
        fragment.setPosition(len(LEAD))
        fragment.movePosition(QTextCursor.MoveOperation.End, _KeepAnchor)
        return fragment.selection()

    def _lines(self) -> Iterator[QTextBlock]:
        line = self._document.begin().next()
        while line.isValid():
            yield line
            line = line.next()

    def _dress_lines(
        self, block: Block, above: QTextBlockFormat | None, code_number: int, tables: list[QTextTable]
    ) -> None:
        cells = [range(table.firstPosition(), table.lastPosition() + 1) for table in tables]
        lines = [line for line in self._lines() if not any(line.position() in each for each in cells)]
        runs = [(code, list(run)) for code, run in groupby(lines, _is_code)]
        for number, (code, run) in enumerate(runs):
            is_first, is_last = number == 0, number == len(runs) - 1
            if not code:
                self._dress_text(run, is_first and above is None, is_last and block.goes_on)
                continue
            self._dress_code(run, code_number + number)
            if not (is_first and block.part):
                gap = gap_below(above) if is_first and above else GAP
                merge(run[0], distances(top=gap + CODE_PADDING))
            if not (is_last and block.goes_on):
                merge(run[-1], distances(bottom=GAP + CODE_PADDING))
        if block.mid_line and lines:
            glued = QTextBlockFormat()
            glued.setProperty(MID_LINE, True)
            merge(lines[0], glued)

    def _dress_code(self, lines: list[QTextBlock], number: int) -> None:
        left = quote_level(lines[0].blockFormat()) * QUOTE_INDENT + CODE_PADDING
        look = distances(top=0, bottom=0, left=left, right=CODE_PADDING)
        look.setProperty(CODE_NUMBER, number)
        look.setNonBreakableLines(False)
        look.setLineHeight(CODE_LINE_HEIGHT_PER_CENT, _PROPORTIONAL)
        run = QTextCursor(lines[0])
        run.setPosition(lines[-1].position() + lines[-1].length() - 1, _KeepAnchor)
        run.mergeBlockFormat(look)
        run.mergeBlockCharFormat(self._code)
        run.mergeCharFormat(self._code)
        for line in lines:
            if line.text().startswith(f"{LEAD}\t"):
                QTextCursor(line).deleteChar()

    def _dress_text(self, lines: list[QTextBlock], is_top: bool, goes_on: bool) -> None:
        for line in lines:
            if line.blockFormat().hasProperty(_Property.BlockTrailingHorizontalRulerWidth):
                make_rule(line)
            else:
                in_list, is_last = _is_in_list(line.blockFormat()), line is lines[-1]
                if is_last and goes_on and not in_list:
                    gap = 0  # the next part goes on with the same paragraph
                elif in_list and (goes_on or not is_last):
                    gap = ITEM_GAP
                else:
                    gap = GAP
                self._dress_line(line, is_top, gap)
            is_top = False

    def _dress_line(self, line: QTextBlock, is_top: bool, gap: int) -> None:
        look = line.blockFormat()
        quotes, level = quote_level(look), look.headingLevel()
        dress = distances(
            top=HEADING_GAPS[level - 1] if level and not is_top else 0,
            bottom=gap,
            left=quotes * QUOTE_INDENT,
            right=0,
        )
        dress.setLineHeight(LINE_HEIGHT_PER_CENT, _PROPORTIONAL)
        if not _is_in_list(look):
            # Qt gives the paragraph after a task a box as well.
            dress.setMarker(QTextBlockFormat.MarkerType.NoMarker)
        merge(line, dress)
        if level:
            self._dress_heading(line, level)
        if quotes:
            whole = QTextCursor(line)
            whole.mergeBlockCharFormat(self._muted)  # of its bullet or number
            whole.movePosition(QTextCursor.MoveOperation.EndOfBlock, _KeepAnchor)
            whole.mergeCharFormat(self._muted)

    def _dress_heading(self, line: QTextBlock, level: int) -> None:
        for words in line.textFormats():
            look = words.format
            look.clearProperty(_Property.FontSizeAdjustment)
            look.merge(self._headings[level - 1])
            selection(line, words).setCharFormat(look)

    def _dress_lists(self, block: Block) -> None:
        number = block.number
        for line in self._lines():
            if not _is_item(line.blockFormat()):
                continue
            items = line.textList()
            look = items.format()
            if look.indent() > DEEPEST or number is not None:
                look.setIndent(min(look.indent(), DEEPEST))
                look.setStart(look.start() if number is None else number)
                items.setFormat(look)
                number = None
            numbered = look.style() == QTextListFormat.Style.ListDecimal
            if numbered and look.start() + items.count() > _LARGE_NUMBER:
                merge(line, distances(left=line.blockFormat().leftMargin() + LARGE_NUMBER_INDENT))


def _is_code(line: QTextBlock) -> bool:
    return line.blockFormat().hasProperty(_Property.BlockCodeLanguage)


def _is_in_list(look: QTextBlockFormat) -> bool:
    return _is_item(look) or look.indent() > 0


def _is_item(look: QTextBlockFormat) -> bool:
    return look.objectIndex() >= 0
