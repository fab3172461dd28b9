"""Dresses a table: hairlines, padding, a strong header; and the parts of a long one, to look like one."""

from __future__ import annotations

from PySide6.QtGui import (
    QBrush,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from vision_studio.ui.design import Size, Space, Type
from vision_studio.ui.markdown.blocks import Block
from vision_studio.ui.markdown.grammar import Kind
from vision_studio.ui.markdown.look import GAP, distances, gap_below

_PADDING = Space.XS
_INSET = Space.XS  # of the words, beside the padding, which is the same on all sides
_PART_OVERLAP = -Space.XS  # lays the upper border of a part on the lower border of the part above


def dress_table(table: QTextTable, block: Block, above: QTextBlockFormat | None, border: QBrush) -> None:
    """Dress a table of the block, which will stand below a line that looks like `above`."""
    is_later_part = block.kind is Kind.TABLE and block.part > 0
    look = table.format()
    look.setBorder(Size.STROKE)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(border)
    look.setBorderCollapse(True)
    look.setCellPadding(_PADDING)
    look.setCellSpacing(0)
    look.setTopMargin(_PART_OVERLAP if is_later_part else gap_below(above) if above else 0)
    look.setBottomMargin(0 if block.goes_on else GAP)
    if len(block.widths) == table.columns():
        # The parts are tables of their own: they line up by shares of the whole width.
        share, whole = QTextLength.Type.PercentageLength, sum(block.widths)
        look.setWidth(QTextLength(share, 100))
        look.setColumnWidthConstraints([QTextLength(share, 100 * width / whole) for width in block.widths])
    table.setFormat(look)
    cells = table.firstCursorPosition()
    cells.setPosition(table.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    cells.mergeBlockFormat(distances(top=0, bottom=0, left=_INSET, right=_INSET))
    if is_later_part:
        table.removeRows(0, 1)
    else:
        _dress_header(table)


def _dress_header(table: QTextTable) -> None:
    strong = QTextCharFormat()
    strong.setFontWeight(Type.STRONG.weight)
    header = table.cellAt(0, 0).firstCursorPosition()
    header.setPosition(table.cellAt(0, table.columns() - 1).lastPosition(), QTextCursor.MoveMode.KeepAnchor)
    header.mergeCharFormat(strong)
    if table.rows() > 1:
        for column in range(table.columns()):
            aligned = QTextBlockFormat()
            aligned.setAlignment(table.cellAt(1, column).firstCursorPosition().blockFormat().alignment())
            table.cellAt(0, column).firstCursorPosition().mergeBlockFormat(aligned)
