"""What to tell when something failed, was refused or ended early: what happened, and the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vision_studio.core.amounts import duration, image_numbers
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.events import Refusal, RefusalKind
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.upload_failure_words import upload_failure_words

_QUOTED = 240
"""The most characters of a server's own words that stand in a sentence; "Details" has them all."""

_JOINERS = "\u200c\u200d"
"""Not printable by themselves, but emoji and several scripts are wrong without them."""


@dataclass(frozen=True, slots=True)
class FailureWords:
    """One sentence for what happened, one for what to do."""

    title: str
    next_step: str


_FIXED = {
    FailureKind.NO_KEY: FailureWords(
        "There is no API key yet.", "Add one in Settings, or use practice mode, which needs none."
    ),
    FailureKind.KEY_REJECTED: FailureWords(
        "The server does not accept this API key.", "Check the key in Settings, or make a new one."
    ),
    FailureKind.PAYMENT_REQUIRED: FailureWords(
        "The account behind this key cannot be charged.",
        "Mend its billing in the Claude Console, then retry.",
    ),
    FailureKind.NOT_PERMITTED: FailureWords(
        "This API key is not allowed to do that.", "Choose another model, or ask its owner for access."
    ),
    FailureKind.SPEND_LIMIT: FailureWords(
        "The account's spend limit is reached.",
        "Raise it in the Claude Console, or wait until it starts anew.",
    ),
    FailureKind.OVERLOADED: FailureWords(
        "The API is overloaded at the moment.", "Retry in a minute; nothing is lost."
    ),
    FailureKind.SERVER_ERROR: FailureWords(
        "The server had an error of its own.", "Retry in a minute; nothing is lost."
    ),
    FailureKind.OFFLINE: FailureWords(
        "The server cannot be reached.", "Check the network, and the address in Settings, then retry."
    ),
    FailureKind.TIMED_OUT: FailureWords(
        "The server took too long to answer.", "Retry; with fewer or smaller images it answers sooner."
    ),
    FailureKind.MODEL_UNKNOWN: FailureWords(
        "The server does not have this model.", "Choose another model, then retry."
    ),
    FailureKind.THINKING_REJECTED: FailureWords(
        "The API refused what Claude had thought earlier: it belongs to another history.",
        "Retry: the earlier thoughts are left out, the answers stay.",
    ),
    FailureKind.TOO_LARGE: FailureWords(
        "The request is larger than the server takes.", "Leave out some images, or make them smaller."
    ),
    FailureKind.FILES_UNSUPPORTED: FailureWords(
        "This server keeps no files, so images travel inside each request.",
        "Nothing to do; requests just grow with every image.",
    ),
    FailureKind.STORAGE_QUOTA: FailureWords(
        "The account has no room for more uploaded files.",
        "Delete some of its files in the Claude Console, then retry.",
    ),
    FailureKind.INTERRUPTED: FailureWords(
        "The connection broke before the answer was complete.", "What arrived is kept. Continue, or retry."
    ),
    FailureKind.UNREADABLE_ANSWER: FailureWords(
        "The server's answer makes no sense to Vision Studio.",
        "Check that the address in Settings is a server for the Claude Messages API.",
    ),
    FailureKind.DISK_FULL: FailureWords("The disk is full.", "Free some space, then try again."),
    FailureKind.UNEXPECTED: FailureWords(
        "Something went wrong that should not have.", "Try again; Details tells what it was."
    ),
}
_IN_THE_MIDDLE = {
    FailureKind.TIMED_OUT: "The server fell silent in the middle of the answer.",
    FailureKind.UNREADABLE_ANSWER: "The rest of the answer could not be read.",
}
"""What is said otherwise when some of the answer is there."""

_OWN_WORDS = {
    FailureKind.FOLDER_IN_USE: FailureWords(
        "Another Vision Studio window uses this folder.", "Go on in that one, or close it and try again."
    ),
    FailureKind.DAMAGED: FailureWords(
        "The file that holds your sessions is damaged.",
        "A repair makes a new one of all that can be read, and keeps this one under another name.",
    ),
    FailureKind.STORAGE: FailureWords(
        "Your sessions could not be read or saved.", "Run vision-studio doctor: it tells what mends it."
    ),
    FailureKind.NOT_EXPORTED: FailureWords(
        "The image could not be saved.", "Choose another folder; the image itself is safe here."
    ),
    FailureKind.NOT_WRITTEN: FailureWords(
        "The session could not be exported.", "Choose another folder; the session itself is safe here."
    ),
    FailureKind.NOT_IMPORTED: FailureWords(
        "The bundle could not be imported.",
        "Nothing was changed. Have it exported again where it comes from.",
    ),
    FailureKind.KEYRING_MISSING: FailureWords(
        "There is no keyring to keep the API key in.",
        "The key serves this run only. Run vision-studio doctor: it tells how to get a keyring.",
    ),
    FailureKind.KEYRING_LOCKED: FailureWords(
        "The keyring is locked.", "Unlock it and try again; until then a key serves this run only."
    ),
}
"""Failures whose message is already a sentence of ours, and what is said without one."""


