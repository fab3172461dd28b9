"""What is said of a model where one is chosen: its stage in life, what it takes, what it costs."""

from __future__ import annotations

from datetime import date

from vision_studio.core.amounts import count, day, listed, usd
from vision_studio.core.catalogue import Model, Price

FACTS = {
    "tier": "how large it sees images",
    "context_tokens": "the context window",
    "max_output_tokens": "the longest answer",
    "max_images": "the number of images it takes",
    "retires_on": "the day it retires",
    "efforts": "its effort levels",
    "default_effort": "its usual effort",
    "min_cache_tokens": "the shortest prefix it caches",
}
"""What a field of ``catalogue.Model`` is called."""


def picked(model: Model, today: date) -> str:
    """Return a model's name with what must be known before it is chosen: "Claude Sonnet 4.5 · retired"."""
    if model.is_retired(today):
        return f"{model.name} · retired"
    if model.retires_on is not None:
        overdue = model.retires_on <= today
        return f"{model.name} · {'may retire any day' if overdue else f'retires {day(model.retires_on)}'}"
    if model.lifecycle == "deprecated":
        return f"{model.name} · deprecated"
    if {"tier", "max_images"} <= model.assumed:
        return f"{model.name} · new, partly assumed"
    return model.name


def about(model: Model, today: date) -> str:
    """Return a few lines on a model, for a tooltip."""
    lines = [model.id]
    if model.is_retired(today):
        since = f" on {day(model.retires_on)}" if model.retires_on is not None else ""
        lines.append(f"Retired{since}: requests to it fail.")
    elif model.retires_on is not None:
        lines.append(f"Retires on {day(model.retires_on)}.")
    elif model.kept_until is not None:
        lines.append(f"Promised until {day(model.kept_until)} at least.")
    lines.append(
        f"Sees up to {model.tier.edge_px} px a side and {count(model.tier.tokens)} tokens an image; takes "
        f"{count(model.max_images)} images and {count(model.context_tokens)} tokens."
    )
    lines += [price_words(band.price, band.prompt_tokens) for band in model.prices] or ["Price unknown."]
    if guessed := [FACTS.get(fact, fact.replace("_", " ")) for fact in sorted(model.assumed)]:
        lines.append(f"Assumed: {listed(guessed)}.")
    return "\n".join(lines)


def price_words(price: Price, up_to_tokens: int | None = None) -> str:
    """Return "$2.00 in, $10.00 out per million tokens", and up to which length of prompt if not any."""
    reach = f", for prompts up to {count(up_to_tokens)} tokens" if up_to_tokens is not None else ""
    return f"{usd(price.input)} in, {usd(price.output)} out per million tokens{reach}"
