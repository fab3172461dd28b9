"""The words of the practice server: measurements of the pictures, and never a pretence of understanding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from vision_studio.imaging.look import Look, mean_difference
from vision_studio.practice.blocks import Block
from vision_studio.practice.pictures import Picture, is_caption
from vision_studio.practice.request import MessageRequest

OPENING = "**This is the practice server, not Claude.**"
QUOTED_CHARACTERS = 200
DESCRIBED = 12
"""Pictures that get a sentence of their own; the table holds the others."""
TABLED = 100
PAIRED = 40
"""Pictures that are compared each with each."""
PAIRS_TOLD = 10
SAME_BELOW = 0.02
"""Mean difference under which two pictures of one shape are likely the same."""

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&!])")
_MENTION = re.compile(r"\bimages?\s+\d+(?:\s*(?:,|&|and|or)\s*\d+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture and its measurements."""

    picture: Picture
    look: Look


def compose(request: MessageRequest, pictures: Sequence[Picture], looks: Mapping[str, Look]) -> str:
    """Return the answer in Markdown: the same for the same request.

    ``looks`` holds the measurements by digest; links have none.
    """
    asked = last_user_message(request)
    question = _question(request.blocks, asked)
    new = [picture for picture in pictures if picture.block.message >= asked]
    earlier = [picture for picture in pictures if picture.block.message < asked]
    numbers = re.findall(r"\d+", " ".join(_MENTION.findall(question)))
    mentioned = {f"Image {number}" for number in numbers}
    recalled = [picture for picture in earlier if picture.name in mentioned]
    parts = [f"{OPENING} It understands neither pictures nor questions: it measures what arrived."]
    if question:
        parts += ["You asked:", f"> {_quoted(question)}"]
    if new:
        subjects = recalled + new
        parts += _report(subjects, looks, table=True)
        rest = [picture for picture in earlier if picture not in recalled]
        if rest:
            parts.append(f"Earlier in this conversation: {_names(rest)}.")
    elif earlier:
        subjects = recalled or earlier
        parts.append(f"No new picture came with this turn. Sent earlier: {_names(earlier)}.")
        parts += _report(subjects, looks, table=False)
    else:
        parts.append("No picture has come yet. Add one, and its measurements will stand here.")
    if any(block.type == "document" for block in request.blocks):
        parts.append("The practice server reads no documents.")
    return "\n\n".join(parts)


def last_user_message(request: MessageRequest) -> int:
    """Return the number of the message from which the user has been speaking since the last answer."""
    answers = [block.message for block in request.blocks if block.role == "assistant"]
    last = request.blocks[-1].message
    return next((at + 1 for at in reversed(answers) if at < last), 0)


def _question(blocks: Sequence[Block], asked: int) -> str:
    following: list[Block | None] = [*blocks[1:], None]
    words = [
        block.text
        for block, after in zip(blocks, following, strict=True)
        if block.message >= asked and block.role == "user" and block.text and not is_caption(block, after)
    ]
    return "\n".join(words)


def _report(pictures: Sequence[Picture], looks: Mapping[str, Look], *, table: bool) -> Iterator[str]:
    seen = [Seen(picture, looks[picture.digest]) for picture in pictures if picture.heading is not None]
    described = pictures[:DESCRIBED]
    yield "\n".join(f"- {_sentence(picture, looks)}" for picture in described)
    if table and len(seen) > 1:
        yield _table(seen[:TABLED])
        if len(seen) > TABLED:
            yield f"{len(seen) - TABLED} more arrived and were measured; the table stops here."
    elif len(pictures) > DESCRIBED:
        yield f"{len(pictures) - DESCRIBED} more are not described again."
    if len(seen) > 1:
        yield "### How they differ"
        yield "\n".join(f"- {line}" for line in _differences(seen))


def _sentence(picture: Picture, looks: Mapping[str, Look]) -> str:
    title = f"**{_title(picture)}**"
    if picture.heading is None:
        return f"{title} is a link. The practice server fetches nothing, so it has not seen this picture."
    look = looks[picture.digest]
    size = picture.heading.size
    as_seen = "at that size" if picture.seen == size else f"at {picture.seen}"
    colours = _listed([f"{colour.name} ({colour.share:.0%})" for colour in look.colours])
    animated = " Animated: only its first frame counts." if look.animated else ""
    return (
        f"{title} is a {_FORMATS[picture.heading.media_type]} of {size} pixels, seen {as_seen}. "
        f"Mostly {colours or 'many colours'}. {_brightness(look.brightness).capitalize()}, "
        f"{_contrast(look.contrast)}, {_sharpness(look)}.{animated}"
    )


