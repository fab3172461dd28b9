"""What is to be known of an image, as rows of names and values."""

from __future__ import annotations

from collections.abc import Iterator

from vision_studio.core import words
from vision_studio.core.appraisal import ImageAppraisal
from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.core.elsewhere import Elsewhere
from vision_studio.core.events import PictureReady
from vision_studio.core.limits import API_FORMATS, base64_bytes
from vision_studio.core.sight_words import media_name
from vision_studio.ui.design.labels import unbroken

Row = tuple[str, str]

_REMOVED = {Trait.GPS: "GPS position", Trait.METADATA: "metadata"}
_DIGEST_ENDS = 8
"""How many characters of a digest's beginning and end are shown: enough to tell two apart."""


def origin_rows(image: Image) -> Iterator[Row]:
    """Yield what the image is called and was before anything was done to it."""
    yield "Name", image.name
    if image.label:
        yield "Label", image.label
    if image.url is not None:
        yield "Address", image.url
    else:
        yield "Original", f"{image.size} · {words.bytes_text(image.size_bytes)} {image.format}"


def number_rows(appraisal: ImageAppraisal, made: PictureReady | None) -> Iterator[Row]:
    """Yield what is sent of it; ``made`` is that itself, once it is."""
    sent, tokens, rule_of_thumb = appraisal.sent, appraisal.tokens, appraisal.rule_of_thumb_tokens
    if sent is None or tokens is None or rule_of_thumb is None:
        yield "Tokens", "unknown"
        yield "Cost", "unknown"
        return
    if made is not None and made.size == sent:
        sent_as = f"{unbroken(str(made.size))} · {media_name(made.media_type)}"
        weight = words.bytes_text(made.size_bytes)
        as_text = words.bytes_text(base64_bytes(made.size_bytes))
        yield "Sent as", f"{sent_as}, {unbroken(weight)} ({unbroken(f'{as_text} as base64')})"
    elif appraisal.base64_bytes is not None:
        weight = f"≈ {words.bytes_text(appraisal.base64_bytes)}"
        yield "Sent as", f"{unbroken(str(sent))} · {unbroken(weight)} base64"
    else:
        yield "Sent as", unbroken(str(sent))
    yield "Tokens", f"≈ {words.count(tokens)}"
    yield "Rule of thumb", f"{words.count(rule_of_thumb)} (width × height / 750)"
    cost = appraisal.cost_usd
    if cost is None:
        yield "Cost", "unknown"
    else:
        per_thousand = unbroken(f"{words.usd(cost * 1000)} per 1,000")
        yield "Cost", f"{unbroken(f'≈ {words.usd(cost)}')} · {per_thousand}"


def change_rows(image: Image, made: PictureReady | None) -> Iterator[Row]:
    """Yield what is changed and removed on the way, and what the original is known by."""
    if image.url is None:
        changes = []
        if image.edits:
            changes.append("edited")
        if Trait.ROTATED in image.traits:
            changes.append("turned upright")
        if image.format and image.format not in API_FORMATS:
            changes.append(f"converted from {image.format}")
        if made is not None and made.recoloured and image.fidelity is not Fidelity.ORIGINAL:
            changes.append("colours converted to sRGB")
        if changes:
            yield "Changed", ", ".join(changes)
        removed = [said for trait, said in _REMOVED.items() if trait in image.traits]
        if removed:
            yield "Removed", ", ".join(removed)
    if image.digest is not None:
        yield "SHA-256", short_digest(image.digest)


def elsewhere_text(one: Elsewhere) -> str:
    """Return "Haiku 5.5: ≈ 4,740 · $0.00047", short enough for one line."""
    cost = "price unknown" if one.cost_usd is None else words.usd(one.cost_usd)
    return f"{one.model.name.removeprefix('Claude ')}: {unbroken(f'≈ {words.count(one.tokens)} · {cost}')}"


def short_digest(digest: str) -> str:
    """Return "3fa9b1c2…0d41e77a"."""
    if len(digest) <= 2 * _DIGEST_ENDS:
        return digest
    return f"{digest[:_DIGEST_ENDS]}…{digest[-_DIGEST_ENDS:]}"
