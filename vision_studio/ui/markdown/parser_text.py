"""Prepares a block's Markdown for Qt's parser: bounded nesting, no lost words, references at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vision_studio.ui.markdown.blocks import MOST_COLUMNS, Block
from vision_studio.ui.markdown.grammar import Kind

DEEPEST = 8
"""Quotes and lists nested deeper than this show their markers as text."""
LEAD = "\u200b"
"""The paragraph before every block. With it a block is never the first of its document, whose format is lost
when it is inserted elsewhere, and never begins with the "---" Qt takes for front matter."""
LINE_BREAK = "\u2028"
"""Put where a line ends hard, as Qt renders hard line ends like ends of paragraphs."""

_HARD_BREAK = re.compile(r"(?:(?<=\S) {2,}|(?<!\\)(?:\\\\)*(\\))\n(?=[ \t]*\S)")
_MARKER = re.compile(r"[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))")
_EMPTY_ITEM = re.compile(r"^([ \t>]*(?:[-+*]|\d{1,9}[.)]))[ \t]*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"^( {0,3})(?=\[\^[^\[\]\n]{1,99}\]:)", re.MULTILINE)
_DEFINITION = re.compile(r"^[ \t>]*\[[^\[\]\n]{1,999}\]:", re.MULTILINE)
_FENCE = re.compile(r"^[ \t>\-+*.)\d]*(?:```|~~~)", re.MULTILINE)


def for_parser(block: Block, definitions: Iterable[str] = ()) -> str:
    """Return Markdown whose first paragraph is LEAD and whose rest renders as the block."""
    source = block.source
    if block.kind in (Kind.PARAGRAPH, Kind.LIST, Kind.QUOTE):
        source = _flattened(source)
        if not _FENCE.search(source):
            source = _readable(source)
            if block.kind is not Kind.PARAGRAPH:
                # Qt drops an empty item and hands its number and its bullet to whatever comes next.
                source = _EMPTY_ITEM.sub(rf"\1 {LEAD}", source)
    elif block.kind is Kind.CODE and "\t" in source and source[0] in "`~":
        # The parser turns tabs at the beginning of a line into blanks, which a Makefile does not survive.
        source = source.replace("\n\t", f"\n{LEAD}\t")
    return "\n\n".join((LEAD, *definitions, source)) + "\n"


def _readable(source: str) -> str:
    if ("\\\n" in source or "  \n" in source) and not _DEFINITION.search(source):
        source = _HARD_BREAK.sub(
            lambda end: end[0].rstrip("\n ").removesuffix(end[1] or "") + LINE_BREAK + "\n", source
        )
    # To a parser without footnotes "[^1]: word" defines a link: the note would vanish.
    source = _FOOTNOTE.sub(r"\1\\", source)
    if source.count("|") > MOST_COLUMNS:
        source = "\n".join(_narrow(line) for line in source.split("\n"))
    if "`" not in source:
        # An image without words would leave nothing at all.
        source = source.replace("![](", f"![{LEAD}](")
    return source


def _narrow(line: str) -> str:
    """Keep the line below a header from making it a table, where it has too many columns."""
    is_delimiters = line.count("|") >= MOST_COLUMNS and not line.strip(" \t>|:-")
    return line.replace("|", "\\|", 1) if is_delimiters else line


def _flattened(source: str) -> str:
    return "\n".join(_flattened_line(line) for line in source.split("\n"))


def _flattened_line(line: str) -> str:
    depth = end = 0
    while marker := _MARKER.match(line, end):
        depth += 1
        if depth > DEEPEST:
            # "\>", "\-", "1\.": the last character of a marker is the one that makes it one.
            return line[: marker.end() - 1] + "\\" + line[marker.end() - 1 :]
        end = marker.end()
    return line
