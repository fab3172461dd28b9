"""A session as one page that loads nothing: whatever was asked or answered is text on it, never markup."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from html import escape

from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.export_style import STYLE
from vision_studio.core.exported import answered_by, asked_on, ending_line, facts_line, title_of

Shown = Callable[[SentImage], str]
"""Returns the address of a picture's bytes, most often ``data:…``; "" for one that cannot be shown."""


def policy() -> str:
    """Return what the page allows itself: its own style, and images that are in it."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    style = f"style-src 'sha256-{digest}'"
    return f"default-src 'none'; img-src data:; {style}; base-uri 'none'; form-action 'none'"


def page(
    session: Session, shown: Shown, answer_html: Callable[[str], str], model_name: Callable[[str], str]
) -> Iterator[str]:
    """Yield the page piece by piece: with its images it may be large.

    ``answer_html`` makes HTML of an answer's Markdown, and leaves nothing in it that loads or runs.
    """
    title = escape(title_of(session))
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy())}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{title}</h1>\n"
        f'<p class="facts">{escape(_about(session, model_name))}</p>\n</header>\n'
    )
    if session.system.strip():
        yield (
            '<section class="system">\n<p class="who">Instructions</p>\n'
            f'<p class="said">{escape(session.system)}</p>\n</section>\n'
        )
    for number, turn in enumerate(session.turns, start=1):
        yield from _turn(number, turn, shown, answer_html, model_name)
    yield "</body>\n</html>\n"


def _about(session: Session, model_name: Callable[[str], str]) -> str:
    day = f"{session.created_at:%Y-%m-%d}"
    return f"{day} · {model_name(session.model_id)}"


def _turn(
    number: int,
    turn: Turn,
    shown: Shown,
    answer_html: Callable[[str], str],
    model_name: Callable[[str], str],
) -> Iterator[str]:
    answer = turn.answer
    yield (
        f'<section class="turn" aria-label="Turn {number}">\n'
        f'<p class="who">You <span class="facts">{asked_on(turn)}</span></p>\n'
    )
    if turn.images:
        yield f'<div class="pictures{" single" if len(turn.images) == 1 else ""}">\n'
        for sent in turn.images:
            yield _picture(sent, shown)
        yield "</div>\n"
    if turn.prompt.strip():
        yield f'<p class="said">{escape(turn.prompt)}</p>\n'
    yield (
        '<div class="answer">\n'
        f'<p class="who">{escape(answered_by(answer, model_name(answer.model_id)))}</p>\n'
    )
    if answer.text.strip():
        yield answer_html(answer.text)
    if said := ending_line(answer):
        yield f'<p class="ending">{escape(said)}</p>\n'
    if facts := facts_line(answer):
        yield f'<p class="facts">{escape(facts)}</p>\n'
    yield "</div>\n</section>\n"


def _picture(sent: SentImage, shown: Shown) -> str:
    caption = escape(sent.caption.rstrip(":"))
    name = escape(sent.image.name)
    source = "" if sent.left_out else shown(sent)
    img = f'<img src="{escape(source)}" alt="{caption}: {name}">\n' if source else ""
    where = f" {escape(sent.image.url)}" if sent.image.url else ""
    note = " (left out)" if sent.left_out else ""
    return f"<figure>\n{img}<figcaption>{caption} · {name}{note}{where}</figcaption>\n</figure>\n"
