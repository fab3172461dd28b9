"""How far the images are that are being fetched from the web: a line each, with its Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from vision_studio.core import words
from vision_studio.core.events import DownloadProgressed
from vision_studio.core.links import host_of, name_at
from vision_studio.ui.design.buttons import Button, Kind
from vision_studio.ui.design.labels import ElidedLabel, Tone
from vision_studio.ui.design.naming import name
from vision_studio.ui.design.status import Spinner
from vision_studio.ui.design.tokens import Space, Type

_SHOW_AFTER_MS = 300
"""What is here sooner need not be told of."""


class DownloadLines(QWidget):
    """Nothing, while nothing is fetched."""

    cancelled = Signal(str)  # address

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name(self, "downloads", "Downloads")
        self._lines: dict[str, _Line] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)
        self._showing = QTimer(self)
        self._showing.setSingleShot(True)
        self._showing.setInterval(_SHOW_AFTER_MS)
        self._showing.timeout.connect(self.show)
        self.hide()

    def show_progress(self, event: DownloadProgressed) -> None:
        line = self._lines.get(event.address)
        if line is None:
            line = self._lines[event.address] = _Line(event.address)
            line.cancelled.connect(lambda: self.cancelled.emit(event.address))
            self._column.addWidget(line)
            if self.isHidden() and not self._showing.isActive():
                self._showing.start()
        line.tell(event.received_bytes, event.total_bytes)

    def end(self, address: str) -> None:
        if (line := self._lines.pop(address, None)) is not None:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        if not self._lines:
            self._showing.stop()
            self.hide()

    def clear(self) -> None:
        """Another session is on the screen."""
        for address in tuple(self._lines):
            self.end(address)


class _Line(QWidget):
    cancelled = Signal()

    def __init__(self, address: str) -> None:
        super().__init__()
        what = f"{name_at(address)} from {host_of(address)}"
        name(self, "download", f"Downloading {what}")
        self._what = what
        self._words = ElidedLabel(
            style=Type.SMALL, tone=Tone.MUTED, figures=True, elide=Qt.TextElideMode.ElideMiddle
        )
        cancel = Button(
            "Cancel",
            object_name="cancel-download",
            accessible_name=f"Cancel downloading {what}",
            kind=Kind.LINK,
            small=True,
        )
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(Spinner(object_name="downloading", accessible_name="Downloading"))
        row.addWidget(self._words, 1)
        row.addWidget(cancel)

    def tell(self, received_bytes: int, total_bytes: int | None) -> None:
        far = words.bytes_text(received_bytes) if received_bytes else ""
        if total_bytes:
            far = f"{far or words.bytes_text(0)} of {words.bytes_text(total_bytes)}"
        self._words.setText(" · ".join(part for part in (f"Downloading {self._what}", far) if part))
