"""The table of texts keeps a model's promises, and says each cell with its column."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from vision_studio.ui.design.table import TextTableModel


def test_rows_come_and_go_as_a_model_promises(qapp):
    model = TextTableModel(("Name", "Tokens"))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows([("a", "1"), ("b", "2")])
    model.show_rows([("c", "3")])
    assert tester.model() is model
    assert (model.rowCount(), model.columnCount()) == (1, 2)
    assert model.data(model.index(0, 1)) == "3"
    assert model.data(model.index(0, 1), Qt.ItemDataRole.AccessibleTextRole) == "Tokens: 3"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Tokens"
    assert model.headerData(9, Qt.Orientation.Horizontal) is None
    assert model.text_of(0) == "c\t3"


def test_the_same_rows_again_leave_the_keyboards_place(qapp):
    model = TextTableModel(("Name",))
    model.show_rows([("a",)])
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show_rows([("a",)])
    assert resets == []
