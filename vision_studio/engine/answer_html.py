"""An answer's Markdown as HTML that can do nothing: no tags of its own, no pictures, links to the web only.

markdown-it-py follows CommonMark, as Qt's parser in the window does, and does not let HTML through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SIDES = {"text-align:right": "right", "text-align:center": "center"}


def answer_html(text: str) -> str:
    """Return a piece of HTML; whatever looks like a tag in the text is shown as it is."""
    html: str = _PARSER.render(text.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    return html


def _tame(state: StateCore) -> None:
    """Have no token load anything, nor bring a style that the page forbids."""
    for token in _every(state.tokens):
        if token.type == "image":
            said = token.content or "image"
            token.type, token.tag, token.children = "text", "", None
            token.content = f"[{said}: {token.attrGet('src')}]"
        elif token.type == "link_open":
            token.attrSet("rel", "noopener noreferrer")
        side = _SIDES.get(str(token.attrs.pop("style", "")))
        if side is not None:
            token.attrSet("class", side)


def _every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _every(token.children or ())


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    parser.core.ruler.push("tame", _tame)
    # The library's own way to be told; what it takes otherwise includes mail and files.
    parser.validateLink = lambda url: bool(_WEB.match(url))  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
