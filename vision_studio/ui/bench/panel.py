"""Beside the image: what becomes of it, the list of its edits, and the exact figures of the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core.cropping import RATIOS
from vision_studio.core.edit_words import BLEEDING, COLOURS, edit_title
from vision_studio.core.edits import (
    LONGEST_LEGEND,
    MOST_TENTHS,
    Crop,
    Mark,
    legend_words,
)
from vision_studio.core.tiling import Box
from vision_studio.ui.bench.box_fields import BoxFields
from vision_studio.ui.bench.degrees import DegreesField
from vision_studio.ui.bench.edit_list import EditListModel
from vision_studio.ui.bench.editor import Editor
from vision_studio.ui.bench.handles import Ends
from vision_studio.ui.bench.tools import Tool
from vision_studio.ui.design.buttons import Button, IconButton
from vision_studio.ui.design.fields import CheckBox, LineField, Select
from vision_studio.ui.design.labels import Label, SectionHeading, Tone, whole_measures
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.tokens import Size, Space, Type

_LIST_ROWS = 5


class EditPanel(QScrollArea):
    """Shows an ``Editor`` and changes it."""

    legend_done = Signal()  # Enter in the legend's field

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "edit-panel", "Edits")
        self._editor = editor
        self._showing = False
        self.result = Label(style=Type.SMALL, wrap=True, figures=True)
        self.result.setObjectName("bench-result")
        self.model = EditListModel(self)
        self.list = QListView()
        name(self.list, "edit-list", "Edits of this image")
        self.list.setModel(self.model)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self.list.setIconSize(QSize(Size.ICON, Size.ICON))
        self._none = Label("Nothing is done to it yet.", style=Type.SMALL, tone=Tone.MUTED)
        self._earlier = IconButton(
            "chevron-up", object_name="edit-earlier", accessible_name="Move up", edge=Size.TARGET
        )
        self._later = IconButton(
            "chevron-down", object_name="edit-later", accessible_name="Move down", edge=Size.TARGET
        )
        self._remove = Button("Remove", object_name="edit-remove", small=True, icon="trash", hint="Del")
        self._reset = Button("Reset", object_name="bench-reset", small=True)
        self._angle = DegreesField(object_name="straighten", accessible_name="Straighten by degrees")
        self._angle.setKeyboardTracking(False)  # not after every digit
        self._slider = QSlider(Qt.Orientation.Horizontal)
        name(self._slider, "straighten-slider", "Straighten")
        self._slider.setRange(-MOST_TENTHS, MOST_TENTHS)
        self._slider.setPageStep(10)
        self._slider.setMinimumHeight(Size.TARGET)
        self._ratio = Select(
            [(str(ratio), ratio) for ratio in RATIOS],
            object_name="crop-ratio",
            accessible_name="Shape of the crop",
        )
        self._unresized = CheckBox("Not larger than Claude is shown", object_name="crop-unresized")
        self._largest = Button("Largest of those", object_name="crop-largest", small=True)
        self._crop = BoxFields("crop", "Crop")
        self._crop_part = self._part("Crop", self._ratio, self._unresized, self._largest, self._crop)
        self._place = BoxFields("edit-place", "Place")
        self._colour = Select(
            [(words, colour) for colour, words in COLOURS.items()],
            object_name="mark-colour",
            accessible_name="Colour of the mark",
        )
        self._legend = LineField(
            object_name="mark-legend",
            accessible_name="What the mark means",
            placeholder="What it means: crack",
        )
        self._legend.setMaxLength(LONGEST_LEGEND)
        self._about = Label(style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._object_title = SectionHeading("Mark", object_name="edit-title")
        self._object_part = QWidget()
        self._lay_out()
        self._connect()
        self._show()

    def focus_legend(self) -> bool:
        """Put the caret where the chosen mark's meaning is written; tell whether there is such a place."""
        if isinstance(self._editor.object, Mark):
            self.ensureWidgetVisible(self._legend)
            self._legend.setFocus()
            self._legend.selectAll()
            return True
        return False

    def show_result(self, words: str) -> None:
        self.result.setText(whole_measures(words))

    def _show(self) -> None:
        editor = self._editor
        self._showing = True
        edits, chosen = editor.edits, editor.chosen
        self.model.show(edits)
        selection = self.list.selectionModel()
        if chosen is None:
            selection.clear()
        else:
            index = self.model.index(chosen)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.list.setVisible(bool(edits))
        self._none.setVisible(not edits)
        rows = min(_LIST_ROWS, max(1, len(edits)))
        self.list.setFixedHeight(rows * max(Size.TARGET, self.list.sizeHintForRow(0)) + Space.XS)
        movable = [place for place in editor.objects if place == chosen]
        self._earlier.setEnabled(bool(movable) and chosen != editor.objects[0])
        self._later.setEnabled(bool(movable) and chosen != editor.objects[-1])
        self._remove.setEnabled(chosen is not None)
        self._reset.setEnabled(bool(edits))
        framed = editor.framing
        for part in (self._angle, self._slider):
            part.setValue(framed.tenths)
        self._crop_part.setVisible(editor.tool is Tool.CROP)
        self._crop.show_box(framed.crop, framed.frame)
        self._ratio.setCurrentIndex(RATIOS.index(editor.ratio))
        self._unresized.setChecked(editor.unresized)
        self._show_object()
        self._showing = False

    def _show_object(self) -> None:
        edit, chosen = self._editor.object, self._editor.chosen
        self._object_part.setVisible(edit is not None)
        if edit is None or chosen is None:
            return
        self._object_title.set_title(edit_title(self._editor.edits, chosen))
        ends = Ends.of(edit)
        self._place.setVisible(ends.boxed)
        if ends.boxed:
            self._place.show_box(Box(ends.x, ends.y, ends.to_x, ends.to_y), self._editor.size)
        marked = isinstance(edit, Mark)
        self._colour.setVisible(marked)
        self._legend.setVisible(marked)
        self._about.setText("It is told to Claude under the image’s label." if marked else BLEEDING)
        if isinstance(edit, Mark):
            self._colour.setCurrentIndex(list(COLOURS).index(edit.colour))
            if legend_words(self._legend.text()) != edit.legend:
                self._legend.setText(edit.legend)

    # What people do

    def _choose(self) -> None:
        if self._showing:
            return
        index = self.list.currentIndex()
        edit = self._editor.edits[index.row()] if index.isValid() else None
        self._editor.choose_tool(Tool.CROP if isinstance(edit, Crop) else Tool.SELECT)
        self._editor.choose(index.row() if index.isValid() else None)

    def _straighten(self, tenths: int) -> None:
        if not self._showing:
            self._editor.straighten(tenths)

    def _hold(self) -> None:
        if not self._showing:
            ratio = RATIOS[self._ratio.currentIndex()]
            self._editor.hold_crop(ratio, unresized=self._unresized.isChecked())

    def _place_object(self, box: Box) -> None:
        edit = self._editor.object
        if edit is not None:
            self._editor.change(Ends(*box, boxed=True).put_into(edit))

    def _colour_mark(self) -> None:
        if not self._showing and isinstance(self._editor.object, Mark):
            self._editor.recolour(list(COLOURS)[self._colour.currentIndex()])

    def _explain_mark(self, words: str) -> None:
        if not self._showing:
            self._editor.explain(words)

    def _connect(self) -> None:
        editor = self._editor
        editor.changed.connect(self._show)
        editor.tool_changed.connect(self._show)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._choose())
        self._earlier.clicked.connect(lambda: editor.put_earlier(1))
        self._later.clicked.connect(lambda: editor.put_earlier(-1))
        self._remove.clicked.connect(editor.remove)
        self._reset.clicked.connect(editor.reset)
        self._angle.valueChanged.connect(self._straighten)
        self._slider.valueChanged.connect(self._straighten)
        self._ratio.currentIndexChanged.connect(lambda _: self._hold())
        self._unresized.toggled.connect(lambda _: self._hold())
        self._largest.clicked.connect(editor.crop_largest)
        self._crop.changed.connect(lambda box: editor.crop(box))
        self._place.changed.connect(self._place_object)
        self._colour.currentIndexChanged.connect(lambda _: self._colour_mark())
        self._legend.textEdited.connect(self._explain_mark)
        self._legend.returnPressed.connect(self.legend_done)

    def _part(self, heading: str, *parts: QWidget) -> QWidget:
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading(heading, object_name=f"bench-{heading.lower()}-title"))
        for part in parts:
            column.addWidget(part)
        return widget

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(Size.LIBRARY + Space.XXL)
        ways = QWidget()
        row = QHBoxLayout(ways)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        row.addWidget(self._remove)
        row.addWidget(self._earlier)
        row.addWidget(self._later)
        row.addStretch(1)
        row.addWidget(self._reset)
        angle = QWidget()
        level = QHBoxLayout(angle)
        level.setContentsMargins(0, 0, 0, 0)
        level.setSpacing(Space.S)
        level.addWidget(self._slider, 1)
        level.addWidget(self._angle)
        thing = QVBoxLayout(self._object_part)
        thing.setContentsMargins(0, 0, 0, 0)
        thing.setSpacing(Space.S)
        for part in (self._object_title, self._legend, self._colour, self._place, self._about):
            thing.addWidget(part)
        panel = Panel()
        column = QVBoxLayout(panel)
        column.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        column.setSpacing(Space.L)
        column.addWidget(self._part("Result", self.result))
        column.addWidget(self._object_part)
        column.addWidget(self._crop_part)
        column.addWidget(self._part("Straighten", angle))
        column.addWidget(self._part("Edits", self._none, self.list, ways))
        column.addStretch(1)
        self.setWidget(panel)
