"""Of a document, the wanted pages become cards; of an animation, the wanted frame is sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton

from tests.ui.composer.pictures import pictures
from vision_studio.core.documents import Document, Resolution
from vision_studio.core.draft import Image, Trait
from vision_studio.core.size import Size
from vision_studio.ui.composer.card_menu import card_menu
from vision_studio.ui.composer.frame_dialog import FrameDialog
from vision_studio.ui.composer.page_list import PageListView, PageRole
from vision_studio.ui.composer.pages_dialog import PagesDialog

A4 = (595.0, 842.0)
REPORT = Document("a" * 64, "report.pdf", "PDF", 9_000, (A4,) * 5)
SCAN = Document("b" * 64, "scan.tiff", "TIFF", 9_000, ((640, 480), (800, 600)))


class Asked:
    """Thumbnails that are not there yet, and what was asked for."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def __call__(self, key: str) -> QImage | None:
        self.keys.append(key)
        return None


@pytest.fixture
def dialog(qtbot):
    def make(*documents: Document) -> PagesDialog:
        made = PagesDialog(documents, Asked(), lambda images: f"≈ {len(images)}00 tok")
        qtbot.addWidget(made)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        return made

    return make


def button(dialog, object_name: str) -> QPushButton:
    return dialog.findChild(QPushButton, object_name)


def cards(dialog, qtbot) -> tuple[Image, ...]:
    with qtbot.waitSignal(dialog.chosen) as chosen:
        button(dialog, "add-pages").click()
    return chosen.args[0]


def test_a_few_pages_are_taken_for_wanted(dialog, qtbot):
    images = cards(dialog(REPORT), qtbot)
    assert [image.frame for image in images] == [0, 1, 2, 3, 4]
    assert {image.digest for image in images} == {REPORT.digest}
    assert images[0].size == Size(1820, 2576)


def test_of_many_pages_somebody_chooses(dialog):
    book = dialog(Document("c" * 64, "book.pdf", "PDF", 9, (A4,) * 400))
    assert not button(book, "add-pages").isEnabled()
    assert "No page is chosen yet" in book._total.text()


def test_pages_are_named_by_number(dialog, qtbot):
    made = dialog(REPORT)
    made._named.setFocus()
    made._named.clear()
    made._named.setText("2-3, 5")
    made._named.textEdited.emit("2-3, 5")
    assert made._total.text() == "3 pages · ≈ 300 tok"
    assert button(made, "add-pages").text() == "Add 3 pages"
    made._named.textEdited.emit("9")
    assert made._named.property("invalid")
    assert [image.name for image in cards(made, qtbot)] == [
        "report.pdf, page 2",
        "report.pdf, page 3",
        "report.pdf, page 5",
    ]


def test_what_is_clicked_is_named(dialog):
    made = dialog(REPORT)
    button(made, "no-pages").click()
    assert made._named.text() == ""
    model = made._list.model()
    for row in (0, 1, 3):
        made._list.selectionModel().select(model.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
    assert made._named.text() == "1-2, 4"


def test_the_resolution_is_a_choice_where_pages_are_drawn(dialog, qtbot):
    made = dialog(REPORT)
    made._resolution.setCurrentIndex(made._resolution.findData(Resolution.DPI_150))
    assert {image.size for image in cards(made, qtbot)} == {Size(1240, 1754)}
    assert not dialog(SCAN)._resolution.isVisibleTo(dialog(SCAN))


def test_several_documents_are_asked_for_together(dialog, qtbot):
    made = dialog(REPORT, SCAN)
    assert made._list.model().index(5, 0).data() == "scan.tiff, page 1"
    images = cards(made, qtbot)
    assert [(image.name, image.size) for image in images[-2:]] == [
        ("scan.tiff, page 1", Size(640, 480)),
        ("scan.tiff, page 2", Size(800, 600)),
    ]


def test_only_what_is_looked_at_is_drawn(qtbot):
    asked = Asked()
    book = PagesDialog(
        [Document("c" * 64, "book.pdf", "PDF", 9, (A4,) * 400)], asked, lambda images: "", parent=None
    )
    qtbot.addWidget(book)
    with qtbot.waitExposed(book):
        book.show()
    qtbot.waitUntil(lambda: "c" * 64 in asked.keys)
    assert len(set(asked.keys)) < 60
    QAbstractItemModelTester(book._list.model(), QAbstractItemModelTester.FailureReportingMode.Warning)
    with qtbot.waitSignal(book._list.model().dataChanged) as changed:
        book.show_thumbnail("c" * 64 + "-7")
    assert (changed.args[0].row(), changed.args[2]) == (7, [PageRole.THUMBNAIL])


def animation() -> Image:
    (image,) = pictures("a")
    return replace(image, digest="d" * 64, frames=12, traits=frozenset({Trait.ANIMATED}))


def test_another_frame_is_chosen_and_the_choice_undone(composer, qtbot):
    composer.cards.insert(0, [animation()])
    menu = card_menu(composer, ["a"])
    (choose,) = [action for action in menu.actions() if action.text() == "Choose frame…"]
    choose.trigger()
    dialog = composer.findChild(FrameDialog)
    pages = dialog.findChild(PageListView)
    assert pages.chosen() == (0,)
    pages.setCurrentIndex(pages.model().index(6, 0))
    dialog.findChild(QPushButton, "take-frame").click()
    assert composer.draft.images[0].frame == 6
    assert composer.draft.images[0].pixels == "d" * 64 + "-6"
    composer.history.stack.undo()
    assert composer.draft.images[0].frame == 0


def test_a_still_picture_has_no_frame_to_choose(composer):
    composer.cards.insert(0, pictures("a"))
    assert "Choose frame…" not in [action.text() for action in card_menu(composer, ["a"]).actions()]
