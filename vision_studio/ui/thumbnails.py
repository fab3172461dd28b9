"""Keeps the thumbnails on screen, asks for those that are missing, and forgets the oldest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from vision_studio.core.events import ThumbnailReady
from vision_studio.ui.pixels import image_of

CAPACITY_BYTES = 32 * 1024 * 1024
"""Twice what the cards of a screen of 4K take. Those that scroll out of sight are on disk, a moment away."""


class Thumbnails(QObject):
    """Give it a picture's ``pixels``, get its thumbnail or None; missing ones are asked for in one go."""

    arrived = Signal(str)  # key

    def __init__(self, ask: Callable[[Sequence[str]], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._bytes = 0
        self._wanted: list[str] = []
        self._asked: set[str] = set()
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(0)
        self._asking.timeout.connect(self._ask_for_wanted)

    def image(self, key: str) -> QImage | None:
        """Return a thumbnail; one that is missing is asked for and told by ``arrived``."""
        found = self._images.get(key)
        if found is not None:
            self._images.move_to_end(key)
            return found
        if key not in self._asked:
            self._asked.add(key)
            self._wanted.append(key)
            self._asking.start()
        return None

    def take(self, ready: ThumbnailReady) -> None:
        image = image_of(ready.width, ready.height, ready.rgba)
        if not image.isNull():
            self._keep(ready.key, image)
            self.arrived.emit(ready.key)

    def _keep(self, key: str, image: QImage) -> None:
        self._asked.discard(key)
        if (old := self._images.pop(key, None)) is not None:
            self._bytes -= old.sizeInBytes()
        self._images[key] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > CAPACITY_BYTES and len(self._images) > 1:
            _, oldest = self._images.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()

    def _ask_for_wanted(self) -> None:
        wanted, self._wanted = self._wanted, []
        self._ask(wanted)
