"""Finds link references and their definitions, which may stand in different blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vision_studio.ui.markdown.blocks import Block
from vision_studio.ui.markdown.grammar import Kind

_DEFINITION = re.compile(r" {0,3}\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*\S")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]")


def definitions_in(block: Block) -> Iterator[tuple[str, str]]:
    """Yield the definitions a paragraph begins with: label and source line."""
    if block.kind is Kind.PARAGRAPH and not block.part:
        for line in block.source.split("\n"):
            if not (definition := _DEFINITION.match(line)):
                return
            yield _label(definition[1]), line


def labels_in(block: Block) -> Iterator[str]:
    """Yield the labels the block may refer to."""
    if block.kind not in (Kind.CODE, Kind.INDENTED_CODE, Kind.RULE):
        for label in _LABEL.finditer(block.source):
            yield _label(label[1])


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()
