"""The size a picture is sent at, decided before a pixel is decoded."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from vision_studio.core.catalogue import Limits
from vision_studio.core.conversation import SentImage
from vision_studio.core.draft import Fidelity, FidelityChoice, Image
from vision_studio.core.size import Size
from vision_studio.core.tokens import ResolutionTier, economical, image_tokens, seen_size


def sent_size(image: Image, tier: ResolutionTier, limits: Limits, images_in_request: int) -> Size | None:
    """Return the size a picture is sent at, upright; never larger than it is.

    Fitted pictures are held to the crowded limit as soon as a request is half way to a crowd: shrinking
    one later would change history that signed thinking depends on. A picture at an address goes as it is
    there, at a size that is None while nobody has looked.
    """
    size = image.edited_size
    if size is None or image.url is not None:
        return size
    if image.fidelity in (Fidelity.FIT, Fidelity.ECONOMY):
        careful = images_in_request > limits.crowd // 2
        aim = tier if image.fidelity is Fidelity.FIT else economical(tier)
        return _fitted(size, limits.crowded_side_px if careful else limits.side_px, aim)
    side_px = limits.side_limit_px(images_in_request)
    if image.fidelity is Fidelity.CUSTOM:
        side_px = min(side_px, max(1, image.edge_px))
    return capped(size, side_px)


def tokens_by_fidelity(
    image: Image, tier: ResolutionTier, limits: Limits, images_in_request: int
) -> dict[Fidelity, int]:
    """Return what a picture would cost with each fidelity; nothing while its size is not known."""
    edge_px = image.choice.edge_px
    sizes = {
        fidelity: sent_size(
            image.with_choice(FidelityChoice(fidelity, edge_px)), tier, limits, images_in_request
        )
        for fidelity in Fidelity
    }
    return {fidelity: image_tokens(size, tier) for fidelity, size in sizes.items() if size is not None}


def added_tokens(
    images: Iterable[Image], tier: ResolutionTier, limits: Limits, images_in_request: int
) -> int:
    """Return the known tokens of pictures, as they would be sent in a request of so many."""
    sizes = (sent_size(image, tier, limits, images_in_request) for image in images)
    return sum(image_tokens(size, tier) for size in sizes if size is not None)


@lru_cache(maxsize=65536)
def _fitted(size: Size, side_px: int, tier: ResolutionTier) -> Size:
    return seen_size(capped(size, side_px), tier)


def resent_size(sent: SentImage, tier: ResolutionTier, limits: Limits, images_in_request: int) -> Size | None:
    """Return the size to send a picture of an earlier turn at.

    It stays as it was sent, whatever model is asked now, because changed history is refused where thinking
    is signed; only a request that has grown into a crowd makes it smaller.
    """
    if sent.rendition is None:
        return sent_size(sent.image, tier, limits, images_in_request)
    return capped(sent.rendition.size, limits.side_limit_px(images_in_request))


def capped(size: Size, side_px: int) -> Size:
    """Return the size scaled down until its longer side is at most ``side_px``; at least 1 × 1."""
    if size.longest <= side_px:
        return size
    scale = side_px / size.longest
    return Size(
        min(side_px, max(1, round(size.width * scale))), min(side_px, max(1, round(size.height * scale)))
    )
