"""What a reader can tell about a rendered page, without distances and colours."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument, QTextFormat, QTextListFormat

from vision_studio.ui.markdown.look import RULE

_Property = QTextFormat.Property


class Line(NamedTuple):
    text: str
    heading: int
    quotes: int
    is_code: bool
    is_rule: bool
    indent: int
    item: tuple[object, ...] | None
    cell: tuple[int, int] | None
    words: tuple[tuple[object, ...], ...]


def page_form(document: QTextDocument, first: int = 0) -> list[Line]:
    """Return the lines from number `first` on, except empty ones that only stand around a table."""
    lines: list[Line] = []
    block = document.findBlockByNumber(first)
    while block.isValid():
        line = _line(block)
        if line.text or line.is_code or line.is_rule or line.item or line.cell:
            lines.append(line)
        block = block.next()
    return lines


def _line(block: QTextBlock) -> Line:
    look = block.blockFormat()
    table = QTextCursor(block).currentTable()
    cell = table.cellAt(block.position()) if table else None
    return Line(
        block.text(),
        look.headingLevel(),
        look.intProperty(_Property.BlockQuoteLevel),
        look.hasProperty(_Property.BlockCodeLanguage),
        look.hasProperty(_Property.BlockTrailingHorizontalRulerWidth) or look.hasProperty(RULE),
        look.indent(),
        _item(block),
        (cell.row(), cell.column()) if cell else None,
        tuple(_words(block)),
    )


def _item(block: QTextBlock) -> tuple[object, ...] | None:
    items = block.textList()
    if items is None:
        return None
    look = items.format()
    number = None
    if look.style() == QTextListFormat.Style.ListDecimal:
        number = look.start() + items.itemNumber(block)
    return look.style(), look.indent(), number, block.blockFormat().marker()


def _words(block: QTextBlock) -> list[tuple[object, ...]]:
    runs: list[tuple[object, ...]] = []
    is_header = QTextCursor(block).currentTable() is not None
    for run in block.textFormats():
        look = run.format
        text = block.text()[run.start : run.start + run.length]
        weight = look.fontWeight() > 500 and not (is_header or block.blockFormat().headingLevel())
        traits = (weight, look.fontItalic(), look.fontFixedPitch(), look.fontStrikeOut(), look.anchorHref())
        if runs and runs[-1][1:] == traits:
            runs[-1] = (str(runs[-1][0]) + text, *traits)
        else:
            runs.append((text, *traits))
    return runs
