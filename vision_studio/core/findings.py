"""What may be worth telling about the next request: ``limits`` finds it, ``words`` says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from vision_studio.core.size import Size


class Severity(StrEnum):
    """What a finding means for the send; the most serious comes first."""

    REJECT = "reject"
    """The API would refuse the request."""
    WARN = "warn"
    """It can be sent; the answer or the bill may disappoint."""
    NOTE = "note"
    """Something is done for the user, or should be known."""


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. Several pictures with the same finding may share it: see ``merged``."""

    rule: ClassVar[str]
    severity: Severity
    images: tuple[int, ...] = ()
    """Numbers of the pictures it is about; none when it is about the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyImages(Finding):
    rule = "too_many_images"
    severity: Severity = Severity.REJECT
    count: int
    limit: int
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTooLarge(Finding):
    rule = "request_too_large"
    severity: Severity = Severity.REJECT
    size_bytes: int
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextExceeded(Finding):
    rule = "context_exceeded"
    severity: Severity = Severity.WARN
    tokens: int
    """Of the prompt, estimated."""
    answer_tokens: int
    limit: int
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSideLimit(Finding):
    """The original has a side the API refuses, so it is sent smaller."""

    rule = "over_side_limit"
    severity: Severity = Severity.NOTE
    size: Size
    sent: Size
    limit_px: int
    crowded: bool
    """The limit is the one for requests with many pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverByteLimit(Finding):
    """The original has more bytes than the API takes, so it is compressed further."""

    rule = "over_byte_limit"
    severity: Severity = Severity.WARN
    size_bytes: int
    limit_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Downscaled(Finding):
    """More is sent than the model is shown."""

    rule = "downscaled"
    severity: Severity = Severity.WARN
    sent: Size
    seen: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallSide(Finding):
    rule = "small_side"
    severity: Severity = Severity.WARN
    size: Size
    limit_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtremeRatio(Finding):
    """So long and narrow that little of its shorter side is left when it is shown."""

    rule = "extreme_ratio"
    severity: Severity = Severity.WARN
    size: Size
    seen: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallText(Finding):
    """Text that is too small to be read for certain in the size the model is shown."""

    rule = "small_text"
    severity: Severity = Severity.WARN
    height_px: float
    """Of its small letters, as they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFrame(Finding):
    """Only one frame of an animation, the first unless another was chosen, is shown."""

    rule = "first_frame_only"
    severity: Severity = Severity.WARN
    frames: int
    frame: int = 0
    animated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Finding):
    rule = "duplicate"
    severity: Severity = Severity.WARN
    of: int
    """The number of the first picture with the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRetired(Finding):
    rule = "model_retired"
    severity: Severity = Severity.WARN
    model: str
    on: date | None
    """None where the server says that it is, but not since when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRetiring(Finding):
    rule = "model_retiring"
    severity: Severity = Severity.WARN
    model: str
    on: date
    announced: bool
    """False: until then it is promised to live, and nothing is known of the time after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceUnknown(Finding):
    rule = "price_unknown"
    severity: Severity = Severity.WARN
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DearerBand(Finding):
    """The whole request costs more because its prompt is long."""

    rule = "dearer_band"
    severity: Severity = Severity.WARN
    model: str
    above_tokens: int


class Period(StrEnum):
    """What the user's own caps on spending are set for."""

    SESSION = "session"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapNear(Finding):
    """The user's own cap for a session, day or month is nearly reached."""

    rule = "cap_near"
    severity: Severity = Severity.WARN
    period: Period
    cap_usd: Decimal
    spent_usd: Decimal
    then_usd: Decimal
    """With the next request, estimated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapPassed(CapNear):
    """The next request would pass the cap: it is sent only when the user says so once more."""

    rule = "cap_passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtAddress(Finding):
    """The API fetches the picture itself: what it will find there is not known here."""

    rule = "at_address"
    severity: Severity = Severity.NOTE
    host: str
    looked_at: bool
    """Somebody had a look at it, so its size is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted(Finding):
    rule = "converted"
    severity: Severity = Severity.NOTE
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated(Finding):
    rule = "rotated"
    severity: Severity = Severity.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataRemoved(Finding):
    rule = "metadata_removed"
    severity: Severity = Severity.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRemoved(Finding):
    rule = "location_removed"
    severity: Severity = Severity.NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRefitted(Finding):
    """Pictures of earlier turns are sent smaller than before, as the request holds many now."""

    rule = "history_refitted"
    severity: Severity = Severity.NOTE
    limit_px: int
    crowd: int
    signed_turns: int = 0
    """Answers whose thinking was signed for the pictures as they were, and is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsAssumed(Finding):
    rule = "facts_assumed"
    severity: Severity = Severity.NOTE
    model: str
    facts: tuple[str, ...]
    """Fields of ``catalogue.Model``."""


class Topic(StrEnum):
    """What Claude is known to be weak at, or not to do, with pictures."""

    PEOPLE = "people"
    POSITIONS = "positions"
    COUNTING = "counting"
    GENERATED = "generated"
    MEDICAL = "medical"
    CONTENT = "content"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution(Finding):
    """The question runs into one of the published limitations."""

    rule = "caution"
    severity: Severity = Severity.NOTE
    topic: Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionGone(Finding):
    """The question mentions pictures that are not in the request."""

    rule = "mention_gone"
    severity: Severity = Severity.WARN
    image_ids: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoQuestion(Finding):
    rule = "no_question"
    severity: Severity = Severity.NOTE


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return one finding per rule and severity, about all its pictures; the most serious first.

    What is said of several pictures at once holds for each; the details are those of the first.
    """
    groups: dict[tuple[type[Finding], Severity], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((type(finding), finding.severity), []).append(finding)
    ones = [
        group[0]
        if len(group) == 1
        else replace(group[0], images=tuple(sorted({number for one in group for number in one.images})))
        for group in groups.values()
    ]
    return worst_first(ones)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by severity, otherwise in the order they came."""
    return tuple(sorted(findings, key=lambda finding: _RANKS[finding.severity]))
