"""A conversation in the order the API wants it: "Image 1:", picture, … question, answer."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import SONNET, picture, sent, session, turn
from vision_studio.core.conversation import Answer, Outcome
from vision_studio.core.prompt import Message, Picture, Text, Verbatim, messages

CAT, DOG, BIRD = (sent(picture(name), number) for number, name in enumerate(("cat", "dog", "bird"), start=1))


def test_one_question_about_two_pictures() -> None:
    """The guides' example: "Image 1: [Image 1] Image 2: [Image 2] How are these images different?"."""
    assert messages([turn("How are these images different?", [CAT, DOG])]) == (
        Message(
            "user",
            (
                Text("Image 1:"),
                Picture(CAT),
                Text("Image 2:"),
                Picture(DOG),
                Text("How are these images different?"),
            ),
        ),
    )


def test_numbers_run_on_through_the_conversation() -> None:
    said = messages([turn("And?", [CAT, DOG], "They differ."), turn("And this one?", [BIRD])])
    assert [message.role for message in said] == ["user", "assistant", "user"]
    assert said[1].blocks == (Text("They differ."),)
    assert said[2].blocks == (Text("Image 3:"), Picture(BIRD), Text("And this one?"))


def test_labels_stand_behind_the_number() -> None:
    labelled = dataclasses.replace(CAT, image=picture("cat", label="after repair"))
    assert messages([turn("?", [labelled])])[0].blocks[0] == Text("Image 1: after repair")


def test_pictures_without_a_question() -> None:
    assert messages([turn("  ", [CAT])]) == (Message("user", (Text("Image 1:"), Picture(CAT))),)


def test_a_turn_without_an_answer_opens_the_next_message() -> None:
    failed = turn("First?", [CAT], Answer(SONNET, Outcome.FAILED))
    assert messages([failed, turn("Second?", [DOG])]) == (
        Message(
            "user",
            (
                Text("Image 1:"),
                Picture(CAT),
                Text("First?"),
                Text("Image 2:"),
                Picture(DOG),
                Text("Second?"),
            ),
        ),
    )


def test_what_arrived_before_a_stop_is_part_of_the_conversation() -> None:
    stopped = turn("First?", [CAT], Answer(SONNET, Outcome.STOPPED, "It is a c \n"))
    said = messages([stopped, turn("Go on.")])
    assert [message.role for message in said] == ["user", "assistant", "user"]
    assert said[1].blocks == (Text("It is a c"),)


def test_an_answer_goes_back_exactly_as_it_came() -> None:
    content = '[{"type":"thinking","thinking":"","signature":"abc"},{"type":"text","text":"A cat."}]'
    answered = turn("First?", [CAT], Answer(SONNET, Outcome.ANSWERED, "A cat.", content))
    assert messages([answered, turn("Sure?")])[1].blocks == (Verbatim(content),)


def test_blocks_of_an_answer_that_broke_off_are_not_sent_back() -> None:
    """They may hold half a thought, whose signature is missing; the text is what can be said again."""
    broken = turn("First?", [CAT], Answer(SONNET, Outcome.INTERRUPTED, "A c", '[{"type":"thinking"}]'))
    assert messages([broken, turn("Sure?")])[1].blocks == (Text("A c"),)


def test_asking_again_leaves_out_the_answer_that_was_there() -> None:
    assert messages([turn("First?", [CAT], "A cat.")])[-1].role == "user"
    assert len(messages([turn("First?", [CAT], "A cat.")])) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "said", " "])), min_size=1, max_size=8))
def test_whatever_happened_roles_alternate_and_nothing_is_lost(shape: list[tuple[int, str]]) -> None:
    turns, number = [], 0
    for row, (count, answer) in enumerate(shape):
        images = [sent(picture(f"{number + n}"), number + n) for n in range(1, count + 1)]
        number += count
        turns.append(turn(f"question {row}", images, Answer(SONNET, Outcome.STOPPED, answer)))
    said = messages(turns)
    assert [message.role for message in said] == ["user", "assistant"] * (len(said) // 2) + ["user"]
    blocks = [block for message in said for block in message.blocks]
    shown = [block.sent.number for block in blocks if isinstance(block, Picture)]
    assert shown == list(range(1, number + 1))
    questions = [block.text for block in blocks if isinstance(block, Text) and "question" in block.text]
    assert questions == [f"question {row}" for row in range(len(turns))]
    for place, block in enumerate(blocks):
        if isinstance(block, Picture):
            assert blocks[place - 1] == Text(f"Image {block.sent.number}:")


def test_the_next_number_follows_the_last_turn() -> None:
    assert session().next_number == 1
    assert session(turn(images=[CAT, DOG]), turn(images=[BIRD])).next_number == 4


def test_an_answer_that_paused_goes_back_as_it_is():
    paused = Answer(SONNET, Outcome.STREAMING, "So far", '[{"type":"text","text":"So far"}]')
    asked = [turn("First?", answer="Yes."), turn("And?", answer=paused)]
    assert messages(asked, resumed=True)[-1] == Message("assistant", (Verbatim(paused.content_json),))
    assert messages(asked)[-1].role == "user"
