"""Templates: what they ask for, what becomes of them, and the file they travel in."""

from __future__ import annotations

import json
from itertools import count

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vision_studio.core.mentions import MARK, Mention, Passage
from vision_studio.core.templates import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_TEMPLATES,
    Field,
    Template,
    TemplatesUnreadable,
    fields,
    filled,
    read_templates,
    template_text,
    templates_file,
)

BEFORE, AFTER = Field("before", image=True), Field("after", image=True)
CARD = Mention("card", "roof.jpg")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("Why?", (), id="nothing"),
        pytest.param(
            "In {{language}} and {{ unit }}, {{language}}", (Field("language"), Field("unit")), id="words"
        ),
        pytest.param(
            "{{image: after}} {{Image:before}}{{image}}", (AFTER, BEFORE, Field("", True)), id="images"
        ),
        pytest.param("\\{{not}} {{}} {{ }} {one} {{a{b}} {{a\nb}}", (), id="none of these"),
        pytest.param("{{" + "x" * 81 + "}}", (), id="too long a name"),
    ],
)
def test_what_a_template_asks_for(text, asked):
    assert fields(text) == asked


def test_words_and_images_take_their_places():
    text = "Compare {{image: before}} with {{image: after}} in {{language}}. \\{{x}} {{language}}!"
    words = {Field("language"): "German {{image}} " + MARK}
    passage = filled(text, words, {BEFORE: CARD})
    german = "German {{image}} "  # text, whatever it holds
    assert passage == Passage(f"Compare {MARK} with  in {german}. {{{{x}}}} {german}!", (CARD,))


@given(st.text(alphabet=[*"ab {}\\:\n", MARK], max_size=30))
def test_a_question_without_chips_comes_back_from_its_template(text):
    question = text.replace(MARK, "")
    made = template_text(Passage(question), lambda mention: "")
    assert fields(made) == ()
    assert filled(made, {}, {}).text == question


@given(st.lists(st.text(alphabet="ab {}\\", max_size=6), min_size=1, max_size=4), st.text(max_size=12))
def test_chips_become_places_and_places_chips(pieces, label):
    assume(not any(piece.endswith("\\{") for piece in pieces))  # no template can say that before a place
    mentions = tuple(Mention(f"card {row}") for row in range(len(pieces) - 1))
    question = Passage(MARK.join(pieces), mentions)
    made = template_text(question, lambda mention: f"{mention.image_id} {label}")
    places = fields(made)
    assert all(field.image for field in places)
    back = filled(made, {}, dict(zip(places, mentions, strict=True)))
    assert back == question


def test_images_called_the_same_have_places_of_their_own():
    one, other = Mention("1", "a.jpg"), Mention("2", "a.jpg")
    question = Passage(f"{MARK} or {MARK}? {MARK}!", (one, other, one))
    made = template_text(question, lambda mention: mention.name)
    assert made == "{{image: a.jpg}} or {{image: a.jpg 2}}? {{image: a.jpg}}!"
    assert filled(made, {}, dict(zip(fields(made), (one, other), strict=True))) == question


def test_halves_of_characters_are_not_taken_in():
    file = templates_file([Template("1", "a\ud800", "\udfff")])
    (taken,) = read_templates(file, lambda: "2")
    assert taken == Template("2", "a?", "?")


def test_templates_travel_in_a_file():
    templates = (Template("1", "Roof", "Is {{image}} whole? ü\n"), Template("2", "B", ""))
    ids = count(7)
    read = read_templates(templates_file(templates), lambda: str(next(ids)))
    assert [(one.name, one.text) for one in read] == [(one.name, one.text) for one in templates]
    assert [one.id for one in read] == ["7", "8"]


def file(**changes):
    return json.dumps({"vision_studio_templates": 1, "templates": [{"name": "a", "text": "b"}]} | changes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a file of templates"),
        ("[" * 100_000, "not a file of templates"),
        ("[]", "not a file of templates"),
        (file(vision_studio_templates=True), "not a file of templates"),
        (file(vision_studio_templates=2), "newer Vision Studio"),
        (file(templates={}), "no template in it"),
        (file(templates=[{"name": "a"}]), "Template 1 has no name or no text"),
        (file(templates=[{"name": " ", "text": ""}]), "Template 1 is too long, or has an empty name"),
        (file(templates=[{"name": "x" * (LONGEST_NAME + 1), "text": ""}]), "Template 1 is too long"),
        (file(templates=[{"name": "x", "text": "x" * (LONGEST_TEXT + 1)}]), "Template 1 is too long"),
        (file(templates=[{"name": "x", "text": ""}] * (MOST_TEMPLATES + 1)), "more than 500 templates"),
    ],
)
def test_a_bad_file_is_refused_in_words(text, why):
    with pytest.raises(TemplatesUnreadable, match=why):
        read_templates(text, lambda: "id")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["templates", "name", "text", "vision_studio_templates"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_no_file_does_worse_than_being_refused(content):
    try:
        read = read_templates(json.dumps(content), lambda: "id")
    except TemplatesUnreadable:
        return
    assert all(one.name and isinstance(one.text, str) for one in read)
