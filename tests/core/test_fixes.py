"""What one click does about a finding, and that it does away with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.builders import CATALOGUE, HAIKU_4_5, SONNET, TODAY, picture, pictures, sent, session, turn
from vision_studio.core import findings as found
from vision_studio.core.appraisal import Appraisal, Appraiser
from vision_studio.core.catalogue import Catalogue
from vision_studio.core.conversation import Answer, Outcome, Session
from vision_studio.core.draft import Draft, Fidelity, Image
from vision_studio.core.findings import Finding
from vision_studio.core.fixes import Fix, Situation, fix_for
from vision_studio.core.reasons import UNKNOWN, reason
from vision_studio.core.succession import successor

ORIGINAL = Fidelity.ORIGINAL


def appraise(
    draft: Draft, before: Session | None = None, model_id: str = SONNET, *, inline: bool = False
) -> Appraisal:
    model = CATALOGUE.model(model_id)
    return Appraiser(CATALOGUE).appraise(draft, before or session(), model, TODAY, inline=inline)


def situation(draft: Draft, before: Session | None = None, model_id: str = SONNET) -> Situation:
    first = (before or session()).next_number
    return Situation(draft, first, CATALOGUE.model(model_id), CATALOGUE, TODAY, first - 1)


def applied(draft: Draft, fix: Fix) -> Draft:
    return draft.with_replaced(fix.changed).without(fix.removed)


def one(appraisal: Appraisal, kind: type[Finding]) -> Finding:
    (finding,) = [finding for finding in appraisal.findings if type(finding) is kind]
    return finding


WIDE = picture("wide.jpg", (9000, 100), fidelity=ORIGINAL)
BIG = picture("big.jpg", (6000, 4000), fidelity=ORIGINAL)
SAME = tuple(picture(name, digest="same") for name in ("a", "b"))


@pytest.mark.parametrize(
    ("images", "model_id", "kind", "label"),
    [
        pytest.param((WIDE,), SONNET, found.OverSideLimit, "Fit", id="over 8000 px"),
        pytest.param((BIG, *pictures(20)), SONNET, found.OverSideLimit, "Fit", id="over 2000 px in a crowd"),
        pytest.param((BIG,), SONNET, found.Downscaled, "Fit", id="seen smaller"),
        pytest.param(SAME, SONNET, found.Duplicate, "Remove", id="twice"),
        pytest.param(pictures(602), SONNET, found.TooManyImages, "Leave out 2 images", id="too many"),
        pytest.param(
            pictures(101), HAIKU_4_5, found.TooManyImages, "Leave out 1 image", id="too many for it"
        ),
    ],
)
def test_a_fix_does_away_with_its_finding(images, model_id, kind, label):
    draft = Draft(tuple(images), "What is it?")
    finding = one(appraise(draft, model_id=model_id), kind)
    fix = fix_for(finding, situation(draft, model_id=model_id))
    assert fix is not None
    assert fix.label == label
    after = appraise(applied(draft, fix), model_id=model_id)
    assert kind not in {type(left) for left in after.findings if left.severity is not found.Severity.NOTE}


def test_what_is_too_long_to_be_read_is_cut_into_parts_but_not_by_fix_all():
    tall = picture("tall.png", (1080, 9000))
    at = situation(Draft((tall,)))
    fix = fix_for(one(appraise(at.draft), found.ExtremeRatio), at)
    assert fix is not None
    assert (fix.label, fix.optional) == ("Split", True)
    ((image, boxes),) = fix.split
    assert image == tall
    parts = [picture(f"{place}.png", box.size) for place, box in enumerate(boxes)]
    assert not [one for one in appraise(Draft(tuple(parts))).findings if isinstance(one, found.ExtremeRatio)]


def test_a_request_too_heavy_to_travel_inline_is_sent_smaller():
    photos = tuple(
        picture(f"{n}.jpg", (1800, 1300), size_bytes=3_000_000, fidelity=ORIGINAL) for n in range(18)
    )
    draft = Draft(photos, "What is it?")
    finding = one(appraise(draft, inline=True), found.RequestTooLarge)
    fix = fix_for(finding, situation(draft))
    assert fix is not None
    assert {image.fidelity for image in fix.changed} == {Fidelity.ECONOMY}
    smaller = applied(draft, fix)
    assert appraise(smaller, inline=True).request_bytes < appraise(draft, inline=True).request_bytes / 2
    assert fix_for(finding, situation(smaller)) is None


def test_a_window_too_small_gives_way_to_a_larger_one():
    draft = Draft(pictures(90), "word " * 300_000)
    finding = one(appraise(draft, model_id=HAIKU_4_5), found.ContextExceeded)
    fix = fix_for(finding, situation(draft, model_id=HAIKU_4_5))
    assert fix is not None
    assert fix.model == CATALOGUE.model("claude-haiku-5-5")
    assert fix.label == "Use Claude Haiku 5.5"


def test_a_retiring_model_gives_way_to_the_first_of_its_line():
    old = "claude-sonnet-4-5"
    draft = Draft(text="Hello")
    finding = one(appraise(draft, model_id=old), found.ModelRetiring)
    fix = fix_for(finding, situation(draft, model_id=old))
    assert fix is not None
    assert fix.model is not None
    assert fix.model.id == "claude-sonnet-5-5"


def test_what_is_only_promised_until_a_day_needs_no_fix():
    draft = Draft(text="Hello")
    finding = one(appraise(draft, model_id="claude-opus-4-5"), found.ModelRetiring)
    assert fix_for(finding, situation(draft, model_id="claude-opus-4-5")) is None


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2027, 12, 1)])
def test_no_successor_is_retired_itself(day):
    for model in CATALOGUE.models:
        following = successor(model, CATALOGUE, day)
        assert following is not None
        assert following.id != model.id
        assert not following.is_retired(day)
        assert "tier" not in following.assumed


def test_where_no_model_stays_there_is_no_successor():
    only = CATALOGUE.model(SONNET)
    catalogue = Catalogue(CATALOGUE.dated, (only,), CATALOGUE.limits, SONNET)
    assert successor(only, catalogue, TODAY) is None


def test_history_that_would_be_refitted_can_be_left_as_it_was_by_sending_fewer():
    thought = '[{"type":"thinking","thinking":"","signature":"abc"},{"type":"text","text":"A cat."}]'
    answer = Answer(SONNET, Outcome.ANSWERED, "A cat.", thought, stop_reason="end_turn")
    large = [sent(picture(str(n), (2400, 1800), fidelity=ORIGINAL), n, (2400, 1800)) for n in range(1, 19)]
    before = session(replace(turn("What?", large), answer=answer))
    draft = Draft(pictures(4), "And these?")
    finding = one(appraise(draft, before), found.HistoryRefitted)
    assert isinstance(finding, found.HistoryRefitted)
    assert finding.images == tuple(range(1, 19))
    assert (finding.severity, finding.signed_turns) == (found.Severity.WARN, 1)
    fix = fix_for(finding, situation(draft, before))
    assert fix is not None
    assert fix.optional
    assert fix.label == "Leave out 2 images"
    after = appraise(applied(draft, fix), before)
    assert found.HistoryRefitted not in {type(finding) for finding in after.findings}


def test_a_picture_at_an_address_cannot_be_made_smaller():
    linked = replace(picture("far.jpg", (9000, 900)), url="https://example.com/far.jpg")
    draft = Draft((linked,), "What is it?")
    findings = appraise(draft).findings
    fixes = {type(finding): fix_for(finding, situation(draft)) for finding in findings}
    assert fixes[found.Downscaled] is None
    assert fixes[found.OverSideLimit] == Fix(label="Leave out", changed=(replace(linked, included=False),))


def test_notes_need_no_fix():
    image: Image = picture("scan.tif", (300, 300), format_="TIFF")
    draft = Draft((image,), "")
    assert [fix_for(finding, situation(draft)) for finding in appraise(draft).findings] == [None, None]


@pytest.mark.parametrize("kind", [kind for kind in vars(found).values() if hasattr(kind, "rule")])
def test_every_rule_says_why_and_whence(kind):
    if kind is Finding:
        return
    told = reason(kind.__new__(kind))
    assert told != UNKNOWN
    assert told.why.endswith(".")
    assert told.source
