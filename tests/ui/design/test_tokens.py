"""Every declared pair of colours can be read, in both schemes."""

import dataclasses

import pytest

from vision_studio.ui.design.tokens import DARK, LIGHT, SHAPE_PAIRS, TEXT_PAIRS, Colours

SCHEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def relative_luminance(value: str) -> float:
    """WCAG 2.2, "relative luminance", of "#RRGGBB": 0 is black, 1 is white."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    assert len(value) == 7, f"{value} has no contrast of its own"
    red, green, blue = (linear(int(value[at : at + 2], 16)) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio": 1 to 21."""
    darker, lighter = sorted((relative_luminance(one), relative_luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_agrees_with_its_published_ends():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_can_be_read(scheme: Colours, words: str, ground: str):
    assert contrast(getattr(scheme, words), getattr(scheme, ground)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPE_PAIRS)
def test_shapes_can_be_seen(scheme: Colours, shape: str, ground: str):
    assert contrast(getattr(scheme, shape), getattr(scheme, ground)) >= 3


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_a_picture_can_be_read_whatever_the_picture(scheme: Colours):
    alpha = int(scheme.overlay[1:3], 16) / 255
    over_white = "#" + "".join(
        f"{round(int(scheme.overlay[at : at + 2], 16) * alpha + 255 * (1 - alpha)):02X}" for at in (3, 5, 7)
    )
    assert contrast(scheme.on_overlay, over_white) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_ink_has_a_declared_ground(scheme: Colours):
    inks = {ink for ink, _ in (*TEXT_PAIRS, *SHAPE_PAIRS)}
    grounds = {ground for _, ground in (*TEXT_PAIRS, *SHAPE_PAIRS)}
    # hairlines and disabled words are exempt (1.4.3, 1.4.11); overlay and shade are tested or cover pictures
    exempt = {"border", "disabled", "overlay", "on_overlay", "shade"}
    assert {field.name for field in dataclasses.fields(scheme)} == inks | grounds | exempt
