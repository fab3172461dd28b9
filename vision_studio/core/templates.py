"""Questions that are asked again: a text with variables and places for images, and the file it travels in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from vision_studio.core.mentions import MARK, Mention, Passage, plain

MOST_TEMPLATES = 500
LONGEST_NAME = 100
LONGEST_TEXT = 100_000
LARGEST_FILE_BYTES = 8_000_000
FILE_VERSION = 1
ENDING = ".vstemplates.json"
"""What files of templates are called."""


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: str
    text: str
    """``{{word}}`` is a variable, ``{{image}}`` or ``{{image: before}}`` a place for an image, ``\\{{`` two
    braces."""


@dataclass(frozen=True, slots=True)
class Field:
    """Something to be filled in. One that stands in several places is one field."""

    name: str
    """Of a place for an image: what stands behind the colon, which may be nothing."""
    image: bool = False

    @property
    def title(self) -> str:
        if not self.image:
            return self.name
        return f"Image: {self.name}" if self.name else "Image"


_FIELD = re.compile(r"(?<!\\)((?:\\\\)*)(?:\\\{\{|\{\{\s*([^{}\n\\\s][^{}\n\\]{0,79}?)\s*\}\})")
"""Of backslashes before braces every two stand for one, so that a field can stand behind one."""


def fields(text: str) -> tuple[Field, ...]:
    """Return what a template asks for, in the order it is first named."""
    found = (_field(match[2]) for match in _FIELD.finditer(text) if match[2])
    return tuple(dict.fromkeys(found))


def filled(text: str, words: Mapping[Field, str], images: Mapping[Field, Mention]) -> Passage:
    """Return the question: variables give way to words, places to chips.

    What is not filled in leaves nothing behind. Words are text, whatever they hold.
    """
    whole, done = Passage(), 0
    for match in _FIELD.finditer(text):
        whole += plain(text[done : match.start()] + match[1][::2])
        done = match.end()
        if match[2] is None:
            whole += Passage("{{")
            continue
        field = _field(match[2])
        if not field.image:
            whole += plain(words.get(field, ""))
        elif field in images:
            whole += Passage(MARK, (images[field],))
    return whole + plain(text[done:])


def template_text(passage: Passage, called: Callable[[Mention], str]) -> str:
    """Return a question as a template: its chips become places, named as ``called`` says.

    Each image has a place of its own, also where several are called the same.
    """
    places: dict[str, str] = {}
    for mention in passage.mentions:
        if mention.image_id not in places:
            places[mention.image_id] = _place(called(mention), places.values())
    text, *pieces = passage.text.split(MARK)
    made = _literal(text)
    for mention, piece in zip(passage.mentions, pieces, strict=True):
        backslashes = len(made) - len(made.rstrip("\\"))
        made += "\\" * backslashes + places[mention.image_id] + _literal(piece)
    return made


def _literal(text: str) -> str:
    return re.sub(r"(?<!\\)(\\*)\{\{", r"\1\1\\{{", text)


def _place(name: str, taken: Collection[str]) -> str:
    name = re.sub(r"[{}\\\s]+", " ", name).strip()[:60].strip()
    made, number = f"{{{{image: {name}}}}}" if name else "{{image}}", 2
    while made in taken:
        made, number = f"{{{{image: {name} {number}}}}}", number + 1
    return made


def _field(inside: str) -> Field:
    kind, _, name = inside.partition(":")
    if kind.strip().casefold() == "image":
        return Field(name.strip(), image=True)
    return Field(inside.strip())


class TemplatesUnreadable(ValueError):
    """A file holds no templates; the message says why, in words for its user."""


def templates_file(templates: Iterable[Template]) -> str:
    """Return templates as the JSON that ``read_templates`` takes; their ids stay here."""
    entries = [{"name": one.name, "text": one.text} for one in templates]
    content = {"vision_studio_templates": FILE_VERSION, "templates": entries}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_templates(text: str, new_id: Callable[[], str]) -> tuple[Template, ...]:
    """Read a file of templates. Raises ``TemplatesUnreadable``."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TemplatesUnreadable("It is not a file of templates.") from error
    version = content.get("vision_studio_templates") if isinstance(content, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise TemplatesUnreadable("It is not a file of templates.")
    if version > FILE_VERSION:
        raise TemplatesUnreadable("It was written by a newer Vision Studio. Update this one to read it.")
    entries = content.get("templates")
    if not isinstance(entries, list) or not entries:
        raise TemplatesUnreadable("There is no template in it.")
    if len(entries) > MOST_TEMPLATES:
        raise TemplatesUnreadable(f"It holds more than {MOST_TEMPLATES} templates.")
    return tuple(_entry(place, entry, new_id()) for place, entry in enumerate(entries, start=1))


def _entry(place: int, entry: object, template_id: str) -> Template:
    name = entry.get("name") if isinstance(entry, dict) else None
    text = entry.get("text") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not isinstance(text, str):
        raise TemplatesUnreadable(f"Template {place} has no name or no text.")
    if not acceptable(name, text):
        raise TemplatesUnreadable(f"Template {place} is too long, or has an empty name.")
    return Template(template_id, tidy_name(_storable(name)), _storable(text))


def _storable(text: str) -> str:
    """Return it without halves of characters, which JSON can spell and nothing can keep."""
    return text.encode("utf-8", "replace").decode("utf-8")


def tidy_name(name: str) -> str:
    """Return a name on one line."""
    return " ".join(name.split())


def acceptable(name: str, text: str) -> bool:
    """Tell whether a template of this name and text can be kept."""
    return 0 < len(tidy_name(name)) <= LONGEST_NAME and len(text) <= LONGEST_TEXT
