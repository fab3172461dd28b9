"""Text that is shown too small is told of, and what helps is offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.builders import CATALOGUE, SONNET, TODAY, picture, session
from vision_studio.core.appraisal import Appraiser
from vision_studio.core.catalogue import Model
from vision_studio.core.draft import Draft, Fidelity, Image
from vision_studio.core.findings import Finding, SmallText
from vision_studio.core.fixes import Fix, Situation, fix_for
from vision_studio.core.legibility import Text, about_texts
from vision_studio.core.sight_words import letters_sentence, letters_text
from vision_studio.core.size import Size
from vision_studio.core.tokens import STANDARD
from vision_studio.core.words import sentence

SCAN = replace(picture("scan.png", (2480, 3508)), digest="scan")
"""A sheet at 300 dpi."""


def standard() -> Model:
    return next(model for model in CATALOGUE.models if model.tier is STANDARD)


def found(*images: Image, height_px: float = 20.0, model: Model | None = None) -> tuple[Finding, ...]:
    draft = Draft(images)
    model = model or CATALOGUE.model(SONNET)
    appraisal = Appraiser(CATALOGUE).appraise(draft, session(), model, TODAY)
    texts = {image.pixels or "": Text(height_px, image.size or Size(1, 1)) for image in images}
    return about_texts(images, appraisal.images, texts)


@pytest.mark.parametrize(
    ("height_px", "seen", "expected"),
    [
        pytest.param(20.0, Size(1240, 1754), 10.0, id="at half the size"),
        pytest.param(20.0, Size(2480, 3508), 20.0, id="as it is"),
        pytest.param(20.0, Size(4960, 7016), 20.0, id="never larger"),
    ],
)
def test_letters_shrink_with_the_picture(height_px: float, seen: Size, expected: float) -> None:
    assert Text(height_px, Size(2480, 3508)).seen_px(seen) == pytest.approx(expected)


def test_the_words_say_what_it_means() -> None:
    assert letters_text(5.6) == "≈ 6 px: may be unreadable"
    assert letters_text(11.2) == "≈ 11 px"
    assert letters_sentence(5.6) == "Small letters are ≈ 6 px high here: they may be unreadable."
    assert letters_sentence(11.2) == "Small letters are ≈ 11 px high here."


def test_a_scan_is_too_small_for_one_tier_and_not_for_the_other() -> None:
    assert found(SCAN, height_px=15.0) == ()
    (finding,) = found(SCAN, height_px=15.0, model=standard())
    assert isinstance(finding, SmallText)
    assert sentence(finding) == (
        "Image 1 has text whose small letters Claude sees ≈ 6 px high: it may be unreadable. "
        "Crop to what matters."
    )


def test_pictures_share_a_finding_and_left_out_ones_have_none() -> None:
    other = replace(picture("other.png", (2480, 3508)), digest="other")
    out = replace(picture("out.png", (2480, 3508), included=False), digest="out")
    (finding,) = found(SCAN, out, other, height_px=9.0)
    assert finding.images == (1, 2)


def fix_of(image: Image, height_px: float) -> Fix | None:
    draft, model = Draft((image,)), CATALOGUE.model(SONNET)
    (finding,) = found(image, height_px=height_px)
    return fix_for(finding, Situation(draft, 1, model, CATALOGUE, TODAY, 0))


def test_one_that_is_sent_smaller_than_need_be_is_fitted() -> None:
    fix = fix_of(replace(SCAN, fidelity=Fidelity.ECONOMY), 15.0)
    assert fix is not None
    assert [image.fidelity for image in fix.changed] == [Fidelity.FIT]
    assert fix.optional


def test_a_tall_one_is_split_and_a_sheet_is_left_to_be_cropped() -> None:
    tall = replace(picture("tall.png", (1200, 9000)), digest="tall")
    fix = fix_of(tall, 10.0)
    assert fix is not None
    assert len(fix.split[0][1]) > 1
    sheet = replace(picture("sheet.png", (1200, 1600)), digest="sheet")
    assert fix_of(sheet, 5.0) is None
