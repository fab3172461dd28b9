"""Settings, a page for each subject. Every change takes effect at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from vision_studio.core.events import ConnectionChanged, KeyChecked
from vision_studio.ui.appearance_settings import AppearanceSettings
from vision_studio.ui.connection_settings import ConnectionSettings
from vision_studio.ui.count_settings import CountSettings
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.surfaces import Panel
from vision_studio.ui.design.theme import Mode
from vision_studio.ui.design.tokens import Size, Space
from vision_studio.ui.image_settings import ImageSettings
from vision_studio.ui.spend_settings import SpendSettings
from vision_studio.ui.upload_settings import UploadSettingsGroup


class SettingsDialog(Dialog):
    """Its groups are attributes: each tells by its own signals what is chosen."""

    def __init__(self, mode: Mode, parent: QWidget | None = None) -> None:
        super().__init__(parent, QSize(Size.READING, Size.READING * 2 // 3))
        name(self, "settings", "Settings")
        self.setWindowTitle("Settings")
        self.connection = ConnectionSettings()
        self.images = ImageSettings()
        self.spend = SpendSettings()
        self.counts = CountSettings()
        self.uploads = UploadSettingsGroup()
        self.appearance = AppearanceSettings(mode)
        self._subjects = QButtonGroup(self)
        self._subjects.setExclusive(True)
        self._pages = QStackedWidget()
        self._names = QVBoxLayout()
        self._names.setContentsMargins(Space.M, Space.L, 0, Space.L)
        self._names.setSpacing(Space.XS)
        self._add_page("Connection", "cloud", (self.connection,))
        self._add_page("Images", "images", (self.images,))
        self._add_page("Uploads", "upload", (self.uploads,))
        self._add_page("Money and numbers", "usage", (self.spend, self.counts))
        self._add_page("Appearance", "sun", (self.appearance,))
        self._names.addStretch(1)
        self._subjects.idClicked.connect(self._pages.setCurrentIndex)
        self._subjects.button(0).setChecked(True)
        self._lay_out()

    def start_over(self) -> None:
        """Show what was looked at last, and nothing of what was typed into the key's field."""
        self.connection.start_over()
        if (shown := self._subjects.checkedButton()) is not None:
            shown.setFocus()  # Qt would give it to the first
        self.resize(self.sizeHint())

    def show_connection(self, changed: ConnectionChanged) -> None:
        self.connection.show_connection(changed)

    def show_key_check(self, checked: KeyChecked) -> None:
        self.connection.show_key_check(checked)

    def show_subject(self, title: str) -> None:
        """Turn to a page, and have the keyboard go on from its name."""
        for button in self._subjects.buttons():
            if button.text() == title:
                button.click()
                button.setFocus()

    def _add_page(self, title: str, icon: str, groups: Sequence[QWidget]) -> None:
        button = Button(title, object_name=f"settings-{icon}", kind=Kind.QUIET, icon=icon, spread=True)
        button.setCheckable(True)
        self._subjects.addButton(button, self._pages.count())
        self._names.addWidget(button)
        page = Panel()
        column = QVBoxLayout(page)
        column.setContentsMargins(Space.L, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.XL)
        for group in groups:
            column.addWidget(group)
        column.addStretch(1)
        self._pages.addWidget(_Page(page, title))

    def _lay_out(self) -> None:
        close = Button("Done", object_name="close-settings", hint="Esc")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.XL, Space.S, Space.XL, Space.L)
        foot.addStretch(1)
        foot.addWidget(close)
        subjects = QWidget()
        subjects.setLayout(self._names)
        subjects.setFixedWidth(Size.LIBRARY * 4 // 5)
        sides = QHBoxLayout()
        sides.setSpacing(0)
        sides.addWidget(subjects)
        sides.addWidget(self._pages, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(sides, 1)
        whole.addLayout(foot)


class _Page(QScrollArea):
    """The groups of one subject; scrolled where the window is low."""

    def __init__(self, groups: QWidget, title: str) -> None:
        super().__init__()
        name(self, "settings-page", title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what is in it has the keyboard, and comes into view
        self.setWidget(groups)
