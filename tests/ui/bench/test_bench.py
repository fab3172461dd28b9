"""The bench by mouse and by keyboard: what is drawn lands where it was drawn, and nothing is lost unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView, QSlider, QSpinBox

from tests.core.builders import linked, picture, session
from vision_studio.core.draft import Draft
from vision_studio.core.edits import Colour, Crop, Edits, Mark, Redact, Shape, Straighten, Turn
from vision_studio.core.edits_text import check
from vision_studio.core.events import SessionOpened
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.framing import is_within
from vision_studio.core.sight_events import OriginalReady, SightFailed
from vision_studio.core.size import Size
from vision_studio.core.tiling import Box
from vision_studio.core.tokens import HIGH, fits
from vision_studio.ui.bench.dialog import BenchDialog
from vision_studio.ui.bench.edit_list import EditListModel
from vision_studio.ui.bench.editor import Editor
from vision_studio.ui.bench.tools import DRAWING, Tool
from vision_studio.ui.composer.card_menu import card_menu
from vision_studio.ui.design.fields import RadioButton
from vision_studio.ui.export_dialog import ExportDialog

SIZE = Size(800, 600)
IMAGE = replace(picture("crane.png", SIZE), digest="d" * 64)
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
GREY = bytes((128, 128, 128, 255))


class Bench:
    def __init__(self, window, engine, edits: Edits = ()) -> None:
        self.window, self.engine = window, engine
        self.image = replace(IMAGE, edits=edits)
        engine.tell(SessionOpened(session(draft=Draft((self.image,), "?"))))
        window.benching.open_bench(self.image)
        ((ticket, asked),) = engine.asked("sights.unedited")
        assert asked == self.image
        engine.tell(OriginalReady(ticket, SIZE, SIZE, GREY * (SIZE.width * SIZE.height)))
        QApplication.processEvents()

    @property
    def dialog(self) -> BenchDialog:
        return self.window.benching.dialog

    @property
    def editor(self) -> Editor:
        return self.dialog.editor

    @property
    def canvas(self):
        return self.dialog.canvas

    @property
    def sent(self) -> Edits:
        """What the draft has now."""
        return self.window.composer.draft.images[0].edits

    def press(self, key, modifiers=NONE, on=None) -> None:
        QTest.keyClick(on or self.canvas, key, modifiers)

    def at(self, x: float, y: float) -> QPoint:
        """Where a point of the original is."""
        return self.canvas.screen_point(x, y).toPoint()

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, NONE, start)
        QTest.mouseMove(self.canvas, (start + end) / 2)
        QTest.mouseMove(self.canvas, end)
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, NONE, end)

    def colour_at(self, x: float, y: float) -> str:
        ratio = self.canvas.devicePixelRatioF()
        at = QPointF(self.at(x, y)) * ratio
        return self.canvas.grab().toImage().pixelColor(at.toPoint()).name()

    def find(self, kind, name: str):
        found = self.dialog.findChild(kind, name)
        assert found is not None
        return found

    def type(self, field: QLineEdit, words: str) -> None:
        field.setFocus()
        QTest.keyClicks(field, words)


@pytest.fixture
def bench(window, engine) -> Bench:
    return Bench(window, engine)


def test_what_is_drawn_over_is_redacted_where_it_was_drawn(bench: Bench) -> None:
    bench.press(Qt.Key.Key_R)
    bench.drag(bench.at(100, 100), bench.at(300, 200))
    (redaction,) = bench.editor.edits
    assert isinstance(redaction, Redact)
    assert redaction.box == pytest.approx((100, 100, 300, 200), abs=2)
    assert bench.colour_at(200, 150) == "#000000"
    assert bench.colour_at(400, 150) == "#808080"
    assert bench.sent == ()
    bench.press(Qt.Key.Key_Return, CONTROL)
    assert bench.sent == (redaction,)
    assert not bench.dialog.isVisible()
    assert bench.window.composer.images.accessible_text(0) == "Image 1, crane.png, edited"


def test_applying_is_one_step_that_can_be_undone_and_gone_on_with(bench: Bench) -> None:
    bench.press(Qt.Key.Key_BracketRight)
    bench.press(Qt.Key.Key_R)
    bench.press(Qt.Key.Key_Return)
    before = bench.editor.edits
    assert [type(edit) for edit in before] == [Turn, Redact]
    bench.find(QAbstractButton, "bench-apply").click()
    stack = bench.window.composer.history.stack
    assert stack.count() == 1
    bench.window.benching.open_bench(bench.window.composer.draft.images[0])
    assert bench.editor.edits == before
    assert not bench.editor.stack.canUndo()
    bench.find(QAbstractButton, "bench-reset").click()
    bench.press(Qt.Key.Key_Return, CONTROL)
    assert bench.sent == ()
    stack.undo()
    assert bench.sent == before
    stack.undo()
    assert bench.sent == ()


def test_a_mark_asks_at_once_what_it_means(bench: Bench) -> None:
    bench.press(Qt.Key.Key_A)
    bench.drag(bench.at(100, 500), bench.at(400, 300))
    legend = bench.find(QLineEdit, "mark-legend")
    assert legend.hasFocus()
    QTest.keyClicks(legend, "crack in the weld")
    QTest.keyClick(legend, Qt.Key.Key_Return)
    assert bench.dialog.isVisible()
    assert bench.canvas.hasFocus()
    (mark,) = bench.editor.edits
    assert isinstance(mark, Mark)
    assert (mark.shape, mark.legend) == (Shape.ARROW, "crack in the weld")
    assert (mark.x, mark.y, mark.to_x, mark.to_y) == pytest.approx((100, 500, 400, 300), abs=2)
    bench.press(Qt.Key.Key_Z, CONTROL)
    (mark,) = bench.editor.edits
    assert isinstance(mark, Mark)
    assert mark.legend == ""
    bench.press(Qt.Key.Key_Z, CONTROL)
    assert bench.editor.edits == ()


def test_everything_is_done_by_keyboard(bench: Bench) -> None:
    for key in (Qt.Key.Key_R, Qt.Key.Key_B, Qt.Key.Key_N):
        bench.press(key)
        bench.press(Qt.Key.Key_Return)
        bench.canvas.setFocus()
    bench.press(Qt.Key.Key_V)
    assert [type(edit) for edit in bench.editor.edits] == [Redact, Mark, Mark]
    bench.editor.choose(None)
    seen = []
    for _ in range(3):
        bench.press(Qt.Key.Key_Tab)
        seen.append(bench.editor.chosen)
    assert seen == [0, 1, 2]
    bench.press(Qt.Key.Key_Backtab)
    assert bench.editor.chosen == 1
    before = bench.editor.object
    assert isinstance(before, Mark)
    bench.press(Qt.Key.Key_Right)
    bench.press(Qt.Key.Key_Down, SHIFT)
    bench.press(Qt.Key.Key_Left, CONTROL)
    after = bench.editor.object
    assert isinstance(after, Mark)
    assert (after.x - before.x, after.y - before.y) == (1, 10)
    assert (after.to_x - before.to_x, after.to_y - before.to_y) == (0, 10)
    bench.press(Qt.Key.Key_Delete)
    assert [type(edit) for edit in bench.editor.edits] == [Redact, Mark]
    bench.editor.choose(1)
    bench.press(Qt.Key.Key_Tab)
    assert not bench.canvas.hasFocus()


def test_tab_leaves_the_canvas_behind_the_last_of_them(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Tab)
    assert not bench.canvas.hasFocus()


def test_a_handle_is_hit_from_twelve_pixels_away(bench: Bench) -> None:
    bench.editor.add(Redact(Box(200, 200, 400, 300)))
    corner = bench.canvas.handle_points()[4].toPoint()
    off = corner + QPoint(11, 11)
    bench.drag(off, off + QPoint(30, 20))
    (redaction,) = bench.editor.edits
    assert isinstance(redaction, Redact)
    zoom = bench.canvas.camera.zoom / bench.canvas.devicePixelRatioF()
    assert redaction.box == pytest.approx((200, 200, 400 + 30 / zoom, 300 + 20 / zoom), abs=2)
    bench.editor.stack.undo()
    assert bench.editor.edits == (Redact(Box(200, 200, 400, 300)),)


def test_what_is_dragged_as_a_whole_stays_in_the_picture(bench: Bench) -> None:
    bench.editor.add(Redact(Box(200, 200, 400, 300)))
    bench.press(Qt.Key.Key_V)
    bench.drag(bench.at(300, 250), bench.at(-400, 250))
    assert bench.editor.edits == (Redact(Box(0, 200, 200, 300)),)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_arrow_keys_go_the_way_they_point_however_the_image_lies(bench: Bench, quarters: int) -> None:
    for _ in range(quarters):
        bench.press(Qt.Key.Key_BracketRight)
    bench.editor.add(Mark(Shape.NUMBER, 400, 300, 400, 300))
    before = bench.canvas.handle_points()[0]
    bench.press(Qt.Key.Key_Right, SHIFT)
    after = bench.canvas.handle_points()[0]
    assert after.x() > before.x() + 1
    assert after.y() == pytest.approx(before.y(), abs=0.01)


def test_a_redaction_drawn_on_a_straightened_image_covers_all_that_was_drawn_over(bench: Bench) -> None:
    slider = bench.find(QSlider, "straighten-slider")
    slider.setValue(150)
    assert bench.editor.edits == (Straighten(150),)
    bench.press(Qt.Key.Key_R)
    start, end = bench.at(300, 250), bench.at(500, 350)
    bench.drag(start, end)
    inside = QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2)
    image = bench.canvas.grab().toImage()
    ratio = bench.canvas.devicePixelRatioF()
    for at in (inside, QPoint(start.x() + 4, end.y() - 4), QPoint(end.x() - 14, start.y() + 14)):
        assert image.pixelColor((QPointF(at) * ratio).toPoint()).name() == "#000000"


def test_the_crop_follows_its_corners_and_its_shape(bench: Bench) -> None:
    bench.press(Qt.Key.Key_C)
    corner = bench.canvas.handle_points()[4].toPoint()
    bench.drag(corner, bench.at(500, 400))
    (crop,) = bench.editor.edits
    assert isinstance(crop, Crop)
    assert crop.box == pytest.approx((0, 0, 500, 400), abs=2)
    bench.press(Qt.Key.Key_Right, SHIFT)
    bench.press(Qt.Key.Key_Down, CONTROL)
    (crop,) = bench.editor.edits
    assert isinstance(crop, Crop)
    assert crop.box == pytest.approx((10, 0, 510, 401), abs=2)
    ratio = bench.dialog.panel.findChild(object, "crop-ratio")
    ratio.setCurrentIndex(1)
    (crop,) = bench.editor.edits
    assert isinstance(crop, Crop)
    assert crop.box.size.width == crop.box.size.height
    bench.drag(bench.canvas.handle_points()[0].toPoint(), bench.at(300, 60))
    (crop,) = bench.editor.edits
    assert isinstance(crop, Crop)
    assert crop.box.size.width == crop.box.size.height


def test_a_crop_can_be_held_to_what_is_shown_as_it_is(window, engine) -> None:
    big = replace(IMAGE, size=Size(6000, 4000))
    engine.tell(SessionOpened(session(draft=Draft((big,), "?"))))
    window.benching.open_bench(big, crop=True)
    dialog = window.benching.dialog
    assert dialog.editor.tool is Tool.CROP
    assert "is shown" in dialog.panel.result.text()
    dialog.findChild(QAbstractButton, "crop-largest").click()
    (crop,) = dialog.editor.edits
    assert isinstance(crop, Crop)
    assert fits(crop.box.size, HIGH)
    assert "all of its pixels" in dialog.panel.result.text().replace("\N{NO-BREAK SPACE}", " ")


def test_figures_are_exact(bench: Bench) -> None:
    bench.editor.add(Redact(Box(200, 200, 400, 300)))
    width = bench.find(QSpinBox, "edit-place-w")
    width.setValue(17)
    assert bench.editor.edits == (Redact(Box(200, 200, 217, 300)),)
    bench.press(Qt.Key.Key_C)
    left = bench.find(QSpinBox, "crop-x")
    left.setValue(123)
    crop = bench.editor.edits[0]
    assert isinstance(crop, Crop)
    assert crop.box.left == 123


def test_degrees_are_typed_with_one_decimal(bench: Bench) -> None:
    field = bench.find(QSpinBox, "straighten")
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "-2.5")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert bench.editor.edits == (Straighten(-25),)
    assert field.text() == "-2.5°"
    framed = bench.editor.framing
    assert is_within(framed.crop, framed.frame, framed.tenths)


def test_the_list_chooses_changes_places_and_removes(bench: Bench) -> None:
    for edit in (
        Mark(Shape.NUMBER, 10, 10, 10, 10, legend="bolt"),
        Mark(Shape.NUMBER, 90, 90, 90, 90, legend="nut"),
    ):
        bench.editor.add(edit)
    view = bench.find(QListView, "edit-list")
    said = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    assert said == ["1 · Number: bolt", "2 · Number: nut"]
    view.setCurrentIndex(view.model().index(1, 0))
    bench.find(QAbstractButton, "edit-earlier").click()
    said = [view.model().index(row, 0).data() for row in range(view.model().rowCount())]
    assert said == ["1 · Number: nut", "2 · Number: bolt"]
    assert bench.editor.chosen == 0
    bench.find(QAbstractButton, "edit-remove").click()
    assert [edit.legend for edit in bench.editor.edits if isinstance(edit, Mark)] == ["bolt"]


def test_the_model_keeps_its_promises(qtbot) -> None:
    model = EditListModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    one, two = Redact(Box(0, 0, 1, 1)), Redact(Box(0, 0, 2, 2))
    for edits in ((one,), (one, two), (Turn(1), one, two), (one, two), (two, one), (two,), (), (one, two)):
        model.show(edits)
        assert model.rowCount() == len(edits)
    assert tester.model() is model


def test_nothing_is_lost_unasked(bench: Bench) -> None:
    bench.press(Qt.Key.Key_R)
    bench.press(Qt.Key.Key_Return)
    bench.press(Qt.Key.Key_Escape)  # lets go of the box
    bench.press(Qt.Key.Key_Escape)
    assert bench.dialog.isVisible()
    notice = bench.find(object, "bench-notice")
    assert "not applied" in notice.accessibleName()
    bench.press(Qt.Key.Key_Escape, on=bench.find(QAbstractButton, "bench-discard"))
    assert bench.dialog.isVisible()
    bench.press(Qt.Key.Key_Escape)
    bench.find(QAbstractButton, "bench-keep-on").click()
    assert bench.dialog.isVisible()
    bench.dialog.close()
    assert bench.dialog.isVisible()
    bench.find(QAbstractButton, "bench-discard").click()
    assert not bench.dialog.isVisible()
    assert bench.sent == ()
    assert bench.window.composer.history.stack.count() == 0


def test_escape_leads_from_a_field_to_the_image(bench: Bench) -> None:
    bench.press(Qt.Key.Key_N)
    bench.press(Qt.Key.Key_Return)
    legend = bench.find(QLineEdit, "mark-legend")
    assert legend.hasFocus()
    bench.press(Qt.Key.Key_Escape, on=legend)
    assert bench.canvas.hasFocus()
    assert len(bench.editor.edits) == 1


def test_one_that_was_not_changed_is_left_at_once(bench: Bench) -> None:
    bench.press(Qt.Key.Key_Escape)
    assert not bench.dialog.isVisible()


def test_an_image_at_an_address_is_offered_as_a_download(window, engine) -> None:
    image = linked()
    engine.tell(SessionOpened(session(draft=Draft((image,), "?"))))
    window.benching.open_bench(image)
    assert engine.asked("sights.unedited") == []
    window.composer.findChild(QAbstractButton, "download-to-edit").click()
    assert engine.asked("look_at") != []


def test_an_image_that_is_still_read_is_not_edited_yet(window, engine) -> None:
    image = replace(IMAGE, digest=None)
    engine.tell(SessionOpened(session(draft=Draft((image,), "?"))))
    window.benching.open_bench(image)
    said = [label.text() for label in window.composer.findChildren(QLabel)]
    assert any("still being read" in words for words in said)


def test_what_the_engine_cannot_show_is_said(window, engine) -> None:
    engine.tell(SessionOpened(session(draft=Draft((IMAGE,), "?"))))
    window.benching.open_bench(IMAGE)
    ((ticket, _),) = engine.asked("sights.unedited")
    engine.tell(SightFailed(ticket, Failure(FailureKind.IMAGE_LOST)))
    assert window.benching.dialog.findChild(object, "bench-notice") is not None


def test_ways_in(window, engine) -> None:
    engine.tell(SessionOpened(session(draft=Draft((IMAGE,), "?"))))
    menu = card_menu(window.composer, [IMAGE.id])
    (action,) = [action for action in menu.actions() if action.text() == "Edit image…"]
    action.trigger()
    assert window.benching.dialog.isVisible()
    window.benching.dialog.hide()
    menu.close()
    window.composer.strip.select([IMAGE.id])
    QTest.keyClick(window.composer.strip, Qt.Key.Key_E)
    assert window.benching.dialog.isVisible()


def test_the_viewer_and_the_inspector_lead_here(window, engine) -> None:
    engine.tell(SessionOpened(session(draft=Draft((IMAGE,), "?"))))
    window.viewing.open(IMAGE)
    window.viewing.dialog.crop_asked.emit()
    assert window.benching.dialog.isVisible()
    assert window.benching.dialog.editor.tool is Tool.CROP
    window.benching.dialog.hide()
    window.composer.strip.select([IMAGE.id])
    window.findChild(QAbstractButton, "edit-image").click()
    assert window.benching.dialog.isVisible()
    assert window.benching.dialog.editor.tool is Tool.SELECT


def test_the_result_is_that_of_the_model(bench: Bench) -> None:
    words = bench.dialog.panel.result.text().replace("\N{NO-BREAK SPACE}", " ")
    assert words == "800 × 600 px. Claude Sonnet 5.5 is shown all of its pixels, for ≈ 638 tokens."
    bench.press(Qt.Key.Key_BracketRight)
    assert bench.dialog.panel.result.text().startswith("600")


def test_a_mark_keeps_the_colour_that_was_chosen_last(bench: Bench) -> None:
    bench.editor.add(bench.editor.drawn(Tool.BOX, 1, 1, 50, 50))
    bench.find(object, "mark-colour").setCurrentIndex(list(Colour).index(Colour.SKY))
    bench.editor.add(bench.editor.drawn(Tool.BOX, 60, 60, 90, 90))
    assert [edit.colour for edit in bench.editor.edits if isinstance(edit, Mark)] == [Colour.SKY] * 2


def test_zoom_and_pan(bench: Bench) -> None:
    canvas = bench.canvas
    assert canvas.camera.fitting
    bench.press(Qt.Key.Key_1)
    assert canvas.camera.zoom == 1
    for _ in range(3):
        bench.press(Qt.Key.Key_Plus)
    assert canvas.camera.zoom > 1
    before = canvas.camera.centre
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    middle = canvas.rect().center()
    bench.drag(middle, middle + QPoint(-40, 0))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.camera.centre.x() > before.x()
    bench.press(Qt.Key.Key_F)
    assert canvas.camera.fitting


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_step_is_undone_and_done_again(qapp, data: st.DataObject) -> None:
    """Whatever was done, in whatever order."""
    editor = Editor()
    before: Edits = (Redact(Box(1, 1, 9, 9)),)
    editor.open(SIZE, before, HIGH)
    numbers = st.integers(-100, 900)
    seen = [before]
    for _ in range(data.draw(st.integers(0, 8))):
        do = data.draw(st.sampled_from(range(8)))
        place = data.draw(st.none() | st.integers(0, 6))
        if do == 0:
            editor.turn(data.draw(st.sampled_from([1, -1])))
        elif do == 1:
            editor.mirror(upside_down=data.draw(st.booleans()))
        elif do == 2:
            editor.straighten(data.draw(st.integers(-450, 450)))
        elif do == 3:
            editor.crop(Box(*(data.draw(numbers) for _ in range(4))))
        elif do == 4:
            tool = data.draw(st.sampled_from(sorted(DRAWING)))
            editor.add(editor.drawn(tool, *(data.draw(numbers) for _ in range(4))))
        elif do == 5:
            editor.choose(place)
            editor.remove()
        elif do == 6:
            editor.choose(place)
            editor.put_earlier(data.draw(st.sampled_from([1, -1])))
        else:
            editor.choose(place)
            editor.explain(data.draw(st.text(max_size=5)))
        check(SIZE, editor.edits)
        assert editor.chosen is None or editor.chosen < len(editor.edits)
        if editor.edits != seen[-1]:
            seen.append(editor.edits)
    after = editor.edits
    while editor.stack.canUndo():
        editor.stack.undo()
        assert editor.edits in seen
    assert editor.edits == before
    while editor.stack.canRedo():
        editor.stack.redo()
    assert editor.edits == after
    editor.stack.clear()  # steps and editor know each other: left to the collector, they outlive Qt


def test_a_bundle_says_that_it_shows_what_was_redacted(theme, qtbot) -> None:
    def hint(edits: Edits) -> str:
        dialog = ExportDialog(session(draft=Draft((replace(IMAGE, edits=edits),), "?")))
        qtbot.addWidget(dialog)
        return dialog.findChild(RadioButton, "export-bundle").accessibleDescription()

    assert "redacted" in hint((Redact(Box(0, 0, 9, 9)),))
    assert "redacted" not in hint((Turn(1),))
