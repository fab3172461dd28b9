"""The bytes of a request are known before it is built: held against requests as JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE, NOW, SONNET, TODAY, picture, sent, session, turn
from vision_studio.core.appraisal import Appraiser
from vision_studio.core.conversation import Answer, Outcome, SentImage, Session, Turn
from vision_studio.core.draft import Draft, Image, Trait
from vision_studio.core.prompt import Picture, Text, messages
from vision_studio.core.request_size import image_bytes
from vision_studio.core.size import Size

MODEL = CATALOGUE.model(SONNET)
FILE_ID = "file_011CNha8iCJcU1wXNR6q4V8w"


def body(turns: Sequence[Turn], system: str = "", *, inline: bool = False) -> bytes:
    """The request as JSON, in the shape and the spelling in which it goes over the wire."""

    def block(part: object) -> object:
        if isinstance(part, Text):
            return {"type": "text", "text": part.text}
        assert isinstance(part, Picture)
        if not inline:
            return {"type": "image", "source": {"type": "file", "file_id": FILE_ID}}
        size_bytes = part.sent.rendition.size_bytes if part.sent.rendition else part.sent.image.size_bytes
        data = base64.b64encode(bytes(size_bytes)).decode()
        source = {"type": "base64", "media_type": "image/jpeg", "data": data}
        return {"type": "image", "source": source}

    said = [
        {"role": message.role, "content": [block(part) for part in message.blocks]}
        for message in messages(turns)
    ]
    request = {"model": MODEL.id, "max_tokens": MODEL.answer_tokens, "messages": said, "stream": True}
    if system:
        request["system"] = system
    return json.dumps(request, ensure_ascii=False, separators=(",", ":")).encode()


def appraised_bytes(before: Session, images: tuple[Image, ...], text: str, *, inline: bool = False) -> int:
    appraisal = Appraiser(CATALOGUE).appraise(Draft(images, text), before, MODEL, TODAY, inline=inline)
    return appraisal.request_bytes


def next_turn(before: Session, images: tuple[Image, ...], text: str) -> Turn:
    going = [image for image in images if image.included]
    numbered = tuple(SentImage(image, before.next_number + row) for row, image in enumerate(going))
    return Turn("next", text, numbered, Answer(SONNET), NOW)


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('"\\\n\t'), max_size=40)
strips = st.lists(texts.map(lambda label: picture(label, label=label.strip())), max_size=3).map(tuple)


@given(strips, texts, texts, texts, texts)
@example((), '"' * 20, "\\" * 20, "\n" * 9 + "x" + "\t" * 9, "A")
@example((picture("a", label='"' * 20),), " " * 20, "", " " * 20, " " * 20)
def test_requests_are_as_large_as_appraised(
    images: tuple[Image, ...], text: str, system: str, question: str, answer: str
) -> None:
    """To a byte for every message: a comma may stand where no more follows."""
    before = session(turn(question, [sent(picture(), 1)], answer), system=system.strip())
    actual = len(body([*before.turns, next_turn(before, images, text)], before.system))
    assert 0 <= appraised_bytes(before, images, text) - actual <= 6


def test_an_answer_sent_back_verbatim_counts_whole() -> None:
    content = '[{"type":"thinking","thinking":"","signature":"' + "s" * 5000 + '"}]'
    plain = session(turn("?", (), Answer(SONNET, Outcome.ANSWERED, "Yes.")))
    thought = session(turn("?", (), Answer(SONNET, Outcome.ANSWERED, "Yes.", content)))
    assert 4900 < appraised_bytes(thought, (), "!") - appraised_bytes(plain, (), "!") < 5100


def test_uploaded_pictures_weigh_the_same_whatever_their_bytes() -> None:
    small, large = picture("a", size_bytes=1000), picture("a", size_bytes=7_000_000)
    assert appraised_bytes(session(), (small,), "?") == appraised_bytes(session(), (large,), "?") < 400


def test_inline_pictures_weigh_as_base64() -> None:
    before = session(turn("?", [sent(picture("b"), 1, (1000, 800))], "Yes."))
    images = (picture("a", size_bytes=123_457),)
    actual = len(body([*before.turns, next_turn(before, images, "!")], inline=True))
    assert 0 <= appraised_bytes(before, images, "!", inline=True) - actual <= 6


def test_what_is_left_out_weighs_nothing() -> None:
    one, other = picture("a"), picture("b", included=False)
    assert appraised_bytes(session(), (one, other), "?") == appraised_bytes(session(), (one,), "?")


def test_bytes_that_are_not_made_yet_are_estimated_within_the_cap() -> None:
    limits = CATALOGUE.limits
    assert image_bytes(picture(size_bytes=5000), Size(1000, 800), limits) == (5000, True)
    photo = picture("photo", (4032, 3024), size_bytes=6_000_000)
    guess, known = image_bytes(photo, Size(2212, 1659), limits)
    assert not known
    assert 500_000 < guess < 2_500_000
    screen = picture("screen", (8000, 6000), size_bytes=90_000_000, traits=[Trait.LOSSLESS])
    assert image_bytes(screen, Size(8000, 6000), limits) == (7_864_320, False)
