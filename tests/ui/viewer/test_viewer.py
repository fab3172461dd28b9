"""The viewer shows every pixel at 1:1, the original in the same place, and what another model would see."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QSlider

from tests.core.builders import linked, picture, sent, session, turn
from vision_studio.core.draft import Draft, Fidelity, FidelityChoice, Rendition
from vision_studio.core.events import SessionOpened
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.legibility import Text
from vision_studio.core.sight_events import OriginalReady, SightFailed, SightReady, TextMeasured
from vision_studio.core.size import Size
from vision_studio.core.tokens import HIGH, STANDARD
from vision_studio.ui.viewer.dialog import SightDialog

SEEN = Size(1000, 800)
RENDITION = Rendition("made", "image/jpeg", SEEN, 90_000)
IMAGES = tuple(replace(picture(f"{number}.png", SEEN), digest=f"{number}") for number in range(3))


def noise(size: Size, seed: int = 1) -> bytes:
    """Return pixels no two of which are alike for long, none of them transparent."""
    row = bytearray(Random(seed).randbytes(4 * size.width * size.height))
    row[3::4] = b"\xff" * (size.width * size.height)
    return bytes(row)


def plain(size: Size, *rgb: int) -> bytes:
    return bytes((*rgb, 255)) * (size.width * size.height)


class Viewer:
    def __init__(self, window, engine) -> None:
        self.window, self.engine = window, engine

    @property
    def dialog(self) -> SightDialog:
        return self.window.viewing.dialog

    @property
    def canvas(self):
        return self.dialog.canvas

    @property
    def asked(self) -> list[tuple]:
        """Ticket, look, and whether the original was wanted."""
        return self.engine.asked("sights.show")

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier, on=None) -> None:
        QTest.keyClick(on or self.canvas, key, modifiers)

    def show_pixels(self, rgba: bytes, seen: Size = SEEN) -> None:
        self.engine.tell(SightReady(self.asked[-1][0], replace(RENDITION, size=seen), seen, rgba))

    def show_original(self, rgba: bytes, whole: Size, shown: Size | None = None) -> None:
        shown = shown or whole
        self.engine.tell(OriginalReady(self.asked[-1][0], whole, shown, rgba))

    def colour_at(self, x: int, y: int) -> tuple[int, int, int]:
        colour = self.canvas.grab().toImage().pixelColor(x, y)
        return colour.red(), colour.green(), colour.blue()

    def said(self, name: str) -> str:
        label = self.dialog.findChild(QLabel, name)
        assert label is not None
        return label.text().replace("\N{NO-BREAK SPACE}", " ") if label.isVisible() else ""

    def button(self, name: str) -> QAbstractButton:
        found = self.dialog.findChild(QAbstractButton, name)
        assert found is not None
        return found


@pytest.fixture
def viewer(window, engine):
    """The viewer on the first of three images; its pixels are not there yet."""
    engine.tell(SessionOpened(session(draft=Draft(IMAGES))))
    window.composer.strip.select([IMAGES[0].id])
    QTest.keyClick(window.composer.strip, Qt.Key.Key_Return)
    made = Viewer(window, engine)
    assert made.dialog.isVisible()
    yield made
    made.dialog.close()


def test_at_1_to_1_the_screen_has_the_very_pixels(viewer):
    rgba = noise(SEEN)
    viewer.show_pixels(rgba)
    grabbed = viewer.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    expected = QImage(rgba, SEEN.width, SEEN.height, SEEN.width * 4, QImage.Format.Format_RGBA8888)
    place = viewer.canvas.camera.place.toRect()
    assert viewer.canvas.zoom == 1.0
    words_px = 40  # what is seen is named at the top, and the ring of the keyboard is at the edges
    area = viewer.canvas.rect().adjusted(8, words_px, -8, -8).intersected(place)
    assert area.height() > 200
    assert grabbed.copy(area) == expected.copy(area.translated(-place.topLeft()))


def test_the_original_is_in_the_same_place_for_as_long_as_space_is_held(viewer):
    seen = bytearray(plain(SEEN, 255, 255, 255))
    whole = Size(2000, 1600)
    original = bytearray(plain(whole, 0, 0, 255))
    spot = 4 * (whole.width * 900 + 1200)  # twice as far from the corner as (600, 450)
    for down in range(8):
        start = spot + 4 * whole.width * down
        original[start : start + 32] = bytes((255, 0, 0, 255)) * 8
    viewer.show_pixels(bytes(seen))
    viewer.show_original(bytes(original), whole)
    place = viewer.canvas.camera.place.toRect()
    x, y = place.x() + 602, place.y() + 452
    assert viewer.colour_at(x, y) == (255, 255, 255)
    QTest.keyPress(viewer.canvas, Qt.Key.Key_Space)
    assert viewer.colour_at(x, y) == (255, 0, 0)
    assert "the original" in viewer.canvas.accessibleDescription()
    QTest.keyRelease(viewer.canvas, Qt.Key.Key_Space)
    assert viewer.colour_at(x, y) == (255, 255, 255)


def test_a_key_that_repeats_is_still_held(viewer):
    viewer.show_pixels(plain(SEEN, 9, 9, 9))
    viewer.show_original(plain(SEEN, 200, 0, 0), SEEN)
    QTest.keyPress(viewer.canvas, Qt.Key.Key_Space)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 3:  # as X tells of it
        repeated = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QApplication.sendEvent(viewer.canvas, repeated)
        assert viewer.canvas.shows_original


def test_no_pixel_is_passed_over_when_all_of_it_is_seen_small(viewer):
    black, white = bytes((0, 0, 0, 255)), bytes((255, 255, 255, 255))
    viewer.show_pixels((black + 3 * white) * (SEEN.width * SEEN.height // 4))
    viewer.canvas.zoom_to(1 / 4)
    middle = viewer.canvas.rect().center()
    for across in range(6):
        assert viewer.colour_at(middle.x() + across, middle.y())[0] == pytest.approx(255 * 3 / 4, abs=12)


def test_a_key_that_is_let_go_of_elsewhere_is_not_held_for_ever(viewer):
    viewer.show_pixels(plain(SEEN, 9, 9, 9))
    viewer.show_original(plain(SEEN, 200, 0, 0), SEEN)
    QTest.keyPress(viewer.canvas, Qt.Key.Key_Space)
    viewer.button("close-sight").setFocus()
    assert not viewer.canvas.shows_original


def test_the_divider_has_the_original_at_its_left(viewer):
    viewer.show_pixels(plain(SEEN, 0, 200, 0))
    viewer.show_original(plain(SEEN, 200, 0, 0), SEEN)
    viewer.press(Qt.Key.Key_C)
    middle, y = viewer.canvas.width() // 2, viewer.canvas.height() // 3
    assert viewer.colour_at(middle - 60, y) == (200, 0, 0)
    assert viewer.colour_at(middle + 60, y) == (0, 200, 0)
    slider = viewer.dialog.findChild(QSlider, "sight-divider")
    slider.setFocus()
    for _ in range(30):
        QTest.keyClick(slider, Qt.Key.Key_Left)
    assert viewer.colour_at(middle - 60, y) == (0, 200, 0)
    drag(viewer.canvas, QPoint(2, y), QPoint(middle + 100, y))
    assert viewer.colour_at(middle + 60, y) == (200, 0, 0)
    assert slider.value() == pytest.approx(1000 * (middle + 100) / viewer.canvas.width(), abs=2)


def drag(widget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(widget, (start + end) / 2)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def test_one_moves_by_dragging_and_by_the_arrows(viewer):
    viewer.show_pixels(noise(SEEN))
    viewer.press(Qt.Key.Key_Plus)
    before = viewer.canvas.camera.place.topLeft()
    viewer.press(Qt.Key.Key_Right)
    by_key = viewer.canvas.camera.place.topLeft()
    assert (by_key.x() - before.x(), by_key.y()) == (-64, before.y())
    drag(viewer.canvas, QPoint(300, 200), QPoint(330, 220))
    by_hand = viewer.canvas.camera.place.topLeft()
    assert (by_hand.x() - by_key.x(), by_hand.y() - by_key.y()) == (30, 20)


def test_one_zooms_by_wheel_and_by_keys(viewer):
    viewer.show_pixels(noise(SEEN))
    viewer.press(Qt.Key.Key_F)
    assert viewer.said("sight-zoom") == f"{viewer.canvas.camera.fit * 100:.0f} %"
    viewer.press(Qt.Key.Key_1)
    assert viewer.said("sight-zoom") == "100 %"
    viewer.press(Qt.Key.Key_Plus)
    assert viewer.said("sight-zoom") == "200 %"
    viewer.press(Qt.Key.Key_Minus)
    pointer = QPointF(660, 400)
    under = viewer.canvas.camera.at(pointer)
    event = QWheelEvent(
        pointer,
        viewer.canvas.mapToGlobal(pointer),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer.canvas, event)
    assert viewer.canvas.zoom == 2.0
    assert (viewer.canvas.camera.at(pointer) - under).manhattanLength() <= 2


def test_one_leafs_through_the_strip(viewer):
    assert viewer.dialog.findChild(QAbstractButton, "sight-before").isEnabled() is False
    viewer.press(Qt.Key.Key_PageDown)
    assert viewer.asked[-1][1].image.id == IMAGES[1].id
    assert viewer.window.composer.strip.selected_ids() == [IMAGES[1].id]
    viewer.press(Qt.Key.Key_PageDown)
    viewer.press(Qt.Key.Key_PageDown)  # there is none behind the last
    assert viewer.asked[-1][1].image.id == IMAGES[2].id
    viewer.press(Qt.Key.Key_PageUp)
    assert viewer.asked[-1][1].image.id == IMAGES[1].id


def test_pixels_that_were_asked_for_before_are_not_shown(viewer):
    first = viewer.asked[-1][0]
    viewer.press(Qt.Key.Key_PageDown)
    viewer.show_pixels(plain(SEEN, 0, 200, 0))
    viewer.engine.tell(SightReady(first, RENDITION, SEEN, plain(SEEN, 200, 0, 0)))
    assert viewer.colour_at(viewer.canvas.width() // 2, viewer.canvas.height() // 2) == (0, 200, 0)


def test_another_tier_s_pixels_are_a_key_away(window, engine):
    large = replace(picture("large.jpg", (4032, 3024)), digest="large")
    engine.tell(SessionOpened(session(draft=Draft((large,)))))
    window.viewing.open(large)
    viewer = Viewer(window, engine)
    assert viewer.asked[-1][1].tier is HIGH
    assert viewer.said("sight-compared") == (
        "Sonnet 4.6 would see 1270 × 952, Sonnet 5.5 sees 2212 × 1659 for 3× the tokens."
    )
    viewer.press(Qt.Key.Key_T)
    _, look, original = viewer.asked[-1]
    assert (look.tier, original) == (STANDARD, True)
    assert viewer.button("sight-observer-1").isChecked()
    viewer.show_pixels(noise(Size(1270, 952)), Size(1270, 952))
    assert viewer.canvas.camera.picture.toSize().toTuple() == (1270, 952)
    viewer.show_original(plain(Size(3265, 2449), 1, 2, 3), Size(4032, 3024), Size(3265, 2449))
    viewer.button("sight-observer-0").click()
    assert viewer.asked[-1][2] is False  # the original is here already
    viewer.dialog.close()


def test_a_change_of_the_image_is_followed(viewer):
    viewer.show_pixels(noise(SEEN))
    economy = FidelityChoice(Fidelity.ECONOMY)
    viewer.window.composer.cards.set_fidelity([viewer.window.composer.draft.images[0]], economy)
    assert viewer.asked[-1][1].image.fidelity is Fidelity.ECONOMY
    asked = len(viewer.asked)
    viewer.window.composer.prompt.insertPlainText("What is it?")
    assert len(viewer.asked) == asked  # words change no pixel
    viewer.window.composer.cards.remove([IMAGES[0].id])
    assert viewer.asked[-1][1].image.id == IMAGES[1].id  # the strip has chosen its neighbour
    viewer.window.composer.strip.select([IMAGES[2].id])
    assert viewer.asked[-1][1].image.id == IMAGES[2].id
    viewer.window.composer.cards.remove([IMAGES[1].id, IMAGES[2].id])
    assert not viewer.dialog.isVisible()


def test_what_was_sent_is_shown_with_the_eyes_that_saw_it(window, engine):
    images = [sent(replace(image, digest="d"), number, (900, 700)) for number, image in enumerate(IMAGES, 1)]
    engine.tell(SessionOpened(session(turn(images=images))))
    view = window.transcript.turn("turn")
    view.see_asked.emit(images[1].image, "turn")
    viewer = Viewer(window, engine)
    _, look, _ = viewer.asked[-1]
    assert look.rendition == images[1].rendition
    viewer.press(Qt.Key.Key_PageUp)
    assert viewer.asked[-1][1].rendition == images[0].rendition
    assert viewer.dialog.windowTitle() == "What Claude saw"
    viewer.dialog.close()


def test_letters_that_are_shown_too_small_are_told_of_with_what_helps(window, engine):
    tall = replace(picture("tall.png", (1200, 9000)), digest="tall")
    engine.tell(SessionOpened(session(draft=Draft((tall,)))))
    window.viewing.open(tall)
    viewer, cropped = Viewer(window, engine), []
    assert viewer.said("sight-letters") == ""
    engine.tell(TextMeasured("tall", Text(20.0, Size(1200, 9000))))
    assert viewer.said("sight-letters") == "Small letters are ≈ 6 px high here: they may be unreadable."
    window.viewing.crop = cropped.append
    viewer.button("sight-crop").click()
    assert cropped == [tall]
    viewer.button("sight-split").click()
    ((_, image, boxes),) = engine.asked("split_image")
    assert (image, viewer.button("sight-split").text()) == (tall, f"Split into {len(boxes)}")
    viewer.dialog.close()


def test_small_letters_are_a_check_that_leads_to_the_viewer(window, engine):
    sheet = replace(picture("sheet.png", (2480, 3508)), digest="sheet")
    engine.tell(SessionOpened(session(draft=Draft((sheet,)))))
    window.composer.strip.select([sheet.id])
    assert engine.asked("sights.measure_text") == [(sheet,)]
    engine.tell(TextMeasured("sheet", Text(8.0, Size(2480, 3508))))
    window.findChild(QAbstractButton, "finding-0-small_text.fix").click()
    viewer = Viewer(window, engine)
    assert viewer.asked[-1][1].image == sheet
    assert viewer.said("sight-letters").endswith("they may be unreadable.")
    viewer.dialog.close()


def test_nothing_is_kept_of_what_nobody_looks_at(viewer):
    viewer.show_pixels(noise(SEEN))
    viewer.press(Qt.Key.Key_Escape, on=viewer.dialog)
    assert not viewer.dialog.isVisible()
    assert viewer.engine.asked("sights.dismiss") == [()]
    viewer.show_pixels(noise(SEEN))  # late
    assert viewer.canvas.is_empty


def test_what_went_wrong_is_said_in_the_viewer(viewer):
    viewer.engine.tell(SightFailed(viewer.asked[-1][0], Failure(FailureKind.IMAGE_LOST)))
    assert viewer.said("sight-trouble")


def test_an_address_that_nobody_looked_at_says_so(window, engine):
    image = linked()
    engine.tell(SessionOpened(session(draft=Draft((image,)))))
    window.viewing.open(image)
    viewer = Viewer(window, engine)
    assert (
        viewer.said("sight-facts")
        == "Nobody has looked at this address yet, so there is nothing to be shown."
    )
    assert viewer.asked == []
    viewer.dialog.close()


def test_there_are_three_ways_in(window, engine, qtbot):
    engine.tell(SessionOpened(session(draft=Draft(IMAGES))))
    strip = window.composer.strip
    strip.select([IMAGES[1].id])
    viewer = Viewer(window, engine)

    def opened_on() -> str:
        assert viewer.dialog.isVisible()
        image_id = viewer.asked[-1][1].image.id
        viewer.dialog.close()
        return image_id

    window.findChild(QAbstractButton, "see-image").click()
    assert opened_on() == IMAGES[1].id
    QTest.keyClick(
        window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert opened_on() == IMAGES[1].id
    place = strip.visualRect(strip.model().index(2, 0)).center()
    QTest.mouseDClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened_on() == IMAGES[2].id


def test_it_is_as_large_as_there_is_room_for(window, engine):
    engine.tell(SessionOpened(session(draft=Draft(IMAGES))))
    window.viewing.open(IMAGES[0])
    dialog, room = window.viewing.dialog, window.screen().availableSize()
    assert dialog.width() < room.width() < window.width()
    dialog.resize(room.width() * 2, 500)
    dialog.close()
    window.viewing.open(IMAGES[0])
    assert dialog.width() < room.width()
    assert dialog.height() == 500
    dialog.close()
