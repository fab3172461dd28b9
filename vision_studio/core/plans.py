"""How each picture of a draft goes to a tier of models: sizes, tokens, bytes and findings, and their sums.

Nothing here depends on a price, so that models of one tier share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from vision_studio.core import limits as rules
from vision_studio.core.catalogue import Limits
from vision_studio.core.findings import Finding, merged, worst_first
from vision_studio.core.fitting import sent_size
from vision_studio.core.history import Largest
from vision_studio.core.limits import Planned, base64_bytes
from vision_studio.core.request_size import image_bytes, inline_extra_bytes
from vision_studio.core.size import Size
from vision_studio.core.strip import Place, Strip
from vision_studio.core.tokens import ResolutionTier, patches, rule_of_thumb_tokens, seen_size


class Way(NamedTuple):
    """How one picture goes, and what becomes of it."""

    sent: Size
    seen: Size
    tokens: int
    """By the formula."""
    rule_of_thumb_tokens: int


class PicturePlan(NamedTuple):
    """One picture of the draft."""

    place: Place
    way: Way | None
    """None for a picture at an address that nobody has looked at."""
    base64_bytes: int | None
    """None at an address."""
    findings: tuple[Finding, ...]
    """The most serious first."""


@dataclass(frozen=True, slots=True)
class Plans:
    """Every picture of the draft, and the sums over those that will be sent."""

    strip: Strip
    pictures: tuple[PicturePlan, ...]
    """Left-out ones included."""
    tokens: tuple[int, ...]
    """By the formula, of each picture that will be sent and whose size is known."""
    unknown: int
    """Pictures that will be sent, of which neither size nor tokens are known."""
    inline_extra_bytes: int
    """What comes on top when every picture is in the request itself."""
    bytes_estimated: bool
    """Some pictures are not made yet."""
    largest: Largest | None
    over_crowded_side: tuple[int, ...]
    """Numbers of the pictures with a side that a crowded request may not have."""
    findings: tuple[Finding, ...]
    """One per rule."""


def plan_pictures(strip: Strip, tier: ResolutionTier, limits: Limits) -> Plans:
    """Plan every picture of a strip."""
    count, crowded_px = strip.images_in_request, limits.crowded_side_px
    pictures, tokens, over = [], [], []
    unknown = extra_bytes = largest_px = largest_number = 0
    estimated = False
    for place in strip.places:
        image, number, findings = place
        sent = sent_size(image, tier, limits, count)
        size = image.edited_size
        if sent is None or size is None:
            unknown += number is not None
            pictures.append(PicturePlan(place, None, None, findings))
            continue
        way = _way(sent, tier)
        size_bytes, known = image_bytes(image, sent, limits)
        if number is not None:
            said = rules.about_plan(Planned(image, number, size, sent, way.seen), limits, count)
            if said:
                findings = worst_first((*said, *findings))
            tokens.append(way.tokens)
            if image.url is None:
                extra_bytes += inline_extra_bytes(size_bytes)
                estimated = estimated or not known
            longest = sent.width if sent.width > sent.height else sent.height
            if longest > crowded_px:
                over.append(number)
            if longest >= largest_px:
                largest_px, largest_number = longest, number
        weight = base64_bytes(size_bytes) if image.url is None else None
        pictures.append(PicturePlan(place, way, weight, findings))
    return Plans(
        strip=strip,
        pictures=tuple(pictures),
        tokens=tuple(tokens),
        unknown=unknown,
        inline_extra_bytes=extra_bytes,
        bytes_estimated=estimated,
        largest=Largest(largest_px, largest_number) if largest_number else None,
        over_crowded_side=tuple(over),
        findings=merged(finding for picture in pictures for finding in picture.findings),
    )


@lru_cache(maxsize=65536)
def _way(sent: Size, tier: ResolutionTier) -> Way:
    seen = seen_size(sent, tier)
    return Way(sent, seen, patches(seen), rule_of_thumb_tokens(sent))
