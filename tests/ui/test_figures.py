"""What the window does about numbers: fixes and their undo, counts, cautions, models, accuracy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton

from tests.core.builders import CATALOGUE, SONNET, picture, session, turn
from vision_studio.core.accuracy import Comparison, Correction, Estimate
from vision_studio.core.catalogue import Price
from vision_studio.core.conversation import Usage
from vision_studio.core.draft import Draft, Fidelity
from vision_studio.core.events import (
    CatalogueChanged,
    ConnectionChanged,
    ConnectionKind,
    ConnectionState,
    CountChecked,
    Counted,
    EstimatesCompared,
    KeySource,
    PreferencesRead,
    SessionOpened,
    TokensCounted,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.listing import ListedModel, ModelEdit, merged
from vision_studio.ui.design.findings import FindingRow, Notice
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.usage.plot import AccuracyPlot

API = ConnectionChanged(ConnectionKind.API, ConnectionState.CONNECTED, "", KeySource.KEYRING)
OLD = "claude-sonnet-4-5"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LARGE = picture("large.jpg", (6000, 4000), fidelity=Fidelity.ORIGINAL, digest="1" * 64)
TWINS = tuple(picture(name, digest="2" * 64) for name in ("a.jpg", "b.jpg"))


@pytest.fixture
def opened(window, engine):
    engine.tell(SessionOpened(session()))
    return window


def holding(engine, *images, text: str = "", model_id: str = SONNET, turns=()) -> None:
    """Open a session with this draft."""
    draft = Draft(tuple(images), text)
    engine.tell(SessionOpened(replace(session(*turns, draft=draft), model_id=model_id)))


def checks(window) -> list[str]:
    QCoreApplication.processEvents()  # what was just added to a layout is shown by it
    rows = [row for row in window.inspector.findChildren(FindingRow) if row.isVisible()]
    return [row.accessibleName().replace("\N{NO-BREAK SPACE}", " ") for row in rows]


def button(parent, text: str) -> QPushButton:
    QCoreApplication.processEvents()
    (found,) = [one for one in parent.findChildren(QPushButton) if one.text() == text and one.isVisible()]
    return found


def dialog(window, name: str) -> QDialog:
    return next(one for one in window.findChildren(QDialog, name) if one.isVisible())


def cost_shown(window) -> str:
    return window.inspector.meters._heading.accessibleDescription()


# Fixes


def test_a_fix_is_one_click_and_one_undo(opened, engine, qtbot):
    holding(engine, LARGE, text="What is it?")
    assert any("is sent at 6000 × 4000" in said for said in checks(opened))
    button(opened.inspector, "Fit").click()
    assert opened.composer.draft.images[0].fidelity is Fidelity.FIT
    assert not any("is sent at" in said for said in checks(opened))
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.composer.draft.images == (LARGE,)


def test_all_fixes_are_one_step(opened, engine, qtbot):
    images = (LARGE, *TWINS)
    holding(engine, *images, text="What is it?", model_id=OLD)
    button(opened.inspector, "Fix all").click()
    assert [image.name for image in opened.composer.draft.images] == ["large.jpg", "a.jpg"]
    assert opened.composer.draft.images[0].fidelity is Fidelity.FIT
    assert opened.desk.session.model_id == SONNET
    assert checks(opened) == []
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.composer.draft.images == images
    assert opened.desk.session.model_id == OLD
    assert opened.header.model.currentData() == OLD


def test_a_single_fix_needs_no_fix_all(opened, engine):
    holding(engine, LARGE, text="What is it?")
    assert not opened.inspector.checks.findChild(QPushButton, "fix-all").isVisible()


def test_a_retiring_model_is_left_with_one_click_that_tells_the_price(opened, engine, qtbot):
    holding(engine, picture(), text="What is it?", model_id=OLD)
    (said,) = [said for said in checks(opened) if "retires on" in said]
    assert "With Claude Sonnet 5.5 this request is ≈ $0.0021 to read, instead of ≈ $0.0032 (−33 %)." in said
    assert "retires 30 November 2026" in opened.header.model.currentText()
    button(opened.inspector, "Use Claude Sonnet 5.5").click()
    assert engine.asked("set_model") == [("session", SONNET)]
    assert opened.header.model.currentText() == "Claude Sonnet 5.5"
    opened.composer.history.stack.undo()
    assert engine.asked("set_model")[-1] == ("session", OLD)
    assert "retires" in opened.header.model.currentText()


def test_why_shows_the_reason_and_the_source_of_each_check(opened, engine, qtbot):
    holding(engine, LARGE, text="What is it?")

    def explained() -> list[str]:
        QCoreApplication.processEvents()
        labels = opened.inspector.checks.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and "Source:" in label.text()]

    assert explained() == []
    qtbot.keyClick(opened.inspector.checks.findChild(QPushButton, "explain-checks"), Qt.Key.Key_Space)
    (why,) = explained()
    assert "“Vision”, 20 September 2026" in why
    row = opened.inspector.checks.findChild(FindingRow)
    assert row.accessibleDescription() == why


# Counts


def counted(text: str, tokens: int | None, **more) -> TokensCounted:
    asked = Counted.of(session(), Draft((), text))
    return TokensCounted(asked, tokens, **{"with_images": True, **more})


def test_a_count_is_asked_for_shown_and_given_up_with_the_next_key(opened, engine, qtbot):
    engine.tell(API)
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    assert cost_shown(opened).startswith("≈")
    button(opened.inspector, "Count").click()
    ((_, draft, model_id, _),) = engine.asked("count_tokens")
    assert (draft.text, model_id) == ("Hello", SONNET)
    engine.tell(counted("Hello", 5000))
    assert cost_shown(opened) == "= $0.0100"
    qtbot.keyClicks(opened.composer.prompt, "!")
    assert cost_shown(opened).startswith("≈")


def test_a_count_that_comes_late_is_not_taken_for_what_is_written_now(opened, engine, qtbot):
    engine.tell(API)
    qtbot.keyClicks(opened.composer.prompt, "Hello there")
    engine.tell(counted("Hello", 5000))
    assert cost_shown(opened).startswith("≈")


def test_a_count_does_not_hold_for_other_settings(opened, engine, qtbot):
    engine.tell(API)
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    engine.tell(counted("Hello", 5000))
    assert cost_shown(opened).startswith("=")
    opened.desk.set_system("Be brief.")
    assert cost_shown(opened).startswith("≈")


def test_why_there_is_no_count_is_told(opened, engine, qtbot):
    engine.tell(API)
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    engine.tell(counted("Hello", None, failure=Failure(FailureKind.RATE_LIMITED)))
    said = opened.inspector.findChild(QPushButton, "count-tokens").accessibleDescription()
    assert "Not counted:" in said
    assert "no pixel leaves this computer" in said
    engine.tell(counted("Hello", 40, with_images=False))
    said = opened.inspector.findChild(QPushButton, "count-tokens").accessibleDescription()
    assert "the images are calculated here" in said


def test_without_a_key_nothing_can_be_counted(opened, engine, qtbot):
    engine.tell(replace(API, state=ConnectionState.FAILED, failure=Failure(FailureKind.NO_KEY)))
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    assert not opened.inspector.findChild(QPushButton, "count-tokens").isEnabled()


def test_nothing_is_counted_while_composing_unless_that_is_wanted(opened, engine, qtbot):
    opened.desk.numbers._counting.setInterval(0)
    engine.tell(API)
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    QCoreApplication.processEvents()
    assert engine.asked("count_tokens") == []
    opened.open_settings()
    opened._settings.findChild(QCheckBox, "count-composing").click()
    assert engine.asked("set_preference") == [("count.composing", "yes")]
    opened._settings.close()
    qtbot.keyClicks(opened.composer.prompt, "!")
    qtbot.waitUntil(lambda: bool(engine.asked("count_tokens")), timeout=5000)


def test_in_practice_nothing_is_counted_by_itself(opened, engine, qtbot):
    opened.desk.numbers._counting.setInterval(0)
    engine.tell(replace(API, kind=ConnectionKind.PRACTICE), PreferencesRead((("count.composing", "yes"),)))
    qtbot.keyClicks(opened.composer.prompt, "Hello")
    QCoreApplication.processEvents()
    assert engine.asked("count_tokens") == []


def test_a_count_that_was_off_is_told(opened, engine):
    engine.tell(CountChecked(SONNET, 1000, 1100))
    (said,) = [one.accessibleName() for one in opened.notices.findChildren(Notice) if one.isVisible()]
    assert "had counted 1,000 tokens for this request, and billed 1,100 (+10 %)" in said


# What was learnt

LEARNT = (((SONNET, "high"), Correction(1.0, 1.5, 12)),)
BILLS = tuple(
    Comparison(NOW, SONNET, "high", Estimate(0, 1000, 0, counted), billed)
    for counted, billed in ((None, 1010), (1000, 1000), (None, 1300))
)


def test_what_was_learnt_is_in_the_numbers_and_said(opened, engine, qtbot):
    qtbot.keyClicks(opened.composer.prompt, "x" * 700)
    before = opened.desk.seen.appraisal.total_tokens
    engine.tell(EstimatesCompared(BILLS, LEARNT))
    assert opened.desk.seen.appraisal.total_tokens == before + 100
    assert "text +50 %, learnt from 12 bills" in _facts(opened)


def _facts(window) -> str:
    labels = window.inspector.meters.findChildren(QLabel)
    return " ".join(label.text().replace("\N{NO-BREAK SPACE}", " ") for label in labels if label.isVisible())


def test_usage_plots_and_tables_every_bill_and_gives_up_what_was_learnt(opened, engine, qtbot):
    engine.tell(EstimatesCompared(BILLS, LEARNT))
    opened.figures.show_accuracy()
    usage = dialog(opened, "usage")
    table = usage.findChild(TextTable, "accuracy-table")
    assert table.rows() == 3
    assert table.text_of(0).split("\t")[2:] == ["≈ 1,000", "–", "✓ 1,300", "+30 %"]
    plot = usage.findChild(AccuracyPlot)
    assert plot.chosen is BILLS[2]
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.chosen is BILLS[1]
    assert plot.accessibleDescription() == "✓ 1,000 billed, ≈ 1,000 estimated, = 1,000 counted (0 %)"
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.chosen is BILLS[0]
    assert not plot.grab().isNull()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "✓ 1,300" in QApplication.clipboard().text()
    button(usage, "Reset").click()
    assert engine.asked("forget_estimates") == [(SONNET, "high")]
    engine.tell(EstimatesCompared((), ()))
    assert not plot.isVisible()
    assert usage.findChild(QLabel, "accuracy-summary").text().startswith("Nothing has been billed yet.")
    usage.close()


def test_practice_bills_are_called_so_and_make_way_for_real_ones(opened, engine, qtbot):
    practice = tuple(replace(one, practice=True) for one in BILLS[:2])
    engine.tell(EstimatesCompared(practice, ()))
    opened.figures.show_accuracy()
    usage = dialog(opened, "usage")
    assert usage.findChild(QLabel, "accuracy-summary").text().startswith("Practice server, not Claude.")
    engine.tell(EstimatesCompared((*practice, BILLS[2]), ()))
    assert usage.findChild(TextTable, "accuracy-table").rows() == 1
    usage.close()


def test_the_chosen_image_is_weighed_against_other_models(opened, engine):
    holding(engine, picture("photo.jpg", (4032, 3024), digest="3" * 64), text="What is it?")
    opened.composer.strip.select([opened.composer.draft.images[0].id])
    labels = opened.inspector.details.findChildren(QLabel)
    told = [label.text().replace("\N{NO-BREAK SPACE}", " ") for label in labels]
    assert any("Opus 4.6: ≈ 1,564 · $0.0078\nHaiku 5.5: ≈ 4,740 · $0.00047" in text for text in told)


# Turn by turn


def test_the_request_is_told_turn_by_turn(opened, engine, qtbot):
    first = turn("What is it?", turn_id="1")
    first = replace(first, answer=replace(first.answer, usage=Usage(500, 20), cost_usd=Decimal("0.01")))
    holding(engine, text="And now?", turns=(first, turn("More?", turn_id="2")))
    assert "Turn 1: 0 images, ✓ 520 tokens" in opened.inspector.meters._context.toolTip()
    qtbot.keyClick(opened, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    table = dialog(opened, "turn-by-turn").findChild(TextTable)
    assert dialog(opened, "turn-by-turn").focusWidget() is table
    rows = [table.text_of(row).split("\t") for row in range(table.rows())]
    assert rows[0] == ["1 · What is it?", "0", "≈ 0", "✓ 520", "✓ 520", "✓ $0.0100"]
    assert rows[1][0] == "2 · More?"
    assert rows[1][3].startswith("≈")
    assert [row[0] for row in rows[2:]] == ["Next · this draft", "System prompt and frame"]
    dialog(opened, "turn-by-turn").close()


# Cautions


def test_a_caution_is_offered_quietly_and_once(opened, engine, qtbot):
    holding(engine, picture(), text="How many cars are there?")
    assert any("Claude counts approximately" in said for said in checks(opened))
    button(opened.inspector, "Read more").click()
    shown = dialog(opened, "help")
    assert shown.findChild(QLabel, "caution-counting").isVisible()
    assert engine.asked("set_preference") == [("cautions.offered", "counting")]
    shown.close()
    assert not any("approximately" in said for said in checks(opened))


def test_a_caution_that_was_read_before_is_not_offered_again(opened, engine):
    engine.tell(PreferencesRead((("cautions.offered", "counting gone-by"),)))
    holding(engine, picture(), text="How many cars are there?")
    assert not any("approximately" in said for said in checks(opened))


def test_without_images_there_is_nothing_to_be_cautious_about(opened, engine):
    holding(engine, text="How many cars are there?")
    assert not any("approximately" in said for said in checks(opened))


def test_help_is_one_key_away(opened, qtbot):
    qtbot.keyClick(opened, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    shown = dialog(opened, "help")
    titles = {label.text() for label in shown.findChildren(QLabel)}
    assert {"People", "Exact positions", "Counting", "AI-generated images", "Medical images"} <= titles
    shown.close()


# Models


def test_a_model_that_the_server_lists_is_offered_and_flagged(opened, engine):
    new = ListedModel("claude-opus-6", "Claude Opus 6", "active", context_tokens=1_000_000)
    gone = ListedModel(OLD, "", "retired", date(2026, 11, 30))
    chosen = opened.header.model.currentData()
    engine.tell(CatalogueChanged(merged(CATALOGUE, [new, gone]), NOW))
    offered = [opened.header.model.itemText(row) for row in range(opened.header.model.count())]
    assert "Claude Opus 6 · new, partly assumed" in offered
    assert "Claude Sonnet 4.5 · retired" in offered
    assert opened.header.model.currentData() == chosen


def models_dialog(window) -> QDialog:
    window.open_settings()
    window._settings.findChild(QPushButton, "open-models").click()
    return dialog(window, "models")


def type_into(shown: QDialog, name: str, text: str) -> None:
    shown.findChild(QLineEdit, name).setText(text)


def test_a_price_of_ones_own_is_handed_on_and_given_up(opened, engine, qtbot):
    shown = models_dialog(opened)
    assert shown.findChild(QLineEdit, "price-input").text() == "2"
    type_into(shown, "price-input", "1,50")
    type_into(shown, "price-cache_read", "")
    shown.findChild(QPushButton, "save-model").click()
    ((edit,),) = engine.asked("edit_model")
    price = Price(Decimal("1.50"), Decimal(10), Decimal("2.5"), Decimal(4), None)
    assert edit == ModelEdit(SONNET, price=price)
    engine.tell(CatalogueChanged(merged(CATALOGUE, (), [edit])))
    assert shown.findChild(QLineEdit, "price-input").text() == "1.50"
    shown.findChild(QPushButton, "forget-model").click()
    assert engine.asked("forget_model_edit") == [(SONNET,)]
    shown.findChild(QPushButton, "list-models").click()
    assert engine.asked("list_models") == [()]
    shown.close()
    opened._settings.close()


def test_a_price_saved_unchanged_keeps_its_steps(opened, engine):
    shown = models_dialog(opened)
    chooser = shown.findChild(QComboBox, "models-model")
    chooser.setCurrentIndex(chooser.findData("claude-haiku-5-5"))
    chooser.activated.emit(chooser.currentIndex())
    assert shown.findChild(QLineEdit, "price-input").text() == "0.10"
    shown.findChild(QPushButton, "save-model").click()
    assert not engine.asked("edit_model")
    shown.close()
    opened._settings.close()


def test_nonsense_is_no_price(opened, engine):
    shown = models_dialog(opened)
    type_into(shown, "price-output", "a lot")
    shown.findChild(QPushButton, "save-model").click()
    assert not engine.asked("edit_model")
    assert shown.findChild(QLineEdit, "price-output").property("invalid")
    assert "2.50" in shown.findChild(QLabel, "models-wrong").text()
    shown.close()
    opened._settings.close()


def test_a_model_of_ones_own_server_is_added(opened, engine):
    shown = models_dialog(opened)
    chooser = shown.findChild(QComboBox, "models-model")
    chooser.setCurrentIndex(chooser.count() - 1)
    chooser.activated.emit(chooser.count() - 1)
    shown.findChild(QPushButton, "save-model").click()
    assert not engine.asked("edit_model")  # it has no id yet
    type_into(shown, "model-id", "house/vision")
    type_into(shown, "model-context_tokens", "32,000")
    shown.findChild(QPushButton, "save-model").click()
    ((edit,),) = engine.asked("edit_model")
    assert edit == ModelEdit("house/vision", "house/vision", 32_000, 8192, "high", 100, None)
    engine.tell(CatalogueChanged(merged(CATALOGUE, (), [edit])))
    assert opened.header.model.findData("house/vision") >= 0
    shown.close()
    opened._settings.close()


def test_how_fresh_the_models_are_is_told(opened, engine):
    shown = models_dialog(opened)
    engine.tell(CatalogueChanged(CATALOGUE, NOW, Failure(FailureKind.OFFLINE)))
    said = shown.findChild(QLabel, "models-listed").text()
    assert said.startswith("Listed by the server on 22 November 2026; prices and image sizes from the table")
    assert "It could not be asked today:" in said
    shown.close()
    opened._settings.close()
