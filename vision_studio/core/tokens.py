"""What the API makes of a picture: the size it is shown at, and the tokens that costs.

Source: Claude platform documentation, "Vision" (2026-09-20). The published figures are held by tests.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from vision_studio.core.size import Size

PATCH_PX = 28
"""Side of the square patch that one visual token stands for, in pixels."""

RULE_OF_THUMB_PX_PER_TOKEN = 750
"""The older guides' estimate: one token for every 750 pixels."""

CHARACTERS_PER_TOKEN = 3.5
"""English prose on current tokenizers; code and other scripts take fewer characters to the token."""

REQUEST_TOKENS = 12
"""What the API adds around a conversation. Not published; bills of short requests leave room for no more."""

_OTHER_SCRIPTS = re.compile("[\u0250-\U0010ffff]+")


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity, which makes the caches below quick
class ResolutionTier:
    """How large a picture a family of models is shown.

    ``edge_px`` bounds each side after padding to whole patches, ``tokens`` the patches in all.
    """

    name: str
    edge_px: int
    tokens: int


STANDARD = ResolutionTier("standard", edge_px=1568, tokens=1568)
HIGH = ResolutionTier("high", edge_px=2576, tokens=4784)
TIERS = {tier.name: tier for tier in (STANDARD, HIGH)}

ECONOMY_SHARE = 3
"""Economy takes one token where there would be so many. Our own measure: it leaves a page of large print
readable, and a third of the price."""


@lru_cache(maxsize=8)
def economical(tier: ResolutionTier) -> ResolutionTier:
    """Return what an economical picture is fitted into: the tier's edge, and a third of its tokens."""
    return ResolutionTier(f"{tier.name}, economy", tier.edge_px, tier.tokens // ECONOMY_SHARE)


def patches(size: Size) -> int:
    """Return the whole patches that cover a picture: its tokens, if it is shown at this size."""
    width, height = size
    return -(-width // PATCH_PX) * -(-height // PATCH_PX)


def fits(size: Size, tier: ResolutionTier) -> bool:
    """Tell whether the API shows a picture of this size to the model as it is."""
    # Both tiers' edges are whole patches, so a side that is within one is within it padded, too.
    return max(size) <= tier.edge_px and patches(size) <= tier.tokens


@lru_cache(maxsize=65536)
def seen_size(size: Size, tier: ResolutionTier) -> Size:
    """Return the size the model sees: the largest of the same shape that fits the tier.

    A binary search over the longer side, rounding the shorter half to even, as the API does it. The cost of
    what is seen never exceeds ``tier.tokens``; a larger picture of another shape may well cost less.
    """
    if fits(size, tier):
        return size
    if size.height > size.width:
        turned = seen_size(Size(size.height, size.width), tier)
        return Size(turned.height, turned.width)
    shape = size.width / size.height
    fitting, too_large = 1, size.width
    while fitting + 1 < too_large:
        middle = (fitting + too_large) // 2
        if fits(Size(middle, max(round(middle / shape), 1)), tier):
            fitting = middle
        else:
            too_large = middle
    return Size(fitting, max(round(fitting / shape), 1))


def image_tokens(size: Size, tier: ResolutionTier) -> int:
    """Return the tokens a picture costs on a tier, the API's own downscaling included."""
    return patches(seen_size(size, tier))


def rule_of_thumb_tokens(size: Size) -> int:
    """Return the older guides' ``width · height / 750``, which knows neither patches nor tiers."""
    return math.ceil(size.width * size.height / RULE_OF_THUMB_PX_PER_TOKEN)


def text_tokens(text: str) -> int:
    """Estimate the tokens of a text from its characters; other scripts than Latin count one each."""
    if text.isascii():
        return math.ceil(len(text) / CHARACTERS_PER_TOKEN)
    latin = len(_OTHER_SCRIPTS.sub("", text))
    return math.ceil(latin / CHARACTERS_PER_TOKEN) + len(text) - latin
