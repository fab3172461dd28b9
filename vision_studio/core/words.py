"""Every sentence about a finding, a failure, a refused file or an answer's end: what happened, what to do."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from vision_studio.core import findings as found
from vision_studio.core.amounts import (
    UNKNOWN,
    bytes_text,
    count,
    counted,
    day,
    duration,
    image_numbers,
    listed,
    percent,
    usd,
)
from vision_studio.core.cautions import CAUTIONS
from vision_studio.core.failure_words import FailureWords, ending_words, failure_words, refusal_sentence
from vision_studio.core.findings import Finding
from vision_studio.core.model_words import FACTS

__all__ = [
    "UNKNOWN",
    "FailureWords",
    "brief",
    "bytes_text",
    "cost_difference",
    "count",
    "counted",
    "duration",
    "ending_words",
    "failure_words",
    "finding_parts",
    "image_numbers",
    "listed",
    "percent",
    "refusal_sentence",
    "sentence",
    "usd",
]


class _Said(NamedTuple):
    """The two forms of a predicate."""

    one: str
    many: str


def sentence(finding: Finding) -> str:
    """Return a finding in full: "Image 3 is animated: Claude sees only its first frame."."""
    return " ".join(part for part in finding_parts(finding) if part)


def finding_parts(finding: Finding) -> tuple[str, str]:
    """Return whom a finding is about ("Image 3", or "" for the whole request), and what is said of it."""
    about = image_numbers(finding.images)
    if not about:
        return "", _about_request(finding)
    said = _about_pictures(finding)
    return about, said.one if len(set(finding.images)) == 1 else said.many


def cost_difference(model: str, here_usd: Decimal | None, there_usd: Decimal | None) -> str:
    """Return what another model would cost: "With … it is ≈ $0.01 instead of ≈ $0.02 (−50 %)."."""
    if there_usd is None:
        return f"No price is known for {model}."
    if here_usd is None:
        return f"With {model} this request is ≈ {usd(there_usd)} to read."
    change = f" ({percent(float(there_usd / here_usd) - 1)})" if here_usd else ""
    return f"With {model} this request is ≈ {usd(there_usd)} to read, instead of ≈ {usd(here_usd)}{change}."


def brief(finding: Finding) -> str:
    """Return a finding in the few words that fit on a card."""
    match finding:
        case found.OverSideLimit(limit_px=limit_px):
            return f"over {limit_px} px"
        case found.OverByteLimit():
            return "compressed further"
        case found.Downscaled(seen=seen):
            return f"seen at {seen}"
        case found.SmallSide(limit_px=limit_px):
            return f"under {limit_px} px"
        case found.ExtremeRatio():
            return "very long and narrow"
        case found.SmallText(height_px=height_px):
            return f"letters of ≈ {max(1, round(height_px))} px"
        case found.OneFrame(frame=frame):
            return f"frame {frame + 1} only" if frame else "first frame only"
        case found.AtAddress(looked_at=looked_at):
            return "fetched by the API" if looked_at else "size and cost unknown"
        case found.Duplicate(of=of):
            return f"same as Image {of}"
        case found.Converted(format=format_):
            return f"converted from {format_}"
        case found.Rotated():
            return "turned upright"
        case found.MetadataRemoved():
            return "metadata removed"
        case found.LocationRemoved():
            return "location removed"
        case found.HistoryRefitted():
            return "sent smaller"
        case _:
            return finding.rule.replace("_", " ")


def _about_pictures(finding: Finding) -> _Said:
    match finding:
        case found.OverSideLimit(
            severity=found.Severity.REJECT, size=size, limit_px=limit_px, crowded=crowded
        ):
            where = f"{limit_px} px a side" + (" with this many images" if crowded else "")
            return _Said(
                f"is {size} at its address. The API takes at most {where}: download it, and it is fitted.",
                f"are larger, at their addresses, than the {where} the API takes: download them.",
            )
        case found.OverSideLimit(size=size, sent=sent, limit_px=limit_px, crowded=crowded):
            where = f"{limit_px} px a side" + (" with this many images" if crowded else "")
            return _Said(
                f"is {size}. The API takes at most {where}, so it is sent at {sent}.",
                f"are larger than the {where} the API takes, so they are sent smaller.",
            )
        case found.OverByteLimit(size_bytes=size_bytes, limit_bytes=limit_bytes):
            most = bytes_text(limit_bytes)
            return _Said(
                f"has {bytes_text(size_bytes)}. The API takes {most} an image, so it is compressed further.",
                f"have more than the {most} an image that the API takes, so they are compressed further.",
            )
        case found.Downscaled(sent=sent, seen=seen):
            return _Said(
                f"is sent at {sent}, but Claude will see it at {seen}. "
                "Sending the original adds latency, not detail.",
                "are sent larger than Claude will see them. Sending the originals adds latency, not detail.",
            )
        case found.SmallSide(size=size, limit_px=limit_px):
            return _Said(
                f"is only {size}. Claude may misread pictures with a side under {limit_px} px.",
                f"have a side under {limit_px} px. Claude may misread pictures that small.",
            )
        case found.ExtremeRatio(size=size, seen=seen):
            return _Said(
                f"is {size}; Claude sees it at {seen}, where small print is lost. Split it into parts.",
                "are very long and narrow; small print is lost when they are shrunk. Split them into parts.",
            )
        case found.SmallText(height_px=height_px):
            high = f"≈ {max(1, round(height_px))} px"
            return _Said(
                f"has text whose small letters Claude sees {high} high: it may be unreadable. "
                "Crop to what matters.",
                f"have text whose small letters Claude sees {high} high or so: it may be unreadable. "
                "Crop to what matters.",
            )
        case found.OneFrame(frames=frames, frame=frame, animated=True):
            of = f" of its {count(frames)} frames" if frames > 1 else ""
            which = f"frame {count(frame + 1)}{of}" if frame else f"the first{of or ' frame'}"
            return _Said(
                f"is animated: Claude sees only {which}.",
                "are animated: Claude sees only one frame of each.",
            )
        case found.OneFrame(frames=frames):
            return _Said(
                f"holds {counted(frames, 'picture')}: only the first is sent.",
                "hold several pictures: only the first of each is sent.",
            )
        case found.Duplicate(of=of):
            return _Said(
                f"is the same as Image {of}. Sending it twice costs twice.",
                "are each the same as an earlier image. Sending them twice costs twice.",
            )
        case found.AtAddress(host=host, looked_at=looked_at):
            known = "" if looked_at else " Its size and cost are unknown until you look at it."
            return _Said(
                f"stays at {host}: the API fetches it from there when you send.{known}",
                "stay at their addresses: the API fetches them from there when you send.",
            )
        case found.Converted(format=format_):
            return _Said(
                f"is {format_}, which the API does not take: it is sent converted.",
                "are in formats the API does not take: they are sent converted.",
            )
        case found.Rotated():
            return _Said("is turned upright before it is sent.", "are turned upright before they are sent.")
        case found.MetadataRemoved():
            return _Said("is sent without its metadata.", "are sent without their metadata.")
        case found.LocationRemoved():
            return _Said(
                "says where it was taken. That, and all other metadata, is removed from what is sent.",
                "say where they were taken. That, and all other metadata, is removed from what is sent.",
            )
        case found.HistoryRefitted(limit_px=limit_px, crowd=crowd, signed_turns=signed):
            why = f"a request with more than {crowd} images allows {limit_px} px a side."
            if signed:
                whose = counted(signed, "earlier answer")
                why += f" That changes history, so the thinking signed in {whose} is left out."
            return _Said(f"is sent again smaller: {why}", f"are sent again smaller: {why}")
        case _:
            return _Said(f"{finding.rule.replace('_', ' ')}.", f"{finding.rule.replace('_', ' ')}.")


def _about_request(finding: Finding) -> str:
    match finding:
        case found.TooManyImages(count=images, limit=limit, model=model):
            over = counted(images - limit, "image")
            return f"{model} takes at most {count(limit)} images a request; this is {over} too many. " + (
                "Leave some out, or start a new session."
            )
        case found.RequestTooLarge(size_bytes=size_bytes, limit_bytes=limit_bytes):
            return (
                f"The request has {bytes_text(size_bytes)}; the API takes {bytes_text(limit_bytes)}. "
                "Leave out some images, or make them smaller."
            )
        case found.ContextExceeded(tokens=tokens, answer_tokens=answer, limit=limit, model=model):
            return (
                f"About {count(tokens)} tokens, and {count(answer)} kept for the answer, are more than the "
                f"{count(limit)} {model} can hold. Leave out some images, or start a new session."
            )
        case found.ModelRetired(model=model, on=on):
            since = f" on {day(on)}" if on is not None else ""
            return f"{model} was retired{since}. Choose another model."
        case found.ModelRetiring(model=model, on=on, announced=True):
            return f"{model} retires on {day(on)}. Choose another model soon."
        case found.ModelRetiring(model=model, on=on):
            return f"{model} is promised only until {day(on)}; it may be retired after that."
        case found.PriceUnknown(model=model):
            return f"No price is known for {model}, so no costs are shown. You can enter one in Settings."
        case found.DearerBand(model=model, above_tokens=above):
            return f"Past {count(above)} tokens {model} charges a higher price for the whole request."
        case found.CapPassed(period=period, cap_usd=cap, spent_usd=spent, then_usd=then):
            return (
                f"With this request, {_PERIODS[period]} comes to about {usd(then)} ({usd(spent)} so far). "
                f"Your cap is {usd(cap)}, so you will be asked before it is sent."
            )
        case found.CapNear(period=period, cap_usd=cap, then_usd=then):
            return f"With this request, {_PERIODS[period]} comes to about {usd(then)} of your {usd(cap)} cap."
        case found.FactsAssumed(model=model, facts=facts):
            guessed = listed([FACTS.get(fact, fact.replace("_", " ")) for fact in facts])
            return f"For {model}, {guessed} {'is' if len(facts) == 1 else 'are'} our assumption."
        case found.Caution(topic=topic):
            return CAUTIONS[topic].brief
        case found.MentionGone(names=names):
            which = f"{listed(list(names))}, which {'is' if len(names) == 1 else 'are'} not in the request"
            return f"The question mentions {which}: click the red chip for ways out."
        case found.NoQuestion():
            return "There is no question yet: Claude will get the images alone."
        case _:
            return f"{finding.rule.replace('_', ' ').capitalize()}."


_PERIODS = {
    found.Period.SESSION: "this session",
    found.Period.DAY: "today",
    found.Period.MONTH: "this month",
}
