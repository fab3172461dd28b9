"""Templates in the window: found, filled in, put into the question as one step, written and taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
)

from tests.core.builders import picture, session
from vision_studio.core.draft import Draft
from vision_studio.core.events import SessionOpened
from vision_studio.core.mentions import MARK, Mention
from vision_studio.core.template_events import TemplatesExported, TemplatesImported, TemplatesTold
from vision_studio.core.templates import Template
from vision_studio.ui.design.fields import Select
from vision_studio.ui.design.findings import Notice

COMPARE = Template("1", "Compare", "Compare {{image: after}} with {{image}} in {{language}}.")
BRIEF = Template("2", "Brief", "Be brief.")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(window, engine):
    images = tuple(replace(picture(name, digest=name[0] * 64), id=name) for name in ("a.jpg", "b.jpg"))
    images = (images[0], replace(images[1], label="after"))
    engine.tell(SessionOpened(session(draft=Draft(images, "Look: "))))
    return window


@pytest.fixture
def dialog(opened, engine, qtbot):
    qtbot.keyClick(opened, Qt.Key.Key_J, CONTROL)
    engine.tell(TemplatesTold((BRIEF, COMPARE)))
    found = shown(opened, "templates")
    yield found
    found.close()


def shown(window, name):
    QCoreApplication.processEvents()
    return next(one for one in window.findChildren(QDialog, name) if one.isVisible())


def part(dialog, kind, name):
    return dialog.findChild(kind, name)


def names(dialog):
    rows = part(dialog, QListWidget, "templates-list")
    return [rows.item(row).text() for row in range(rows.count())]


def choose(dialog, name):
    rows = part(dialog, QListWidget, "templates-list")
    rows.setCurrentItem(rows.findItems(name, Qt.MatchFlag.MatchExactly)[0])


def notice(dialog):
    QCoreApplication.processEvents()
    return [one for one in dialog.findChildren(Notice) if one.isVisible()][-1]


def test_a_template_is_found_filled_in_and_one_step_of_undo(opened, dialog, engine, qtbot):
    assert engine.asked("templates.tell") == [()]
    qtbot.keyClicks(part(dialog, QLineEdit, "templates-search"), "langu")
    assert names(dialog) == ["Compare"]
    choose(dialog, "Compare")
    assert part(dialog, QLabel, "template-asks").text() == "Asks for Image: after, Image, language."
    rows = part(dialog, QListWidget, "templates-list")
    rows.itemActivated.emit(rows.currentItem())
    form = shown(opened, "fill-template")
    after, other = (part(form, Select, f"fill-{row}") for row in (0, 1))
    assert after.currentData() == "b.jpg"  # it is called so
    other.setCurrentIndex(other.findData("a.jpg"))
    qtbot.keyClicks(part(form, QLineEdit, "fill-2"), "German")
    qtbot.keyClick(part(form, QLineEdit, "fill-2"), Qt.Key.Key_Return)
    passage = opened.composer.draft.passage
    assert passage.text == f"Look: Compare {MARK} with {MARK} in German."
    assert passage.mentions == (Mention("b.jpg", "b.jpg"), Mention("a.jpg", "a.jpg"))
    opened.composer.history.undo()
    assert opened.composer.draft.passage.text == "Look: "

    opened.templates.use(COMPARE)  # what was filled in last is there again
    form = shown(opened, "fill-template")
    assert part(form, QLineEdit, "fill-2").text() == "German"
    form.reject()
    assert opened.composer.draft.passage.text == "Look: "


def test_one_that_asks_for_nothing_is_put_in_at_once(opened, dialog):
    choose(dialog, "Brief")
    part(dialog, QPushButton, "template-insert").click()
    assert opened.composer.draft.text == "Look: Be brief."
    assert not dialog.isVisible()


def test_the_question_becomes_a_template_with_places_for_its_images(opened, engine):
    opened.composer.mentions.insert(["b.jpg", "a.jpg"])
    opened.templates.show()
    engine.tell(TemplatesTold(()))
    dialog = shown(opened, "templates")
    part(dialog, QPushButton, "template-from-question").click()
    text = part(dialog, QPlainTextEdit, "template-text").toPlainText()
    assert text.replace(",", "").split() == ["Look:", "{{image:", "after}}", "{{image:", "a.jpg}}"]
    assert not part(dialog, QPushButton, "template-save").isEnabled()  # it has no name yet
    part(dialog, QLineEdit, "template-name").setText("  Roof\tcheck ")
    part(dialog, QPushButton, "template-save").click()
    ((saved,),) = engine.asked("templates.save")
    assert (saved.name, saved.text) == ("Roof check", text)
    dialog.close()


def test_what_was_written_is_kept_when_another_is_looked_at(dialog, engine, qtbot):
    choose(dialog, "Brief")
    part(dialog, QPlainTextEdit, "template-text").setPlainText("Be very brief.")
    choose(dialog, "Compare")
    assert engine.asked("templates.save") == [(replace(BRIEF, text="Be very brief."),)]
    assert part(dialog, QPlainTextEdit, "template-text").toPlainText() == COMPARE.text


def test_a_deleted_template_can_be_had_back(dialog, engine):
    choose(dialog, "Compare")
    part(dialog, QPushButton, "template-delete").click()
    assert engine.asked("templates.delete") == [("1",)]
    engine.tell(TemplatesTold((BRIEF,)))
    assert names(dialog) == ["Brief"]
    notice(dialog).findChild(QPushButton, "template-undo").click()
    assert engine.asked("templates.save") == [(COMPARE,)]


def test_files_are_chosen_and_what_came_of_it_is_said(dialog, engine, tmp_path):
    for button, name, command in (
        ("templates-import", "import-templates", "templates.take_in"),
        ("templates-export", "export-templates", "templates.export"),
    ):
        part(dialog, QPushButton, button).click()
        chooser = dialog.findChild(QFileDialog, name)
        chooser.fileSelected.emit(str(tmp_path / "x.json"))
        chooser.close()
        assert engine.asked(command) == [(Path(tmp_path / "x.json"),)]
    engine.tell(TemplatesImported("x.json", 3))
    assert notice(dialog).accessibleName() == "Note: 3 templates taken in from x.json."
    engine.tell(TemplatesImported("x.json", refusal="It cannot be read."))
    assert notice(dialog).accessibleName() == "Warning: x.json was not taken in."
    engine.tell(TemplatesExported("x.json", 2))
    assert notice(dialog).accessibleName() == "Note: 2 templates written to x.json."


def test_the_search_goes_through_what_it_found_and_enter_inserts_it(dialog, opened, qtbot):
    search = part(dialog, QLineEdit, "templates-search")
    qtbot.keyClick(search, Qt.Key.Key_Down)
    assert part(dialog, QLineEdit, "template-name").text() == "Compare"
    qtbot.keyClicks(search, "brief")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert "Be brief." in opened.composer.draft.text


def test_enter_in_a_search_that_found_nothing_inserts_nothing(dialog, opened, qtbot):
    search = part(dialog, QLineEdit, "templates-search")
    qtbot.keyClicks(search, "nowhere")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(search, key)
    assert dialog.isVisible()
    assert opened.composer.draft.text == "Look: "


def test_one_can_type_at_once(dialog):
    assert dialog.focusWidget() is part(dialog, QLineEdit, "templates-search")


def test_an_export_that_failed_is_told_where_it_was_asked_for(dialog, engine):
    engine.tell(TemplatesExported("all.vstemplates.json", refusal="The disk is full."))
    said = part(dialog, Notice, "templates-notice").accessibleName()
    assert "all.vstemplates.json was not written." in said
