"""Everything that can go wrong has a sentence and a way out."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import SONNET
from vision_studio.core import findings as found
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.events import Refusal, RefusalKind
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.findings import Finding, Severity
from vision_studio.core.size import Size
from vision_studio.core.words import (
    brief,
    ending_words,
    failure_words,
    finding_parts,
    refusal_sentence,
    sentence,
)

KINDS = [kind for kind in vars(found).values() if isinstance(kind, type) and issubclass(kind, Finding)]
FINDINGS = [kind for kind in KINDS if kind is not Finding]

_SAMPLES = {
    int: 12,
    float: 5.2,
    str: "GIF",
    bool: True,
    Size: Size(300, 200),
    date: date(2026, 12, 24),
    date | None: date(2026, 12, 24),
    tuple[str, ...]: ("tier",),
    tuple[int, ...]: (),
    Severity: Severity.WARN,
    found.Period: found.Period.DAY,
    found.Topic: found.Topic.COUNTING,
    Decimal: Decimal(1),
}


def example(kind: type[Finding], images: tuple[int, ...]) -> Finding:
    """A finding with something in every field."""
    hints = get_type_hints(kind)
    values = {field.name: _SAMPLES[hints[field.name]] for field in fields(kind)}
    return kind(**{**values, "images": images})


ABOUT_PICTURES = [
    found.OverSideLimit,
    found.OverByteLimit,
    found.Downscaled,
    found.SmallSide,
    found.ExtremeRatio,
    found.SmallText,
    found.OneFrame,
    found.Duplicate,
    found.AtAddress,
    found.Converted,
    found.Rotated,
    found.MetadataRemoved,
    found.LocationRemoved,
    found.HistoryRefitted,
]


@pytest.mark.parametrize("kind", FINDINGS, ids=lambda kind: kind.rule)
def test_every_finding_is_a_sentence_about_somebody(kind: type[Finding]) -> None:
    about_pictures = kind in ABOUT_PICTURES
    one = example(kind, (3,) if about_pictures else ())
    text = sentence(one)
    assert text.startswith("Image 3 " if about_pictures else text[0].upper())
    assert text.endswith(".")
    assert finding_parts(one)[1].lower() != kind.rule.replace("_", " ") + "."  # not the way out for strangers
    assert " ".join(part for part in finding_parts(one) if part) == text


@pytest.mark.parametrize("kind", ABOUT_PICTURES, ids=lambda kind: kind.rule)
def test_several_pictures_share_a_sentence_in_the_plural(kind: type[Finding]) -> None:
    text = sentence(example(kind, (1, 2, 5)))
    assert text.startswith("Images 1, 2 and 5 ")
    assert not {"is", "has"} & {text.split()[5]}


@pytest.mark.parametrize("kind", FINDINGS, ids=lambda kind: kind.rule)
def test_what_stands_on_a_card_is_short(kind: type[Finding]) -> None:
    assert 0 < len(brief(example(kind, (3,)))) <= 24


def test_rules_have_names_of_their_own() -> None:
    rules = [kind.rule for kind in FINDINGS]
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize("kind", FailureKind)
@pytest.mark.parametrize("images", [(), (3,), (3, 4)], ids=["no image", "an image", "images"])
def test_every_failure_says_what_happened_and_what_to_do(kind: FailureKind, images: tuple[int, ...]) -> None:
    words = failure_words(Failure(kind, images=images))
    for text in (words.title, words.next_step):
        assert text[0].isupper()
        assert text.endswith(".")
        assert len(text) < 120
        assert "_" not in text
    assert kind is FailureKind.UNEXPECTED or words != failure_words(Failure(FailureKind.UNEXPECTED))


def test_failures_point_at_their_pictures() -> None:
    rejected = Failure(FailureKind.IMAGE_REJECTED, images=(7,), limit_px=2000)
    assert failure_words(rejected).title == "The API refused Image 7: at most 2000 px a side are allowed."
    assert failure_words(rejected).next_step == "Leave it out or replace it, then retry."
    missing = failure_words(Failure(FailureKind.FILE_MISSING, images=(2, 3)))
    assert missing.title == "Images 2 and 3 are no longer on the server."
    assert missing.next_step == "Retry: they are uploaded again."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (12, "Wait 12 s, then retry."),
        (0.2, "Wait 1 s, then retry."),
        (90, "Wait 1 min 30 s, then retry."),
        (None, "Wait a minute, then retry."),
        (-3, "Wait a minute, then retry."),
        (float("nan"), "Wait a minute, then retry."),
        (float("inf"), "Wait a minute, then retry."),
    ],
)
def test_how_long_to_wait(seconds: float | None, words: str) -> None:
    assert failure_words(Failure(FailureKind.RATE_LIMITED, retry_after_s=seconds)).next_step == words


def test_a_refused_request_quotes_the_server_in_short() -> None:
    words = failure_words(Failure(FailureKind.BAD_REQUEST, "messages:\n  " + "x" * 1000))
    assert words.title.startswith("The request was refused: messages: xxx")
    assert words.title.endswith("…")
    assert len(words.title) < 280


def test_storage_speaks_for_itself() -> None:
    said = failure_words(Failure(FailureKind.STORAGE, "Another Vision Studio window uses this folder."))
    assert said.title == "Another Vision Studio window uses this folder."
    assert "vision-studio doctor" in said.next_step


@pytest.mark.parametrize("kind", RefusalKind)
@pytest.mark.parametrize("detail", ["", "HEIC"])
def test_every_refused_file_is_named_with_its_reason(kind: RefusalKind, detail: str) -> None:
    text = refusal_sentence(Refusal("notes.txt", kind, detail=detail))
    assert text.startswith("notes.txt ")
    assert text.endswith(".")
    assert len(text) < 130
    assert "_" not in text


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (Refusal("a.pdf", RefusalKind.UNSUPPORTED_FORMAT, detail="PDF"), "a.pdf is PDF, a format Vision"),
        (Refusal("", RefusalKind.EMPTY), "A file is empty: it has no bytes."),
        (Refusal("a\nb\udcff.png", RefusalKind.NOT_FOUND), "a�b�.png cannot be found."),
    ],
)
def test_refusals(refusal: Refusal, words: str) -> None:
    assert refusal_sentence(refusal).startswith(words)


@given(st.text(), st.sampled_from(FailureKind), st.text(), st.sampled_from(RefusalKind))
def test_no_words_of_strangers_break_a_line(
    message: str, kind: FailureKind, name: str, refusal: RefusalKind
) -> None:
    words = failure_words(Failure(kind, message))
    for text in (words.title, words.next_step, refusal_sentence(Refusal(name, refusal, detail=message))):
        assert "\n" not in text
        assert text.encode("utf-8")


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        pytest.param(Answer(SONNET, Outcome.WAITING), None, id="waiting"),
        pytest.param(Answer(SONNET, Outcome.STREAMING, "A"), None, id="streaming"),
        pytest.param(Answer(SONNET, Outcome.ANSWERED, "A cat.", stop_reason="end_turn"), None, id="well"),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "", stop_reason="end_turn"),
            "Claude answered without words.",
            id="wordless",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "A", stop_reason="max_tokens"),
            "The answer reached its longest length.",
            id="cut",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "", stop_reason="max_tokens"),
            "Claude used all the room for the answer while thinking.",
            id="thought only",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "", stop_reason="refusal", stop_detail="cyber"),
            "Claude declined to answer: this could help to attack computers.",
            id="refusal",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "", stop_reason="refusal", stop_detail="bio: No lab methods."),
            "Claude declined to answer: this could help to harm living things; No lab methods.",
            id="refusal with an explanation",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "", stop_reason="refusal", stop_detail="from the future"),
            "Claude declined to answer: from the future.",
            id="refusal nobody knows",
        ),
        pytest.param(
            Answer(SONNET, Outcome.ANSWERED, "A", stop_reason="model_context_window_exceeded"),
            "The conversation fills the model's context window.",
            id="context",
        ),
        pytest.param(Answer(SONNET, Outcome.STOPPED, "A"), "You stopped this answer.", id="stopped"),
        pytest.param(
            Answer(SONNET, Outcome.STOPPED), "You stopped it before an answer began.", id="stopped at once"
        ),
        pytest.param(Answer(SONNET, Outcome.INTERRUPTED, "A"), "The answer broke off.", id="interrupted"),
        pytest.param(
            Answer(SONNET, Outcome.INTERRUPTED),
            "No answer came: Vision Studio was closed too early.",
            id="closed",
        ),
        pytest.param(
            Answer(SONNET, Outcome.FAILED, failure=Failure(FailureKind.OFFLINE)),
            "The server cannot be reached.",
            id="failed",
        ),
        pytest.param(
            Answer(SONNET, Outcome.FAILED), "Something went wrong that should not have.", id="failed somehow"
        ),
    ],
)
def test_how_an_answer_ended(answer: Answer, title: str | None) -> None:
    words = ending_words(answer)
    assert (words.title if words else None) == title
