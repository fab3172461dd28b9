"""The numbers of the next request: what they add up to, what they rest on, and when they are made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import CATALOGUE, HAIKU_4_5, SONNET, TODAY, picture, pictures, sent, session, turn
from vision_studio.core import limits as rules
from vision_studio.core.appraisal import Appraisal, Appraiser
from vision_studio.core.conversation import Answer, Outcome, Session, Usage
from vision_studio.core.draft import Draft, Fidelity, Image, Trait
from vision_studio.core.findings import Duplicate, Severity
from vision_studio.core.fitting import sent_size
from vision_studio.core.limits import Planned
from vision_studio.core.mentions import MARK, Mention, Passage
from vision_studio.core.numbering import Numbering
from vision_studio.core.size import Size
from vision_studio.core.tokens import REQUEST_TOKENS, seen_size, text_tokens


def appraise(
    draft: Draft, before: Session | None = None, model_id: str = SONNET, *, inline: bool = False
) -> Appraisal:
    model = CATALOGUE.model(model_id)
    return Appraiser(CATALOGUE).appraise(draft, before or session(), model, TODAY, inline=inline)


def billed(usage: Usage, text: str = "A cat.", model_id: str = SONNET) -> Answer:
    return Answer(model_id, Outcome.ANSWERED, text, usage=usage, stop_reason="end_turn")


def rules_of(appraisal: Appraisal) -> list[str]:
    return [finding.rule for finding in appraisal.findings]


def test_a_phone_photo_for_a_model_that_sees_much() -> None:
    """The example of the inspector: 3024 × 4032 is sent and seen at 1659 × 2212 for 4,740 tokens."""
    (image,) = appraise(Draft((picture("dusk.jpg", (3024, 4032)),), "Which season?")).images
    assert (image.number, image.sent, image.seen) == (1, Size(1659, 2212), Size(1659, 2212))
    assert (image.tokens, image.cost_usd) == (4740, Decimal("0.00948"))
    assert image.rule_of_thumb_tokens == 4893  # 1659 · 2212 / 750
    assert image.findings == ()


def test_the_same_photo_for_a_model_that_sees_less() -> None:
    (image,) = appraise(Draft((picture("dusk.jpg", (3024, 4032)),), "?"), model_id=HAIKU_4_5).images
    assert (image.sent, image.seen, image.tokens) == (Size(952, 1270), Size(952, 1270), 1564)


def test_an_original_goes_out_whole_and_is_seen_smaller() -> None:
    original = picture("dusk.jpg", (3024, 4032), fidelity=Fidelity.ORIGINAL)
    (image,) = appraise(Draft((original,), "?")).images
    assert (image.sent, image.seen) == (Size(3024, 4032), Size(1659, 2212))
    assert image.rule_of_thumb_tokens == 16_258
    assert [finding.rule for finding in image.findings] == ["downscaled"]


formats = st.sampled_from(["JPEG", "BMP", "GIF"])
sizes = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
images = st.builds(
    picture,
    st.uuids().map(str),
    sizes,
    format_=formats,
    included=st.booleans(),
    fidelity=st.sampled_from(Fidelity),
    label=st.sampled_from(["", "after repair"]),
    traits=st.lists(st.sampled_from(Trait)),
    digest=st.sampled_from([None, "one", "two"]),
)
strips = st.lists(images, max_size=8).map(tuple)
models = st.sampled_from([SONNET, HAIKU_4_5, "claude-haiku-5-5", "unheard-of"])


@given(strips, st.text(max_size=50), st.text(max_size=50), models, st.booleans())
def test_totals_are_the_sums_of_their_parts(
    strip: tuple[Image, ...], text: str, system: str, model_id: str, inline: bool
) -> None:
    before = session(turn("First?", [sent(picture("old", digest="one"), 1, (1000, 800))]), system=system)
    appraisal = appraise(Draft(strip, text), before, model_id, inline=inline)
    going = [image for image in appraisal.images if image.number is not None]

    assert [image.image_id for image in appraisal.images] == [image.id for image in strip]
    assert [image.number for image in going] == list(range(2, 2 + len(going)))
    assert (appraisal.images_here, appraisal.images_before) == (len(going), 1)
    assert appraisal.images_in_request == len(going) + 1
    assert appraisal.image_tokens == sum(image.tokens for image in going)
    assert appraisal.total_tokens == (
        appraisal.history_tokens
        + appraisal.image_tokens
        + appraisal.text_tokens
        + appraisal.system_tokens
        + appraisal.fixed_tokens
    )
    price = CATALOGUE.model(model_id).price(appraisal.total_tokens).input
    if price is None:
        assert appraisal.cost_usd is None
    else:
        assert appraisal.cost_usd == appraisal.total_tokens * price / 1_000_000
        assert sum(image.cost_usd or 0 for image in going) <= appraisal.cost_usd
    told = {number for finding in appraisal.findings for number in finding.images}
    assert told <= {image.number for image in going}
    assert all(not image.findings for image in appraisal.images if image.number is None)
    ranks = [tuple(Severity).index(finding.severity) for finding in appraisal.findings]
    assert ranks == sorted(ranks)


@given(strips, st.lists(st.text(max_size=9), min_size=1, max_size=4), models)
def test_what_is_kept_between_keystrokes_changes_no_number(
    strip: tuple[Image, ...], keystrokes: list[str], model_id: str
) -> None:
    typing, model, before = Appraiser(CATALOGUE), CATALOGUE.model(model_id), session()
    for text in keystrokes:
        draft = Draft(strip, text)
        assert typing.appraise(draft, before, model, TODAY) == appraise(draft, before, model_id)


@given(
    strips,
    # Around the dearer price's 100,000 tokens, and within the answer's room of a full window of 200,000.
    st.integers(0, 300_000) | st.integers(69_000, 71_000) | st.integers(128_000, 141_000),
    st.sampled_from(["", " ", "?"]),
    models,
    st.booleans(),
)
def test_what_is_told_at_a_glance_is_what_the_rules_say(
    strip: tuple[Image, ...], words: int, end: str, model_id: str, inline: bool
) -> None:
    """Most keystrokes are cleared by two comparisons; none is that a rule has something to say about."""
    text = "word " * words + end
    appraisal = appraise(Draft(strip, text), model_id=model_id, inline=inline)
    model, said = appraisal.model, {finding.rule for finding in appraisal.request_findings}
    findings = (
        rules.request_too_large(appraisal.request_bytes, CATALOGUE.limits, estimated=False),
        rules.context_exceeded(appraisal.total_tokens, appraisal.answer_tokens, model),
        rules.dearer_band(appraisal.total_tokens, model),
        rules.no_question(text, appraisal.images_here),
    )
    about_text = {"request_too_large", "context_exceeded", "dearer_band", "no_question"}
    assert said & about_text == {finding.rule for finding in findings if finding is not None}


@given(images, st.sampled_from([1, 11, 21]))
def test_a_plan_that_is_unremarkable_is_so_to_every_rule(image: Image, count: int) -> None:
    assert image.size is not None
    tier = CATALOGUE.model(SONNET).tier
    sent_at = sent_size(image, tier, CATALOGUE.limits, count)
    assert sent_at is not None
    plan = Planned(image, 1, image.size, sent_at, seen_size(sent_at, tier))
    said = [rule(plan, CATALOGUE.limits, count) for rule in rules.PLAN_RULES]
    if rules.unremarkable(plan, CATALOGUE.limits):
        assert said == [None] * len(said)
    assert rules.about_plan(plan, CATALOGUE.limits, count) == [one for one in said if one is not None]


def test_every_change_but_typing_is_noticed() -> None:
    appraiser, model = Appraiser(CATALOGUE), CATALOGUE.model("claude-sonnet-4-5")
    draft, before = Draft(pictures(2), "?"), session()

    def now(
        draft: Draft = draft, before: Session = before, today: date = TODAY, inline: bool = False
    ) -> Appraisal:
        return appraiser.appraise(draft, before, model, today, inline=inline)

    first = now()
    assert now(draft=Draft(pictures(3), "?")).image_tokens > first.image_tokens
    assert now() == first
    assert now(before=replace(before, system="Be brief.")).system_tokens > 0
    assert now() == first
    assert now(before=replace(before, turns=(turn("First?"),))).history_tokens > 0
    assert now() == first
    assert now(inline=True).request_bytes > 200_000
    assert now() == first
    assert "model_retired" in rules_of(now(today=date(2026, 12, 1)))
    assert "model_retiring" in rules_of(first)


def test_a_keystroke_can_tip_the_price_of_every_picture() -> None:
    """Haiku 5.5 costs five times as much past 100,000 tokens, the pictures included."""
    appraiser, haiku = Appraiser(CATALOGUE), CATALOGUE.model("claude-haiku-5-5")
    strip = (picture("a", (1000, 1000)),)
    room = 100_000 - 1296 - text_tokens("Image 1:") - REQUEST_TOKENS
    below = appraiser.appraise(Draft(strip, "界" * room), session(), haiku, TODAY)
    above = appraiser.appraise(Draft(strip, "界" * (room + 1)), session(), haiku, TODAY)
    assert (below.total_tokens, above.total_tokens) == (100_000, 100_001)
    assert (below.images[0].cost_usd, above.images[0].cost_usd) == (Decimal("0.0001296"), Decimal("0.000648"))
    assert (rules_of(below), rules_of(above)) == ([], ["dearer_band"])


def test_history_rests_on_the_last_bill() -> None:
    usage = Usage(input_tokens=5000, cache_read_tokens=431, output_tokens=142)
    before = session(turn("First?", [sent(picture("old"), 1, (1000, 800))], billed(usage)))
    appraisal = appraise(Draft((), "And?"), before)
    assert appraisal.history_billed
    assert appraisal.history_tokens == 5431 + 142 - REQUEST_TOKENS
    assert appraisal.total_tokens == 5431 + 142 + text_tokens("And?")


def test_a_bill_includes_the_system_prompt_which_is_shown_apart() -> None:
    before = session(turn("First?", (), billed(Usage(2000, 100))), system="Answer in Spanish.")
    appraisal = appraise(Draft((), "And?"), before)
    assert appraisal.system_tokens == text_tokens("Answer in Spanish.")
    assert appraisal.total_tokens == 2100 + text_tokens("And?")


def test_turns_after_the_last_bill_are_estimated() -> None:
    failed = turn("Second?", [sent(picture("b", (1000, 1000)), 1)], Answer(SONNET, Outcome.FAILED))
    before = session(turn("First?", (), billed(Usage(2000, 100))), failed)
    appraisal = appraise(Draft((), ""), before)
    more = 1296 + text_tokens("Image 1:") + text_tokens("Second?")
    assert appraisal.history_tokens == 2100 - REQUEST_TOKENS + more


def test_a_stopped_answer_counts_what_arrived_not_what_was_reported() -> None:
    text = "word " * 700
    stopped = Answer(SONNET, Outcome.STOPPED, text, usage=Usage(2000, 1))
    appraisal = appraise(Draft((), ""), session(turn("First?", (), stopped)))
    assert appraisal.history_tokens == 2000 + text_tokens(text) - REQUEST_TOKENS


def test_an_answer_without_words_is_not_sent_again() -> None:
    refused = Answer(SONNET, Outcome.ANSWERED, "", usage=Usage(2000, 300), stop_reason="refusal")
    appraisal = appraise(Draft((), ""), session(turn("First?", (), refused)))
    assert appraisal.history_tokens == 2000 - REQUEST_TOKENS


def test_a_bill_of_a_model_that_sees_other_sizes_is_not_used() -> None:
    before = session(
        turn("First?", [sent(picture("old", (1000, 1000)), 1, (1000, 1000))], billed(Usage(9999, 1)))
    )
    appraisal = appraise(Draft((), ""), before, HAIKU_4_5)
    assert not appraisal.history_billed
    estimated = 1296 + text_tokens("Image 1:") + text_tokens("First?") + text_tokens("A cat.")
    assert appraisal.history_tokens == estimated


def test_a_crowd_refits_pictures_of_earlier_turns() -> None:
    old = [
        sent(picture("large", (4032, 3024)), 1, (2212, 1659)),
        sent(picture("small"), 2, (1000, 800)),
    ]
    before = session(turn("First?", old, billed(Usage(9999, 1))))
    few, many = appraise(Draft(pictures(18), "?"), before), appraise(Draft(pictures(19), "?"), before)
    assert few.history_billed
    assert "history_refitted" not in rules_of(few)
    (refitted,) = (finding for finding in many.findings if finding.rule == "history_refitted")
    assert refitted.images == (1,)
    assert refitted.severity is Severity.NOTE
    assert not many.history_billed
    words = sum(map(text_tokens, ("Image 1:", "Image 2:", "First?", "A cat.")))
    assert many.history_tokens == 3888 + 1044 + words


def test_a_picture_of_an_earlier_turn_is_noticed_when_it_comes_again() -> None:
    before = session(turn("First?", [sent(picture("a", digest="same"), 1, (1000, 800))]))
    (image,) = appraise(Draft((picture("b", digest="same"),), "?"), before).images
    assert image.findings == (Duplicate(images=(2,), of=1),)


@pytest.mark.parametrize(("model_id", "images_"), [(SONNET, 601), (HAIKU_4_5, 101)])
def test_one_picture_too_many(model_id: str, images_: int) -> None:
    few = appraise(Draft(pictures(images_ - 1, (300, 300)), "?"), model_id=model_id)
    many = appraise(Draft(pictures(images_, (300, 300)), "?"), model_id=model_id)
    assert "too_many_images" not in rules_of(few)
    assert (many.findings[0].rule, many.findings[0].severity) == ("too_many_images", Severity.REJECT)
    assert (many.images_in_request, many.max_images) == (images_, images_ - 1)


def test_pictures_that_are_left_out_cost_nothing_and_have_no_number() -> None:
    one, two, three = pictures(3, (1000, 1000))
    appraisal = appraise(Draft((one, replace(two, included=False), three), "?"))
    assert [image.number for image in appraisal.images] == [1, None, 2]
    assert appraisal.image_tokens == 2 * 1296
    assert appraisal.images[1].tokens == 1296


def test_many_photos_in_the_request_itself_may_be_too_large() -> None:
    photos = tuple(picture(str(n), (4000, 3000), size_bytes=6_000_000) for n in range(60))
    assert "request_too_large" not in rules_of(appraise(Draft(photos, "?")))
    (guess,) = (
        finding
        for finding in appraise(Draft(photos, "?"), inline=True).findings
        if finding.rule == "request_too_large"
    )
    assert guess.severity is Severity.WARN  # they are not made yet
    ready = tuple(picture(str(n), size_bytes=6_000_000) for n in range(5))
    (sure,) = appraise(Draft(ready, "?"), inline=True).findings
    assert sure.severity is Severity.REJECT


def test_an_unknown_model_has_no_cost_but_all_else() -> None:
    appraisal = appraise(Draft(pictures(1, (1000, 1000)), "?"), model_id="unheard-of")
    assert appraisal.cost_usd is None
    assert appraisal.images[0].cost_usd is None
    assert appraisal.images[0].tokens == 1296
    assert rules_of(appraisal) == ["price_unknown", "facts_assumed"]


def test_an_empty_draft_can_be_appraised() -> None:
    appraisal = appraise(Draft())
    assert (appraisal.images, appraisal.findings, appraisal.images_in_request) == ((), (), 0)
    assert appraisal.total_tokens == REQUEST_TOKENS


def test_numbers_that_restart_are_those_of_the_question() -> None:
    image = picture("again.jpg", digest="a" * 64)
    first = turn(images=[sent(image, 1), sent(picture("b.jpg"), 2)])
    restarted = replace(session(first), numbering=Numbering.RESTART)
    draft = Draft((picture("new.jpg"), image))
    appraisal = appraise(draft, restarted)
    assert [one.number for one in appraisal.images] == [1, 2]
    assert "duplicate" not in rules_of(appraisal), "Image 1 is another one here"
    continued = appraise(draft, session(first))
    (found,) = (finding for finding in continued.findings if finding.rule == "duplicate")
    assert (found.images, found.of) == ((4,), 1)


def test_chips_are_counted_as_the_words_they_are_sent_as() -> None:
    images = (picture("a.jpg"),)
    chip = Draft(images).with_passage(Passage("Is " + MARK, (Mention("card-a.jpg"),)))
    assert appraise(chip).total_tokens == appraise(Draft(images, "Is Image 1")).total_tokens
