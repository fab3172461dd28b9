"""Settings: whether and when images are uploaded, how many at once, and for how long they are kept there."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.upload_settings import DAY_S, HOUR_S, MOST_AT_ONCE, UploadSettings
from vision_studio.ui.design.buttons import Button
from vision_studio.ui.design.fields import CheckBox, NumberField, Select
from vision_studio.ui.design.labels import Label, SectionHeading, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

_UNTIL_DELETED = 0
"""Stands for no end in the list of lifetimes: an entry without a value cannot be found by it."""
_LIFETIMES = (
    ("1 hour", HOUR_S),
    ("6 hours", 6 * HOUR_S),
    ("1 day", DAY_S),
    ("7 days", 7 * DAY_S),
    ("30 days", 30 * DAY_S),
    ("60 days", 60 * DAY_S),
    ("90 days", 90 * DAY_S),
    ("until I delete them", _UNTIL_DELETED),
)


class UploadSettingsGroup(QWidget):
    chosen = Signal(object)  # UploadSettings
    files_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "upload-settings", "Uploads")
        self._settings = UploadSettings()
        self._inline = CheckBox("Never upload: send images inside each request", object_name="never-upload")
        self._ahead = CheckBox("Upload while composing", object_name="upload-composing")
        self._lifetime = Select(
            _LIFETIMES, object_name="upload-lifetime", accessible_name="How long the server keeps images"
        )
        self._at_once = NumberField(
            object_name="uploads-at-once", accessible_name="Uploads at once", least=1, most=MOST_AT_ONCE
        )
        self._lay_out()
        self._inline.clicked.connect(lambda on: self._take(replace(self._settings, inline=on)))
        self._ahead.clicked.connect(lambda on: self._take(replace(self._settings, ahead=on)))
        self._lifetime.activated.connect(self._take_lifetime)
        self._at_once.valueChanged.connect(self._take_at_once)

    def show_settings(self, settings: UploadSettings) -> None:
        """Show what is set; nothing is chosen by that."""
        self._settings = settings
        self._inline.setChecked(settings.inline)
        self._ahead.setChecked(settings.ahead)
        lifetime_s = settings.lifetime_s or _UNTIL_DELETED
        if self._lifetime.findData(lifetime_s) < 0:  # one that was set by another version
            self._lifetime.addItem(f"{lifetime_s // HOUR_S} hours", lifetime_s)
        self._lifetime.setCurrentIndex(self._lifetime.findData(lifetime_s))
        self._at_once.setValue(settings.at_once)
        for control in (self._ahead, self._lifetime, self._at_once):
            control.setEnabled(not settings.inline)

    def _take(self, settings: UploadSettings) -> None:
        if settings != self._settings:
            self.show_settings(settings)
            self.chosen.emit(settings)

    def _take_lifetime(self) -> None:
        self._take(replace(self._settings, lifetime_s=self._lifetime.currentData() or None))

    def _take_at_once(self, at_once: int) -> None:
        self._take(replace(self._settings, at_once=at_once))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(SectionHeading("Uploads", object_name="uploads-heading"))
        column.addWidget(self._inline, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            _explained(
                "The server keeps no file of yours. Every request then carries all images of the "
                "conversation again, which is slower and limits it to 32 MB."
            )
        )
        column.addWidget(self._ahead, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(
            _explained("Images leave this computer before you press Send. Off, nothing does until then.")
        )
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(Label("The server keeps images"))
        row.addWidget(self._lifetime)
        row.addSpacing(Space.L)
        row.addWidget(Label("Uploads at once"))
        row.addWidget(self._at_once)
        row.addStretch(1)
        column.addLayout(row)
        files = Button("Uploaded files…", object_name="open-files", small=True)
        files.clicked.connect(self.files_asked)
        column.addWidget(files, 0, Qt.AlignmentFlag.AlignLeft)


def _explained(text: str) -> Label:
    label = Label(text, style=Type.SMALL, tone=Tone.MUTED, wrap=True)
    label.setContentsMargins(Size.ICON + Space.S, 0, 0, Space.XS)
    return label
