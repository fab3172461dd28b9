"""What a model is shown of a picture, in words."""

from __future__ import annotations

from vision_studio.core.amounts import bytes_text, count
from vision_studio.core.draft import Rendition
from vision_studio.core.legibility import is_hard_to_read
from vision_studio.core.sights import Sight
from vision_studio.core.size import Size

_MEDIA = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP"}


def observer_text(sight: Sight) -> str:
    """Return "Sonnet 5.5 · 2212 × 1659", for the button that shows it."""
    return f"{short_name(sight)} · {sight.seen}"


def comparison_text(own: Sight, other: Sight) -> str:
    """Return "Sonnet 4.6 would see 1270 × 952, Sonnet 5.5 sees 2212 × 1659 for 3× the tokens."."""
    if own.seen == other.seen:
        tokens = "token" if own.tokens == 1 else "tokens"
        return f"{short_name(other)} would see the same {own.seen} for the same {count(own.tokens)} {tokens}."
    return (
        f"{short_name(other)} would see {other.seen}, {short_name(own)} sees {own.seen} "
        f"for {_ratio(own.tokens / other.tokens)} the tokens."
    )


def sent_text(sight: Sight, rendition: Rendition | None) -> str:
    """Return "4,740 tokens · sent as JPEG, 812 kB", and whether the server shrinks it."""
    said = [f"{count(sight.tokens)} {'token' if sight.tokens == 1 else 'tokens'}"]
    if rendition is not None:
        said.append(f"sent as {media_name(rendition.media_type)}, {bytes_text(rendition.size_bytes)}")
    if sight.sent != sight.seen:
        said.append(f"sent at {sight.sent}; the server shrinks it")
    return " · ".join(said)


def original_text(whole: Size, shown: Size) -> str:
    """Return what is beside the sent picture, and honestly where it is not all of the original."""
    if shown.width >= whole.width:
        return f"Original · {whole}"
    return f"Original · {whole}, shown at {shown}"


def letters_text(height_px: float) -> str:
    """Return how high the small letters of a picture are shown, and what that means."""
    high = f"≈ {max(1, round(height_px))} px"
    return f"{high}: may be unreadable" if is_hard_to_read(height_px) else high


def letters_sentence(height_px: float) -> str:
    """Return the same as a sentence."""
    high = f"Small letters are ≈ {max(1, round(height_px))} px high here"
    return f"{high}: they may be unreadable." if is_hard_to_read(height_px) else f"{high}."


def scale_text(screen_scale: float) -> str:
    """Return what 1:1 means where the screen draws everything larger; "" where it does not."""
    if screen_scale == 1.0:
        return ""
    percent = f"{screen_scale * 100:.0f} %"
    return f"1:1 is one pixel of this screen, which is scaled to {percent}"


def media_name(media_type: str) -> str:
    return _MEDIA.get(media_type, media_type)


def short_name(sight: Sight) -> str:
    return sight.model.name.removeprefix("Claude ")


def _ratio(times: float) -> str:
    rounded = round(times, 1)
    return f"{rounded:.0f}×" if rounded >= 2 and rounded == int(rounded) else f"{rounded:.1f}×"
