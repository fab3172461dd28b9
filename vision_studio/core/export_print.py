"""A session as the simple HTML that Qt sets in type: paragraphs, tables and images, nothing that floats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.exported import (
    ShownImage,
    answered_by,
    asked_on,
    ending_line,
    facts_line,
    title_of,
)

SCHEME = "blob"
"""Of the addresses of images, which are digests."""

_WIDEST_PX, _HIGHEST_PX = 460, 400
"""Half a page of A4 high at most, at 96 dots an inch, so that few pages end in a gap."""

_STYLE = """
h1 { font-size: 17pt; } h2 { font-size: 13pt; } h3, h4, h5, h6 { font-size: 11pt; }
pre, code { font-family: monospace; font-size: 9pt; }
pre { background-color: #f2f0ea; }
blockquote { color: #444444; }
td, th { border: 1px solid #bbbbbb; padding: 3px; }
.facts, .caption { color: #555555; font-size: 8.5pt; }
.who { font-weight: 600; }
"""


def printed(
    session: Session,
    images: Callable[[SentImage], ShownImage | None],
    answer_html: Callable[[str], str],
    model_name: Callable[[str], str],
) -> str:
    """Return the whole document; ``answer_html`` leaves nothing in it that loads or runs."""
    title = escape(title_of(session))
    parts = [
        f"<html><head><title>{title}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{title}</h1>",
        f'<p class="facts">{session.created_at:%Y-%m-%d} · {escape(model_name(session.model_id))}</p>',
    ]
    if session.system.strip():
        parts += ['<p class="who">Instructions</p>', _said(session.system)]
    for turn in session.turns:
        parts += _turn(turn, images, answer_html, model_name)
    return "\n".join([*parts, "</body></html>"])


def _turn(
    turn: Turn,
    images: Callable[[SentImage], ShownImage | None],
    answer_html: Callable[[str], str],
    model_name: Callable[[str], str],
) -> Iterator[str]:
    answer = turn.answer
    yield "<hr>"
    yield f'<p class="who">You <span class="facts">{asked_on(turn)}</span></p>'
    for sent in turn.images:
        yield from _picture(sent, None if sent.left_out else images(sent))
    if turn.prompt.strip():
        yield _said(turn.prompt)
    yield f'<p class="who">{escape(answered_by(answer, model_name(answer.model_id)))}</p>'
    if answer.text.strip():
        yield answer_html(answer.text)
    for line in (ending_line(answer), facts_line(answer)):
        if line:
            yield f'<p class="facts">{escape(line)}</p>'


def _picture(sent: SentImage, shown: ShownImage | None) -> Iterator[str]:
    size = sent.rendition.size if sent.rendition is not None else sent.image.size
    if shown is not None and size is not None:
        scale = min(1.0, _WIDEST_PX / size.width, _HIGHEST_PX / size.height)
        width, height = max(1, round(size.width * scale)), max(1, round(size.height * scale))
        yield f'<p><img src="{SCHEME}:{shown.digest}" width="{width}" height="{height}"></p>'
    said = [sent.caption.rstrip(":"), sent.image.name, *(["left out"] if sent.left_out else [])]
    yield f'<p class="caption">{escape(" · ".join(filter(None, said)))}</p>'


def _said(text: str) -> str:
    return f'<p style="white-space: pre-wrap;">{escape(text)}</p>'
