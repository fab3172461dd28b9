"""What the choices of a session's settings are called."""

from __future__ import annotations

from vision_studio.core.catalogue import Model
from vision_studio.core.numbering import Numbering
from vision_studio.core.request_settings import Cache, RequestSettings, Thinking, thinks

EFFORT = {"low": "Low", "medium": "Medium", "high": "High", "xhigh": "Extra high", "max": "Maximum"}
CACHE = {Cache.MINUTES: "5 minutes", Cache.HOUR: "1 hour", Cache.OFF: "Off"}
CACHE_HINTS = {
    Cache.MINUTES: "Writing costs a quarter more once; every turn within five minutes reads at a fraction.",
    Cache.HOUR: "Writing costs double once; every turn within an hour reads at a fraction.",
    Cache.OFF: "Every turn pays for the whole conversation again.",
}

NUMBERING = {Numbering.CONTINUE: "Continue", Numbering.RESTART: "Restart each time"}
NUMBERING_HINTS = {
    Numbering.CONTINUE: "Each number means one image of the whole conversation, so nothing can be mistaken.",
    Numbering.RESTART: "Each question counts from Image 1, as in Anthropic's older guide; a mention of an "
    "earlier image says its turn. What was sent keeps its number.",
}


def effort_choices(model: Model) -> list[tuple[str, str | None]]:
    """Return what may be chosen, with what it is called; nothing for a model without levels."""
    if not model.efforts:
        return []
    usual = EFFORT.get(model.default_effort or "", model.default_effort or "")
    default = f"Default ({usual.lower()})" if usual else "Default"
    return [(default, None), *((EFFORT.get(level, level), level) for level in model.efforts)]


def thinking_choices(model: Model) -> list[tuple[str, Thinking]]:
    usual = "on" if thinks(RequestSettings(), model) else "off"
    return [(f"Default ({usual})", Thinking.USUAL), ("On", Thinking.ON), ("Off", Thinking.OFF)]
