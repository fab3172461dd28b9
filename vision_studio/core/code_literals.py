"""Values as the literals of three languages: what a stranger wrote stays a text, and is nothing else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vision_studio.core.code_request import CodeImage, Slot

WIDTH = 96
"""Characters of a line, where the text allows it."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that a reader does not see, or that change how the rest is shown."""

_JOINER = "\u200d"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Syntax:
    """How a language writes what JSON knows."""

    true: str = "true"
    false: str = "false"
    null: str = "null"
    bare_keys: bool = False
    trailing_comma: bool = True
    far_escape: str = ""
    """For characters beyond U+FFFF, with one place for the number; "": as two halves, as in JSON."""
    joined_lines: tuple[str, str, str] | None = None
    """What opens, joins and closes a text that is written line by line; None: it stands on one line."""


JSON = Syntax(trailing_comma=False)
PYTHON = Syntax("True", "False", "None", far_escape="\\U{:08x}", joined_lines=("(", "", ")"))
TYPESCRIPT = Syntax(bare_keys=True, far_escape="\\u{{{:x}}}", joined_lines=("", " +", ""))


def quoted(text: str, syntax: Syntax = JSON) -> str:
    """Return a text between double quotes; what cannot be seen is escaped."""
    return "".join(_escaped(one, syntax) for one in json.dumps(text, ensure_ascii=False))


def literal(value: Any, syntax: Syntax, slot: Callable[[CodeImage], str], indent: int = 0) -> str:
    """Return a value as the language writes it; lines after the first are indented to ``indent`` spaces."""
    if isinstance(value, Slot):
        return slot(value.image)
    if isinstance(value, str):
        return _text(value, syntax, indent)
    if isinstance(value, bool):
        return syntax.true if value else syntax.false
    if value is None:
        return syntax.null
    if isinstance(value, int | float):
        return json.dumps(value)
    deeper = indent + 4
    if isinstance(value, dict):
        parts = [f"{_key(name, syntax)}: {literal(one, syntax, slot, deeper)}" for name, one in value.items()]
        return _grouped("{", parts, "}", syntax, indent)
    return _grouped("[", [literal(one, syntax, slot, deeper) for one in value], "]", syntax, indent)


def _grouped(opening: str, parts: list[str], closing: str, syntax: Syntax, indent: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if not parts or ("\n" not in line and len(line) + indent <= WIDTH):
        return line
    pad = " " * (indent + 4)
    last = "," if syntax.trailing_comma else ""
    inside = f",\n{pad}".join(parts)
    return f"{opening}\n{pad}{inside}{last}\n{' ' * indent}{closing}"


def _text(text: str, syntax: Syntax, indent: int) -> str:
    lines = text.splitlines(keepends=True) if "\n" in text else [text]
    if syntax.joined_lines is None or len(lines) < 2:
        return quoted(text, syntax)
    opening, joiner, closing = syntax.joined_lines
    pad = " " * (indent + 4)
    inside = f"{joiner}\n{pad}".join(quoted(line, syntax) for line in lines)
    return f"{opening}\n{pad}{inside}\n{' ' * indent}{closing}" if opening else inside


def _key(name: str, syntax: Syntax) -> str:
    if syntax.bare_keys and name == "__proto__":
        return '["__proto__"]'  # the bare name means something else in JavaScript
    return name if syntax.bare_keys and _IDENTIFIER.fullmatch(name) else quoted(name, syntax)


def _escaped(character: str, syntax: Syntax) -> str:
    if character == _JOINER or unicodedata.category(character) not in _HIDDEN:
        return character
    number = ord(character)
    if number > 0xFFFF:
        return syntax.far_escape.format(number) if syntax.far_escape else json.dumps(character)[1:-1]
    return f"\\u{number:04x}"
