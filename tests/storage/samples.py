"""Small valid values for tests of storage, and strategies that make arbitrary ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from vision_studio.core.conversation import Answer, Outcome, SentImage, Turn, Usage
from vision_studio.core.draft import Draft, Fidelity, Image, Rendition, Trait
from vision_studio.core.editing import added, cropped
from vision_studio.core.edits import Colour, Edits, Mark, Redact, Shape
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.mentions import MARK, Mention, Passage, SentMention, plain
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def picture(name: str = "cat.png", digest: str | None = "c" * 64) -> Image:
    return Image(
        id=f"card-{name}", name=name, format="PNG", size=Size(640, 480), size_bytes=1000, digest=digest
    )


def question(turn_id: str, prompt: str = "What is this?", *images: Image) -> Turn:
    sent = tuple(SentImage(image, number) for number, image in enumerate(images, start=1))
    return Turn(turn_id, prompt, sent, Answer("claude-test"), NOW)


# SQLite counts to 2⁶³; half surrogate pairs are not characters, and have a test of their own.
naturals = st.integers(0, 2**53)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
maybe_texts = st.none() | texts
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
sizes = st.builds(Size, st.integers(1, 100_000), st.integers(1, 100_000))
dollars = st.decimals("0", "1000", places=6)
seconds = st.floats(0, 1e6)


def edited(image: Image, framed: bool, marked: bool) -> Image:
    """Return the image with some edits that fit it; the tests of core have all the others."""
    size = image.size
    assert size is not None
    edits: Edits = cropped(size, (), Box(0, 0, 1, 1)) if framed else ()
    if marked:
        edits = added(size, edits, Redact(Box(0, 0, *size)))
        edits = added(size, edits, Mark(Shape.NUMBER, 0, 0, 0, 0, Colour.SKY, "crack, “at” 2°"))
    return replace(image, edits=edits)


unedited = st.builds(
    Image,
    id=texts,
    name=texts,
    format=texts,
    size=sizes,
    size_bytes=naturals,
    digest=st.none() | digests,
    frames=naturals,
    traits=st.frozensets(st.sampled_from(Trait)),
    label=texts,
    included=st.booleans(),
    fidelity=st.sampled_from(Fidelity),
)
images = st.builds(edited, unedited, st.booleans(), st.booleans())
chips = st.builds(Mention, image_id=texts, name=texts).map(lambda mention: Passage(MARK, (mention,)))
passages = st.lists(st.text().map(plain) | chips, max_size=4).map(lambda parts: sum(parts, Passage()))
drafts = st.builds(
    lambda images, passage: Draft(images).with_passage(passage),
    st.lists(images, max_size=4).map(tuple),
    passages,
)
sent_mentions = st.builds(SentMention, naturals, naturals, texts, texts)
renditions = st.builds(Rendition, digest=digests, media_type=texts, size=sizes, size_bytes=naturals)
failures = st.builds(
    Failure,
    kind=st.sampled_from(FailureKind),
    message=texts,
    status=st.none() | naturals,
    type=maybe_texts,
    request_id=maybe_texts,
    retry_after_s=st.none() | seconds,
    images=st.lists(naturals, max_size=3).map(tuple),
    limit_px=st.none() | naturals,
)
usages = st.builds(Usage, *[naturals] * 6)
answers = st.builds(
    Answer,
    model_id=texts,
    outcome=st.sampled_from(Outcome),
    text=texts,
    content_json=texts,
    stop_reason=maybe_texts,
    stop_detail=texts,
    usage=st.none() | usages,
    cost_usd=st.none() | dollars,
    request_id=maybe_texts,
    duration_s=st.none() | seconds,
    failure=st.none() | failures,
    practice=st.booleans(),
)
# A picture that was sent was not left out.
sent_images = st.builds(
    SentImage,
    image=images.map(lambda image: replace(image, included=True)),
    number=naturals,
    rendition=st.none() | renditions,
    left_out=st.booleans(),
    called=st.none() | naturals,
)
turns = st.builds(
    Turn,
    id=texts,
    prompt=texts,
    images=st.lists(sent_images, max_size=4).map(tuple),
    answer=answers,
    created_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are naive, the times are not
    estimated_tokens=st.none() | naturals,
    mentions=st.lists(sent_mentions, max_size=3).map(tuple),
)
