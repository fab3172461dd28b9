"""The inspector: what it says of the next request and of the chosen image, and the fixes it offers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QThread
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from tests.core.builders import CATALOGUE, SONNET, TODAY, picture, pictures, sent, session, turn
from tests.ui.design.pixels import colours_in
from vision_studio.core.appraisal import Appraiser
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice, Image, Trait
from vision_studio.core.events import PictureReady
from vision_studio.core.findings import Duplicate
from vision_studio.core.fixes import Situation, fix_for
from vision_studio.core.size import Size
from vision_studio.ui.design.fields import Select
from vision_studio.ui.design.findings import FindingRow
from vision_studio.ui.design.labels import KeyValueGrid, Label
from vision_studio.ui.design.meter import Meter
from vision_studio.ui.design.theme import Theme
from vision_studio.ui.inspector.panel import InspectorPanel

SIX_MEGAPIXELS = picture("holiday.jpg", (3024, 2016), traits=[Trait.GPS], fidelity=Fidelity.ORIGINAL)


@pytest.fixture
def panel(theme: Theme, qtbot) -> InspectorPanel:
    made = InspectorPanel(CATALOGUE.limits)
    qtbot.addWidget(made)
    made.resize(312, 900)
    made.show()
    return made


def show(panel: InspectorPanel, *images: Image, before=(), text: str = "What is it?") -> None:
    draft = Draft(images, text)
    appraisal = Appraiser(CATALOGUE).appraise(
        draft, session(*before, draft=draft), CATALOGUE.model(SONNET), TODAY
    )
    first = session(*before).next_number
    at = Situation(draft, first, CATALOGUE.model(SONNET), CATALOGUE, TODAY, first - 1)
    fixes = {finding: fix for finding in appraisal.findings if (fix := fix_for(finding, at)) is not None}
    panel.show_appraisal(appraisal, CATALOGUE.model(SONNET), fixes)


def meter(panel: InspectorPanel, name: str) -> str:
    return panel.findChild(Meter, name).text()


def facts(panel: InspectorPanel) -> dict[str, str]:
    said = [
        label.text()
        for label in panel.findChild(KeyValueGrid, "image-facts").findChildren(Label)
        if label.isVisible()
    ]
    return {
        key: value.replace("\N{NO-BREAK SPACE}", " ")
        for key, value in zip(said[::2], said[1::2], strict=True)
    }


def test_the_meters_count_what_was_sent_before(panel):
    show(panel, *pictures(3), before=[turn(images=[sent(picture(), 1), sent(picture(), 2)])])
    assert meter(panel, "images-meter") == "5 / 600 · 2000 px rule past 20"
    assert meter(panel, "context-meter").startswith("≈ ")
    assert meter(panel, "size-meter").endswith("/ 32 MB")
    assert (
        panel.findChild(Meter, "images-meter")
        .accessibleDescription()
        .endswith("in earlier turns 2, in this turn 3")
    )


def test_past_twenty_images_the_stricter_rule_is_named(panel):
    show(panel, *pictures(21))
    assert meter(panel, "images-meter") == "21 / 600 · 2000 px rule applies"


def test_no_number_is_torn_from_its_sign(panel):
    show(panel, *pictures(2), text="What is it?")
    said = panel.findChild(QLabel, "breakdown").text()
    assert "answer\N{NO-BREAK SPACE}≤\N{NO-BREAK SPACE}16,000" in said
    assert "\N{NO-BREAK SPACE}· " in said  # here a line may end, behind the dot


def test_nothing_wrong_is_said_too(panel):
    fine = panel.findChild(QLabel, "checks-fine")
    show(panel, picture())
    assert fine.isVisible()
    show(panel, picture("a.jpg", digest="1"), picture("b.jpg", digest="1"))
    assert not fine.isVisible()


def test_a_fix_names_its_finding(panel, qtbot):
    show(panel, picture("a.jpg", digest="1"), picture("b.jpg", digest="1"))
    with qtbot.waitSignal(panel.fix_asked) as asked:
        next(button for button in panel.checks.findChildren(QPushButton) if button.text() == "Remove").click()
    assert isinstance(asked.args[0], Duplicate)
    assert asked.args[0].images == (2,)


def test_the_same_findings_again_keep_the_keyboards_place(panel):
    show(panel, picture("a.jpg", digest="1"), picture("b.jpg", digest="1"))
    rows = panel.checks.findChildren(FindingRow)
    show(panel, picture("a.jpg", digest="1"), picture("b.jpg", digest="1"), text="more words")
    assert panel.checks.findChildren(FindingRow) == rows


def test_the_chosen_image_is_told_with_what_is_sent_of_it(panel):
    panel.show_image(SIX_MEGAPIXELS)
    show(panel, picture(), SIX_MEGAPIXELS)
    told = facts(panel)
    assert told["Name"] == "holiday.jpg"
    assert told["Original"] == "3024 × 2016 · 100 KB JPEG"
    assert told["Removed"] == "GPS position"
    assert told["Tokens"] == "≈ 4,704"
    assert told["Cost"].endswith("per 1,000")
    assert panel.details.findChild(QWidget, "image-heading").accessibleName() == "Image 2"


def test_no_image_chosen_says_what_to_do(panel):
    panel.show_image(None)
    assert any("Choose an image" in label.text() for label in panel.findChildren(QLabel) if label.isVisible())
    assert not panel.findChild(Select, "fidelity").isVisible()


def test_how_much_is_sent_can_be_chosen(panel, qtbot):
    panel.show_image(SIX_MEGAPIXELS)
    fidelity = panel.findChild(Select, "fidelity")
    assert fidelity.currentData() == Fidelity.ORIGINAL
    with qtbot.waitSignal(panel.fidelity_asked) as asked:
        fidelity.setCurrentIndex(fidelity.findData(Fidelity.FIT))
        fidelity.activated.emit(fidelity.currentIndex())
    assert asked.args == [SIX_MEGAPIXELS, FidelityChoice(Fidelity.FIT)]


def ready(image: Image, width: int, height: int) -> PictureReady:
    return PictureReady(
        image.id,
        Size(1600, 800),
        "image/jpeg",
        90_000,
        False,
        width,
        height,
        bytes((18, 171, 52, 255)) * width * height,
    )


def test_what_claude_sees_is_shown_whole_and_in_shape(panel):
    panel.show_image(SIX_MEGAPIXELS)
    panel.show_picture(ready(SIX_MEGAPIXELS, 80, 40))
    seen = panel.findChild(QWidget, "what-claude-sees")
    found = seen.grab().toImage()
    row = [found.pixelColor(x, found.height() // 2).name() for x in range(found.width())]
    column = [found.pixelColor(found.width() // 2, y).name() for y in range(found.height())]
    wide, high = row.count("#12ab34"), column.count("#12ab34")
    assert wide / high == pytest.approx(2, rel=0.05)


def test_a_picture_of_another_image_is_not_shown(panel):
    panel.show_image(SIX_MEGAPIXELS)
    panel.show_picture(ready(replace(SIX_MEGAPIXELS, id="other"), 80, 40))
    assert "#12AB34" not in colours_in(panel.findChild(QWidget, "what-claude-sees").grab())


def test_nothing_is_decoded_on_the_windows_thread(panel, monkeypatch):
    def decode(*arguments: object) -> None:
        raise AssertionError(f"decoded on {QThread.currentThread()}")

    monkeypatch.setattr(QImage, "fromData", decode)
    panel.show_image(SIX_MEGAPIXELS)
    panel.show_picture(ready(SIX_MEGAPIXELS, 80, 40))


def test_each_choice_tells_what_it_would_change(panel):
    panel.show_image(replace(SIX_MEGAPIXELS, fidelity=Fidelity.FIT))
    show(panel, replace(SIX_MEGAPIXELS, fidelity=Fidelity.FIT))
    fidelity = panel.findChild(Select, "fidelity")
    assert [fidelity.itemText(row) for row in range(3)] == [
        "Fit to model · 4,704 tok",
        "Economy · 1,536 tok · −67 %",
        "Keep original · 4,704 tok",
    ]
    QCoreApplication.processEvents()  # it is laid out anew
    assert fidelity.width() >= fidelity.sizeHint().width() or fidelity.width() > 250  # as wide as the panel
    panel.show_image(replace(SIX_MEGAPIXELS, fidelity=Fidelity.ECONOMY))
    assert fidelity.itemText(0) == "Fit to model · 4,704 tok · +206 %"


def test_what_is_done_to_the_original_is_told(panel):
    photo = picture("a.heic", (3024, 2016), format_="HEIC", traits=[Trait.GPS, Trait.METADATA, Trait.ROTATED])
    photo = replace(photo, digest="3fa9b1c2" + "0" * 48 + "0d41e77a")
    panel.show_image(photo)
    show(panel, photo)
    told = facts(panel)
    assert told["Changed"] == "turned upright, converted from HEIC"
    assert told["Removed"] == "GPS position, metadata"
    assert told["SHA-256"] == "3fa9b1c2…0d41e77a"
    panel.findChild(QPushButton, "copy-digest").click()
    assert QGuiApplication.clipboard().text() == photo.digest
    assert told["Sent as"].startswith("2352 × 1568 · ≈ ")
    panel.show_picture(replace(ready(photo, 80, 40), size=Size(2352, 1568), recoloured=True))
    show(panel, photo)
    told = facts(panel)
    assert told["Sent as"] == "2352 × 1568 · JPEG, 90 KB (120 KB as base64)"
    assert told["Changed"].endswith("colours converted to sRGB")
