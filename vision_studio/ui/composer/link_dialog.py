"""Asks for the address of an image on the web, and whether it is to stay there or be downloaded."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core.links import can_stay, picture_address
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.dialog import Dialog
from vision_studio.ui.design.fields import LineField
from vision_studio.ui.design.labels import Label, Tone, plain_tooltip
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.tokens import Size, Space, Type

URL_IMAGE_HINT = "The API fetches it from there when you send. Its size and cost stay unknown until you look."
DOWNLOAD_HINT = "It is fetched to this computer now, and sent like any other image."

_EMPTY = "https:// and the address of the image itself, not of a page that shows it."
_NO_ADDRESS = "This is no address of an image on the web. It begins with https:// or http://."
_NEAR = "The API cannot fetch from this address; this computer can."


class LinkDialog(Dialog):
    url_image_asked = Signal(str)  # address
    download_asked = Signal(str)  # address

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "link-dialog", "Image from the web")
        self.setWindowTitle("Image from the web")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(Size.READING * 3 // 4)
        self._address = LineField(
            object_name="link-address",
            accessible_name="Address of the image",
            placeholder="https://example.com/picture.jpg",
        )
        self._hint = Label(_EMPTY, style=Type.SMALL, tone=Tone.MUTED, wrap=True)
        self._use = Button("Use as URL image", object_name="use-link")
        self._use.setToolTip(plain_tooltip(URL_IMAGE_HINT))
        self._download = Button("Download", object_name="download-link", kind=Kind.PRIMARY)
        self._download.setToolTip(plain_tooltip(DOWNLOAD_HINT))
        cancel = Button("Cancel", object_name="cancel-link", hint="Esc")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        column.setSpacing(Space.S)
        column.addWidget(Label("Address of the image", style=Type.STRONG))
        column.addWidget(self._address)
        column.addWidget(self._hint)
        column.addSpacing(Space.S)
        for words, hint in (("Download", DOWNLOAD_HINT), ("Use as URL image", URL_IMAGE_HINT)):
            column.addWidget(Label(f"{words}: {hint}", style=Type.SMALL, tone=Tone.MUTED, wrap=True))
        column.addSpacing(Space.S)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addStretch(1)
        for button in (cancel, self._use, self._download):
            row.addWidget(button)
        column.addLayout(row)
        self._address.textChanged.connect(self._judge)
        self._address.returnPressed.connect(self._take_download)
        self._download.clicked.connect(self._take_download)
        self._use.clicked.connect(self._take_use)
        cancel.clicked.connect(self.reject)
        self._judge()

    def _judge(self) -> None:
        typed = self._address.text().strip()
        address = picture_address(typed)
        self._download.setEnabled(address is not None)
        self._use.setEnabled(address is not None and can_stay(address))
        wrong = bool(typed) and address is None and not "https://".startswith(typed.lower())
        self._address.set_invalid(wrong)
        self._hint.set_tone(Tone.DANGER if wrong else Tone.MUTED)
        near = address is not None and not can_stay(address)
        self._hint.setText(_NO_ADDRESS if wrong else _NEAR if near else _EMPTY)

    def _take_download(self) -> None:
        if (address := picture_address(self._address.text())) is not None:
            self.download_asked.emit(address)
            self.accept()

    def _take_use(self) -> None:
        if (address := picture_address(self._address.text())) is not None and can_stay(address):
            self.url_image_asked.emit(address)
            self.accept()
