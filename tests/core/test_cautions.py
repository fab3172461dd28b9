"""The published cautions: offered where a question clearly runs into one, and to nobody else."""

from __future__ import annotations

import pytest

from vision_studio.core import words
from vision_studio.core.cautions import CAUTIONS, LONGEST_LOOKED_AT, caution_in
from vision_studio.core.findings import Caution, Topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Who is this person?", Topic.PEOPLE),
        ("Please identify the man in Image 2.", Topic.PEOPLE),
        ("What time does the clock show?", Topic.POSITIONS),
        ("Give me the chess position as FEN.", Topic.POSITIONS),
        ("How many cars are there?", Topic.COUNTING),
        ("Is this image AI-generated?", Topic.GENERATED),
        ("Could that be a deepfake", Topic.GENERATED),
        ("Diagnose the X-ray.", Topic.MEDICAL),
        ("Is there any nudity?", Topic.CONTENT),
    ],
)
def test_a_question_that_clearly_runs_into_one(text, topic):
    assert caution_in(text) == Caution(topic=topic)
    assert caution_in(text, frozenset({topic})) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What is different?",
        "Who wrote this letter?",
        "Read the total from the receipt.",
        "Name the colours.",
        "Describe the people in the picture.",
        "Is the paint real gold?",
        "How are these images different?",
        "The exam is at noon.",
    ],
)
def test_other_questions_are_left_alone(text):
    assert caution_in(text) is None


def test_a_long_text_costs_no_more_than_its_beginning():
    assert caution_in("x" * LONGEST_LOOKED_AT + " how many cars?") is None


def test_every_topic_has_its_words():
    assert set(CAUTIONS) == set(Topic)
    assert words.sentence(Caution(topic=Topic.PEOPLE)) == "Claude does not tell who a person in an image is."