def _table(seen: Sequence[Seen]) -> str:
    rows = [
        "| | Format | Sent | Seen | Tokens | Brightness | Contrast | Sharpness |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for each in seen:
        heading, look = each.picture.heading, each.look
        assert heading is not None
        rows.append(
            f"| {_title(each.picture)} | {_FORMATS[heading.media_type]} | {heading.size} "
            f"| {each.picture.seen} | {each.picture.tokens} | {look.brightness:.0f} "
            f"| {look.contrast:.0f} | {look.sharpness:.0f} |"
        )
    return "\n".join(rows)


def _differences(seen: Sequence[Seen]) -> Iterator[str]:
    shapes = {each.picture.heading.size for each in seen if each.picture.heading is not None}
    if len(shapes) == 1:
        yield f"All are {shapes.pop()} pixels."
    else:
        by_area = sorted(seen, key=lambda each: _area(each.picture))
        yield f"Largest: {by_area[-1].picture.name}; smallest: {by_area[0].picture.name}."
    by_light = sorted(seen, key=lambda each: each.look.brightness)
    dark, light = by_light[0], by_light[-1]
    if light.look.brightness - dark.look.brightness < 4:
        yield "They are equally bright."
    else:
        yield (
            f"Brightest: {light.picture.name} ({light.look.brightness:.0f} of 255); "
            f"darkest: {dark.picture.name} ({dark.look.brightness:.0f})."
        )
    by_focus = sorted(seen, key=lambda each: each.look.sharpness)
    soft, sharp = by_focus[0], by_focus[-1]
    if sharp.look.sharpness > 1.25 * soft.look.sharpness + 5:
        yield f"Sharpest: {sharp.picture.name}; softest: {soft.picture.name}."
    else:
        yield "They are equally sharp."
    yield from _colour_differences(seen)
    alike = list(_likenesses(seen[:PAIRED]))
    yield from alike[:PAIRS_TOLD]
    if len(alike) > PAIRS_TOLD:
        yield f"{len(alike) - PAIRS_TOLD} more pairs are alike."


def _colour_differences(seen: Sequence[Seen]) -> Iterator[str]:
    palettes = [{colour.name for colour in each.look.colours} for each in seen]
    common = set.intersection(*palettes)
    if common:
        yield f"All hold {_listed(sorted(common))}."
    elif len(seen) == 2:
        yield "They share none of their main colours."


def _likenesses(seen: Sequence[Seen]) -> Iterator[str]:
    for one, other in combinations(seen, 2):
        pair = f"{one.picture.name} and {other.picture.name}"
        if one.picture.digest == other.picture.digest:
            yield f"{pair} are the same file."
            continue
        difference = mean_difference(one.look, other.look)
        if difference < SAME_BELOW and _same_shape(one.picture, other.picture):
            yield f"{pair} are likely the same picture (they differ by {difference:.1%})."
        elif len(seen) == 2:
            yield f"Laid over each other they differ by {difference:.0%} on average."


def _same_shape(one: Picture, other: Picture) -> bool:
    assert one.seen is not None
    assert other.seen is not None
    first, second = one.seen.width / one.seen.height, other.seen.width / other.seen.height
    return abs(first - second) <= 0.02 * max(first, second)


def _area(picture: Picture) -> int:
    return 0 if picture.heading is None else picture.heading.size.width * picture.heading.size.height


def _title(picture: Picture) -> str:
    return f"{picture.name}: {_plain(picture.words)}" if picture.words else picture.name


def _names(pictures: Sequence[Picture]) -> str:
    names = [picture.name for picture in pictures]
    if len(names) > DESCRIBED:
        return f"{names[0]} to {names[-1]} ({len(names)} pictures)"
    return _listed(names)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _quoted(question: str) -> str:
    flat = " ".join(question.split())
    shown = flat if len(flat) <= QUOTED_CHARACTERS else flat[:QUOTED_CHARACTERS].rstrip() + "…"
    return _plain(shown)


def _plain(text: str) -> str:
    """Keep the user's own words from being read as Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def _brightness(luma: float) -> str:
    return _word(luma, ((40, "very dark"), (95, "dark"), (160, "of medium brightness"), (215, "bright"))) or (
        "very bright"
    )


def _contrast(deviation: float) -> str:
    return _word(
        deviation, ((4, "without contrast"), (25, "low in contrast"), (60, "of medium contrast"))
    ) or ("high in contrast")


def _sharpness(look: Look) -> str:
    if look.contrast < 4:
        return "with no edges to judge its sharpness by"
    return _word(look.sharpness, ((15, "blurred"), (80, "soft"), (400, "fairly sharp"))) or "sharp"


def _word(value: float, steps: Sequence[tuple[float, str]]) -> str | None:
    return next((word for below, word in steps if value < below), None)
