"""What the ways on are called, and what is said while an answer is waited for."""

from __future__ import annotations

import math

from vision_studio.core.amounts import counted, duration
from vision_studio.core.failure_words import FailureWords, failure_words
from vision_studio.core.failures import Failure
from vision_studio.core.mending import Mend, WayOn

MEND = {Mend.FIT: "Fit", Mend.LEAVE_OUT: "Leave out", Mend.REPLACE: "Replace…"}
MENDED = {Mend.FIT: "will be fitted", Mend.LEAVE_OUT: "will be left out", Mend.REPLACE: "will be replaced"}
WAY_ON = {
    WayOn.UPLOAD: "Upload images instead",
    WayOn.SMALLER: "Send images smaller",
    WayOn.WITHOUT_EARLIER: "Leave out earlier images",
    WayOn.ELSEWHERE: "Ask in a new session",
}


def mend_all(mend: Mend, images: int) -> str:
    """Return "Leave out all 3"."""
    return f"{MEND[mend]} all {images}"


def left_out_words(images: int) -> str:
    """Return what stands below a turn whose pictures no longer go out."""
    verb = "is" if images == 1 else "are"
    return f"{counted(images, 'image')} of this turn {verb} left out of further requests."


def delay_words(failure: Failure, wait_s: float) -> str:
    """Return "The API is overloaded at the moment. Trying again in 5 s…"."""
    seconds = math.ceil(wait_s)
    then = f"Trying again in {duration(seconds)}…" if seconds > 0 else "Trying again…"
    return f"{failure_words(failure).title} {then}"


def silence_words(silent_s: float, *, began: bool) -> FailureWords:
    """Say that nothing comes. ``began``: some of the answer is there."""
    quiet = duration(max(1, round(silent_s)))
    if began:
        return FailureWords(
            f"Nothing new has arrived for {quiet}.",
            "What is here is kept. Wait, stop, or retry; a retry is billed again.",
        )
    return FailureWords(
        f"No answer yet after {quiet}.",
        "Many images and much thinking take their time. Wait, stop, or retry; a retry may be billed again.",
    )
