"""The rules of the API and of good pictures, as pure functions that yield findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from vision_studio.core.catalogue import Limits, Model
from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.core.findings import (
    AtAddress,
    ContextExceeded,
    Converted,
    DearerBand,
    Downscaled,
    Duplicate,
    ExtremeRatio,
    FactsAssumed,
    Finding,
    HistoryRefitted,
    LocationRemoved,
    MetadataRemoved,
    ModelRetired,
    ModelRetiring,
    NoQuestion,
    OneFrame,
    OverByteLimit,
    OverSideLimit,
    PriceUnknown,
    RequestTooLarge,
    Rotated,
    Severity,
    SmallSide,
    TooManyImages,
)
from vision_studio.core.size import Size

API_FORMATS = frozenset({"JPEG", "PNG", "GIF", "WEBP"})
"""The formats the API takes; everything else is converted."""

PAGED_FORMATS = frozenset({"PDF", "TIFF"})
"""Documents: their pages are pictures of their own, and were chosen one by one."""

SMALL_SIDE_PX = 200
"""Below this a side may degrade the answer (Claude platform documentation, "Vision", 2026-09-20)."""

EXTREME_RATIO = 5
"""A picture longer than this many times its width loses most when it is shrunk. Our own measure."""

RETIRING_SOON = timedelta(days=30)

_ALTERING = frozenset({Trait.GPS, Trait.METADATA, Trait.ROTATED, Trait.ANIMATED})
_FACTS_THAT_COUNT = ("tier", "context_tokens", "max_images")


class Planned(NamedTuple):
    """One picture of the next request whose size is known, as it is going to be sent."""

    image: Image
    number: int
    size: Size
    sent: Size
    seen: Size


def base64_bytes(size_bytes: int) -> int:
    """Return the length of so many bytes as base64 text."""
    return (size_bytes + 2) // 3 * 4


def sent_unchanged(image: Image, sent: Size, limits: Limits) -> bool:
    """Tell whether the original's very bytes will be sent."""
    return (
        image.url is None
        and not image.edits
        and sent == image.size
        and image.format in API_FORMATS
        and image.frames == 1
        and not image.traits & _ALTERING
        and base64_bytes(image.size_bytes) <= limits.image_base64_bytes
    )


def small_side(image: Image, number: int) -> Finding | None:
    size = image.edited_size
    if size is None or min(size) >= SMALL_SIDE_PX:
        return None
    return SmallSide(images=(number,), size=size, limit_px=SMALL_SIDE_PX)


def one_frame(image: Image, number: int) -> Finding | None:
    animated = Trait.ANIMATED in image.traits
    if not animated and (image.frames <= 1 or image.frame > 0 or image.format in PAGED_FORMATS):
        return None
    return OneFrame(images=(number,), frames=image.frames, frame=image.frame, animated=animated)


def at_address(image: Image, number: int) -> Finding | None:
    if image.url is None:
        return None
    host = urlsplit(image.url).hostname or image.url
    return AtAddress(images=(number,), host=host, looked_at=image.size is not None)


def converted(image: Image, number: int) -> Finding | None:
    return None if image.format in API_FORMATS else Converted(images=(number,), format=image.format)


def rotated(image: Image, number: int) -> Finding | None:
    return Rotated(images=(number,)) if Trait.ROTATED in image.traits else None


def metadata_removed(image: Image, number: int) -> Finding | None:
    if Trait.GPS in image.traits:
        return LocationRemoved(images=(number,))
    return MetadataRemoved(images=(number,)) if Trait.METADATA in image.traits else None


def downscaled(picture: Planned, limits: Limits, images_in_request: int) -> Finding | None:
    number, sent, seen = picture.number, picture.sent, picture.seen
    return None if sent == seen else Downscaled(images=(number,), sent=sent, seen=seen)


def extreme_ratio(picture: Planned, limits: Limits, images_in_request: int) -> Finding | None:
    size = picture.size
    if size == picture.seen or max(size) < EXTREME_RATIO * min(size):
        return None
    return ExtremeRatio(images=(picture.number,), size=size, seen=picture.seen)


def over_side_limit(picture: Planned, limits: Limits, images_in_request: int) -> Finding | None:
    """Tell that a picture could not be sent at its own size; whoever asked for that is warned.

    At an address nothing can be made smaller: the API would refuse it.
    """
    image, number, size, sent, _ = picture
    linked = image.url is not None
    original = linked or image.fidelity is Fidelity.ORIGINAL
    limit_px = limits.side_limit_px(images_in_request) if original else limits.side_px
    if max(size) <= limit_px:
        return None
    return OverSideLimit(
        severity=Severity.REJECT if linked else Severity.WARN if original else Severity.NOTE,
        images=(number,),
        size=size,
        sent=sent,
        limit_px=limit_px,
        crowded=limit_px < limits.side_px,
    )


