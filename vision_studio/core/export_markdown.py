"""A session as Markdown that any reader shows, its images beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from vision_studio.core.conversation import SentImage, Session, Turn
from vision_studio.core.exported import (
    ShownImage,
    answered_by,
    asked_on,
    ending_line,
    facts_line,
    title_of,
)

_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&])")


def markdown(
    session: Session, images: Mapping[str, ShownImage], folder: str, model_name: Callable[[str], str]
) -> str:
    """Return the text; images stand in ``folder``, a relative path of safe characters."""
    parts = [f"# {_plain(title_of(session))}"]
    if session.system.strip():
        parts += ["**Instructions**", _quoted(session.system)]
    for turn in session.turns:
        parts += _turn(turn, images, folder, model_name)
    return "\n\n".join(parts) + "\n"


def _turn(
    turn: Turn, images: Mapping[str, ShownImage], folder: str, model_name: Callable[[str], str]
) -> list[str]:
    answer = turn.answer
    parts = ["---", f"**You**, {asked_on(turn)}"]
    for sent in turn.images:
        parts.append(_picture(sent, images.get(sent.image.id), folder))
    if turn.prompt.strip():
        parts.append(_quoted(turn.prompt))
    parts.append(f"**{_plain(answered_by(answer, model_name(answer.model_id)))}**")
    if answer.text.strip():
        parts.append(answer.text.strip("\n"))
    if said := ending_line(answer):
        parts.append(f"*{_plain(said)}*")
    if facts := facts_line(answer):
        parts.append(f"<sub>{facts}</sub>")
    return parts


def _picture(sent: SentImage, shown: ShownImage | None, folder: str) -> str:
    caption = _plain(sent.caption.rstrip(":"))
    named = f"{caption}: {_plain(sent.image.name)}" if sent.image.name else caption
    if sent.left_out:
        return f"{named} (left out)"
    if shown is not None:
        return f"![{named}]({folder}/{shown.name})\n{named}"
    return f"{named}, at <{sent.image.url}>" if sent.image.url else named


def _quoted(text: str) -> str:
    """Return a text as a quotation that shows as it was typed: nothing in it is Markdown."""
    # Two spaces end a line where Markdown would join it to the next.
    return "\n".join(f"> {_plain(line)}  " if line.strip() else ">" for line in text.splitlines())


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split("\n")))
