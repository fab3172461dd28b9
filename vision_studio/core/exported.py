"""What of a session is exported, whatever the format: its turns, its pictures, and what is said of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from vision_studio.core.amounts import count, duration, usd
from vision_studio.core.conversation import Answer, SentImage, Session, Turn
from vision_studio.core.export_names import safe_name, unused
from vision_studio.core.failure_words import ending_words


class ExportFormat(StrEnum):
    BUNDLE = "bundle"
    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    PDF = "pdf"


FORMAT_ENDINGS: Mapping[ExportFormat, tuple[str, ...]] = MappingProxyType(
    {
        ExportFormat.BUNDLE: (".vstudio",),
        ExportFormat.HTML: (".html", ".htm"),
        ExportFormat.MARKDOWN: (".zip", ".md"),
        ExportFormat.JSON: (".json",),
        ExportFormat.PDF: (".pdf",),
    }
)
"""What a file of each ends in, the usual first. Markdown in a ``.zip`` has its images with it; one that ends
in ``.md`` has them in a folder beside it."""

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}
_SHOWN = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class ShownImage:
    """The file that stands for a sent picture: what Claude saw, else the original where browsers show it."""

    name: str
    """A file name that needs no quoting: ASCII letters, digits, hyphens and a dot."""
    media_type: str
    digest: str


def format_of(name: str) -> ExportFormat | None:
    """Return the format that a file name asks for by its ending."""
    return next((kind for kind, endings in FORMAT_ENDINGS.items() if name.casefold().endswith(endings)), None)


def chosen_turns(session: Session, turn_ids: Collection[str] | None) -> Session:
    """Return the session with some of its turns; None: all of them."""
    if turn_ids is None:
        return session
    return replace(session, turns=tuple(turn for turn in session.turns if turn.id in turn_ids))


def shown_images(session: Session) -> dict[str, ShownImage]:
    """Map the id of each sent picture that can be shown to its file; the same bytes are one file."""
    files: dict[str, ShownImage] = {}
    shown: dict[str, ShownImage] = {}
    taken: set[str] = set()
    for sent in session.sent_images:
        found = _bytes_of(sent)
        if found is None:
            continue
        digest, media_type = found
        if digest not in files:
            name = unused(_file_name(sent, media_type), taken)
            taken.add(name.casefold())
            files[digest] = ShownImage(name, media_type, digest)
        shown[sent.image.id] = files[digest]
    return shown


def answered_by(answer: Answer, model_name: str) -> str:
    """Return who answered: the model, or what stood in for it."""
    return f"Practice server (not Claude), as {model_name}" if answer.practice else model_name


def facts_line(answer: Answer) -> str:
    """Return "✓ 5,431 in · 142 out · $0.0123 · 2.4 s"."""
    said = []
    if answer.usage is not None:
        said += [f"✓ {count(answer.usage.prompt_tokens)} in", f"{count(answer.usage.output_tokens)} out"]
    if answer.cost_usd is not None and not answer.practice:
        said.append(usd(answer.cost_usd))
    if answer.duration_s is not None:
        said.append(duration(answer.duration_s))
    return " · ".join(said)


def ending_line(answer: Answer) -> str:
    """Return what is to be said of an answer that did not end as it should; "" for the others."""
    said = ending_words(answer)
    return said.title if said is not None else ""


def asked_on(turn: Turn) -> str:
    """Return "2026-11-20 09:30 UTC"."""
    return f"{turn.created_at:%Y-%m-%d %H:%M} UTC"


def title_of(session: Session) -> str:
    return session.title or "Session"


def _bytes_of(sent: SentImage) -> tuple[str, str] | None:
    if sent.rendition is not None:
        return sent.rendition.digest, sent.rendition.media_type
    image = sent.image
    whole = image.frame == 0 and not image.edits  # the file itself may show what was to be hidden
    if image.digest is not None and image.url is None and whole and image.format in _SHOWN:
        return image.digest, _SHOWN[image.format]
    return None


def _file_name(sent: SentImage, media_type: str) -> str:
    stem = sent.image.name.rpartition(".")[0] or sent.image.name
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in stem)
    words = "-".join(word for word in plain.split("-") if word)[:40]
    return safe_name(f"image-{sent.number}-{words}".rstrip("-"), _ENDINGS[media_type])
