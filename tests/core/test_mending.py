"""What can be done about a picture that stands in the way, and what that changes of the history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.builders import picture, sent, turn
from vision_studio.core.conversation import SentImage
from vision_studio.core.draft import Fidelity
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mending import Mend, as_shown, blamed, mended, place, replaced, smaller, ways
from vision_studio.core.prompt import Picture, Text, messages

PHOTO = picture("roof.jpg", (4000, 3000), digest="a" * 64, label="after repair")
REJECTED = Failure(FailureKind.IMAGE_REJECTED, images=(2, 7))


def test_a_picture_is_found_by_its_turn():
    turns = [turn(images=[sent(PHOTO, 1)], turn_id="a"), turn(images=[sent(PHOTO, 2)], turn_id="b")]
    assert place(turns, 2) == "Turn 2 · Image 2"
    assert place(turns, 9) == "Image 9"
    assert [one.number for one in blamed(REJECTED, turns)] == [2]
    assert blamed(Failure(FailureKind.OFFLINE, images=(2,)), turns) == (), "they were only on their way"
    turns[1] = turn(images=[replace(sent(PHOTO, 2), left_out=True)], turn_id="b")
    assert blamed(REJECTED, turns) == ()


def test_where_numbers_restarted_a_failure_tells_those_that_were_sent():
    second = replace(sent(PHOTO, 2), called=1)
    turns = [turn(images=[sent(PHOTO, 1)], turn_id="a"), turn(images=[second], turn_id="b")]
    failure = Failure(FailureKind.IMAGE_REJECTED, images=(2,))
    assert place(turns, 2) == "Turn 2 · Image 1"
    assert blamed(failure, turns) == (second,)
    assert as_shown(failure, turns).images == (1,)
    assert replaced(second, picture("other.jpg")).caption == "Image 1: after repair"


@pytest.mark.parametrize(
    ("kind", "image", "offered"),
    [
        pytest.param(
            FailureKind.IMAGE_REJECTED, PHOTO, (Mend.FIT, Mend.LEAVE_OUT, Mend.REPLACE), id="refused"
        ),
        pytest.param(FailureKind.IMAGE_LOST, PHOTO, (Mend.REPLACE, Mend.LEAVE_OUT), id="nothing to shrink"),
        pytest.param(
            FailureKind.IMAGE_REJECTED,
            replace(PHOTO, size=None, url="https://example.com/a.jpg"),
            (Mend.REPLACE, Mend.LEAVE_OUT),
            id="not ours to shrink",
        ),
    ],
)
def test_ways(kind, image, offered):
    assert ways(SentImage(image, 1), Failure(kind)) == offered


@pytest.mark.parametrize(
    ("limit_px", "edge_px"),
    [
        pytest.param(2000, 2000, id="the limit that was named"),
        pytest.param(None, 1250, id="half of what was sent"),
        pytest.param(9000, 1250, id="a limit that it keeps"),
    ],
)
def test_smaller(limit_px, edge_px):
    was = sent(PHOTO, 3, (2500, 1875))
    now = smaller(was, limit_px)
    assert (now.image.fidelity, now.image.edge_px, now.rendition) == (Fidelity.CUSTOM, edge_px, None)
    assert now.number == 3
    assert smaller(SentImage(replace(PHOTO, size=None), 3)) == SentImage(replace(PHOTO, size=None), 3)


def test_another_file_takes_the_number_and_the_label():
    was = sent(PHOTO, 3, (1000, 750))
    other = picture("new.png", digest="b" * 64)
    now = replaced(was, other)
    assert (now.number, now.caption, now.image.name) == (3, "Image 3: after repair", "new.png")
    assert now.rendition is None
    assert replaced(was, replace(PHOTO, id="another", label="")).rendition == was.rendition


def test_what_was_left_out_is_said_and_the_numbers_stay():
    out = replace(sent(PHOTO, 1), left_out=True)
    (message,) = messages([turn("Why?", [out, sent(picture(), 2)])])
    assert message.blocks[0] == Text("Image 1: after repair (left out)")
    assert message.blocks[1:3] == (Text("Image 2:"), Picture(sent(picture(), 2)))


def test_the_first_turn_that_is_another_now():
    turns = [turn(images=[sent(PHOTO, number, (100, 80))], turn_id=str(number)) for number in (1, 2, 3)]
    out = replace(turns[1].images[0], left_out=True)
    after, first = mended(turns, {2: out})
    assert first == 1
    assert [one.left_out for row in after for one in row.images] == [False, True, False]
    assert mended(turns, {})[1] == 3
