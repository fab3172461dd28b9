"""What is worth telling before a send: each rule at its edge, and in the words a person reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.builders import CATALOGUE, SONNET, TODAY, linked, picture
from vision_studio.core import limits as rules
from vision_studio.core.catalogue import Limits
from vision_studio.core.draft import Fidelity, Image, Trait
from vision_studio.core.findings import Finding, ModelRetiring, Rotated, Severity, SmallSide, merged
from vision_studio.core.fitting import sent_size
from vision_studio.core.limits import Planned
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, seen_size
from vision_studio.core.words import sentence

LIMITS = Limits()


def planned(image: Image, number: int, images_in_request: int) -> Planned:
    sent = sent_size(image, HIGH, LIMITS, images_in_request)
    assert image.size is not None
    assert sent is not None
    return Planned(image, number, image.size, sent, seen_size(sent, HIGH))


def told(image: Image, images_in_request: int = 1) -> list[tuple[str, str]]:
    """Severity and sentence of everything that is found about one picture, as Image 1."""
    found = [*rules.about_plan(planned(image, 1, images_in_request), LIMITS, images_in_request)]
    found += rules.about_image(image, 1)
    return [(finding.severity.value, sentence(finding)) for finding in found]


def test_a_usual_photo_gives_no_cause_for_words() -> None:
    assert told(picture("photo.jpg", (4032, 3024))) == []


@pytest.mark.parametrize(
    ("image", "severity", "words"),
    [
        pytest.param(
            picture(size=(3024, 4032), fidelity=Fidelity.ORIGINAL),
            "warn",
            "Image 1 is sent at 3024 × 4032, but Claude will see it at 1659 × 2212. "
            "Sending the original adds latency, not detail.",
            id="larger than it is seen",
        ),
        pytest.param(
            picture(size=(8001, 6000)),
            "note",
            "Image 1 is 8001 × 6000. The API takes at most 8000 px a side, so it is sent at 2212 × 1659.",
            id="fitted from beyond the limit",
        ),
        pytest.param(
            picture(size=(199, 640)),
            "warn",
            "Image 1 is only 199 × 640. Claude may misread pictures with a side under 200 px.",
            id="small",
        ),
        pytest.param(
            picture(size=(800, 8000)),
            "warn",
            "Image 1 is 800 × 8000; Claude sees it at 258 × 2576, where small print is lost. "
            "Split it into parts.",
            id="long and narrow",
        ),
        pytest.param(
            picture(format_="GIF", frames=12, traits=[Trait.ANIMATED]),
            "warn",
            "Image 1 is animated: Claude sees only the first of its 12 frames.",
            id="animated",
        ),
        pytest.param(
            picture(format_="WEBP", traits=[Trait.ANIMATED]),
            "warn",
            "Image 1 is animated: Claude sees only the first frame.",
            id="animated, frames not counted",
        ),
        pytest.param(
            picture(format_="GIF", size_bytes=7_864_321),
            "warn",
            "Image 1 has 7.9 MB. The API takes 7.9 MB an image, so it is compressed further.",
            id="too many bytes",
        ),
        pytest.param(
            picture(traits=[Trait.ROTATED]),
            "note",
            "Image 1 is turned upright before it is sent.",
            id="rotated",
        ),
        pytest.param(
            picture(traits=[Trait.METADATA]), "note", "Image 1 is sent without its metadata.", id="metadata"
        ),
        pytest.param(
            picture(traits=[Trait.METADATA, Trait.GPS]),
            "note",
            "Image 1 says where it was taken. That, and all other metadata, is removed from what is sent.",
            id="place",
        ),
        pytest.param(
            picture(format_="BMP"),
            "note",
            "Image 1 is BMP, which the API does not take: it is sent converted.",
            id="converted",
        ),
    ],
)
def test_one_picture(image: Image, severity: str, words: str) -> None:
    assert told(image) == [(severity, words)]


def test_a_page_that_was_chosen_is_all_that_was_asked_for() -> None:
    converted = "Image 1 is TIFF, which the API does not take: it is sent converted."
    assert told(picture(format_="TIFF", frames=3, frame=2)) == [("note", converted)]


def test_of_an_animation_the_chosen_frame_is_named() -> None:
    image = picture(format_="GIF", frames=12, frame=4, traits=[Trait.ANIMATED])
    assert told(image) == [("warn", "Image 1 is animated: Claude sees only frame 5 of its 12 frames.")]


def test_pictures_in_one_file_are_not_called_an_animation() -> None:
    assert told(picture(frames=2)) == [("warn", "Image 1 holds 2 pictures: only the first is sent.")]


def test_what_stays_at_an_address_is_told_of_and_not_cleaned() -> None:
    unseen = "Its size and cost are unknown until you look at it."
    fetched = "Image 1 stays at example.com: the API fetches it from there when you send."
    assert [sentence(finding) for finding in rules.about_image(linked(), 1)] == [f"{fetched} {unseen}"]
    looked_at = replace(linked(size=(640, 480)), traits=frozenset({Trait.GPS}), format="BMP")
    assert told(looked_at) == [("note", fetched)]


def test_what_is_too_large_at_its_address_would_be_refused() -> None:
    refused = told(linked(size=(9000, 6000)))[0]
    assert refused == (
        "reject",
        "Image 1 is 9000 × 6000 at its address. The API takes at most 8000 px a side: download it, "
        "and it is fitted.",
    )


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(picture(size=(200, 200)), id="two hundred is enough"),
        pytest.param(picture(size=(8000, 6000)), id="eight thousand is allowed"),
        pytest.param(picture(size=(2000, 380)), id="narrow, but shown as it is"),
        pytest.param(picture(size_bytes=7_864_320), id="the last byte"),
        pytest.param(picture(size=(2000, 1500), fidelity=Fidelity.ORIGINAL), id="an original seen as it is"),
    ],
)
def test_within_the_limits(image: Image) -> None:
    assert told(image) == []


def test_an_original_among_many_is_held_to_the_crowded_limit() -> None:
    image = picture(size=(2400, 1200), fidelity=Fidelity.ORIGINAL)
    assert told(image, 20) == []
    assert told(image, 21) == [
        (
            "warn",
            "Image 1 is 2400 × 1200. The API takes at most 2000 px a side with this many images, "
            "so it is sent at 2000 × 1000.",
        )
    ]


@pytest.mark.parametrize(
    ("image", "unchanged"),
    [
        pytest.param(picture(), True, id="clean and fitting"),
        pytest.param(picture(traits=[Trait.TRANSPARENT, Trait.LOSSLESS]), True, id="lossless"),
        pytest.param(picture(traits=[Trait.METADATA]), False, id="metadata"),
        pytest.param(picture(traits=[Trait.ROTATED]), False, id="rotated"),
        pytest.param(picture(format_="BMP"), False, id="another format"),
        pytest.param(picture(frames=2), False, id="two frames"),
        pytest.param(picture(size_bytes=7_864_321), False, id="too many bytes"),
        pytest.param(picture(size=(3000, 3000)), False, id="resized"),
    ],
)
def test_when_the_original_bytes_are_sent(image: Image, unchanged: bool) -> None:
    size = planned(image, 1, 1).sent
    assert rules.sent_unchanged(image, size, LIMITS) is unchanged


@pytest.mark.parametrize(("raw", "text"), [(0, 0), (1, 4), (3, 4), (4, 8), (7_864_320, 10_485_760)])
def test_base64_bytes(raw: int, text: int) -> None:
    assert rules.base64_bytes(raw) == text


def test_duplicates_name_the_first_picture_of_the_request() -> None:
    one, two = picture("one", digest="d1"), picture("two", digest="d2")
    again, unread = picture("again", digest="d1"), picture("unread")
    numbered = [(one, 1), (two, 2), (again, 3), (unread, 4), (unread, 5), (one, 6)]
    found = list(rules.duplicates(numbered, 3))
    assert [(finding.images, finding.of) for finding in found] == [((3,), 1), ((6,), 1)]


def test_two_pages_of_a_document_are_no_duplicates_and_one_address_twice_is() -> None:
    page, next_page = picture("page", digest="d1"), picture("next", digest="d1", frame=1)
    assert list(rules.duplicates([(page, 1), (next_page, 2)], 1)) == []
    (found,) = rules.duplicates([(linked(), 1), (linked(name="b"), 2)], 1)
    assert (found.images, found.of) == ((2,), 1)


@pytest.mark.parametrize(
    ("model_id", "count", "severity"),
    [
        (SONNET, 600, None),
        (SONNET, 601, "reject"),
        ("claude-haiku-4-5", 100, None),
        ("claude-haiku-4-5", 101, "reject"),
        ("somebody-elses-model", 101, "warn"),
    ],
)
def test_too_many_images(model_id: str, count: int, severity: str | None) -> None:
    found = rules.too_many_images(count, CATALOGUE.model(model_id))
    assert (found and found.severity.value) == severity


@pytest.mark.parametrize(
    ("model_id", "today", "words"),
    [
        ("claude-sonnet-5-5", date(2026, 11, 22), []),
        ("claude-sonnet-4-5", date(2026, 10, 30), []),
        (
            "claude-sonnet-4-5",
            date(2026, 10, 31),
            ["Claude Sonnet 4.5 retires on 30 November 2026. Choose another model soon."],
        ),
        (
            "claude-sonnet-4-5",
            date(2026, 11, 30),
            ["Claude Sonnet 4.5 was retired on 30 November 2026. Choose another model."],
        ),
        (
            "claude-opus-4-5",
            date(2026, 11, 22),
            ["Claude Opus 4.5 is promised only until 24 November 2026; it may be retired after that."],
        ),
        (
            "claude-fable-5-2",
            date(2026, 11, 22),
            ["For Claude Fable 5.2, how large it sees images is our assumption."],
        ),
        (
            "mine",
            date(2026, 11, 22),
            [
                "No price is known for mine, so no costs are shown. You can enter one in Settings.",
                "For mine, how large it sees images, the context window and the number of images it takes "
                "are our assumption.",
            ],
        ),
    ],
)
def test_what_there_is_to_say_about_a_model(model_id: str, today: date, words: list[str]) -> None:
    found = rules.about_model(CATALOGUE.model(model_id), today)
    assert [sentence(finding) for finding in found] == words


def test_a_promise_that_runs_out_is_a_note_and_an_announcement_a_warning() -> None:
    (promise,) = rules.about_model(CATALOGUE.model("claude-opus-4-5"), TODAY)
    (announced,) = rules.about_model(CATALOGUE.model("claude-sonnet-4-5"), TODAY)
    assert isinstance(promise, ModelRetiring)
    assert (promise.severity, announced.severity) == (Severity.NOTE, Severity.WARN)


def test_a_request_is_measured_against_the_32_mb() -> None:
    assert rules.request_too_large(32_000_000, LIMITS, estimated=False) is None
    sure = rules.request_too_large(32_000_001, LIMITS, estimated=False)
    guess = rules.request_too_large(32_000_001, LIMITS, estimated=True)
    assert sure is not None
    assert guess is not None
    assert (sure.severity, guess.severity) == (Severity.REJECT, Severity.WARN)


def test_the_answer_needs_room_in_the_context_window_too() -> None:
    haiku = CATALOGUE.model("claude-haiku-4-5")
    assert rules.context_exceeded(184_000, 16_000, haiku) is None
    finding = rules.context_exceeded(184_001, 16_000, haiku)
    assert finding is not None
    assert sentence(finding) == (
        "About 184,001 tokens, and 16,000 kept for the answer, are more than the 200,000 Claude Haiku 4.5 "
        "can hold. Leave out some images, or start a new session."
    )


def test_a_dearer_band_is_told() -> None:
    haiku = CATALOGUE.model("claude-haiku-5-5")
    assert rules.dearer_band(100_000, haiku) is None
    finding = rules.dearer_band(100_001, haiku)
    assert finding is not None
    assert sentence(finding) == (
        "Past 100,000 tokens Claude Haiku 5.5 charges a higher price for the whole request."
    )
    assert rules.dearer_band(900_000, CATALOGUE.model(SONNET)) is None


def test_pictures_without_a_question() -> None:
    finding = rules.no_question(" \n", 2)
    assert finding is not None
    assert sentence(finding) == "There is no question yet: Claude will get the images alone."
    assert rules.no_question("What?", 2) is None
    assert rules.no_question("", 0) is None


def test_the_same_finding_about_many_pictures_is_told_once() -> None:
    found: list[Finding] = [
        Rotated(images=(1,)),
        SmallSide(images=(2,), size=Size(10, 10), limit_px=200),
        Rotated(images=(3,)),
        Rotated(images=(2,)),
    ]
    assert [sentence(finding) for finding in merged(found)] == [
        "Image 2 is only 10 × 10. Claude may misread pictures with a side under 200 px.",
        "Images 1–3 are turned upright before they are sent.",
    ]


def test_every_finding_of_a_picture_bears_its_number() -> None:
    odd = picture(
        "odd.bmp",
        (9000, 100),
        format_="BMP",
        frames=2,
        traits=[Trait.ROTATED, Trait.GPS],
        fidelity=Fidelity.ORIGINAL,
    )
    found = [*rules.about_plan(planned(odd, 7, 30), LIMITS, 30), *rules.about_image(odd, 7)]
    assert {finding.rule for finding in found} == {
        "over_side_limit",
        "extreme_ratio",
        "small_side",
        "first_frame_only",
        "converted",
        "rotated",
        "location_removed",
    }
    assert {finding.images for finding in found} == {(7,)}
