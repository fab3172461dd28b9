"""What can be done about a sent picture that the API refuses, or whose original is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from vision_studio.core.conversation import SentImage, Turn
from vision_studio.core.draft import Fidelity, Image
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.size import Size

_PICTURES_AT_FAULT = frozenset(
    {
        FailureKind.IMAGE_REJECTED,
        FailureKind.IMAGE_LOST,
        FailureKind.IMAGE_UNREADABLE,
        FailureKind.FILE_MISSING,
        FailureKind.TOO_LARGE,
    }
)
"""Other failures may name the pictures that were on their way, but no picture is the cause."""
_FILES_AT_FAULT = frozenset({FailureKind.IMAGE_LOST, FailureKind.IMAGE_UNREADABLE})
"""Another size of a picture that cannot be read cannot be made."""


class Mend(StrEnum):
    FIT = "fit"
    """Send it smaller."""
    LEAVE_OUT = "leave_out"
    """Go on without it; its number stays its own."""
    REPLACE = "replace"
    """Send another file under its number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do about one picture of a session."""

    number: int
    mend: Mend
    file: Path | None = None
    """With ``REPLACE``."""


def place(turns: Sequence[Turn], number: int) -> str:
    """Return where a picture stands: "Turn 2 · Image 7"."""
    for row, turn in enumerate(turns, start=1):
        for sent in turn.images:
            if sent.number == number:
                return f"Turn {row} · Image {sent.shown}"
    return f"Image {number}"


def as_shown(failure: Failure, turns: Sequence[Turn]) -> Failure:
    """Return a failure that calls its pictures by the numbers they were sent under, to be told."""
    shown = {sent.number: sent.shown for turn in turns for sent in turn.images}
    return replace(failure, images=tuple(shown.get(number, number) for number in failure.images))


def blamed(failure: Failure, turns: Sequence[Turn]) -> tuple[SentImage, ...]:
    """Return the pictures that caused a failure and still go out with the turns, in order."""
    if failure.kind not in _PICTURES_AT_FAULT:
        return ()
    return tuple(sent for turn in turns for sent in turn.carried if sent.number in failure.images)


def ways(sent: SentImage, failure: Failure) -> tuple[Mend, ...]:
    """Return what can be done about one of a failure's pictures, the least first."""
    fits = failure.kind not in _FILES_AT_FAULT and sent.image.url is None and sent.image.size is not None
    return (Mend.FIT, Mend.LEAVE_OUT, Mend.REPLACE) if fits else (Mend.REPLACE, Mend.LEAVE_OUT)


def smaller(sent: SentImage, limit_px: int | None = None) -> SentImage:
    """Return a picture to be sent smaller: within the limit that was named, else at half its sides."""
    size: Size | None = sent.rendition.size if sent.rendition is not None else sent.image.edited_size
    if size is None:
        return sent
    named = limit_px is not None and limit_px < size.longest
    edge_px = limit_px if named and limit_px is not None else max(1, size.longest // 2)
    return replace(sent, image=replace(sent.image, fidelity=Fidelity.CUSTOM, edge_px=edge_px), rendition=None)


def replaced(sent: SentImage, found: Image) -> SentImage:
    """Return a picture with another file behind its number and its label.

    The same bytes found again change nothing: what was sent of them still holds.
    """
    image = replace(found, label=sent.image.label, fidelity=sent.image.fidelity, edge_px=sent.image.edge_px)
    same = found.digest == sent.image.digest and sent.image.frame == found.frame
    return SentImage(image, sent.number, sent.rendition if same else None, called=sent.called)


def mended(turns: Sequence[Turn], changes: Mapping[int, SentImage]) -> tuple[tuple[Turn, ...], int]:
    """Return the turns with the changed pictures, and the row of the first turn that is another now."""
    after = tuple(
        replace(turn, images=tuple(changes.get(sent.number, sent) for sent in turn.images)) for turn in turns
    )
    differing = (row for row, old in enumerate(turns) if _goes_out_differently(old, after[row]))
    return after, next(differing, len(after))


def _goes_out_differently(old: Turn, new: Turn) -> bool:
    return any(
        before.left_out != after.left_out or before.rendition != after.rendition
        for before, after in zip(old.images, new.images, strict=True)
    )


class WayOn(StrEnum):
    """How a session goes on when no one picture is known to stand in its way."""

    UPLOAD = "upload"
    """Through the Files API, where the user has kept pictures inside the request."""
    SMALLER = "smaller"
    WITHOUT_EARLIER = "without_earlier"
    ELSEWHERE = "elsewhere"
    """In a session of its own, where nothing came before."""


_HISTORY_AT_FAULT = frozenset(
    {
        FailureKind.TOO_LARGE,
        FailureKind.BAD_REQUEST,
        FailureKind.IMAGE_REJECTED,
        FailureKind.THINKING_REJECTED,
    }
)
"""What is refused today is refused tomorrow, if nothing is changed."""


def ways_on(failure: Failure, turns: Sequence[Turn], *, inline: bool = False) -> tuple[WayOn, ...]:
    """Return how a refused request may be changed as a whole, the least first.

    ``inline``: its pictures travelled in it because the user wants it so.
    """
    if failure.kind not in _HISTORY_AT_FAULT or blamed(failure, turns):
        return ()
    found = []
    if inline and failure.kind is FailureKind.TOO_LARGE:
        found.append(WayOn.UPLOAD)
    if failure.kind is not FailureKind.BAD_REQUEST and choices(WayOn.SMALLER, turns):
        found.append(WayOn.SMALLER)
    if choices(WayOn.WITHOUT_EARLIER, turns):
        found.append(WayOn.WITHOUT_EARLIER)
    if len(turns) > 1:
        found.append(WayOn.ELSEWHERE)
    return tuple(found)


def choices(way: WayOn, turns: Sequence[Turn]) -> tuple[Choice, ...]:
    """Return what a way on does to each picture."""
    match way:
        case WayOn.SMALLER:
            fit = Failure(FailureKind.TOO_LARGE)
            return tuple(
                Choice(sent.number, Mend.FIT)
                for turn in turns
                for sent in turn.carried
                if Mend.FIT in ways(sent, fit)
            )
        case WayOn.WITHOUT_EARLIER:
            return tuple(Choice(sent.number, Mend.LEAVE_OUT) for turn in turns[:-1] for sent in turn.carried)
        case _:
            return ()
