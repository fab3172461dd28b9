"""Drafts and failures survive as JSON, and JSON that is wrong is refused by name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.storage import samples
from vision_studio.core.draft import Draft, Trait
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.numbering import Numbering
from vision_studio.storage.cells import Undecodable
from vision_studio.storage.codec import (
    draft_cell,
    draft_from,
    failure_cell,
    failure_from,
    mentions_cell,
    mentions_from,
    numbering_cell,
    numbering_from,
    traits_from,
)


@given(samples.drafts)
def test_a_draft_comes_back_as_it_was(draft):
    assert draft_from(draft_cell(draft)) == draft


def test_a_draft_of_before_there_were_chips_is_read():
    cell = '{"version":1,"text":"Compare\ufffc","images":[]}'
    assert draft_from(cell) == Draft(text="Compare")


@given(st.lists(samples.sent_mentions, max_size=3).map(tuple))
def test_what_a_question_mentions_comes_back_as_it_was(mentions):
    assert mentions_from(mentions_cell(mentions)) == mentions


@pytest.mark.parametrize("numbering", Numbering)
def test_a_way_of_numbering_comes_back(numbering):
    assert numbering_from(numbering_cell(numbering)) is numbering


def test_a_way_of_numbering_nobody_knows_is_the_usual_one():
    assert numbering_from("backwards") is Numbering.CONTINUE


@given(samples.failures)
def test_a_failure_comes_back_as_it_was(failure):
    assert failure_from(failure_cell(failure)) == failure


def test_half_a_surrogate_pair_in_a_draft_survives():
    draft = Draft(text="cut \ud83d here")
    assert draft_from(draft_cell(draft)) == draft


def test_fields_of_a_later_version_are_ignored():
    cell = json.loads(draft_cell(Draft((samples.picture(),), "hello")))
    cell["mood"] = "curious"
    cell["images"][0]["crop"] = [0, 0, 10, 10]
    assert draft_from(json.dumps(cell)) == Draft((samples.picture(),), "hello")


def test_fields_an_earlier_version_did_not_have_get_their_defaults():
    fields = {"id": "a", "name": "cat.png", "format": "PNG", "width": 4, "height": 3, "size_bytes": 10}
    image = draft_from(json.dumps({"version": 1, "text": "", "images": [fields]})).images[0]
    assert (image.included, image.frames, image.label, image.digest) == (True, 1, "", None)


def test_a_trait_nobody_knows_is_no_loss():
    assert traits_from('["gps", "smell"]') == {Trait.GPS}


def test_a_failure_of_a_kind_nobody_knows_keeps_its_words():
    failure = failure_from('{"kind": "gravity", "message": "It fell."}')
    assert failure == Failure(FailureKind.UNEXPECTED, "It fell.")


def _with(**changes):
    draft = json.loads(draft_cell(Draft((samples.picture(),), "hello")))
    image = changes.pop("image", {})
    draft["images"][0] |= image
    return json.dumps(draft | changes)


@pytest.mark.parametrize(
    ("cell", "named"),
    [
        pytest.param("", "JSON", id="nothing"),
        pytest.param('{"version": 1, "te', "JSON", id="cut off"),
        pytest.param("[" * 100_000, "JSON", id="nested without end"),
        pytest.param("[]", "object", id="another shape"),
        pytest.param('{"text": "", "images": []}', "version", id="no version"),
        pytest.param(_with(version=2), "newer", id="a later version"),
        pytest.param(_with(version=True), "version", id="a truth for a number"),
        pytest.param(_with(text=None), "text", id="no text"),
        pytest.param(_with(images="many"), "images", id="pictures that are none"),
        pytest.param(_with(images=[3]), "object", id="a picture that is none"),
        pytest.param(_with(image={"width": "640"}), "width", id="a word for a number"),
        pytest.param(_with(image={"height": 0}), "size", id="no height"),
        pytest.param(_with(image={"name": 7}), "name", id="a number for a name"),
        pytest.param(_with(image={"included": "yes"}), "included", id="a word for a truth"),
        pytest.param(_with(image={"fidelity": "grainy"}), "fidelity", id="an unknown fidelity"),
    ],
)
def test_nonsense_is_refused_and_named(cell, named):
    with pytest.raises(Undecodable, match=named):
        draft_from(cell)


@pytest.mark.parametrize("wait", ["1e999", "NaN", "1" * 400, '"soon"', "true"])
def test_a_failure_with_an_impossible_wait_is_refused(wait):
    with pytest.raises(Undecodable, match="retry_after_s"):
        failure_from(f'{{"kind": "rate_limited", "retry_after_s": {wait}}}')


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["version", "text", "images", "mentions"]), json_values)
def test_whatever_stands_in_a_draft_it_is_read_or_refused(field, value):
    cell = _with(**{field: value})
    try:
        draft_from(cell)
    except Undecodable:
        return


@given(st.sampled_from(sorted(json.loads(_with())["images"][0])), json_values)
def test_whatever_stands_in_a_picture_it_is_read_or_refused(field, value):
    cell = _with(image={field: value})
    try:
        draft_from(cell)
    except Undecodable:
        return


@pytest.mark.parametrize(
    ("edits", "url"),
    [
        pytest.param(
            '{"size":[640,480],"edits":[{"do":"blur","box":[0,0,9,9]}]}', None, id="an unknown edit"
        ),
        pytest.param('{"size":[64,48],"edits":[{"do":"redact","box":[0,0,9,9]}]}', None, id="another size"),
        pytest.param('{"size":[640,480],"edits":[{"do":"redact","box":[0,0,641,9]}]}', None, id="outside"),
        pytest.param("[", None, id="no JSON"),
        pytest.param(7, None, id="no text"),
        pytest.param(
            '{"size":[640,480],"edits":[{"do":"redact","box":[0,0,9,9]}]}',
            "https://a.example/b",
            id="on the web",
        ),
    ],
)
def test_edits_that_cannot_be_followed_are_not_passed_over(edits, url):
    """What was to be hidden would be sent."""
    cell = json.loads(draft_cell(Draft((samples.picture(),), "hello")))
    cell["images"][0] |= {"edits": edits, "url": url}
    with pytest.raises(Undecodable):
        draft_from(json.dumps(cell))
