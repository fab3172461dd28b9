"""The distances of an answer, and the marks on its lines that tell the view what to draw below them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import (
    QBrush,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextLayout,
)

from vision_studio.ui.design import Space, TextStyle, colour
from vision_studio.ui.markdown.parser_text import DEEPEST

CODE_NUMBER = QTextFormat.Property.UserProperty.value + 1  # of the block of code the line belongs to
MID_LINE = QTextFormat.Property.UserProperty.value + 2  # continues the line above without a line end
RULE = QTextFormat.Property.UserProperty.value + 3

LINE_HEIGHT_PER_CENT = 140.0
CODE_LINE_HEIGHT_PER_CENT = 130.0
GAP = Space.S + Space.HAIR  # below every block
ITEM_GAP = Space.XS
HEADING_GAPS = (Space.XL, Space.L, Space.L, Space.M, Space.M, Space.M)  # above, by level
QUOTE_INDENT = Space.L
LIST_INDENT = Space.XL
LARGE_NUMBER_INDENT = Space.S  # three digits take more room than LIST_INDENT leaves
CODE_PADDING = Space.S + Space.HAIR

_HAIRLINE = TextStyle(1, 400)


def quote_level(look: QTextBlockFormat) -> int:
    """Return how many quotes a line that looks so is in."""
    return min(look.intProperty(QTextFormat.Property.BlockQuoteLevel), DEEPEST)


def gap_below(above: QTextBlockFormat) -> int:
    """Return the distance that leaves GAP below a line: Qt lets distances overlap, where grounds must not."""
    return GAP + (CODE_PADDING if above.hasProperty(CODE_NUMBER) else 0)


def distances(
    *,
    top: float | None = None,
    bottom: float | None = None,
    left: float | None = None,
    right: float | None = None,
) -> QTextBlockFormat:
    """Return a format to merge that sets these distances and leaves the others."""
    made = QTextBlockFormat()
    if top is not None:
        made.setTopMargin(top)
    if bottom is not None:
        made.setBottomMargin(bottom)
    if left is not None:
        made.setLeftMargin(left)
    if right is not None:
        made.setRightMargin(right)
    return made


def merge(line: QTextBlock, look: QTextBlockFormat) -> None:
    QTextCursor(line).mergeBlockFormat(look)


def make_rule(line: QTextBlock) -> None:
    """Turn a line into a rule as high as a hair."""
    look = distances(top=GAP, bottom=2 * GAP)
    look.setProperty(RULE, True)
    look.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    cursor = QTextCursor(line)
    cursor.setBlockFormat(look)
    cursor.setBlockCharFormat(characters(_HAIRLINE))


def characters(style: TextStyle, families: Iterable[str] = ()) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setProperty(QTextFormat.Property.FontPixelSize, style.size_px)
    made.setFontWeight(style.weight)
    if families:
        made.setFontFamilies(list(families))
    return made


def ink(value: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(brush(value))
    return made


def brush(value: str) -> QBrush:
    return QBrush(colour(value))


def selection(line: QTextBlock, words: QTextLayout.FormatRange) -> QTextCursor:
    return span(line, words.start, words.start + words.length)


def span(line: QTextBlock, start: int, end: int) -> QTextCursor:
    cursor = QTextCursor(line)
    cursor.setPosition(line.position() + start)
    cursor.setPosition(line.position() + end, QTextCursor.MoveMode.KeepAnchor)
    return cursor
