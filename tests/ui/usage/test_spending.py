"""The page of spending: what is asked for, what is shown, walked through, said and saved."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel

from tests.core.builders import CATALOGUE, HAIKU_4_5, SONNET, TODAY, session
from vision_studio.core.conversation import Usage
from vision_studio.core.events import SessionOpened
from vision_studio.core.spending import Bill, spending
from vision_studio.core.spending_events import SpendingSaved, SpendingTold
from vision_studio.ui.design.fields import Select
from vision_studio.ui.design.table import TextTable
from vision_studio.ui.usage.spend_plots import BarPlot, ColumnPlot, round_up


def bill(ago, usd, *, session="a", title="Roof", model=SONNET, practice=False):
    day = TODAY - timedelta(days=ago)
    usage = Usage(1000, 100, cache_read_tokens=9000)
    return Bill(day, f"{day}T12:00:00+00:00", session, title, model, usage, Decimal(usd), 9900, practice)


BILLS = (
    bill(9, "0.30"),
    bill(2, "0.10", session="b", title="Receipts", model=HAIKU_4_5),
    bill(0, "0.20"),
)


def told(bills=BILLS, days=30):
    first = None if days is None else TODAY - timedelta(days=days - 1)
    return SpendingTold(days, spending(bills, CATALOGUE.model, first, TODAY))


@pytest.fixture
def page(window, engine, qtbot):
    engine.tell(SessionOpened(session()))
    qtbot.keyClick(window, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    usage = next(one for one in window.findChildren(QDialog, "usage") if one.isVisible())
    engine.tell(told())
    yield usage.spending
    usage.close()


def choose(page, name, text, qtbot):
    select = page.findChild(Select, name)
    select.setFocus()
    select.setCurrentIndex(select.findText(text))
    select.activated.emit(select.currentIndex())


def said(page):
    return page.findChild(QLabel, "spending-summary").text().replace("\N{NO-BREAK SPACE}", " ")


def test_it_asks_for_the_last_month_and_tells_it(page, engine):
    assert engine.asked("usage.tell") == [(30,)]
    assert said(page).startswith("✓ $0.6000 for 3 answers, 30,000 tokens read and 300 written. Caching saved")
    assert "90 % of what was read came from the cache" in said(page)
    assert "Bills were +1 % off their estimates." in said(page)
    table = page.findChild(TextTable, "spending-table")
    assert [table.text_of(row).split("\t")[:3] for row in range(table.rows())] == [
        [(TODAY - timedelta(days=ago)).isoformat(), "1", f"✓ ${usd}"]
        for ago, usd in ((0, "0.2000"), (2, "0.1000"), (9, "0.3000"))
    ]


def test_the_days_are_walked_through_and_said(page, qtbot):
    plot = page.findChild(ColumnPlot)
    assert plot.isVisible()
    assert plot.words().startswith(f"{TODAY}: ✓ $0.2000, 1 answer, $")
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == f"{TODAY - timedelta(days=1)}: nothing"
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    assert plot.row == 0
    qtbot.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot._slot(20).center().toPoint())
    assert plot.words().startswith(f"{TODAY - timedelta(days=9)}: ✓ $0.3000")
    assert plot._mark_at(QPointF(QPoint(-5, -5))) is None


def test_models_and_sessions_stand_with_the_dearest_first(page, qtbot):
    choose(page, "spending-by", "By session", qtbot)
    bars, table = page.findChild(BarPlot), page.findChild(TextTable, "spending-table")
    assert bars.isVisible()
    assert not page.findChild(ColumnPlot).isVisible()
    assert bars.words().startswith("Roof: ✓ $0.5000, 2 answers")
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.accessibleDescription().startswith("Receipts: ✓ $0.1000")
    choose(page, "spending-by", "By model", qtbot)
    assert [table.text_of(row).split("\t")[0] for row in range(table.rows())] == [
        CATALOGUE.model(SONNET).name,
        CATALOGUE.model(HAIKU_4_5).name,
    ]
    assert not bars.grab().isNull()


def test_another_time_is_asked_for_and_a_late_answer_passed_over(page, engine, qtbot):
    choose(page, "spending-time", "All time", qtbot)
    assert engine.asked("usage.tell")[-1] == (None,)
    engine.tell(told(BILLS[:1]))  # the answer to the question before
    assert "3 answers" in said(page)
    engine.tell(told(BILLS[:2], days=None))
    assert "2 answers" in said(page)


def test_nothing_spent_and_practice_are_said(page, engine):
    engine.tell(told(()))
    assert said(page).startswith("Nothing was spent in this time.")
    assert not page.findChild(TextTable, "spending-table").isVisible()
    engine.tell(told((bill(0, "0", practice=True),)))
    assert said(page) == (
        "Practice server, not Claude: nothing was billed. 1 answer, 10,000 tokens read and 100 written."
    )
    plot = page.findChild(ColumnPlot)
    assert plot.words() == f"{TODAY}: 10,000 tokens read by the practice server, 1 answer"
    assert not plot.grab().isNull()


def test_bills_are_saved_where_one_says(page, engine, tmp_path):
    page.findChild(type(page._save), "spending-save").click()
    dialog = page.findChild(QFileDialog, "save-spending")
    dialog.fileSelected.emit(str(tmp_path / "november.csv"))
    dialog.close()
    assert engine.asked("usage.save") == [(30, Path(tmp_path / "november.csv"))]
    engine.tell(SpendingSaved("november.csv", 3))
    assert page.findChild(QLabel, "spending-saved").text() == "3 bills saved in november.csv."


@given(st.floats(1e-6, 1e9))
def test_a_scale_is_round_and_no_larger_than_it_need_be(number):
    assert number * (1 - 1e-9) <= round_up(number) <= 2.0001 * number


def test_a_day_is_a_date():
    assert date.fromisoformat(told().spending.by_time[-1].title) == TODAY