def failure_words(failure: Failure) -> FailureWords:
    """Return what happened and what to do next, for any failure."""
    pictures = image_numbers(failure.images)
    several = len(set(failure.images)) > 1
    it = "them" if several else "it"
    if failure.of_upload and (told := upload_failure_words(failure, _clipped(failure.message))):
        return FailureWords(*told)
    match failure.kind:
        case FailureKind.RATE_LIMITED:
            return FailureWords(
                "The API asks for a pause: too much was sent in a short time.", _wait(failure)
            )
        case FailureKind.BAD_REQUEST:
            said = _clipped(failure.message)
            title = f"The request was refused: {said}" if said else "The server refused the request."
            return FailureWords(title, "Change the question or its images, then retry.")
        case FailureKind.IMAGE_REJECTED:
            limit = f": at most {failure.limit_px} px a side are allowed" if failure.limit_px else ""
            return FailureWords(
                f"The API refused {pictures or 'an image'}{limit}.",
                f"Leave {it} out or replace {it}, then retry.",
            )
        case FailureKind.FILE_MISSING:
            gone = f"{pictures or 'An image'} {'are' if several else 'is'} no longer on the server."
            return FailureWords(gone, f"Retry: {'they are' if several else 'it is'} uploaded again.")
        case FailureKind.UPLOAD_CANCELLED:
            whose = f" of {pictures}" if pictures else ""
            return FailureWords(
                f"You cancelled the upload{whose}, so nothing was asked.",
                f"Retry to upload {it} after all, or edit the question and leave {it} out.",
            )
        case FailureKind.IMAGE_LOST:
            lost = f"The stored {'files' if several else 'file'} of {pictures or 'an image'} cannot be found."
            return FailureWords(lost, f"Leave {it} out, or add {it} again.")
        case FailureKind.IMAGE_UNREADABLE:
            return FailureWords(
                f"{pictures or 'An image'} cannot be read.",
                f"Leave {it} out, or replace {it} with another copy.",
            )
        case kind if kind in _OWN_WORDS:
            usual = _OWN_WORDS[kind]
            return FailureWords(_clipped(failure.message) or usual.title, usual.next_step)
        case kind:
            return _FIXED.get(kind, _FIXED[FailureKind.UNEXPECTED])


def _wait(failure: Failure) -> str:
    seconds = failure.retry_after_s
    if seconds is None or not math.isfinite(seconds) or seconds <= 0:
        return "Wait a minute, then retry."
    return f"Wait {duration(math.ceil(seconds))}, then retry."


def ending_words(answer: Answer) -> FailureWords | None:
    """Return what to say below an answer about how it ended; None when it ended as it should."""
    empty = not answer.text.strip()
    match answer.outcome:
        case Outcome.FAILED | Outcome.INTERRUPTED if answer.failure is not None:
            return _failed_words(answer.failure, empty)
        case Outcome.FAILED:
            return failure_words(Failure(FailureKind.UNEXPECTED))
        case Outcome.INTERRUPTED if empty:
            return FailureWords("No answer came: Vision Studio was closed too early.", "Retry to ask again.")
        case Outcome.INTERRUPTED:
            return FailureWords("The answer broke off.", "What arrived is kept. Continue, or retry.")
        case Outcome.STOPPED if empty:
            return FailureWords("You stopped it before an answer began.", "Retry to ask again.")
        case Outcome.STOPPED:
            return FailureWords("You stopped this answer.", "What arrived is kept.")
        case Outcome.ANSWERED:
            return _stop_words(answer, empty)
        case _:
            return None


