"""What chips say: always the number under which the picture goes out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import picture, session, turn
from vision_studio.core.conversation import SentImage, Session
from vision_studio.core.draft import Draft
from vision_studio.core.image_names import gone, image_names, numbered, sent_text
from vision_studio.core.mentions import GONE, MARK, Mention, Passage
from vision_studio.core.numbering import Numbering

NAMES = "abcdef"


def mentioning(*images: str, between: str = ", ") -> Passage:
    return Passage(between.join(MARK for _ in images), tuple(Mention(f"card-{name}") for name in images))


def draft(names: str, *mentioned: str) -> Draft:
    return Draft(tuple(map(picture, names))).with_passage(mentioning(*mentioned))


def asked(before: Session, names: str) -> Session:
    """Return the session after a question with these pictures."""
    images = numbered(Draft(tuple(map(picture, names))), before)
    return replace(before, turns=(*before.turns, turn(images=images, turn_id=f"turn-{names}")))


def restarting(before: Session) -> Session:
    return replace(before, numbering=Numbering.RESTART)


def captions(before: Session) -> list[str]:
    return [sent.caption for sent in before.sent_images]


def test_a_chip_has_the_number_of_its_picture():
    assert sent_text(draft("abc", "c", "a"), session())[0] == "Image 3, Image 1"


def test_a_chip_follows_its_picture():
    before = draft("abc", "a", "c")
    assert sent_text(before.moved(["card-c"], 0), session())[0] == "Image 2, Image 1"


def test_a_chip_of_an_earlier_turn_has_the_number_it_was_sent_under():
    before = asked(session(), "xy")
    assert sent_text(draft("a", "a", "y"), before)[0] == "Image 3, Image 2"


def test_a_chip_says_when_its_picture_is_removed_or_left_out():
    composing = draft("abc", "a", "b", "z")
    without_b = composing.with_replaced([replace(picture("b"), included=False)])
    assert sent_text(without_b, session())[0] == f"Image 1, {GONE}, {GONE}"
    found = gone(without_b, session())
    assert found is not None
    assert found.image_ids == ("card-b", "card-z")
    assert gone(draft("abc", "a", "b"), session()) is None


def test_a_sent_picture_that_was_left_out_since_is_gone():
    before = asked(session(), "xy")
    images = tuple(replace(sent, left_out=sent.number == 1) for sent in before.turns[0].images)
    mended = replace(before, turns=(replace(before.turns[0], images=images),))
    found = gone(draft("", "x", "y"), mended)
    assert found is not None
    assert found.image_ids == ("card-x",)


def test_numbers_that_restart_are_told_with_their_turn():
    before = asked(asked(restarting(session()), "xy"), "z")
    assert captions(before) == ["Image 1:", "Image 2:", "Image 1:"]
    assert sent_text(draft("a", "a", "x", "z"), before)[0] == "Image 1, Image 1 of turn 1, Image 1 of turn 2"


def test_what_was_sent_keeps_its_number_when_the_way_changes():
    before = asked(restarting(asked(session(), "xy")), "z")
    again = replace(before, numbering=Numbering.CONTINUE)
    assert captions(asked(again, "a")) == ["Image 1:", "Image 2:", "Image 1:", "Image 4:"]
    names = image_names((), again.turns, again.first_number)
    assert [named.words for named in names.values()] == ["Image 1 of turn 1", "Image 2", "Image 1 of turn 2"]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=4),
    st.permutations(NAMES),
    st.sets(st.sampled_from(NAMES)),
    st.booleans(),
)
def test_every_name_means_one_picture(turns, order, left_out, restart):
    before = session()
    for row, (restarts, count) in enumerate(turns):
        way = Numbering.RESTART if restarts else Numbering.CONTINUE
        names = [f"{row}-{place}" for place in range(count)]
        images = numbered(Draft(tuple(map(picture, names))), replace(before, numbering=way))
        before = replace(before, turns=(*before.turns, turn(images=images, turn_id=f"turn-{row}")))
    before = replace(before, numbering=Numbering.RESTART if restart else Numbering.CONTINUE)
    here = tuple(replace(picture(name), included=name not in left_out) for name in order)
    named = image_names(here, before.turns, before.first_number)

    words = [one.words for one in named.values()]
    assert len(set(words)) == len(words)
    places = [sent.number for sent in before.sent_images]
    assert places == list(range(1, len(places) + 1))
    composing = Draft(here).with_passage(mentioning(*order))
    sent = {one.image.id: one for one in numbered(composing, before)}
    text, spans = sent_text(composing, before)
    for span in spans:
        shown = _shown(sent, span.image_id)
        assert text[span.start : span.end] == shown


def _shown(sent: dict[str, SentImage], image_id: str) -> str:
    return f"Image {sent[image_id].shown}" if image_id in sent else GONE


def test_a_caption_has_the_number_a_picture_was_sent_under():
    photo = picture("a")
    assert SentImage(photo, 7).caption == "Image 7:"
    assert SentImage(replace(photo, label="after"), 7, called=2).caption == "Image 2: after"
