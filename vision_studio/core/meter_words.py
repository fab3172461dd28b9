"""The next request's figures as names and values: what stands under the meters."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from vision_studio.core.accuracy import Correction
from vision_studio.core.amounts import bytes_text, count, counted, image_numbers, listed, percent, usd
from vision_studio.core.appraisal import Appraisal
from vision_studio.core.catalogue import Limits, Model

ESTIMATED, COUNTED, BILLED = "≈", "=", "✓"
"""The states of a number: calculated here, counted by the API, billed."""

STATES = (
    "≈ is calculated here. = was counted by the API, from the text and the sizes of the images. ✓ was billed."
)


def mark(appraisal: Appraisal) -> str:
    """Return the state of the request's total."""
    return ESTIMATED if appraisal.counted_tokens is None else COUNTED


def request_rows(appraisal: Appraisal, limits: Limits) -> list[tuple[str, str]]:
    """Return the figures of a request, by name."""
    return [*_token_rows(appraisal), *_cost_rows(appraisal), *_size_rows(appraisal, limits)]


def correction_words(correction: Correction) -> str:
    """Return "images +2 %, text +30 %, learnt from 12 bills"; "" where nothing is corrected."""
    if not correction.changes_anything:
        return ""
    parts = [
        f"{what} {percent(factor - 1)}"
        for what, factor in (("images", correction.images), ("text", correction.text))
        if factor != 1.0
    ]
    return f"{listed(parts)}, learnt from {counted(correction.bills, 'bill')}"


def crowd_words(images: int, over: tuple[int, ...], limits: Limits) -> str:
    """Return how far away the rule for many images is, and which images it would touch."""
    rule = f"{limits.crowded_side_px} px a side"
    if images > limits.crowd:
        return f"applies: more than {limits.crowd} images hold each to {rule}"
    left = limits.crowd + 1 - images
    touched = f"; then {image_numbers(over)} must shrink" if over else ""
    return f"{rule} once there are {counted(left, 'more image', 'more images')}{touched}"


def price_step_words(model: Model, tokens: int) -> str:
    """Return where a model's next price begins and how far away that is; "" for one price."""
    for band, dearer in zip(model.prices, model.prices[1:], strict=False):
        if band.prompt_tokens is None or band.price.input is None or dearer.price.input is None:
            continue
        times = f"{_plain(dearer.price.input / band.price.input)} times the price"
        if tokens <= band.prompt_tokens:
            left = band.prompt_tokens - tokens
            return f"{times} past {count(band.prompt_tokens)} tokens, {count(left)} to go"
        return f"{times}: the prompt has more than {count(band.prompt_tokens)} tokens"
    return ""


def _token_rows(appraisal: Appraisal) -> Iterator[tuple[str, str]]:
    said = f"{mark(appraisal)} {count(appraisal.total_tokens)}"
    if appraisal.counted_tokens is not None:
        said += f" (≈ {count(appraisal.estimated_tokens)} calculated)"
    yield "Tokens", said
    if learnt := correction_words(appraisal.correction):
        yield "Corrected", learnt


def _cost_rows(appraisal: Appraisal) -> Iterator[tuple[str, str]]:
    costs, state = appraisal.costs, mark(appraisal)
    if costs.fresh_usd is None:
        yield "Cost", "unknown"
        return
    yield "Cost", f"{state} {usd(costs.fresh_usd)} to read"
    cached = [
        f"{state} {usd(amount)} {what}"
        for amount, what in ((costs.read_usd, "reading it"), (costs.written_usd, "writing it"))
        if amount is not None
    ]
    if cached:
        yield "With cache", ", ".join(cached)
    if costs.answer_most_usd is not None:
        most = f"≤ {usd(costs.answer_most_usd)} ({count(appraisal.answer_tokens)} tokens)"
        usual = appraisal.usual_answer_tokens
        if costs.answer_usual_usd is not None and usual is not None:
            most = f"≈ {usd(costs.answer_usual_usd)} as usual ({count(usual)} tokens), {most}"
        yield "Answer", most
    if step := price_step_words(appraisal.model, appraisal.total_tokens):
        yield "Price step", step


def _size_rows(appraisal: Appraisal, limits: Limits) -> Iterator[tuple[str, str]]:
    kept = appraisal.composition
    if appraisal.images_in_request:
        over = tuple(sorted(kept.over_crowded_side))
        yield "Many images", crowd_words(appraisal.images_in_request, over, limits)
    if kept.largest is not None:
        yield "Longest side", f"{kept.largest.side_px} px (Image {kept.largest.number})"
    weights = [
        (one.base64_bytes, one.number)
        for one in appraisal.images
        if one.number is not None and one.base64_bytes is not None
    ]
    if weights:
        heaviest, number = max(weights)
        cap = bytes_text(limits.image_base64_bytes)
        yield "Heaviest", f"≈ {bytes_text(heaviest)} of {cap} as base64 (Image {number})"
    inline = f"{'≈ ' if kept.inline_estimated else ''}{bytes_text(appraisal.inline_bytes)} inline"
    yield "Request", f"{bytes_text(appraisal.uploaded_bytes)} by file id, {inline}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