def over_byte_limit(picture: Planned, limits: Limits, images_in_request: int) -> Finding | None:
    """Tell that a picture which needs no resizing has too many bytes all the same."""
    image, number, size, sent, _ = picture
    cap = limits.image_base64_bytes
    if base64_bytes(image.size_bytes) <= cap or sent != size or image.format not in API_FORMATS:
        return None
    if image.url is not None or image.edits:
        return None  # the API says nothing of the weight of what it fetches itself
    return OverByteLimit(images=(number,), size_bytes=image.size_bytes, limit_bytes=cap // 4 * 3)


IMAGE_RULES: tuple[Callable[[Image, int], Finding | None], ...] = (
    small_side,
    one_frame,
    converted,
    rotated,
    metadata_removed,
)
ADDRESS_RULES: tuple[Callable[[Image, int], Finding | None], ...] = (at_address, small_side)
"""Of a picture at an address: what the API fetches is neither converted nor turned nor cleaned here."""

PLAN_RULES: tuple[Callable[[Planned, Limits, int], Finding | None], ...] = (
    over_side_limit,
    over_byte_limit,
    downscaled,
    extreme_ratio,
)


def about_image(image: Image, number: int) -> list[Finding]:
    """Return what there is to say about a picture whatever model sees it."""
    rules = IMAGE_RULES if image.url is None else ADDRESS_RULES
    return [finding for rule in rules if (finding := rule(image, number)) is not None]


def about_plan(picture: Planned, limits: Limits, images_in_request: int) -> list[Finding]:
    """Return what there is to say about how a picture is sent and seen."""
    if unremarkable(picture, limits):
        return []
    return [
        finding for rule in PLAN_RULES if (finding := rule(picture, limits, images_in_request)) is not None
    ]


def unremarkable(picture: Planned, limits: Limits) -> bool:
    """Tell at a glance, as most pictures are of this kind, that no rule has anything to say of a plan."""
    image, _, (width, height), sent, seen = picture
    longer, shorter = (width, height) if width > height else (height, width)
    whole = image.url is not None or image.fidelity is Fidelity.ORIGINAL
    return (
        sent == seen
        and longer <= (limits.crowded_side_px if whole else limits.side_px)
        and longer < EXTREME_RATIO * shorter
        and base64_bytes(image.size_bytes) <= limits.image_base64_bytes
    )


def duplicates(numbered: Iterable[tuple[Image, int]], from_number: int) -> Iterator[Duplicate]:
    """Yield a finding for every picture that stands before in the request, if its number is new enough.

    The same are those of one address, or of the same bytes with the same edits.
    """
    first: dict[str, int] = {}
    for image, number in numbered:
        same = image.url or image.pixels
        if same is None:
            continue
        of = first.setdefault(same, number)
        if of != number >= from_number:
            yield Duplicate(images=(number,), of=of)


def too_many_images(count: int, model: Model) -> Finding | None:
    """A limit that is only assumed does not stop anybody."""
    if count <= model.max_images:
        return None
    severity = Severity.WARN if "max_images" in model.assumed else Severity.REJECT
    return TooManyImages(severity=severity, count=count, limit=model.max_images, model=model.name)


def history_refitted(numbers: tuple[int, ...], signed_turns: int, limits: Limits) -> Finding | None:
    """Tell that the request has become a crowd, which changes pictures that were sent before."""
    if not numbers:
        return None
    return HistoryRefitted(
        severity=Severity.WARN if signed_turns else Severity.NOTE,
        images=numbers,
        limit_px=limits.crowded_side_px,
        crowd=limits.crowd,
        signed_turns=signed_turns,
    )


def about_model(model: Model, today: date) -> Iterator[Finding]:
    """Yield what there is to say about a model on a day."""
    if model.is_retired(today):
        # The server says so itself, or the table's day has come: a day can be put off.
        severity = Severity.REJECT if model.listed else Severity.WARN
        yield ModelRetired(severity=severity, model=model.name, on=model.retires_on)
    elif model.retires_on is not None and model.retires_on - today <= RETIRING_SOON:
        yield ModelRetiring(model=model.name, on=model.retires_on, announced=True)
    elif model.kept_until is not None and model.kept_until - today <= RETIRING_SOON:
        yield ModelRetiring(severity=Severity.NOTE, model=model.name, on=model.kept_until, announced=False)
    if not model.prices:
        yield PriceUnknown(model=model.name)
    if facts := tuple(fact for fact in _FACTS_THAT_COUNT if fact in model.assumed):
        yield FactsAssumed(model=model.name, facts=facts)


def dearer_band(prompt_tokens: int, model: Model) -> Finding | None:
    cheapest = model.prices[0].prompt_tokens if model.prices else None
    if cheapest is None or prompt_tokens <= cheapest:
        return None
    return DearerBand(model=model.name, above_tokens=cheapest)


def context_exceeded(prompt_tokens: int, answer_tokens: int, model: Model) -> Finding | None:
    """The prompt is estimated, so this warns and never stops."""
    if prompt_tokens + answer_tokens <= model.context_tokens:
        return None
    return ContextExceeded(
        tokens=prompt_tokens, answer_tokens=answer_tokens, limit=model.context_tokens, model=model.name
    )


def request_too_large(size_bytes: int, limits: Limits, *, estimated: bool) -> Finding | None:
    if size_bytes <= limits.request_bytes:
        return None
    severity = Severity.WARN if estimated else Severity.REJECT
    return RequestTooLarge(severity=severity, size_bytes=size_bytes, limit_bytes=limits.request_bytes)


def no_question(text: str, images: int) -> Finding | None:
    return NoQuestion() if images and (not text or text.isspace()) else None
