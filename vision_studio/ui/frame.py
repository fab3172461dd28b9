"""How the window is divided: sessions, conversation, inspector, status; and how it makes room when small."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.design.fields import TextArea
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Ground
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.header import Header
from vision_studio.ui.inspector.panel import InspectorPanel
from vision_studio.ui.library.panel import LibraryPanel
from vision_studio.ui.notices import NoticeStack
from vision_studio.ui.request_options import RequestOptions
from vision_studio.ui.status import StatusLine
from vision_studio.ui.transcript.find_bar import FindBar
from vision_studio.ui.transcript.transcript import Transcript
from vision_studio.ui.welcome import Welcome

_LIBRARY_AND_INSPECTOR_NEED = 1120
"""Narrower than this, the conversation would be squeezed between two panels."""
_HEIGHT_PER_STRIP_ROW = 400
"""How many rows of cards stand beside a conversation."""
_HEIGHT_BESIDE_STRIP = 360
"""What everything but the strip needs, before there is a conversation."""


class Frame(QWidget):
    """Holds the parts of the window in their places."""

    panels_toggled = Signal()

    def __init__(
        self,
        library: LibraryPanel,
        header: Header,
        notices: NoticeStack,
        system: TextArea,
        options: RequestOptions,
        welcome: Welcome,
        find_bar: FindBar,
        transcript: Transcript,
        composer: Composer,
        inspector: InspectorPanel,
        status: StatusLine,
    ) -> None:
        super().__init__()
        self._library = library
        self._inspector = inspector
        self._composer = composer
        self._squeezed = False
        """The inspector is hidden for want of room, not by the user."""
        self._was_narrow = False
        self._middle = QStackedWidget()
        self._middle.addWidget(_scrolling(welcome))
        self._middle.addWidget(_below(find_bar, transcript))
        system.setFixedHeight(Size.CONTROL * 3)
        system.hide()
        options.hide()
        centre = Ground()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        inset = QVBoxLayout()
        inset.setContentsMargins(Space.XL, Space.S, Space.XL, 0)
        inset.setSpacing(Space.S)
        inset.addWidget(notices)
        inset.addWidget(options)
        inset.addWidget(system)
        column.addLayout(inset)
        column.addWidget(self._middle, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(Space.XL, Space.S, Space.XL, Space.L)
        foot.addWidget(composer)
        column.addLayout(foot)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self._divide(library, centre, inspector), 1)
        stack.addWidget(status)

    def show_conversation(self, begun: bool) -> None:
        """Show the turns, or the welcome of a session that has none."""
        self._middle.setCurrentIndex(1 if begun else 0)
        self._fit_strip(self.height())

    def toggle_library(self) -> None:
        self._library.setVisible(self._library.isHidden())
        self.panels_toggled.emit()

    def toggle_inspector(self) -> None:
        self._squeezed = False
        self._inspector.setVisible(self._inspector.isHidden())
        self.panels_toggled.emit()

    def hidden_panels(self) -> list[str]:
        """Name the panels that the user has hidden."""
        hidden = [part.objectName() for part in (self._library, self._inspector) if part.isHidden()]
        if self._squeezed:
            hidden.remove(self._inspector.objectName())
        return hidden

    def hide_panels(self, names: Collection[str]) -> None:
        """Hide just these, and what the window has no room for."""
        for part in (self._library, self._inspector):
            part.setVisible(part.objectName() not in names)
        self._squeezed = self._was_narrow = False
        self._make_room(self.size())

    def _divide(self, library: QWidget, centre: QWidget, inspector: QWidget) -> QSplitter:
        panels = QSplitter(Qt.Orientation.Horizontal)
        name(panels, "panels", "Panels")
        panels.setChildrenCollapsible(False)
        panels.setHandleWidth(Size.STROKE)
        for part, width in ((library, Size.LIBRARY), (centre, 0), (inspector, Size.INSPECTOR)):
            panels.addWidget(part)
            if width:
                part.setMinimumWidth(width * 3 // 4)
                part.setMaximumWidth(width * 2)
        centre.setMinimumWidth(Size.CENTRE)
        panels.setStretchFactor(1, 1)
        panels.setSizes([Size.LIBRARY, 10 * Size.CENTRE, Size.INSPECTOR])
        return panels

    def fit_strip(self) -> None:
        """Give the strip its room anew: its cards have another size."""
        self._fit_strip(self.height())

    def _make_room(self, size: QSize) -> None:
        """Give a small window's room to the conversation, and take it back when the window grows."""
        self._fit_strip(size.height())
        narrow = size.width() < _LIBRARY_AND_INSPECTOR_NEED
        if narrow and not self._squeezed and not self._inspector.isHidden() and not self._was_narrow:
            self._squeezed = True
            self._inspector.hide()
        elif not narrow and self._squeezed:
            self._squeezed = False
            self._inspector.show()
        self._was_narrow = narrow

    def _fit_strip(self, height: int) -> None:
        """Let the strip grow with the window, and further while there is no conversation to be read."""
        rows = height // _HEIGHT_PER_STRIP_ROW
        if self._middle.currentIndex() == 0:
            rows = max(rows, (height - _HEIGHT_BESIDE_STRIP) // self._composer.strip.cell_height)
        self._composer.strip.set_most_rows(max(1, rows))

    # Qt's overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room(event.size())


def _below(bar: QWidget, content: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    column.addWidget(content, 1)
    return page


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
