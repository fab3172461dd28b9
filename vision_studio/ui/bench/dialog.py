"""The image bench: tools above, the image in the middle, and its edits beside it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.edits import Edits, Mark
from vision_studio.core.failures import Failure
from vision_studio.core.size import Size as ImageSize
from vision_studio.core.tokens import ResolutionTier
from vision_studio.ui.bench.canvas import BenchCanvas
from vision_studio.ui.bench.editor import Editor
from vision_studio.ui.bench.panel import EditPanel
from vision_studio.ui.bench.tools import TOOLS, Tool
from vision_studio.ui.design.buttons import Button, IconButton, Kind
from vision_studio.ui.design.findings import Severity
from vision_studio.ui.design.labels import ElidedLabel, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.notice_place import NoticePlace
from vision_studio.ui.design.surfaces import Bar, Separator
from vision_studio.ui.design.tokens import Space, Type
from vision_studio.ui.zooming.dialog import ZoomedDialog

_KEYS = {
    Qt.Key.Key_V: Tool.SELECT,
    Qt.Key.Key_C: Tool.CROP,
    Qt.Key.Key_R: Tool.REDACT,
    Qt.Key.Key_A: Tool.ARROW,
    Qt.Key.Key_B: Tool.BOX,
    Qt.Key.Key_N: Tool.NUMBER,
}


class BenchDialog(ZoomedDialog):
    """Works on a copy of an image's edits: they are the image's own when they are applied."""

    applied = Signal(object)  # Edits
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        editor = Editor()
        canvas = BenchCanvas(editor)
        super().__init__(canvas, "bench", parent)
        name(self, "bench", "Edit image")
        editor.setParent(self)
        self.editor, self.canvas = editor, canvas
        self.panel = EditPanel(self.editor)
        self._title = ElidedLabel(style=Type.TITLE, elide=Qt.TextElideMode.ElideMiddle)
        self._hint = ElidedLabel(style=Type.SMALL, tone=Tone.MUTED)
        self._tools = QButtonGroup(self)
        self._tools.setExclusive(True)
        self._turns: list[IconButton] = []
        self._undo = IconButton("undo", object_name="bench-undo", accessible_name="Undo", hint="Ctrl+Z")
        self._redo = IconButton("redo", object_name="bench-redo", accessible_name="Redo", hint="Ctrl+Shift+Z")
        self._cancel = Button("Cancel", object_name="bench-cancel", hint="Esc")
        self._apply = Button("Apply", object_name="bench-apply", kind=Kind.PRIMARY, hint="Ctrl+↵")
        self._undo.setEnabled(False)
        self._redo.setEnabled(False)
        self._column = QVBoxLayout(self)
        self._notices = NoticePlace(self._column, 1, "bench-notice", self)
        self._lay_out()
        self._connect()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter belongs to the canvas and the fields

    def open_image(self, title: str, size: ImageSize, edits: Edits, tier: ResolutionTier) -> None:
        """Begin with an image; its pixels come later."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self._notices.clear()
        self.canvas.show_pixels(None)
        self.editor.open(size, edits, tier)
        self.canvas.begin()
        self.show()
        self.activateWindow()

    def show_pixels(self, pixels: QImage) -> None:
        self.canvas.show_pixels(pixels)

    def show_failure(self, failure: Failure) -> None:
        said = words.failure_words(failure)
        self._notices.say(Severity.WARNING, f"{said.title} {said.next_step}".strip())

    # Words

    def _show_tool(self) -> None:
        tool = self.editor.tool
        self._tools.button(list(TOOLS).index(tool)).setChecked(True)
        self._hint.setText(TOOLS[tool].hint)

    def _show_state(self) -> None:
        self._apply.setEnabled(self.editor.is_changed)

    # What people do

    def apply(self) -> None:
        if self.editor.is_changed:
            self.applied.emit(self.editor.edits)
        self._leave()

    def cancel(self) -> None:
        """Leave it as it was; what would be lost is asked for first."""
        if not self.editor.is_changed:
            self._leave()
            return
        notice = self._notices.say(Severity.WARNING, "What you did to the image is not applied yet.")
        notice.add_action("Discard it", self._leave, object_name="bench-discard", kind=Kind.DANGER).setFocus()
        notice.add_action("Keep on editing", self._keep_on, object_name="bench-keep-on")
        notice.setProperty("asks", True)

    def _leave(self) -> None:
        self._notices.clear()
        self.hide()

    def _keep_on(self) -> None:
        self._notices.clear()
        self.canvas.setFocus()

    def _connect(self) -> None:
        editor, canvas = self.editor, self.canvas
        editor.changed.connect(self._show_state)
        editor.stack.canUndoChanged.connect(self._undo.setEnabled)
        editor.stack.canRedoChanged.connect(self._redo.setEnabled)
        editor.tool_changed.connect(self._show_tool)
        canvas.drawn.connect(self._explain)
        self.panel.legend_done.connect(canvas.setFocus)
        self._tools.idClicked.connect(self._take)
        self._undo.clicked.connect(editor.stack.undo)
        self._redo.clicked.connect(editor.stack.redo)
        self._cancel.clicked.connect(self.cancel)
        self._apply.clicked.connect(self.apply)
        for keys, do in (
            ("Ctrl+Z", editor.stack.undo),
            ("Ctrl+Shift+Z", editor.stack.redo),
            ("Ctrl+Y", editor.stack.redo),
            ("Ctrl+Return", self.apply),
            ("Ctrl+Enter", self.apply),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    def _take(self, place: int) -> None:
        self.editor.choose_tool(list(TOOLS)[place])

    def _explain(self) -> None:
        """Ask what a mark means as soon as it is drawn."""
        if isinstance(self.editor.object, Mark):
            self.panel.focus_legend()

    def _turn_button(self, icon: str, words: str, key: str, object_name: str) -> IconButton:
        button = IconButton(icon, object_name=object_name, accessible_name=words, hint=key)
        self._turns.append(button)
        return button

    def _lay_out(self) -> None:
        head = Bar("bottom")
        top = QHBoxLayout(head)
        top.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        top.setSpacing(Space.XS)
        for place, (tool, said) in enumerate(TOOLS.items()):
            button = IconButton(
                said.icon, object_name=f"bench-{tool}", accessible_name=said.name, hint=said.key
            )
            button.setCheckable(True)
            button.setChecked(tool is Tool.SELECT)
            self._tools.addButton(button, place)
            top.addWidget(button)
        top.addWidget(Separator(vertical=True))
        for icon, said_, key, object_name, do in (
            ("rotate-left", "Turn left", "[", "bench-left", lambda: self.editor.turn(-1)),
            ("rotate", "Turn right", "]", "bench-right", lambda: self.editor.turn(1)),
            ("flip", "Mirror left to right", "H", "bench-mirror", lambda: self.editor.mirror()),
            (
                "flip-down",
                "Flip upside down",
                "Shift+H",
                "bench-flip",
                lambda: self.editor.mirror(upside_down=True),
            ),
        ):
            button = self._turn_button(icon, said_, key, object_name)
            button.clicked.connect(do)
            top.addWidget(button)
        top.addWidget(Separator(vertical=True))
        top.addWidget(self._undo)
        top.addWidget(self._redo)
        top.addSpacing(Space.S)
        top.addWidget(self._title, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(Separator(vertical=True))
        middle.addWidget(self.panel)
        foot = Bar("top")
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        bottom.setSpacing(Space.S)
        for control in (self._smaller, self._zoom, self._larger, self._fit):
            bottom.addWidget(control)
        bottom.addWidget(self._hint, 1)
        bottom.addWidget(self._cancel)
        bottom.addWidget(self._apply)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(head)
        self._column.addLayout(middle, 1)
        self._column.addWidget(foot)
        self._show_tool()

    # Qt's overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        shift = modifiers == Qt.KeyboardModifier.ShiftModifier
        key = Qt.Key(event.key())
        if key in _KEYS and not modifiers:
            self.editor.choose_tool(_KEYS[key])
        elif key == Qt.Key.Key_BracketLeft:
            self.editor.turn(-1)
        elif key == Qt.Key.Key_BracketRight:
            self.editor.turn(1)
        elif key == Qt.Key.Key_H and (shift or not modifiers):
            self.editor.mirror(upside_down=shift)
        elif key == Qt.Key.Key_Delete:
            self.editor.remove()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Esc: go back a step, from a question or a field to the image, and from there out."""
        if self._notice_asks:
            self._keep_on()
        elif self.panel.isAncestorOf(self.focusWidget() or self):
            self.canvas.setFocus()
        else:
            self.cancel()

    @property
    def _notice_asks(self) -> bool:
        notice = self._notices.notice
        return notice is not None and bool(notice.property("asks"))

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.cancel()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.canvas.show_pixels(None)
            self.left.emit()
