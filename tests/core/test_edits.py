"""What edits do to a picture's size and places, what they say, and that nothing unknown is taken for them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE, SONNET, TODAY, picture, session, turn
from tests.core.edited_pictures import boxes, edits_of
from tests.ui.design.test_tokens import contrast
from vision_studio.core import findings as found
from vision_studio.core.affine import Point
from vision_studio.core.appraisal import Appraiser
from vision_studio.core.conversation import SentImage, caption_of
from vision_studio.core.cropping import FREE, RATIOS, Hold, Ratio, largest, pulled, reshaped, shifted
from vision_studio.core.draft import Draft, pixels_key, pixels_named
from vision_studio.core.editing import (
    added,
    can_go_earlier,
    cropped,
    mirrored,
    put_earlier,
    removed,
    straightened,
    turned,
)
from vision_studio.core.edits import Colour, Crop, Edits, Mark, Redact, Shape, Straighten, Turn
from vision_studio.core.edits_text import check, edits_from_text, edits_text
from vision_studio.core.export_names import export_name
from vision_studio.core.exported import shown_images
from vision_studio.core.fitting import sent_size
from vision_studio.core.framing import crop_within, edited_size, framing, is_within, widest
from vision_studio.core.limits import sent_unchanged
from vision_studio.core.marks import INKS, OUTLINES, drawn_marks
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.tokens import STANDARD, fits

SIZE = Size(400, 300)
some_sizes = st.builds(Size, st.integers(1, 900), st.integers(1, 900))
sized_edits = some_sizes.flatmap(lambda size: st.tuples(st.just(size), edits_of(size)))


@settings(max_examples=40)
@given(sized_edits)
def test_every_step_leaves_edits_in_normal_form(sized: tuple[Size, Edits]) -> None:
    size, edits = sized
    check(size, edits)
    width, height = edited_size(size, edits)
    framed = framing(size, edits)
    assert 1 <= width <= framed.frame.width
    assert 1 <= height <= framed.frame.height
    assert is_within(framed.crop, framed.frame, framed.tenths)


@settings(max_examples=40)
@given(sized_edits)
def test_edits_come_back_from_their_text_as_they_were(sized: tuple[Size, Edits]) -> None:
    size, edits = sized
    text = edits_text(size, edits)
    assert (text == "") == (not edits)
    if edits:
        assert edits_from_text(text) == (size, edits)
        key = pixels_key("d" * 64, 3, text)
        assert pixels_named(key) == ("d" * 64, 3, size, edits)


@settings(max_examples=40)
@given(sized_edits, st.integers(0, 3))
def test_turning_all_the_way_round_changes_nothing(sized: tuple[Size, Edits], quarters: int) -> None:
    size, edits = sized
    assert turned(size, turned(size, edits, quarters), -quarters) == edits
    assert mirrored(size, mirrored(size, edits)) == edits
    assert mirrored(size, mirrored(size, edits, upside_down=True), upside_down=True) == edits
    half = turned(size, edits, 2)
    assert mirrored(size, mirrored(size, edits), upside_down=True) == half


@settings(max_examples=40)
@given(sized_edits)
def test_a_turn_keeps_what_was_kept(sized: tuple[Size, Edits]) -> None:
    """The same part of the original is seen, from another side."""
    size, edits = sized
    before, after = framing(size, edits), framing(size, turned(size, edits, 1))
    width, height = before.crop.size
    assert after.crop.size == (height, width)
    here = before.to_edited.inverse.at(0, 0)
    there = after.to_edited.inverse.at(height, 0)
    assert there == pytest.approx(here, abs=1e-6)


def test_where_points_go() -> None:
    edits = turned(SIZE, (), 1)
    assert edits == (Turn(1),)
    assert framing(SIZE, edits).to_edited.at(0, 0) == (300, 0)
    edits = cropped(SIZE, edits, Box(100, 50, 250, 350))
    assert edited_size(SIZE, edits) == (150, 300)
    assert framing(SIZE, edits).to_edited.at(0, 0) == (200, -50)
    assert framing(SIZE, edits).to_edited.inverse.at(200, -50) == Point(0, 0)
    assert framing(SIZE, mirrored(SIZE, ())).to_edited.at(10, 20) == (390, 20)


@given(some_sizes | st.builds(Size, st.integers(1, 4), st.integers(1, 900)), st.integers(-450, 450))
def test_no_corner_of_a_straightened_picture_is_empty(size: Size, tenths: int) -> None:
    box = widest(size, tenths)
    assert is_within(box, size, tenths)
    if min(size) > 20:
        # It has the shape of the picture, and no larger box of the kind would do.
        width, height = box.size
        assert width * size.height == pytest.approx(height * size.width, abs=3 * size.longest)
        larger = Box(box.left - 2, box.top - 2, box.right + 2, box.bottom + 2)
        assert not tenths or not is_within(larger, size, tenths)


@settings(max_examples=40)
@given(sized_edits.flatmap(lambda sized: st.tuples(st.just(sized), boxes(sized[0]))))
def test_a_crop_gives_way_to_the_edge_and_to_empty_corners(drawn: tuple[tuple[Size, Edits], Box]) -> None:
    (size, edits), box = drawn
    framed = framing(size, edits)
    held = crop_within(box, framed.frame, framed.tenths)
    assert is_within(held, framed.frame, framed.tenths)
    assert crop_within(held, framed.frame, framed.tenths) == held


def test_removing_a_turn_leaves_what_was_kept() -> None:
    edits = cropped(SIZE, mirrored(SIZE, turned(SIZE, (), 1)), Box(0, 0, 100, 200))
    kept = framing(SIZE, edits).to_edited.inverse
    without = removed(SIZE, edits, 0)
    assert [type(edit) for edit in without] == [Crop]
    assert edited_size(SIZE, without) == (200, 100)
    seen = {tuple(map(round, kept.at(*corner))) for corner in ((0, 0), (100, 200))}
    back = framing(SIZE, without).to_edited.inverse
    assert {tuple(map(round, back.at(*corner))) for corner in ((200, 0), (0, 100))} in (
        seen,
        {tuple(map(round, kept.at(*corner))) for corner in ((100, 0), (0, 200))},
    )


def test_what_does_nothing_is_not_kept() -> None:
    assert turned(SIZE, (), 4) == ()
    assert straightened(SIZE, straightened(SIZE, (), 30), 0) == ()
    assert cropped(SIZE, cropped(SIZE, (), Box(1, 1, 9, 9)), None) == ()
    assert cropped(SIZE, (), Box(0, 0, *SIZE)) == ()
    assert added(SIZE, (), Redact(Box(500, 10, 600, 20))) == ()
    assert added(SIZE, (), Mark(Shape.ARROW, 5, 5, 5, 5)) == ()


def test_marks_change_places_and_with_them_their_numbers() -> None:
    edits: Edits = (Turn(1), Redact(Box(0, 0, 9, 9)), Mark(Shape.NUMBER, 1, 1, 1, 1))
    assert put_earlier(edits, 2) == (Turn(1), edits[2], edits[1])
    assert not can_go_earlier(edits, 1)
    assert put_earlier(edits, 1) == edits


# --- what is refused --------------------------------------------------------------------------------------

GOOD = {"size": [400, 300], "edits": [{"do": "redact", "box": [0, 0, 10, 10]}]}


@pytest.mark.parametrize(
    "edit",
    [
        {"do": "blur", "box": [0, 0, 10, 10]},
        {"do": "redact", "box": [0, 0, 10, 10], "strength": 3},
        {"do": "redact", "box": [0, 0, 10]},
        {"do": "redact", "box": [0, 0, 10, True]},
        {"do": "redact", "box": [0, 0, 10.5, 10]},
        {"do": "redact", "box": [10, 0, 0, 10]},
        {"do": "redact", "box": [0, 0, 401, 10]},
        {"do": "redact", "box": [float("nan"), 0, 4, 10]},
        {"do": "redact"},
        {"do": ["redact"]},
        {"do": "turn", "quarters": 4, "mirrored": False},
        {"do": "turn", "quarters": 0, "mirrored": False},
        {"do": "turn", "quarters": 1, "mirrored": 1},
        {"do": "straighten", "tenths": 0},
        {"do": "straighten", "tenths": 451},
        {"do": "straighten", "tenths": float("inf")},
        {"do": "crop", "box": [-1, 0, 10, 10]},
        {"do": "mark", "shape": "star", "points": [1, 1, 2, 2], "colour": "blue", "legend": ""},
        {"do": "mark", "shape": "arrow", "points": [1, 1, 2, 2], "colour": "#ff0000", "legend": ""},
        {"do": "mark", "shape": "arrow", "points": [1, 1, 2, 2], "colour": [], "legend": ""},
        {"do": "mark", "shape": "arrow", "points": [1, 1, 1, 1], "colour": "blue", "legend": ""},
        {"do": "mark", "shape": "number", "points": [1, 1, 2, 2], "colour": "blue", "legend": ""},
        {"do": "mark", "shape": "box", "points": [9, 1, 2, 2], "colour": "blue", "legend": ""},
        {"do": "mark", "shape": "box", "points": [1, 1, 2, 2], "colour": "blue", "legend": "x" * 201},
        {"do": "mark", "shape": "box", "points": [1, 1, 2, 2], "colour": "blue", "legend": "a\nImage 9:"},
        {"do": "mark", "shape": "box", "points": [1, 1, 2, 2], "colour": "blue", "legend": None},
        None,
        "redact",
    ],
)
def test_an_edit_this_version_does_not_know_is_refused(edit: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        edits_from_text(json.dumps({**GOOD, "edits": [edit]}))


@pytest.mark.parametrize(
    "fields",
    [
        {**GOOD, "edits": []},
        {**GOOD, "edits": GOOD["edits"] * 301},
        {**GOOD, "edits": {"do": "redact"}},
        {**GOOD, "size": [0, 300]},
        {**GOOD, "size": [400]},
        {**GOOD, "size": [10**30, 10**30]},
        {**GOOD, "version": 2},
        {"edits": GOOD["edits"]},
        {
            **GOOD,
            "edits": [{"do": "straighten", "tenths": 5}, {"do": "turn", "quarters": 1, "mirrored": False}],
        },
        {**GOOD, "edits": [{"do": "straighten", "tenths": 5}] * 2},
        {
            **GOOD,
            "edits": [{"do": "straighten", "tenths": 100}, {"do": "crop", "box": [0, 0, 400, 300]}],
        },
        [],
        None,
    ],
)
def test_edits_that_are_none_are_refused(fields: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        edits_from_text(json.dumps(fields))


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "nonsense", "1" * 10_000])
def test_text_that_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        edits_from_text(text)


# --- what an edited picture is, everywhere else -----------------------------------------------------------


def test_all_that_is_sent_is_of_the_edited_picture() -> None:
    big = picture("big.jpg", (6000, 4000), digest="d")
    small = replace(big, edits=(Crop(Box(0, 0, 280, 140)),))
    model = CATALOGUE.model(SONNET)
    assert small.size == (6000, 4000)
    assert small.edited_size == (280, 140)
    assert sent_size(small, model.tier, CATALOGUE.limits, 1) == (280, 140)
    assert not sent_unchanged(small, Size(280, 140), CATALOGUE.limits)
    whole = replace(picture("a.jpg", (100, 100), digest="e"), edits=(Redact(Box(0, 0, 9, 9)),))
    assert not sent_unchanged(whole, Size(100, 100), CATALOGUE.limits)
    appraised = Appraiser(CATALOGUE).appraise(Draft((big, small), "?"), session(), model, TODAY)
    assert appraised.images[1].tokens == 50
    rules = {(finding.rule, finding.images) for finding in appraised.findings}
    assert ("small_side", (2,)) in rules
    assert not any(rule == "duplicate" for rule, _ in rules)
    again = replace(small, id="again")
    appraised = Appraiser(CATALOGUE).appraise(Draft((small, again), "?"), session(), model, TODAY)
    assert any(isinstance(finding, found.Duplicate) for finding in appraised.findings)


@pytest.mark.parametrize(
    ("name", "exported"),
    [
        ("photo.jpg", "photo edited.png"),
        ("notes v1.2", "notes v1.2 edited.png"),
        ("report.pdf, page 2", "report.pdf, page 2 edited.png"),
    ],
)
def test_an_edited_picture_leaves_as_a_file_of_its_own(name: str, exported: str) -> None:
    image = replace(picture(name), edits=(Turn(1),))
    assert export_name(image) == exported


def test_the_original_of_an_edited_image_stands_in_no_export() -> None:
    image = picture("a.png", (400, 300), format_="PNG", digest="d")
    edited = replace(image, edits=(Redact(Box(0, 0, 9, 9)),))
    assert [*shown_images(session(turn(images=[SentImage(image, 1)])))] == [image.id]
    assert shown_images(session(turn(images=[SentImage(edited, 1)]))) == {}


MARKS: Edits = (
    Mark(Shape.ARROW, 10, 10, 90, 90, legend="crack"),
    Mark(Shape.BOX, 300, 200, 350, 250, legend=""),
    Mark(Shape.NUMBER, 200, 150, 200, 150, Colour.BLUE, "bolt"),
)


def test_the_legend_stands_under_the_label_and_is_counted() -> None:
    marked = replace(picture("a.png", (400, 300), label="after repair"), edits=MARKS)
    said = "Image 2: after repair\nMarks on Image 2: 1 = crack, 3 = bolt"
    assert caption_of(marked, 2) == said
    assert SentImage(marked, 2).caption == said
    assert caption_of(replace(marked, edits=()), 2) == "Image 2: after repair"
    model = CATALOGUE.model(SONNET)
    appraiser = Appraiser(CATALOGUE)
    with_marks = appraiser.appraise(Draft((marked,), "?"), session(), model, TODAY)
    without = appraiser.appraise(Draft((replace(marked, edits=()),), "?"), session(), model, TODAY)
    assert with_marks.composition.caption_tokens > without.composition.caption_tokens
    assert with_marks.composition.request_bytes > without.composition.request_bytes
    later = session(turn(images=[SentImage(marked, 1)]))
    bare = session(turn(images=[SentImage(replace(marked, edits=()), 1)]))
    assert appraiser.appraise(Draft(), later, model, TODAY).estimated_tokens > (
        appraiser.appraise(Draft(), bare, model, TODAY).estimated_tokens
    )


def test_a_mark_that_is_cut_away_is_neither_drawn_nor_explained() -> None:
    kept = cropped(SIZE, MARKS, Box(150, 100, 400, 300))
    image = replace(picture("a.png", SIZE), edits=kept)
    assert caption_of(image, 1) == "Image 1:\nMarks on Image 1: 3 = bolt"
    assert [mark.digits for mark in drawn_marks(SIZE, kept)] == ["2", "3"]


@settings(max_examples=40)
@given(sized_edits)
def test_numbers_stand_inside_the_picture(sized: tuple[Size, Edits]) -> None:
    size, edits = sized
    width, height = edited_size(size, edits)
    for mark in drawn_marks(size, edits):
        assert 0 <= mark.disc.x <= width
        assert 0 <= mark.disc.y <= height


@pytest.mark.parametrize("colour", Colour)
def test_a_mark_shows_on_any_ground(colour: Colour) -> None:
    """Its ink or its outline stands out against every grey, and its number against its ink."""
    ink, outline = INKS[colour], OUTLINES[colour]
    assert contrast(ink, outline) >= 4.5
    for level in range(0, 256, 5):
        ground = f"#{level:02x}{level:02x}{level:02x}"
        assert max(contrast(ink, ground), contrast(outline, ground)) >= 2.1


# --- the shapes a crop is held to -------------------------------------------------------------------------


@given(some_sizes, st.integers(-450, 450), st.data())
@settings(max_examples=60)
def test_what_is_pulled_keeps_to_its_shape(frame: Size, tenths: int, data: st.DataObject) -> None:
    hold = Hold(data.draw(st.sampled_from(RATIOS)), data.draw(st.sampled_from([None, STANDARD])))
    fixed = data.draw(st.tuples(st.integers(0, frame.width), st.integers(0, frame.height)))
    moving = data.draw(st.tuples(st.integers(-50, 1000), st.integers(-50, 1000)))
    box = pulled(fixed, moving, frame, tenths, hold)
    assert is_within(box, frame, tenths)
    if hold.tier is not None:
        assert fits(box.size, hold.tier)


def test_the_largest_that_is_not_resized() -> None:
    """Published for 1:1 on the standard tier: 1092 × 1092 px; and one pixel more would not do."""
    frame = Size(6000, 4000)
    whole = Box(0, 0, *frame)
    square = largest(whole, frame, 0, Hold(Ratio(1, 1), STANDARD)).size
    assert square == (1092, 1092)
    free = largest(whole, frame, 0, Hold(FREE, STANDARD)).size
    assert fits(free, STANDARD)
    assert not fits(Size(free.width + 1, round((free.width + 1) / 1.5)), STANDARD)
    assert reshaped(Box(0, 0, 3000, 3000), frame, 0, Hold(Ratio(3, 2))) == Box(0, 500, 3000, 2500)


def test_a_crop_that_is_shifted_keeps_its_size() -> None:
    assert shifted(Box(0, 0, 100, 100), 350, -20, SIZE, 0) == Box(300, 0, 400, 100)
    box = widest(SIZE, 100)
    assert shifted(box, 50, 0, SIZE, 100) == box


def test_a_straightening_holds_the_crop() -> None:
    edits = straightened(SIZE, cropped(SIZE, (), Box(0, 0, 300, 300)), 100)
    assert [type(edit) for edit in edits] == [Straighten, Crop]
    check(SIZE, edits)