def _failed_words(failure: Failure, empty: bool) -> FailureWords:
    """Say what a failure means to an answer of which nothing, or something, had arrived."""
    said = failure_words(failure)
    if empty and failure.kind is FailureKind.INTERRUPTED and not failure.of_upload:
        return FailureWords(
            "The connection broke before an answer came.",
            "Retry. If the server had begun to answer, that try may be billed, too.",
        )
    if empty:
        return said
    title = _IN_THE_MIDDLE.get(failure.kind, said.title)
    return FailureWords(title, "What arrived is kept. Continue, or retry.")


def _stop_words(answer: Answer, empty: bool) -> FailureWords | None:
    match answer.stop_reason:
        case "max_tokens" if empty:
            return FailureWords(
                "Claude used all the room for the answer while thinking.",
                "Ask something narrower, then retry.",
            )
        case "max_tokens":
            return FailureWords("The answer reached its longest length.", "Continue to get the rest.")
        case "refusal":
            return FailureWords(_refusal_title(answer.stop_detail), _REFUSED)
        case "model_context_window_exceeded":
            return FailureWords(
                "The conversation fills the model's context window.",
                "Start a new session with the images that still matter.",
            )
        case "pause_turn":
            return FailureWords("Claude paused before it was done.", "Continue to get the rest.")
        case _ if empty:
            return FailureWords("Claude answered without words.", "Ask differently, then retry.")
        case _:
            return None


_REFUSED = "Ask differently, or leave out what it objects to."
_CATEGORIES = {
    "cyber": "this could help to attack computers",
    "bio": "this could help to harm living things",
    "frontier_llm": "this could help to build competing models",
    "reasoning_extraction": "this asks for the model's own reasoning",
    "general_harms": "this could do harm",
}
"""What the categories of ``stop_details`` mean (anthropic 2.12, ``RefusalStopDetails``)."""


def _refusal_title(detail: str) -> str:
    """Say why, from "category: explanation", of which either may be missing."""
    category, _, explanation = detail.partition(":")
    reason = _CATEGORIES.get(category.strip())
    said = _clipped(explanation if reason is not None else detail)
    because = "; ".join(filter(None, (reason, said))).rstrip(".")
    return f"Claude declined to answer: {because}." if because else "Claude declined to answer."


def refusal_sentence(refusal: Refusal) -> str:
    """Return why a file cannot be used."""
    name = printable(refusal.name) or "A file"
    detail = printable(refusal.detail)
    because = f" ({detail})" if detail else ""
    match refusal.kind:
        case RefusalKind.NOT_AN_IMAGE:
            return f"{name} is not an image."
        case RefusalKind.UNSUPPORTED_FORMAT:
            what = f"{detail}, a format" if detail else "in a format"
            return f"{name} is {what} Vision Studio cannot open. Save it as PNG or JPEG."
        case RefusalKind.DAMAGED:
            return f"{name} is damaged{because}."
        case RefusalKind.EMPTY:
            return f"{name} is empty: it has no bytes."
        case RefusalKind.TOO_MANY_PIXELS:
            return f"{name} has too many pixels to be opened safely{because}. Save it smaller."
        case RefusalKind.TOO_MANY_BYTES:
            return f"{name} is too large a file{because}. Save it smaller."
        case RefusalKind.FOLDER:
            return f"{name} is a folder without images."
        case RefusalKind.SPECIAL_FILE:
            return f"{name} is not a regular file."
        case RefusalKind.NOT_FOUND:
            return f"{name} cannot be found."
        case RefusalKind.NO_PERMISSION:
            return f"{name} cannot be read: you have no permission."
        case RefusalKind.CHANGED:
            return f"{name} changed while it was being read. Add it again."
        case RefusalKind.DISK_FULL:
            return f"{name} could not be kept: the disk is full. Free some space, then add it again."
        case RefusalKind.TOO_SLOW:
            return f"{name} took too long to read. Save it in another format."
        case RefusalKind.ENCRYPTED:
            return f"{name} is locked with a password. Save a copy without one, then add that."
        case RefusalKind.NOT_DOWNLOADED:
            return f"{name} could not be downloaded{because}. Save it in the browser and drop the file."
        case RefusalKind.TOO_MANY_IMAGES:
            return f"{name} is one image too many for a request{because}."
        case _:
            return f"{name} cannot be read{because}."


def printable(text: str) -> str:
    """Return a text in one line that every terminal, window and JSON reader can take."""
    return "".join(
        character if character.isprintable() or character in _JOINERS else "\N{REPLACEMENT CHARACTER}"
        for character in text
    ).strip()


def _clipped(text: str) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + "…"
