"""Dresses what stands within a line: links, words of code, pictures told in words, hard line ends."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextFormat

from vision_studio.ui.markdown.links import web_link
from vision_studio.ui.markdown.look import brush, ink, selection, span
from vision_studio.ui.markdown.parser_text import LEAD, LINE_BREAK
from vision_studio.ui.markdown.style import MarkdownStyle

_Property = QTextFormat.Property
_HAS_WORDS_TO_DRESS = re.compile(r"[`\]<@]|://|www\.")
_SPARE_BREAK = re.compile(f"{LINE_BREAK} ?$|(?<={LINE_BREAK}) ")


class WordDresser:
    def __init__(self, style: MarkdownStyle) -> None:
        self._code_size = style.code.size_px
        self._code = QTextCharFormat()
        self._code.setFontFamilies(list(style.code_families))
        self._code.setBackground(brush(style.code_ground))
        self._link = ink(style.link)
        self._link.setFontUnderline(True)
        self._picture = ink(style.muted)
        self._picture.setFontItalic(True)

    def dress(self, lines: Iterable[QTextBlock], source: str) -> None:
        """Dress the lines that were made from the source."""
        if not _HAS_WORDS_TO_DRESS.search(source) and LINE_BREAK not in source:
            return
        for line in lines:
            if "![" in source:
                self._tell_pictures(line)
            for words in line.textFormats():
                if words.format.isAnchor():
                    selection(line, words).setCharFormat(self._as_link(words.format))
                elif words.format.fontFixedPitch():
                    is_heading = line.blockFormat().headingLevel() > 0
                    selection(line, words).setCharFormat(self._as_code(words.format, is_heading))
            if LINE_BREAK in line.text():
                _tidy_line_breaks(line)

    def _tell_pictures(self, line: QTextBlock) -> None:
        """Put words where pictures would be; Qt makes one of each differently styled run of its words."""
        told = ""
        runs = line.textFormats()
        names = [run.format.toImageFormat().name() if run.format.isImageFormat() else None for run in runs]
        for position in reversed(range(len(runs))):
            if names[position] is None:
                continue
            told = runs[position].format.stringProperty(_Property.ImageAltText) + told
            if position and names[position - 1] == names[position]:
                selection(line, runs[position]).removeSelectedText()
                continue
            words = told.replace(LEAD, "").strip()
            instead = f"[image: {words}]" if words else "[image]"
            selection(line, runs[position]).insertText(instead, self._picture)
            told = ""

    def _as_link(self, look: QTextCharFormat) -> QTextCharFormat:
        if link := web_link(look.anchorHref()):
            look.merge(self._link)
            look.setAnchorHref(link.address)
            look.setToolTip(link.address)
        else:
            look.setAnchor(False)
            for each in (_Property.AnchorHref, _Property.ForegroundBrush, _Property.TextUnderlineStyle):
                look.clearProperty(each)
        return look

    def _as_code(self, look: QTextCharFormat, is_heading: bool) -> QTextCharFormat:
        look.merge(self._code)
        if not is_heading:
            look.setProperty(_Property.FontPixelSize, self._code_size)
        return look


def _tidy_line_breaks(line: QTextBlock) -> None:
    """Take away a break that ends nothing, and the blank Markdown makes of the line end after another."""
    for spare in reversed(list(_SPARE_BREAK.finditer(line.text()))):
        span(line, spare.start(), spare.end()).removeSelectedText()
