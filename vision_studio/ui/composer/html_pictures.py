"""The pictures of a piece of HTML from the clipboard or a drag, as long as it is nothing but pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from vision_studio.core.pasted import DataAddress

LONGEST = 64_000_000
"""Characters looked at. Pictures inside of HTML are a third longer than as files."""

MOST_PICTURES = 100
_MOST_TAGS = 10_000

_NAME = re.compile(r"[^\s=/>]*")
_SPACE = re.compile(r"[\s/]*")
_BARE_VALUE = re.compile(r"[^\s>]*")
_UNSEEN = ("script", "style", "title", "head", "template")


@dataclass(frozen=True, slots=True)
class HtmlPictures:
    inside: tuple[DataAddress, ...] = ()
    """Those that are in the text itself."""
    addresses: tuple[str, ...] = ()
    """Where on the web the others are."""


def html_pictures(html: str) -> HtmlPictures:
    """Return the pictures, in order. HTML that says anything besides is text, and has none.

    A picture in a file, or inside of the program that the HTML comes from, is passed over: whoever wrote the
    HTML must not choose files of ours.
    """
    sources = _sources(html) if len(html) <= LONGEST else []
    inside, addresses = [], []
    for source in sources[:MOST_PICTURES]:
        start = source[: len("data:image/")].lower()
        if start == "data:image/":
            inside.append(DataAddress(source))
        elif start.startswith(("http:", "https:")):
            addresses.append(source)
    return HtmlPictures(tuple(inside), tuple(dict.fromkeys(addresses)))


def _sources(html: str) -> list[str]:
    """Return the ``src`` of every ``img``; none if there is text to be seen, or no end of tags.

    Every character is passed once: text from a stranger must not choose how long this takes.
    """
    found: list[str] = []
    position = 0
    for _ in range(_MOST_TAGS):
        start = html.find("<", position)
        text = html[position : start if start >= 0 else len(html)]
        if unescape(text).strip("\ufeff\u200b \t\r\n\0\N{NO-BREAK SPACE}\N{OBJECT REPLACEMENT CHARACTER}"):
            return []
        if start < 0:
            return found
        if html.startswith("<!--", start):
            position = _behind(html, "-->", start + 4)
            continue
        name, attributes, position = _tag(html, start + 1)
        if name == "img" and (source := unescape(attributes.get("src", "")).strip()):
            found.append(source)
        elif name in _UNSEEN:
            end = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
            position = _behind(html, ">", end.end() if end is not None else len(html))
    return []


def _tag(html: str, position: int) -> tuple[str, dict[str, str], int]:
    """Read a tag from behind its "<"; return its name, its attributes and where the text goes on."""
    name, position = _matched(_NAME, html, position)
    if not name:  # "</p>" has no name of its own, and nothing that matters
        return "", {}, _behind(html, ">", position)
    attributes: dict[str, str] = {}
    while position < len(html):
        _, position = _matched(_SPACE, html, position)
        if html.startswith(">", position):
            return name.lower(), attributes, position + 1
        attribute, position = _matched(_NAME, html, position)
        _, position = _matched(_SPACE, html, position)
        value = ""
        if html.startswith("=", position):
            _, position = _matched(_SPACE, html, position + 1)
            if html[position : position + 1] in ("'", '"'):
                end = html.find(html[position], position + 1)
                end = end if end >= 0 else len(html)
                value, position = html[position + 1 : end], end + 1
            else:
                value, position = _matched(_BARE_VALUE, html, position)
        attributes.setdefault(attribute.lower(), value)
    return name.lower(), attributes, len(html)


def _matched(pattern: re.Pattern[str], html: str, position: int) -> tuple[str, int]:
    """Return what a pattern that always matches finds at a place, and the place behind it."""
    match = pattern.match(html, position)
    return (match.group(), match.end()) if match is not None else ("", position)


def _behind(html: str, what: str, position: int) -> int:
    """Return the place behind the next ``what``; the end if there is none."""
    found = html.find(what, position)
    return found + len(what) if found >= 0 else len(html)
